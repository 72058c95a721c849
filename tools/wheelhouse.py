"""Put all packages into one folder, as wheels, for rooms without internet.

Usage: python tools/wheelhouse.py FOLDER [PLATFORM [PYTHON_VERSION]]

Without PLATFORM, the wheels are for this machine and this Python. constraints.txt holds the whole
tree of packages for all systems; which of them a system needs is asked of its markers, since pip
would answer for the machine that it runs on.
"""

import re
import subprocess
import sys
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = {  # how platforms that pip knows by these beginnings call themselves
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macosx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "manylinux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
}
MACHINES = {"win_amd64": "AMD64", "arm64": "arm64", "x86_64": "x86_64", "aarch64": "aarch64"}
README = """\
All packages of the workshop as wheels, for Python {version} on {platform}.

Copy this folder to the machine, beside the workshop's own folder. Then, without any network:

  Linux, macOS (in the workshop's folder):
    make lab WHEELHOUSE=/path/to/wheelhouse

  Windows (in the workshop's folder, in PowerShell):
    py -{version} -m venv .venv
    .venv\\Scripts\\python -m pip install --no-index --find-links \\path\\to\\wheelhouse -r requirements.txt
"""  # noqa: E501


def environment(platform="", version=""):
    """Return the values of the markers for a platform, or for this machine."""
    values = dict(default_environment())
    if version:
        values |= {"python_version": version, "python_full_version": f"{version}.0"}
    if platform:
        systems = [names for start, names in SYSTEMS.items() if platform.startswith(start)]
        machines = [name for end, name in MACHINES.items() if platform.endswith(end)]
        if not (systems and machines):
            raise ValueError(
                f"PLATFORM={platform} is not known: choose one such as win_amd64, "
                "macosx_14_0_arm64 or manylinux_2_28_x86_64."
            )
        values |= systems[0] | {"platform_machine": machines[0]}
    return values


def pip_platforms(platform):
    """Return the platforms whose wheels a platform can use, newest first, as pip wants them.

    pip itself looks for exactly what it is told: an older manylinux has to be told, too.

    Examples
    --------
    >>> pip_platforms("manylinux_2_18_x86_64")[:3]
    ['manylinux_2_18_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64']
    >>> pip_platforms("win_amd64")
    ['win_amd64']
    """
    found = re.fullmatch(r"manylinux_2_(\d+)_(\w+)", platform)
    if not found:
        return [platform]
    newest, machine = int(found[1]), found[2]
    older = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
    names = []
    for minor in range(newest, 4, -1):
        names.append(f"manylinux_2_{minor}_{machine}")
        names += [f"{older[minor]}_{machine}"] if minor in older else []
    return names


def pins(text, values):
    """Return the lines of constraints that count where the markers have these values.

    Examples
    --------
    >>> text = "colorama==0.4.6 ; sys_platform == 'win32'    # via tqdm"
    >>> pins(text, environment("win_amd64", "3.12"))
    ['colorama==0.4.6']
    >>> pins(text, environment("macosx_14_0_arm64", "3.12"))
    []
    """
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    wanted = [Requirement(line) for line in lines if line]
    return [
        f"{one.name}{one.specifier}"
        for one in wanted
        if one.marker is None or one.marker.evaluate(values)
    ]


def main(folder, platform="", version=""):
    """Fill the folder; return the exit status of pip."""
    try:
        values = environment(platform, version)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = ["pip", *pins((ROOT / "constraints.txt").read_text(encoding="utf-8"), values)]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    if platform or version:  # another machine's packages can be fetched, not built
        command = [*pip, "download", "--dest", str(folder), "--only-binary", ":all:"]
        for name in pip_platforms(platform) if platform else []:
            command += ["--platform", name]
        command += ["--python-version", version] if version else []
    else:
        command = [*pip, "wheel", "--wheel-dir", str(folder)]
    status = subprocess.run([*command, "--no-deps", *wanted], check=False).returncode
    if status == 0:
        told = {"version": values["python_version"], "platform": platform or sys.platform}
        (folder / "README.txt").write_text(README.format(**told), encoding="utf-8")
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e9
        print(f"{folder}: {len(wanted)} packages, {size:.1f} GB. README.txt says how to use them.")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
