"""Data sets of openml.org, from a folder as scikit-learn keeps it: the tests need no network."""

import gzip
import hashlib
import importlib.resources
import io
import itertools
import json
import time
import warnings
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError, URLError

import numpy as np
import pytest

from helpers.tables import fetch_multilabel
from helpers.tables.openml import DATA_SETS

ARFF = """% a comment
@relation 'yeast'
@attribute 'Att 1' numeric
@attribute Att2 numeric
@attribute Kind {'first kind','second kind'}
@attribute Empty numeric
@attribute Class1 {TRUE,FALSE}
@attribute 'Class 2' {TRUE,FALSE}
@attribute Nobody {TRUE,FALSE}
@data
0.5,-1,'first kind',?,TRUE,'FALSE',"FALSE"
1.5,2e-3,"second kind",?,'FALSE',"TRUE",FALSE
% another comment
-0.25, 3,'first kind',?,"TRUE",TRUE,'FALSE'
"""
COLUMNS = {
    "Att 1": "numeric",
    "Att2": "numeric",
    "Kind": "nominal",
    "Empty": "numeric",
    "Class1": "nominal",
    "Class 2": "nominal",
    "Nobody": "nominal",
}
API = "openml/openml.org/api/v1/json/data"
FILES = {
    "list": f"{API}/list/data_name/yeast/limit/2/data_version/4.gz",
    "description": f"{API}/40597.gz",
    "features": f"{API}/features/40597.gz",
    "qualities": f"{API}/qualities/40597.gz",
    "data": "openml/openml.org/data/v1/download/4644190/yeast.arff.gz",
}


def make_contents(arff=ARFF, **changes):
    """What openml.org answers, by the name of the file that scikit-learn keeps it in."""
    features = [
        {"index": str(i), "name": name, "data_type": kind, "number_of_missing_values": "0"}
        | {"is_target": str(i > 3).lower(), "is_ignore": "false", "is_row_identifier": "false"}
        for i, (name, kind) in enumerate(COLUMNS.items())
    ]
    description = {
        "id": "40597",
        "name": "yeast",
        "version": "4",
        "description": "Genes of yeast.",
        "format": "ARFF",
        "status": "active",
        "file_id": "4644190",
        "url": "https://www.openml.org/data/v1/download/4644190/yeast.arff",
        "md5_checksum": hashlib.md5(arff.encode()).hexdigest(),
    }
    found = {"did": 40597, "name": "yeast", "version": 4, "status": "active", "format": "ARFF"}
    qualities = [{"name": "NumberOfInstances", "value": "3.0"}]
    contents = {
        "list": {"data": {"dataset": [found]}},
        "description": {"data_set_description": description | changes},
        "features": {"data_features": {"feature": features}},
        "qualities": {"data_qualities": {"quality": qualities}},
    }
    return {name: json.dumps(answer) for name, answer in contents.items()} | {"data": arff}


def fill(folder, contents, files=FILES):
    for name, content in contents.items():
        path = folder / files[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content.encode()))
    return folder


@pytest.fixture(autouse=True)
def calls(monkeypatch):
    """No test reaches the network; what is asked of it is noted."""
    asked = []

    def refuse(request, *args, **kwargs):
        asked.append(request.full_url)
        raise URLError("Name or service not known")

    monkeypatch.setattr("sklearn.datasets._openml.urlopen", refuse)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    return asked


@pytest.fixture
def home(tmp_path):
    """A folder with the data set in it, as scikit-learn would have left it."""
    return fill(tmp_path, make_contents())


@pytest.fixture
def online(calls, monkeypatch):
    """A function that says what openml.org will answer from now on."""

    def serve(contents):
        def answer(request, *args, **kwargs):
            calls.append(request.full_url)
            file = request.full_url.replace("https://www.", "openml/") + ".gz"
            (name,) = [name for name in FILES if FILES[name] == file]
            response = io.BytesIO(contents[name].encode())
            response.info = Message
            return response

        monkeypatch.setattr("sklearn.datasets._openml.urlopen", answer)

    return serve


