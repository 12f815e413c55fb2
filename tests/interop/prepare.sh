#!/bin/sh
# Install what the interop tests need and the machine lacks: real clients, foreign parsers and checkers.
# Quick when nothing is missing. System packages need root or a sudo that asks for no password.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
installed=$root/.interop
python=${PYTHON:-$root/.venv/bin/python}

fail() {
    echo "prepare: $*" >&2
    exit 1
}

# --- Debian packages: programs, a Java for the HTML checker, a font with Cyrillic letters

missing=
for package in thunderbird newsboat rss2email chromium default-jre-headless fonts-dejavu-core gir1.2-ical-3.0 locales nodejs npm python3-gi spamassassin w3m; do
    case $package in
        default-jre-headless) present="command -v java" ;;
        rss2email) present="command -v r2e" ;;
        fonts-dejavu-core) present="test -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" ;;
        gir1.2-ical-3.0 | python3-gi) present="dpkg -s $package" ;;
        locales) present="test -e /usr/share/i18n/locales/ru_RU" ;;
        nodejs) present="command -v node" ;;
        *) present="command -v $package" ;;
    esac
    $present >/dev/null 2>&1 || missing="$missing $package"
done

if [ -n "$missing" ]; then
    command -v apt-get >/dev/null || fail "these programs are missing and there is no apt-get to install them:$missing"
    if [ "$(id -u)" = 0 ]; then
        as_root="env"
    elif sudo -n true 2>/dev/null; then
        as_root="sudo -n env"
    else
        fail "these system packages are missing and only root can install them: apt-get install$missing"
    fi
    $as_root apt-get update -qq
    # shellcheck disable=SC2086  # a list of packages
    $as_root DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends $missing
fi

java -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])' || fail "the HTML checker needs Java 17 or later"
node -e 'if (Number(process.versions.node.split(".")[0]) < 20) process.exit(1)' || fail "the scripts need Node.js 20 or later"

# --- a locale in which months are not English, for this project alone (LOCPATH)

mkdir -p "$installed/locales"
[ -e "$installed/locales/ru_RU.UTF-8" ] || localedef -i ru_RU -f UTF-8 "$installed/locales/ru_RU.UTF-8"

# --- npm packages, into .interop/, without a lock file; none of them needs its install script

mkdir -p "$installed"
if ! cmp -s "$here/package.json" "$installed/package.json" || [ ! -e "$installed/npm-done" ]; then
    rm -f "$installed/npm-done"
    cp "$here/package.json" "$installed/package.json"
    npm install --prefix "$installed" --no-package-lock --ignore-scripts --no-audit --no-fund --silent
    touch "$installed/npm-done"
fi

# --- Python packages, beside publisher's own test dependencies

[ -x "$python" ] || fail "there is no $python: call \`make interop\`, which creates it"
if ! cmp -s "$here/requirements.txt" "$installed/requirements.txt" || [ ! -e "$(dirname "$python")/khal" ]; then
    "$python" -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$installed/requirements.txt"
fi

echo "prepare: everything the interop tests need is installed"
