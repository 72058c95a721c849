"""Describe this machine in a few lines of text, to be pasted into a bug report."""

import os
import platform

from helpers.environment import OK


def describe_environment(environment):
    """Write system, Python and package versions as one block of text.

    It names no folder and nothing else of yours.

    Parameters
    ----------
    environment : DataFrame
        From `helpers.environment.check_environment`.

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
