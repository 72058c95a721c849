#!/bin/sh
# Resolve requirements.txt for all supported Pythons and systems at once, into constraints.txt.
# Usage: sh tools/lock.sh PYTHON [options of `uv pip compile`, such as --upgrade]
set -eu
cd "$(dirname "$0")/.."
python=$(sh tools/find_python.sh "$1")
shift

# uv is needed here only, so it is no requirement of the workshop: it comes and goes.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip --disable-pip-version-check install --quiet uv

# Present pins stay unless they no longer fit, or --upgrade is given. The lines left out are this
# file itself and `helpers`, whose dependencies are all in requirements.txt.
[ ! -f constraints.txt ] || cp constraints.txt "$work/constraints.txt"
grep -v '^-' requirements.txt |
    "$work/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
        --annotation-style line --custom-compile-command "make lock" \
        --output-file "$work/constraints.txt" "$@" -
cat "$work/constraints.txt" >constraints.txt
