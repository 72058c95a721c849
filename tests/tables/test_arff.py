"""ARFF files as Weka, Mulan and MEKA write them, and Mulan's XML of labels."""

import numpy as np
import pytest

from helpers.tables import read_label_names, read_table

DENSE = """\
% flags of countries
@RELATION 'flags: -C 2'
@attribute 'is red, or so' {0,1}
@attribute "it's \\"blue\\"" {0, 1}
@attribute area NUMERIC
@attribute 'main hue' {green,'dark red',gold}
@attribute stars integer
@attribute has_sun {TRUE,FALSE}
@attribute note string
@attribute since date "yyyy-MM-dd"

@DATA
1,0,3.5,green,3,TRUE,'a, b',2024-01-05
% a remark
0,1,?,'dark red',0,FALSE,c,1990-12-31
1,1,2e1,gold,?,TRUE,?,1990-12-30
"""
SPARSE = """\
@relation bib
@attribute 'word one' numeric
@attribute word2{0,1}
@attribute kind {b,a}
@attribute tagA {0,1}
@attribute tagB {0,1}
@attribute tagC {0,1}
@data
{0 2.5,3 1}
{ 1 1, 4 1 }
{}
{2 a,3 1,4 1}
"""
XML = """\
<?xml version="1.0" encoding="utf-8"?>
<labels xmlns="http://mulan.sourceforge.net/labels">
  <label name="tagA"></label>
  <label name="tagB"><label name="tag &amp; C"/></label>
</labels>
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="t.arff"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_a_dense_file_with_its_labels_in_the_name_of_the_relation(write):
    X, y, _, label_names = read_table(write(DENSE), missing="keep", text=["note"], dates=["since"])
    assert label_names == ["is red, or so", 'it\'s "blue"']
    assert y.tolist() == [[1, 0], [0, 1], [1, 1]]
    np.testing.assert_array_equal(X["area"], [3.5, np.nan, 20])
    np.testing.assert_array_equal(X["stars"], [3, 0, np.nan])
    assert X["has_sun"].tolist() == [1, 0, 1]
    assert X["main hue"].tolist() == ["green", "dark red", "gold"]
    assert X["note"].tolist()[:2] == ["a, b", "c"] and X["note"].isna()[2]
    assert X["since"].dt.year.tolist() == [2024, 1990, 1990]


def test_labels_may_be_the_last_attributes(write):
    text = SPARSE.replace("relation bib", "relation 'bib: -C -2'").replace("{}", "{5 1}")
    table = read_table(write(text))
    assert (table.label_names, table.feature_names[-1]) == (["tagB", "tagC"], "tagA")


def test_a_sparse_row_leaves_out_zeros_and_the_first_nominal_value(write):
    X, y, *_ = read_table(write(SPARSE), label_columns=["tagA", "tagB"], drop=["tagC"])
    assert X["word one"].tolist() == [2.5, 0, 0, 0]
    assert X["word2"].tolist() == [0, 1, 0, 0]
    assert X["kind"].tolist() == ["b", "b", "b", "a"]
    assert y.tolist() == [[1, 0], [0, 1], [0, 0], [1, 1]]


def test_labels_from_mulans_xml(write):
    assert read_label_names(write(XML, "t.xml")) == ["tagA", "tagB", "tag & C"]
    names = read_label_names(write(XML.replace("tag &amp; C", "tagC"), "t.xml"))
    with pytest.raises(ValueError, match=r"no row has the labels \['tagC'\](.|\n)*DROP = \[\"tagC"):
        read_table(write(SPARSE), label_columns=names)
    assert read_table(write(SPARSE), label_columns=names, drop=["tagC"]).y.shape == (4, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [("<labels/>", "expected labels such as"), ("<a", "can't be read"), ("<label/>", "expected l")],
)
def test_an_xml_without_labels_is_refused(text, message, write):
    with pytest.raises(ValueError, match=rf"t\.xml.*{message}"):
        read_label_names(write(text, "t.xml"))
    with pytest.raises(FileNotFoundError, match="there is no file '/"):
        read_label_names("nowhere.xml")


@pytest.mark.parametrize(
    ("text", "keywords", "error", "message"),
    [
        ("", {}, ValueError, r"t\.arff"),
        ("hello", {}, ValueError, r"t\.arff can't be read as a table"),
        (SPARSE.replace("{0 2.5", "{0 x"), {}, ValueError, r"t\.arff can't be read as a table"),
        (SPARSE.replace("{2 a", "{2 z"), {}, ValueError, r"t\.arff can't be read as a table"),
        (SPARSE, {}, ValueError, "pass either label_columns"),
        (SPARSE, {"label_columns": ["tagD"]}, ValueError, r"no columns \['tagD'\]"),
        (SPARSE.replace("word2", "tagA "), {"label_columns": ["tagB"]}, ValueError, "twice"),
        (SPARSE, {"sep": ","}, TypeError, r"\['sep'\]: an ARFF file is read with encoding="),
    ],
)
def test_arff_refused(text, keywords, error, message, write):
    with pytest.raises(error, match=message):
        read_table(write(text), **keywords)
