#!/bin/sh
# Writes requirements/*.txt from pyproject.toml and requirements/build.in: pinned, hashed, for every Python from 3.11
# on every system, and without the address of any package host.
# Usage: sh tools/lock.sh [--upgrade]      (without it, pins that still fit stay as they are)
#
# dev.txt is resolved first; the others are parts of it, so that one version of a package serves all of them.
set -eu
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --disable-pip-version-check -qq uv

compile() {
    output=$1
    shift
    "$work/venv/bin/uv" pip compile "$@" requirements/build.in --output-file "requirements/$output" --quiet \
        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header --no-annotate
}

compile dev.txt pyproject.toml --group test --group dev "$@"
compile test.txt pyproject.toml --group test --constraints requirements/dev.txt "$@"
compile run.txt pyproject.toml --constraints requirements/dev.txt "$@"
compile build.txt --constraints requirements/dev.txt "$@"