def assert_is_yeast(table):
    X, y, feature_names, label_names = table
    assert (feature_names, label_names) == (["Att 1", "Att2", "Kind"], ["Class1", "Class 2"])
    assert X[["Att 1", "Att2"]].to_numpy().tolist() == [[0.5, -1], [1.5, 0.002], [-0.25, 3]]
    assert X["Kind"].tolist() == ["first kind", "second kind", "first kind"]
    assert (y.dtype, y.tolist()) == ("int64", [[1, 0], [0, 1], [1, 1]])


@pytest.mark.parametrize("kind", [str, Path])
def test_a_data_set_on_disk_needs_no_network(home, calls, kind):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_is_yeast(fetch_multilabel("yeast", kind(home)))
    assert calls == []


def test_what_was_fetched_once_is_not_fetched_again(tmp_path, calls, online):
    online(make_contents())
    assert_is_yeast(fetch_multilabel("yeast", tmp_path))
    assert len(calls) == 5
    assert all((tmp_path / file).is_file() for file in FILES.values())
    assert_is_yeast(fetch_multilabel("yeast", tmp_path))
    assert len(calls) == 5


@pytest.mark.parametrize("missing", [None, *FILES])
def test_without_a_network_the_way_on_is_a_file_of_your_own(tmp_path, home, missing):
    folder = tmp_path / "another" if missing is None else home
    if missing:
        (home / FILES[missing]).unlink()
    message = (
        r"^yeast is not on disk, or not whole, and openml.org can't be reached \(.*Name or service "
        r"not known.*\).* Try again with a network; or .*your own: helpers\.tables\.read_table\.$"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ConnectionError, match=message):
            fetch_multilabel("yeast", folder)


@pytest.mark.parametrize("code", [404, 500])
def test_a_server_that_refuses(tmp_path, monkeypatch, code):
    def refuse(request, *args, **kwargs):
        raise HTTPError(request.full_url, code, "no", Message(), io.BytesIO(b"{}"))

    monkeypatch.setattr("sklearn.datasets._openml.urlopen", refuse)
    with pytest.raises(ConnectionError, match=f"yeast is not on disk.*HTTP Error {code}"):
        fetch_multilabel("yeast", tmp_path)


def test_a_data_set_that_openml_does_not_know(tmp_path, monkeypatch):
    def refuse(request, *args, **kwargs):
        raise HTTPError(request.full_url, 412, "no", Message(), io.BytesIO(b"{}"))

    monkeypatch.setattr("sklearn.datasets._openml.urlopen", refuse)
    with pytest.raises(ValueError, match=r"yeast: what is in .*not found.*or go on with a file"):
        fetch_multilabel("yeast", tmp_path)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", [b"", b"no gzip", None])
def test_a_damaged_file_is_fetched_again_or_said_to_be_damaged(home, name, damage):
    path = home / FILES[name]
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    with (
        pytest.warns(RuntimeWarning, match="Invalid cache"),
        pytest.raises(ConnectionError, match="yeast is not on disk, or not whole"),
    ):
        fetch_multilabel("yeast", home)


def test_a_changed_file_is_noticed(home):
    fill(home, {"data": ARFF.replace("0.5", "0.6")})
    with (
        pytest.warns(RuntimeWarning, match="Invalid cache"),
        pytest.raises(ConnectionError, match="yeast is not on disk, or not whole"),
    ):
        fetch_multilabel("yeast", home)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        *itertools.product(["list", "description", "features"], ["{}", '{"data": {}}']),
        *itertools.product(["list", "description", "features", "qualities"], ["[]", "null", "5"]),
        ("list", '{"data": {"dataset": []}}'),
    ],
)
def test_an_answer_of_another_form(home, name, answer):
    fill(home, {name: answer})
    with pytest.raises(ValueError, match=r"^yeast: what is in .*, or came from openml.org, can't"):
        fetch_multilabel("yeast", home)


