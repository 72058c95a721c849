#!/bin/sh
# Make .venv and install requirements.txt into it; do nothing if that has been done already.
# Usage: [WHEELHOUSE=FOLDER] sh tools/setup.sh [PYTHON]
# With WHEELHOUSE, the packages come from that folder (`make wheelhouse`), and no network is asked.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
installed=.venv/installed    # what the last complete installation was made from, word for word
unfinished=.venv/unfinished  # the process that installs; left behind if that was killed

# A copy of the files themselves, not their times: `git checkout` changes times, not contents.
# The folder is part of it since `helpers` is installed by its path.
inputs() {
    pwd
    "$python" -c 'import sys; print(sys.version_info[:2])'
    cat requirements.txt constraints.txt pyproject.toml
}

base_of() { "$1" -c 'import sys; print(sys.version_info[:2], sys.base_prefix)' 2>/dev/null; }

usable() { [ ! -e "$unfinished" ] && sh tools/find_python.sh "./$python" >/dev/null 2>&1; }

other=$(cat "$unfinished" 2>/dev/null || true)
if [ -n "$other" ] && [ "$other" != $$ ] && kill -0 "$other" 2>/dev/null; then
    echo "Another make is setting up .venv (process $other): wait for it, then run this again." >&2
    echo "If there is none, run \`make clean\` first." >&2
    exit 1
fi

chosen=""
if [ -n "${1:-}" ]; then
    chosen=$(sh tools/find_python.sh "$1")
    if [ -e .venv ] && [ "$(base_of "$chosen")" != "$(base_of "./$python")" ]; then
        echo "PYTHON is another one now: removing .venv to make it again."
        rm -rf .venv
    fi
fi

if [ ! -e "$unfinished" ] && [ -f "$installed" ] && [ "$(inputs 2>/dev/null)" = "$(cat "$installed")" ]; then
    exit 0
fi

if [ -n "${WHEELHOUSE:-}" ] && [ ! -d "$WHEELHOUSE" ]; then
    echo "WHEELHOUSE=$WHEELHOUSE is no folder: name the one that \`make wheelhouse\` has filled." >&2
    exit 1
fi

if { [ -e .venv ] || [ -L .venv ]; } && ! usable; then
    echo ".venv is incomplete or its Python is gone: removing it to make it again."
    rm -rf .venv
fi

if [ ! -e .venv ]; then
    [ -n "$chosen" ] || chosen=$(sh tools/find_python.sh)
    echo "Making .venv with $chosen"
    mkdir .venv
    echo $$ >"$unfinished"
    if ! "$chosen" -m venv .venv; then
        echo "$chosen could not make .venv: its message is above. Choose another Python with" >&2
        echo "  make lab PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
fi

pip_install() {
    if [ -n "${WHEELHOUSE:-}" ]; then
        set -- --no-index --find-links "$WHEELHOUSE" "$@"
    fi
    "$python" -m pip --disable-pip-version-check --retries 2 install "$@"
}

if [ -f "$installed" ]; then
    echo "The requirements, or this folder's place, have changed: bringing .venv up to date."
    quiet=--quiet
else
    echo "Installing the packages into .venv: once, 3 GB, some minutes."
    quiet=
fi
echo $$ >"$unfinished"

# With setuptools installed first, and no build isolation, a second installation needs no network.
if ! pip_install $quiet --constraint constraints.txt setuptools ||
    ! pip_install $quiet --no-build-isolation --requirement requirements.txt; then
    # pip failed but was not killed: packages that worked before still do, so keep them.
    [ ! -f "$installed" ] || rm -f "$unfinished"
    cat >&2 <<END

The packages could not be installed; pip's own message is above. What helps most often:
  - with WHEELHOUSE: the folder was made for another system or another Python, or is not whole;
  - no network, or a proxy in between (pip then speaks of versions that conflict or are missing):
      connect, or set HTTPS_PROXY, and run make again;
  - a full disk: 3 GB are needed in this folder, and more in pip's cache;
  - a package that does not exist for this machine: try another Python with
      make lab PYTHON=/path/to/python3.12
END
    exit 1
fi

inputs >"$installed"
rm -f "$unfinished"
