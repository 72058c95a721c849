"""Check this machine against the files that `pip` installs from, so that the two can't differ."""

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
    >>> check_environment().loc[0, "package"]
    'python'
    """
    project = tomllib.loads(_read(root, "pyproject.toml"))["project"]
    pins = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in _requirements(root, "constraints.txt")
    }
    rows = [_check_python(project["requires-python"])]
    for package in _requirements(root, "requirements.txt"):
        rows.append(_check_package(package, pins.get(canonicalize_name(package.name))))
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
    verdicts = dict.fromkeys(steps, "not tried")
    for step, function in steps.items():
        try:
            function()
        except Exception as error:  # whatever it is, the reader should see it in the table
            verdicts[step] = f"{type(error).__name__}: {error}"
            break
        verdicts[step] = OK
    return pd.DataFrame(verdicts.items(), columns=["step", "verdict"])


def summarize(environment, trial):
    """Say in a sentence or two whether the workshop can begin, and what to do if not.

    Parameters
    ----------
    environment, trial : DataFrame
        From `check_environment` and from `try_everything`.

    Examples
    --------
    >>> table = pd.DataFrame({"verdict": ["OK", "OK"]})
    >>> summarize(table, table)
    'Your machine is ready: all packages are as tested, and a network has been trained.'
    """
    others, failed = (environment["verdict"] != OK).sum(), (trial["verdict"] != OK).any()
    lines, differ = ("1 line", "differs") if others == 1 else (f"{others} lines", "differ")
    advice = "do what the verdicts say, restart the kernel, and run this notebook again."
    if failed and others:
        return f"Not ready yet. {lines} of the first table may be the cause: {advice}"
    if failed:
        return (
            "Not ready yet, although all packages are as tested: look up the message of the second "
            "table in the section “When something goes wrong”."
        )
    if others:
        return (
            "It works: a network has been trained. Your numbers may differ a little from those in "
            f"the text, since {lines} of the first table {differ} from what was tested. To have "
            f"the same, {advice}"
        )
    return "Your machine is ready: all packages are as tested, and a network has been trained."


def describe_environment(environment):
    """Write system, Python and package versions as text, a line each, for a bug report.

    It names no folder and nothing else of yours.

    Parameters
    ----------
    environment : DataFrame
        From `check_environment`.

    Examples
    --------
    >>> row = {"package": "numpy", "installed": "2.0", "pinned": "2.4.6", "verdict": "another"}
    >>> print(describe_environment(pd.DataFrame([row])).splitlines()[1])
    numpy 2.0 (tested with 2.4.6)
    """
    lines = [f"system: {_system()}, {platform.machine()}, {os.cpu_count()} cores"]
    for row in environment.to_dict("records"):
        differs = "" if row["verdict"] == OK else f" (tested with {row['pinned']})"
        lines.append(f"{row['package']} {row['installed']}{differs}")
    return "\n".join(lines)


def _check_python(supported):
    version, verdict = platform.python_version(), OK
    bounds = ", ".join(sorted(supported.split(","), reverse=True))  # the lowest first
    if not SpecifierSet(supported).contains(version, prereleases=True):  # 3.13rc1, too
        verdict = f"install a Python that is {bounds}, delete .venv, run: make lab"
    return "python", version, bounds, verdict


def _check_package(requirement, pin):
    name, verdict = requirement.name, OK
    command = f"%pip install {name}=={pin}" if pin else f"%pip install {name}"
    wanted = pin or str(requirement.specifier) or "any"
    try:
        installed = metadata.version(name)
    except metadata.PackageNotFoundError:
        return name, "−", wanted, f"missing: {command}"
    if not requirement.specifier.contains(installed, prereleases=True):
        verdict = f"does not fit: {command}"
    elif pin and installed.partition("+")[0] != pin:  # a build for this machine is +cpu or the like
        verdict = f"another version: {command}"
    return name, installed, wanted, verdict


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


# The steps import inside, so that a library that is missing or broken is named in the table.


def _make_data():
    from helpers.data import make_dataset

    return make_dataset(n_samples=200)


def _import_keras():
    import helpers.quiet  # noqa: F401


def _train():
    from helpers.models import make_mlp

    X, y = _make_data()
    loss = make_mlp(10, 3, seed=1).fit(X, y, epochs=20, verbose=0).history["loss"]
    if not loss[-1] < loss[0]:
        raise RuntimeError(f"the loss did not fall: {loss[0]:.3f} before, {loss[-1]:.3f} after")


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
