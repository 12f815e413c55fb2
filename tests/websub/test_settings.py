"""Which hubs may be configured, and what a doctor says of them."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from publisher import config
from publisher.errors import BadConfiguration

from .hub import Hub, Says
from .sites import configured, site_with

if TYPE_CHECKING:
    from pathlib import Path

    from sites import CuratedSite

SITE = '[site]\nurl = "https://a.example"\nidentity = "a.example,2026"\ntitle.en = "A"\n'


def read(*hubs: str) -> config.Config:
    text = configured(*hubs, config=SITE)
    return config.parse(tomllib.loads(text), text)


def test_there_is_no_hub_unless_one_is_named() -> None:
    assert config.parse(tomllib.loads(SITE)).websub.hubs == ()


@pytest.mark.parametrize(
    "hub",
    [
        "https://hub.example.org/",
        "https://hub.example.org",
        "https://hub.example.org:8443/path?key=secret&x=",
        "http://127.0.0.1:8080/",
        "http://[::1]/hub",
        "http://localhost:1234/",
    ],
)
def test_a_hub_is_an_address_kept_as_it_is(hub: str) -> None:
    assert read(hub).websub.hubs == (hub,)


@pytest.mark.parametrize(
    ("hub", "expected"),
    [
        ("http://hub.example.org/secret", "expected an address that begins with https://"),
        ("http://10.0.0.1/secret", "expected an address that begins with https://"),
        ("ftp://hub.example.org/secret", "expected a web address with a host"),
        ("https:///secret", "expected a web address with a host"),
        ("https://user:secret@hub.example.org/", "expected a web address with a host"),
        ("https://hub.example.org/a secret", "expected a web address with a host"),
        ("https://hub.example.org/<secret>", "expected a web address with a host"),
        ("https://hub.example.org/\r\nsecret: 1", "expected a web address with a host"),
        ("https://hub.example.org/#secret", "expected an address without #"),
        ("secret", "expected a web address with a host"),
    ],
)
def test_what_is_no_hub_is_refused_and_not_repeated(hub: str, expected: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        read(hub)

    told = str(caught.value)
    assert told.startswith(f"publisher.toml:7:1: error[invalid-setting]: websub.hubs: {expected}"), told
    assert "secret" not in told


def test_hubs_are_few_and_different() -> None:
    five = [f"https://hub{number}.example.org/secret" for number in range(5)]
    assert len(read(*five).websub.hubs) == 5

    for hubs, expected in (([*five, "https://x.example/"], "at most 5 hubs, got 6"), (five[:1] * 2, "once")):
        with pytest.raises(BadConfiguration, match=expected) as caught:
            read(*hubs)
        assert "secret" not in str(caught.value)


def examined(site: CuratedSite) -> dict[str, dict[str, Any]]:
    """What the doctor finds, by the name of the check; of several the worst."""
    checks = json.loads(site.run("doctor", "--json").stdout)["checks"]
    return {check["name"]: check for check in sorted(checks, key=lambda check: check["level"] != "ok")}


def doctored(root: Path, url: str, hub: str) -> dict[str, dict[str, Any]]:
    site = site_with(root, hub)
    settings = (root / "publisher.toml").read_text("utf-8")
    site.write("publisher.toml", settings.replace("https://calendar.example.org", url, 1))
    return examined(site)


def test_a_doctor_is_content_with_a_public_site_and_a_real_hub(tmp_path: Path) -> None:
    found = doctored(tmp_path / "site", "https://news.almau.edu.kz", "https://hub.almau.edu.kz/secret")

    assert (found["hub"]["level"], found["hub"]["text"]) == ("ok", "hub.almau.edu.kz")
    assert (found["topics"]["level"], found["topics"]["text"]) == (
        "ok", "hubs fetch feeds from news.almau.edu.kz"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://news.almau.edu.kz", "hubs are told of feeds that are not served by https"),
        ("https://localhost:8000", "no hub can fetch feeds from localhost"),
        ("https://192.168.1.5", "no hub can fetch feeds from 192.168.1.5"),
        ("https://news.example.org", "no hub can fetch feeds from news.example.org"),
    ],
)
def test_a_doctor_sees_that_no_hub_can_fetch_the_feeds(tmp_path: Path, url: str, text: str) -> None:
    topics = doctored(tmp_path / "site", url, "https://hub.almau.edu.kz/")["topics"]

    assert (topics["level"], topics["text"]) == ("warning", text)
    assert topics["hint"]


def test_a_doctor_sees_that_a_hub_is_nobodys(tmp_path: Path) -> None:
    hub = doctored(tmp_path / "site", "https://news.almau.edu.kz", "https://hub.example.org/secret")["hub"]

    assert (hub["level"], hub["text"]) == ("warning", "hub.example.org is a placeholder and nobody's host")


def test_a_hub_of_this_machine_may_fetch_what_only_this_machine_serves(tmp_path: Path) -> None:
    found = doctored(tmp_path / "site", "http://localhost:8000", "http://127.0.0.1:9/")

    assert found["hub"]["level"] == "ok"
    assert "topics" not in found


def test_a_doctor_asks_no_hub_and_tells_what_was_given_up(tmp_path: Path) -> None:
    with Hub() as hub:
        hub.dislikes[""] = Says(500)
        site = site_with(tmp_path / "site", hub.url)
        site.build("2026-06-01T08:00:00+05:00")
        site.run("ping", "--now", "2026-06-03T08:00:00+05:00", status=3)
        heard = len(hub.heard)

        found = examined(site)

        assert len(hub.heard) == heard
    assert found["hub"]["level"] == "warning"
    assert found["hub"]["text"].endswith("feeds in a day: it answers 500 Internal Server Error")


def test_a_site_without_hubs_is_not_examined_for_them(tmp_path: Path) -> None:
    assert not {"hub", "topics"} & examined(site_with(tmp_path / "site")).keys()
