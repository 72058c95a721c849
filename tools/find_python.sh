#!/bin/sh
# Print the path of a Python that this workshop can be installed with, or say what to do.
# Usage: sh tools/find_python.sh [PYTHON]
# Plain POSIX sh and ancient Python only: this runs before anything is installed.
set -u

SUPPORTED="3.12 3.13 3.11"  # in order of preference; pyproject.toml's requires-python says the same

# A name on PATH proves nothing (pyenv's shims, a removed version): each candidate has to run this.
probe='
import platform, sys
note = "ok"
try:
    import ensurepip, venv
except ImportError:
    note = "no-venv"
if sys.platform == "darwin" and platform.machine() == "x86_64":
    note = "intel-mac"
print("%d.%d %s %s" % (sys.version_info[0], sys.version_info[1], note, sys.executable))
'

reasons=""
add_reason() { reasons="$reasons  $1
"; }

# try NAME: print the path and succeed if it will do, otherwise remember why not.
try() {
    command -v "$1" >/dev/null 2>&1 || { [ -z "$wanted" ] || add_reason "$1: not found"; return 1; }
    answer=$("$1" -c "$probe" 2>/dev/null) || { add_reason "$1: does not run"; return 1; }
    read -r version note path <<END
$answer
END
    case " $SUPPORTED " in
        *" $version "*) ;;
        *)
            case $version in 2.* | 3.? | 3.10) fault="too old" ;; *) fault="too new" ;; esac
            add_reason "$1: is Python $version, $fault"
            return 1 ;;
    esac
    case $note in
        no-venv) add_reason "$1: Python $version has no venv module; on Debian and Ubuntu:
      sudo apt install python$version-venv"; return 1 ;;
        intel-mac) add_reason "$1: Python $version for Intel processors; TensorFlow has no package
      for them any more. On a Mac with Apple silicon, install an arm64 (or universal) Python."; return 1 ;;
    esac
    printf '%s\n' "$path"
}

wanted=${1:-}
if [ -n "$wanted" ]; then
    try "$wanted" && exit 0
else
    for version in $SUPPORTED; do
        try "python$version" && exit 0
    done
    try python3 && exit 0
    try python && exit 0
fi

cat >&2 <<END

This workshop needs Python 3.11, 3.12 or 3.13, with its venv module. What was found:
${reasons:-  no Python at all
}
Install one (from https://www.python.org/downloads/ or your system's packages) and run make again,
or name one that you have:

  make lab PYTHON=/path/to/python3.12

END
exit 1
