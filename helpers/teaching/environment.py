"""Check that this machine has what the workshop needs, in the versions it was tested with.

The files that `pip` installs from, requirements.txt and constraints.txt, are read here too: what is
checked and what is installed cannot differ.
"""

import os
import platform
import tomllib
from importlib import metadata
from pathlib import Path

import pandas as pd
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
OK = "OK"


def check_environment(root=ROOT):
    """Compare Python and each package of requirements.txt with what is installed.

    Parameters
    ----------
    root : str or Path, optional
        The workshop's folder, with requirements.txt, constraints.txt and pyproject.toml.

    Returns
    -------
    DataFrame
        One row for Python and one a package: ``package``, ``installed``, ``pinned`` (the version
        that the workshop was tested with; for Python the versions that it runs on) and ``verdict``,
        which is ``"OK"`` or says what to do.

    Raises
    ------
    FileNotFoundError
        If the files are not where they should be.

    Examples
    --------
    >>> table = check_environment()
    >>> list(table.columns)
    ['package', 'installed', 'pinned', 'verdict']
    >>> table.loc[0, "package"]
    'python'
    """
    project = tomllib.loads(_read(root, "pyproject.toml"))["project"]
    pins = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in _requirements(root, "constraints.txt")
    }
    rows = [_check_python(project["requires-python"])]
    rows += [
        _check_package(requirement, pins.get(canonicalize_name(requirement.name)))
        for requirement in _requirements(root, "requirements.txt")
    ]
    return pd.DataFrame(rows, columns=["package", "installed", "pinned", "verdict"])


def try_everything():
    """Make data, import Keras and train a small network: what every lesson needs to work.

    Returns
    -------
    DataFrame
        One row a step: ``step`` and ``verdict``, which is ``"OK"`` or the error message. A step
        after one that failed is ``"not tried"``.

    Examples
    --------
    >>> list(try_everything()["verdict"])
    ['OK', 'OK', 'OK']
    """
    steps = {
        "make 200 rows of data": _make_data,
        "import Keras with TensorFlow": _import_keras,
        "train a small network for 20 epochs": _train,
    }
    rows, verdict = [], OK
    for step, function in steps.items():
        verdict = _attempt(function) if verdict == OK else "not tried"
        rows.append((step, verdict))
    return pd.DataFrame(rows, columns=["step", "verdict"])


def summarize(environment, trial):
    """Say in a sentence or two whether the workshop can begin, and what to do if not.

    Parameters
    ----------
    environment : DataFrame
        From `check_environment`.
    trial : DataFrame
        From `try_everything`.

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"verdict": ["OK", "OK"]})
    >>> summarize(table, table)
    'Your machine is ready: all packages are as tested, and a network has been trained.'
    """
    others, failed = (environment["verdict"] != OK).sum(), (trial["verdict"] != OK).any()
    packages, differ = ("1 line", "differs") if others == 1 else (f"{others} lines", "differ")
    mend = "do what the verdicts say, restart the kernel, and run this notebook again."
    if failed and others:
        return f"Not ready yet. {packages} of the first table may be the cause: {mend}"
    if failed:
        return (
            "Not ready yet, although all packages are as tested: look up the message of the second "
            "table in the section “When something goes wrong”."
        )
    if others:
        return (
            "It works: a network has been trained. Your numbers may differ a little from those in "
            f"the text, since {packages} of the first table {differ} from what was tested. To have "
            f"the same, {mend}"
        )
    return "Your machine is ready: all packages are as tested, and a network has been trained."


def _check_python(supported):
    version = platform.python_version()
    # Bounds in order, lowest first; a pre-release of a supported version will do.
    bounds = ", ".join(sorted(supported.split(","), reverse=True))
    if SpecifierSet(supported).contains(version, prereleases=True):
        verdict = OK
    else:
        verdict = f"install a Python that is {bounds}, delete .venv, run: make lab"
    return "python", version, bounds, verdict


def _check_package(requirement, pin):
    try:
        installed = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        installed = None
    name, pin = requirement.name, pin or str(requirement.specifier) or "any"
    command = f"%pip install {name}=={pin}" if pin[0].isdigit() else f"%pip install {name}"
    if installed is None:
        verdict = f"missing: {command}"
    elif not requirement.specifier.contains(installed, prereleases=True):
        verdict = f"does not fit: {command}"
    elif pin[0].isdigit() and installed.partition("+")[0] != pin:
        verdict = f"another version: {command}"
    else:
        verdict = OK
    return name, installed or "−", pin, verdict


def _requirements(root, name):
    """Return the packages that a requirements file asks for on this machine."""
    lines = [line.partition("#")[0].strip() for line in _read(root, name).splitlines()]
    packages = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return [p for p in packages if p.marker is None or p.marker.evaluate()]


def _read(root, name):
    try:
        return Path(root, name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{name} is not in the folder above the package `helpers`, so there is nothing to "
            "compare with. Go to the workshop's folder and run: pip install -e ."
        ) from None


def _attempt(function):
    try:
        function()
    except Exception as error:  # whatever it is, the reader should see it in the table
        return f"{type(error).__name__}: {error}"
    return OK


def _make_data():
    from helpers.data import make_dataset

    make_dataset(n_samples=200)


def _import_keras():
    import helpers.quiet  # noqa: F401


def _train():
    from helpers.data import make_dataset
    from helpers.models import make_mlp

    X, y = make_dataset(n_samples=200)
    loss = make_mlp(10, 3, seed=1).fit(X, y, epochs=20, verbose=0).history["loss"]
    if not loss[-1] < loss[0]:
        raise RuntimeError(f"the loss did not fall: {loss[0]:.3f} before, {loss[-1]:.3f} after")


def describe_environment(environment):
    """Write system, Python and package versions as one block of text.

    It names no folder and nothing else of yours.

    Parameters
    ----------
    environment : DataFrame
        From `check_environment`.

    Returns
    -------
    str
        One line for the system, one for each row of the table; where the version is not the one
        that the workshop was tested with, the line says which that is.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"package": "numpy", "installed": "2.0", "pinned": "2.4.6", "verdict": "another"}
    >>> print(describe_environment(pd.DataFrame([row])).splitlines()[1])
    numpy 2.0 (tested with 2.4.6)
    """
    lines = [f"system: {_system()}, {platform.machine()}, {os.cpu_count()} cores"]
    for row in environment.to_dict("records"):
        differs = "" if row["verdict"] == OK else f" (tested with {row['pinned']})"
        lines.append(f"{row['package']} {row['installed']}{differs}")
    return "\n".join(lines)


def _system():
    """Name the operating system with its version."""
    name = platform.system()
    if name == "Darwin":
        return f"macOS {platform.mac_ver()[0]}"
    if name == "Linux":
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):  # not every Linux says who it is
            return name
    return f"{name} {platform.release()}".strip()