def test_a_damaged_file_is_replaced_where_there_is_a_network(home, calls, online):
    online(make_contents())
    (home / FILES["data"]).write_bytes(b"no gzip")
    with pytest.warns(RuntimeWarning, match="Invalid cache"):
        assert_is_yeast(fetch_multilabel("yeast", home))
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        (make_contents(format="Sparse_ARFF"), "Sparse ARFF"),
        (make_contents(md5_checksum="0" * 32), "md5 checksum"),
        (make_contents(ARFF.replace("@data\n", "@data\n0,1,2\n")), "BadDataFormat"),
        (make_contents(ARFF.replace(",TRUE,'FALSE',", ",maybe,'FALSE',")), "BadNominalValue"),
        (make_contents(ARFF.replace("0.5", "half")), "BadNumericalValue|half"),
        (make_contents(ARFF.split("@data")[0]), "StopIteration|BadLayout|can't be read"),
    ],
)
@pytest.mark.filterwarnings("ignore:Invalid cache")
def test_what_openml_sends_but_nobody_can_read(tmp_path, online, contents, why):
    online(contents)
    message = (
        rf"^yeast: what is in .*, or came from openml.org, can't be read \(.*({why}).*\)\. Rem"
    )
    with pytest.raises(ValueError, match=f"(?s){message}"):
        fetch_multilabel("yeast", tmp_path)


def test_gaps_are_reported_as_in_a_table_of_ones_own(tmp_path):
    contents = make_contents(ARFF.replace("1.5,", "?,"))
    with pytest.raises(ValueError, match=r"values are missing: \{'Att 1': 1\}"):
        fetch_multilabel("yeast", fill(tmp_path, contents))


def test_a_piece_of_the_real_thing(tmp_path):
    """Thirteen rows of "emotions", which scikit-learn keeps for its own tests."""
    package = pytest.importorskip("sklearn.datasets.tests.data.openml.id_40589")
    source = importlib.resources.files(package)
    names = {"list": "jdl-dn-emotions-l-2-dv-3", "description": "jd-40589"}
    names |= {"features": "jdf-40589", "qualities": "jdq-40589"}
    contents = {
        name: gzip.decompress((source / f"api-v1-{file}.json.gz").read_bytes()).decode()
        for name, file in names.items()
    }
    arff = gzip.decompress((source / "data-v1-dl-4644182.arff.gz").read_bytes())
    description = json.loads(contents["description"])
    description["data_set_description"]["md5_checksum"] = hashlib.md5(arff).hexdigest()
    contents |= {"description": json.dumps(description), "data": arff.decode()}
    files = {
        name: file.replace("yeast", "emotions").replace("40597", "40589").replace("4190", "4182")
        for name, file in FILES.items()
    }
    X, y, _, label_names = fetch_multilabel("emotions", fill(tmp_path, contents, files))
    assert (X.shape, y.shape) == ((13, 72), (13, 6))
    assert y[:2].tolist() == [[0, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 1]]
    assert label_names[:2] == ["amazed.suprised", "happy.pleased"]


def test_labels_may_be_numbers(tmp_path):
    arff = ARFF.replace("TRUE", "1").replace("FALSE", "0")
    assert_is_yeast(fetch_multilabel("yeast", fill(tmp_path, make_contents(arff))))


@pytest.mark.parametrize("name", ["roses", "Yeast", "", None, ["yeast"], 40597])
def test_names_refused(name):
    with pytest.raises(ValueError, match=r"name=.*: expected one of \['emotions', 'image', "):
        fetch_multilabel(name)


def test_folders_refused(tmp_path):
    with pytest.raises(TypeError, match="data_home=5: pass the path of a folder"):
        fetch_multilabel("yeast", 5)
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"data_home: yeast can't be kept there.*read_table"):
        fetch_multilabel("yeast", tmp_path / "file")


def test_every_data_set_says_what_it_is_about():
    assert all(source.version > 0 and len(source.about) > 10 for source in DATA_SETS.values())
    assert np.isin(["yeast", "scene", "emotions"], list(DATA_SETS)).all()
