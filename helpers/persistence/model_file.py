"""The file of a final model: written whole or not at all, and never executed when read.

It is a zip archive: the network as Keras saves it, the preprocessing as skops saves it, and a card
with the names of features and labels, thresholds, scores, versions and the date.
"""

import contextlib
import io
import json
import tempfile
import warnings
import zipfile

import h5py
import keras
import sklearn

from helpers._files import whole_file
from helpers.persistence.categories import names_known, text_features_of
from helpers.persistence.network import MissingObjects, check_loads, load_network

FORMAT = "multilabel-workshop model 2"
MOST_CARD = 2**24  # bytes of a card: the names of some 400,000 features
# Our own transformers, and harmless parts of scikit-learn's that skops' own list lacks.
TRUSTED = [
    "helpers.preprocessing.DateFeatures",
    "helpers.preprocessing.TextFeatures",
    "numpy.dtype",
    "numpy.number",
    "sklearn.compose._column_transformer.make_column_selector",
    "sklearn.feature_selection._mutual_info.mutual_info_classif",
    "sklearn.feature_selection._univariate_selection.chi2",
    "sklearn.feature_selection._univariate_selection.f_classif",
]


def write_archive(path, model, preprocess, card):
    """Write the file, unless a part could not be loaded again without running code from it."""
    known = {
        "format": FORMAT,
        "preprocess": preprocess is not None,
        "versions": {"keras": keras.__version__, "scikit-learn": sklearn.__version__},
    }
    card = json.dumps(known | card, indent=1)
    if len(card) > MOST_CARD:
        raise ValueError(
            f"names and scores take {len(card)} bytes, and a model file may have {MOST_CARD} of "
            "them: pass fewer or shorter feature_names, label_names and scores."
        )
    with whole_file(path) as archive:
        network = archive.with_name("model.keras")
        model.save(network)
        check_loads(network)
        with zipfile.ZipFile(archive, "w") as file:
            file.write(network, "model.keras")
            if preprocess is not None:
                file.writestr("preprocess.skops", _dump(preprocess))
            file.writestr("card.json", card)


def read_archive(path):
    """Read model, preprocessing (or None) and card; refuse a damaged file or something else."""
    with path.open("rb") as stream:
        with _refusing_damage(path):
            file = _open_archive(stream)
            card = _read_card(file)
        saved_with = card["versions"]["keras"]
        if saved_with.split(".")[0] != keras.__version__.split(".")[0]:
            warnings.warn(
                f"{path.name} was saved with Keras {saved_with}, this is {keras.__version__}: "
                "compare its predictions with known ones before you rely on them.",
                stacklevel=3,
            )
        with _refusing_damage(path):
            model, preprocess = _read_model(file, card)
    return model, preprocess, card


def _read_card(file):
    """Read the card, if the archive has the parts it should have and no others."""
    if file.getinfo("card.json").file_size > MOST_CARD:
        raise ValueError("no card is that long")
    card = json.loads(file.read("card.json"))
    if card["format"] != FORMAT:
        raise ValueError(f"unknown format {card['format']!r}")
    expected = ["card.json", "model.keras"]
    if card["preprocess"]:
        expected.append("preprocess.skops")
    if sorted(file.namelist()) != expected:
        raise ValueError(f"unexpected parts {file.namelist()}")
    _check_types([card["created"], card["versions"]["keras"], *card["versions"].values()], str)
    for name in ("feature_names", "text_features", "label_names"):
        _check_types([card[name]], list)
        _check_types(card[name], str)
    _check_types([*card["thresholds"], *card["scores"].values()], float)
    _check_types([card["imputes"], card["preprocess"]], bool)
    return card


def _check_types(values, expected):
    if not all(isinstance(value, expected) for value in values):
        raise ValueError(f"{values} in the card: expected {expected.__name__}")


def _read_model(file, card):
    preprocess = None
    if card["preprocess"]:
        import skops.io  # takes two seconds: only where it is needed

        content = file.read("preprocess.skops")
        _check_arrays(_open_archive(io.BytesIO(content)))
        preprocess = skops.io.loads(content, trusted=TRUSTED)
    with tempfile.TemporaryDirectory() as folder:
        network = file.extract("model.keras", folder)
        _check_weights(network, folder)
        model = load_network(network)
    n_inputs = model.input_shape[-1] if preprocess is None else len(card["feature_names"])
    if len(model.input_shape) > 2:  # pictures have no names of features
        n_inputs = 0
    sizes = len(card["feature_names"]), len(card["label_names"]), len(card["thresholds"])
    names, texts = card["feature_names"], set(card["text_features"])
    unknown = texts - set(names) or names_known(preprocess, names) != names
    unknown = unknown or not texts.issuperset(text_features_of(preprocess, names))
    if unknown or sizes != (n_inputs, model.output_shape[-1], model.output_shape[-1]):
        raise ValueError("card and network do not fit together")
    return model, preprocess


def _open_archive(stream):
    """Open an archive that holds no more than its own size: what save_model writes is not packed.

    Of a part that is packed, Keras and skops would unfold more than the archive's directory says.
    """
    archive = zipfile.ZipFile(stream)
    parts = archive.infolist()
    size = stream.seek(0, io.SEEK_END)
    if any(part.compress_type != zipfile.ZIP_STORED for part in parts):
        raise ValueError("a part is packed")
    if sum(max(part.file_size, part.compress_size) for part in parts) > size:
        raise ValueError("its parts are larger than itself")
    return archive


def _check_arrays(archive):
    """Refuse an array that is itself an archive: so SciPy packs sparse matrices, if skops asks."""
    for part in archive.infolist():
        with archive.open(part) as stream:
            if zipfile.is_zipfile(stream):
                raise ValueError("an archive where an array is due")


def _check_weights(network, folder):
    """Refuse weights that take more memory than their file, in which Keras does not pack them."""
    sizes = []
    with open(network, "rb") as stream:
        path = _open_archive(stream).extract("model.weights.h5", folder)
    with h5py.File(path) as weights:
        weights.visititems(lambda _, item: sizes.append(getattr(item, "nbytes", 0)))
        if sum(sizes) > weights.id.get_filesize():
            raise ValueError("its weights are larger than itself")


def _dump(preprocess):
    import skops.io

    try:
        dumped = skops.io.dumps(preprocess)
        unknown = sorted(set(skops.io.get_untrusted_types(data=dumped)) - set(TRUSTED))
    except Exception as error:
        raise ValueError(
            f"preprocess can't be saved: {error}. Use scikit-learn's own transformers."
        ) from error
    if unknown:
        raise ValueError(
            f"preprocess holds {unknown}, which can't be loaded without trusting the file's code: "
            "use scikit-learn's own transformers."
        )
    return dumped


@contextlib.contextmanager
def _refusing_damage(path):
    # A damaged archive can raise nearly anything, from zlib.error to NotImplementedError.
    try:
        yield
    except MissingObjects as error:
        raise ValueError(
            f"{path.name} needs {error}, which Keras does not have itself: import the code that "
            "registers it (keras.saving.register_keras_serializable), then load the file again."
        ) from error
    except Exception as error:
        raise ValueError(
            f"{path.name} is not a model saved by save_model, or it is damaged."
        ) from error
