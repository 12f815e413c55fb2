#!/bin/sh
# Makes .venv hold what requirements/KIND.txt says, and the project itself, editable.
# Usage: sh tools/environment.sh run|test|dev      (from the top folder; the kinds contain one another)
#
# 1. An environment that is in order is left as it is, within milliseconds.
# 2. Python is judged before anything is touched; what cannot work is refused in one sentence.
# 3. An environment that is missing, half made, moved or copied here, or of another Python is made anew.
# 4. pip installs the hashed requirements, then the project.
#
# PYTHON names the interpreter to use. Without it a working environment keeps its own; a new one takes python3.
set -eu

kind=$1
python=${PYTHON:-python3}
top=$(pwd -P)

refuse() {
    echo "publisher $*" >&2
    exit 2
}

# The caller's settings must not reach the environment; of pip's own, only those that say where packages come from.
export LC_ALL=C
unset PYTHONPATH PYTHONHOME PYTHONOPTIMIZE PYTHONWARNINGS VIRTUAL_ENV
for name in $(env | sed -n 's/^\(PIP_[A-Z_]*\)=.*/\1/p'); do
    case $name in
    *INDEX* | *LINKS | *PROXY | *CERT | *HOST | *TIMEOUT | PIP_RETRIES | PIP_CACHE_DIR | PIP_CONFIG_FILE) ;;
    *) unset "$name" ;;
    esac
done

# "3.12.1 /usr": what an interpreter is, whatever it is called. Any Python can say this; nothing is said if it cannot run.
describe() {
    "$1" -E -S -c 'import sys; v = sys.version_info; p = getattr(sys, "base_prefix", sys.prefix)
print("%d.%d.%d %s" % (v[0], v[1], v[2], p))' 2>/dev/null </dev/null || true
}

# The same without the patch level: an update of the system's 3.11 leaves its environments sound.
series() {
    describe "$1" | sed -n 's/^\([0-9]*\.[0-9]*\)[^ ]*/\1/p'
}

require_python() {
    fix="and call make PYTHON=/path/to/python3.12"
    version=$(describe "$python" | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p')
    [ -n "$version" ] || refuse "needs Python 3.11 or newer; $python cannot be run: install it $fix"
    major=${version%%.*} rest=${version#*.} minor=${version#*.} minor=${minor%%.*}
    if [ "$major" -lt 3 ] || { [ "$major" -eq 3 ] && [ "$minor" -lt 11 ]; }; then
        refuse "needs Python 3.11 or newer; $python is $version: install a newer one $fix"
    fi
    "$python" -E -c 'import ensurepip, venv' 2>/dev/null ||
        refuse "needs the venv module of $python: install it (Debian and Ubuntu: apt-get install python3-venv)" \
            "and call make again"
}

# Its interpreter runs, pip is there for this very version, and its scripts name this folder.
usable() {
    [ ! -e .venv/.unfinished ] && [ -x .venv/bin/python ] &&
        [ -d ".venv/lib/python$(series .venv/bin/python | sed 's/ .*//')/site-packages/pip" ] &&
        head -n 3 .venv/bin/pip 2>/dev/null | grep -qF "$top/.venv/"
}

wanted() {
    [ -z "${PYTHON:-}" ] || [ "$(series "$python")" = "$(series .venv/bin/python)" ]
}

fingerprint() {
    cksum requirements/*.txt pyproject.toml src/publisher/_version.py tools/environment.sh
}

# True if the last complete installation was from these very files, and of this kind or one that contains it.
current() {
    [ -f .venv/.stamp ] || return 1
    case "$kind:$(head -n 1 .venv/.stamp)" in
    run:run | run:test | run:dev | test:test | test:dev | dev:dev) ;;
    *) return 1 ;;
    esac
    [ "$(sed 1d .venv/.stamp)" = "$(fingerprint)" ]
}

pip() {
    .venv/bin/python -m pip --disable-pip-version-check -qq "$@" </dev/null
}

create() {
    rm -rf .venv
    mkdir .venv
    : >.venv/.unfinished
    "$python" -m venv .venv
}

# The lock files are complete, so pip need not look for dependencies; the build tools are there before they are used.
install() {
    pip install --require-hashes --no-deps -r requirements/build.txt &&
        pip install --require-hashes --no-deps --no-build-isolation --use-pep517 -r "requirements/$kind.txt" &&
        pip install --no-index --no-deps --no-build-isolation --editable .
}

[ -z "${PYTHON:-}" ] || require_python
if usable && wanted && current; then exit 0; fi

# Only one call at a time works on the environment; where the system has no flock the user is trusted with that.
exec 9<tools/environment.sh
if command -v flock >/dev/null; then flock 9; fi
if usable && wanted && current; then exit 0; fi

# After an interruption the mark stays, and the next call begins again; pip itself undoes what merely failed.
trap 'exit 130' HUP INT TERM
if usable && wanted; then anew=false; else require_python && anew=true; fi
echo "preparing .venv: once, about half a minute ..." >&2
if $anew; then create; fi
: >.venv/.unfinished
rm -f .venv/.stamp
if install; then
    { echo "$kind" && fingerprint; } >.venv/.stamp
    rm .venv/.unfinished
else
    rm .venv/.unfinished
    refuse "could not install what it needs (the reason is above): see that the network is there and call make again"
fi
