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


def check_machine(root=ROOT):
    """Print one line if all packages are as tested, otherwise a table of those that are not.

    Parameters
    ----------
    root : str or Path, optional
        As in `check_environment`, which says what is compared.

    Examples
    --------
    >>> check_machine()  # doctest: +ELLIPSIS
    Your machine is ready: Python and ... packages are as tested (...).
    """
    environment = check_environment(root)
    others = environment[environment["verdict"] != OK]
    if others.empty:
        n_packages = len(environment) - 1
        print(
            f"Your machine is ready: Python and {n_packages} packages are as tested ({_machine()})."
        )
        return
    print(
        f"{len(others)} of {len(environment)} differ from what was tested ({_machine()}). "
        "If the cells above ran, you can go on; trained numbers may differ a little from those in "
        "the text. To have the same, do what the verdicts say (a line that begins with %pip runs "
        "in a cell), then restart the kernel.\n"
    )
    print(others.to_string(index=False))


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
    lines = [f"system: {_machine()}"]
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


def _machine():
    return f"{_system()}, {platform.machine()}, {os.cpu_count()} cores"


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
