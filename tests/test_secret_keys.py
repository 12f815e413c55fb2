"""The secret keys: made once, kept private, never lost; a weak or exposed one is refused."""

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.errors import UsageError
from publisher.mailing.tokens import Purpose, read, sign
from publisher.secret_keys import VARIABLE, load, rotate

GOOD = "0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0"
OTHER = GOOD[::-1]
NOW = datetime(2026, 6, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_other_keys(monkeypatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def var(tmp_path) -> Path:
    return tmp_path / "var"


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def refused(var: Path) -> str:
    with pytest.raises(UsageError) as found:
        load(var)
    return str(found.value)


def test_keys_are_made_when_they_are_first_needed_and_stay(var: Path) -> None:
    keys = load(var)

    assert keys.newest == 1
    assert len(keys.keys[1]) == 32
    assert load(var) == keys


def test_only_their_owner_may_read_them_whatever_the_umask(var: Path) -> None:
    before = os.umask(0)
    try:
        load(var)
        rotate(var)
    finally:
        os.umask(before)

    assert stat.S_IMODE((var / "secret.keys").stat().st_mode) == 0o600
    assert [path.name for path in var.iterdir()] == ["secret.keys"]


def test_two_sites_never_have_the_same_keys(tmp_path: Path) -> None:
    assert load(tmp_path / "one").keys[1] != load(tmp_path / "two").keys[1]


def _processes(code: str, var: Path, count: int) -> list[str]:
    """What as many processes print that do the same at the same time: each waits until all have started."""
    start = (
        "import json, sys\nfrom pathlib import Path\nfrom publisher.secret_keys import load, rotate\n"
        "var = Path(sys.argv[1])\nprint('ready', flush=True)\nsys.stdin.readline()\n"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", start + code, str(var)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    answers = [child.communicate(timeout=60)[0] for child in children]
    assert [child.returncode for child in children] == [0] * count
    return answers


def test_processes_that_need_keys_at_once_get_the_same(var: Path) -> None:
    code = "print(load(var).keys)"

    assert len(set(_processes(code, var, 6))) == 1
    assert [path.name for path in var.iterdir()] == ["secret.keys"]


def test_processes_that_rotate_at_once_lose_no_key(var: Path) -> None:
    first = load(var).keys[1]
    code = (
        "mine = [rotate(var) for _ in range(5)]\n"
        "print(json.dumps({keys.newest: keys.keys[keys.newest].hex() for keys in mine}))"
    )
    made = [json.loads(answer) for answer in _processes(code, var, 4)]
    keys = load(var)

    assert sorted(int(id_) for each in made for id_ in each) == list(range(2, 22))
    expected = {1: first} | {int(id_): bytes.fromhex(key) for each in made for id_, key in each.items()}
    assert expected == keys.keys


def test_after_a_rotation_old_links_go_on_working(var: Path) -> None:
    token = sign(load(var), Purpose.UNSUBSCRIBE, subscriber=7)
    keys = rotate(var)

    assert (keys.newest, sorted(keys.keys)) == (2, [1, 2])
    assert load(var) == keys
    assert read(keys, token, Purpose.UNSUBSCRIBE, NOW) is not None


def test_a_rotation_adds_a_line_and_changes_no_other(var: Path) -> None:
    path = written(var / "secret.keys", f"# ours\n3:{GOOD}\n\n12:{OTHER}")
    rotate(var)
    lines = path.read_text().splitlines()

    assert lines[:-1] == ["# ours", f"3:{GOOD}", "", f"12:{OTHER}"]
    assert lines[-1].startswith("13:")


def test_the_last_id_is_the_last(var: Path) -> None:
    path = written(var / "secret.keys", f"255:{GOOD}\n")

    with pytest.raises(UsageError, match=r"the key 255 is the last that there can be\nhint: "):
        rotate(var)
    assert path.read_text() == f"255:{GOOD}\n"


def test_the_environment_names_another_file(var: Path, tmp_path: Path, monkeypatch) -> None:
    path = written(tmp_path / "credential", f"2:{GOOD}\r\n1:{OTHER}\n", mode=0o440)
    monkeypatch.setenv(VARIABLE, str(path))

    keys = load(var)

    assert keys.newest == 2
    assert keys.keys == {1: bytes.fromhex(OTHER), 2: bytes.fromhex(GOOD)}
    assert not var.exists()


def test_a_file_that_the_environment_names_is_not_made(var: Path, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "missing"
    monkeypatch.setenv(VARIABLE, str(path))

    assert refused(var) == (
        f"{path}: the file that PUBLISHER_SECRET_KEY_FILE names is not there\n"
        "hint: correct the path, or leave PUBLISHER_SECRET_KEY_FILE out: then secret.keys in var/ is made"
    )
    assert not path.exists()
    assert not var.exists()


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o601, 0o620, 0o660, 0o666, 0o777])
def test_keys_that_others_may_read_or_change_are_refused(var: Path, mode: int) -> None:
    path = written(var / "secret.keys", f"1:{GOOD}\n", mode)

    assert refused(var) == (
        f"{path}: others may read or change it (mode {mode:04o})\nhint: run `chmod 600 {path}`"
    )


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", ": expected a key, got none"),
        ("# nothing\n\n", ": expected a key, got none"),
        ("1:abcde\n", ":1: expected a key as id:hex"),
        ("1:abcdef\n", ":1: expected a key of at least 32 bytes, got 3"),
        (f"1:{GOOD[2:]}\n", ":1: expected a key of at least 32 bytes, got 31"),
        (f"# ours\n1:{GOOD}\n2:{GOOD[:-1]}\n", ":3: expected a key as id:hex"),
        (f"{GOOD}\n", ":1: expected a key as id:hex"),
        (f"0:{GOOD}\n", ":1: expected a key as id:hex"),
        (f"256:{GOOD}\n", ":1: expected a key as id:hex"),
        (f"-1:{GOOD}\n", ":1: expected a key as id:hex"),
        (f"one:{GOOD}\n", ":1: expected a key as id:hex"),
        (f"1:{GOOD} {GOOD}\n", ":1: expected a key as id:hex"),
        ("1:changeme\n", ":1: expected a key as id:hex"),
        (f"1:{'00' * 32}\n", ":1: expected random bytes, got a pattern"),
        (f"1:{'deadbeef' * 8}\n", ":1: expected random bytes, got a pattern"),
        (f"1:{GOOD}\n1:{OTHER}\n", ":2: the key 1 is there twice"),
        (f"1:{GOOD}\n\0\xff\n", ":2: expected a key as id:hex"),
    ],
)
def test_keys_that_are_no_keys_are_refused(var: Path, text: str, finding: str) -> None:
    path = written(var / "secret.keys", text)
    message = refused(var)

    assert message.startswith(f"{path}{finding}\nhint: ")
    assert GOOD[:8] not in message
    assert OTHER[:8] not in message
    assert path.read_text() == text


def test_a_folder_instead_of_a_file_is_told(var: Path) -> None:
    (var / "secret.keys").mkdir(parents=True)

    assert refused(var) == (
        f"{var / 'secret.keys'}: is a directory\nhint: let the user that runs publisher read it"
    )


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    var = written(tmp_path / "file", "") / "var"

    assert refused(var) == (
        f"{var / 'secret.keys'}: not a directory\nhint: let the user that runs publisher write there"
    )


def test_a_rotation_that_cannot_be_written_keeps_the_keys(var: Path, monkeypatch) -> None:
    long = written(var / ("k" * 250), f"1:{GOOD}\n")  # no room for the name of a draft beside it
    monkeypatch.setenv(VARIABLE, str(long))

    with pytest.raises(UsageError, match=r"file name too long\nhint: add a line by hand"):
        rotate(var)
    assert long.read_text() == f"1:{GOOD}\n"
