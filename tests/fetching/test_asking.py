"""What is asked of a web address, what is told of the answer, and where somebody at a terminal may begin."""

from __future__ import annotations

import pytest

from publisher.fetching import (
    Fetched,
    Limits,
    Network,
    NotAnAddress,
    NotFetchable,
    NotFetched,
    Redirect,
    Wanted,
    ask,
    fetch,
)
from publisher.fetching.networks import is_near, is_public
from webserver import answer, redirect, web

FEED = b"<feed/>"
WANTED = Wanted(
    accept="application/atom+xml, */*;q=0.1",
    noun="feed",
    by_hand="save the file",
    closed="somebody else led there",
    from_closed="ask there yourself",
    less="ask for less",
)
#: A network to whose public part this machine belongs.
HERE = Network(may_connect=lambda address: address == "127.0.0.1")
#: One at whose terminal somebody sits: what they type may be near, what others say may not.
TERMINAL = Network(may_begin=lambda address: is_public(address) or is_near(address))


def test_an_answer_is_given_with_its_address_its_status_and_its_headers() -> None:
    said = answer(FEED, 'ETag: W/"1"', "LINK: </a>; rel=hub", "Link: </b>; rel=self", kind="text/xml")
    with web({"/f?x=1": said}) as server:
        got = fetch(server.url("/f?x=1#top"), HERE, WANTED)

        assert (got.data, got.url, got.status, got.reason) == (FEED, server.url("/f?x=1"), 200, "OK")
        assert got.headers["etag"] == 'W/"1"'
        assert got.headers["link"] == "</a>; rel=hub, </b>; rel=self"
        assert got.headers["content-type"] == "text/xml"
        assert (got.redirects, got.is_public) == ((), True)


def test_what_is_wanted_is_asked_for_with_its_conditions() -> None:
    with web({"/f": answer(FEED)}) as server:
        ask(server.url("/f"), HERE, WANTED, {"If-None-Match": '"1"'})

        assert "\r\nAccept: application/atom+xml, */*;q=0.1\r\n" in server.asked[0]
        assert '\r\nIf-None-Match: "1"\r\n' in server.asked[0]


@pytest.mark.parametrize("status", ["304 Not Modified", "404 Not Found", "500 Oops"])
def test_any_answer_can_be_asked_for_and_only_a_whole_one_fetched(status: str) -> None:
    with web({"/f": answer(b"", 'ETag: "1"', status=status)}) as server:
        got = ask(server.url("/f"), HERE, WANTED)
        with pytest.raises(NotFetched, match=f"'127.0.0.1' gives no feed: it answers {status}") as told:
            fetch(server.url("/f"), HERE, WANTED)

    assert (got.status, got.data, got.headers["etag"]) == (int(status[:3]), b"", '"1"')
    assert told.value.status == got.status


def test_the_way_to_an_answer_is_told() -> None:
    answers = {"/a": redirect("/b", "301 Moved"), "/b": redirect("/c"), "/c": answer(FEED)}
    with web(answers) as server:
        got = fetch(server.url("/a"), HERE, WANTED)

        assert got.url == server.url("/c")
        assert got.redirects == (Redirect(server.url("/a"), 301, "/b"), Redirect(server.url("/b"), 302, "/c"))
        assert [each.is_permanent for each in got.redirects] == [True, False]


def test_a_way_that_never_ends_is_told_with_its_status() -> None:
    with web({"/a": redirect("/a", "308 Moved")}) as server:
        with pytest.raises(NotFetched, match="more than 5 times") as told:
            fetch(server.url("/a"), HERE, WANTED)

        assert (told.value.status, len(server.asked)) == (308, 6)


def test_a_page_is_given_to_whoever_has_use_for_it() -> None:
    page = answer(b"<!doctype html><title>Feeds</title>", kind="text/html")
    with web({"/": page}) as server:
        assert fetch(server.url("/"), HERE, WANTED).data.startswith(b"<!doctype")


def test_a_header_that_goes_on_in_the_next_line_is_one_line() -> None:
    with web({"/f": answer(FEED, "ETag: a\r\n b", "X: \x01")}) as server:
        assert fetch(server.url("/f"), HERE, WANTED).headers["etag"] == "a b"


# Where somebody at a terminal may begin


def test_what_is_typed_may_be_this_machine_and_may_lead_about_in_it() -> None:
    with web({"/a": redirect("/b"), "/b": answer(FEED)}) as server:
        got = fetch(server.url("/a", "localhost"), TERMINAL, WANTED)

    assert (got.data, got.is_public) == (FEED, False)


def led(inside: str, outside: str) -> Network:
    """A terminal at which one address is of the public network, and another near."""
    names = {"inside.test": inside, "outside.test": outside}
    return Network(
        may_connect=lambda address: address == outside,
        may_begin=lambda address: address in {inside, outside},
        look_up=lambda host, _port: [names[host]],
        limits=Limits(seconds=10),
    )


def test_an_address_outside_leads_to_none_inside() -> None:
    with web({"/f": answer(FEED)}, host="127.0.0.2") as inner:
        with web({"/a": redirect(inner.url("/f", "inside.test"))}) as outer:
            network = led(inside="127.0.0.2", outside="127.0.0.1")
            typed = fetch(inner.url("/f", "inside.test"), network, WANTED)
            with pytest.raises(
                NotFetchable, match=r"'inside[.]test' is not in the public network, and somebody"
            ):
                fetch(outer.url("/a", "outside.test"), network, WANTED)

        assert isinstance(typed, Fetched)
        assert inner.paths == ["/f"]


def test_nor_does_it_when_the_way_began_inside() -> None:
    with web({}, host="127.0.0.2") as inner, web({}) as outer:
        inner.answers["/a"] = redirect(outer.url("/b", "outside.test"))
        outer.answers["/b"] = redirect(inner.url("/c", "inside.test"))
        with pytest.raises(NotFetchable, match="not in the public network"):
            fetch(inner.url("/a", "inside.test"), led(inside="127.0.0.2", outside="127.0.0.1"), WANTED)

        assert (inner.paths, outer.paths) == (["/a"], ["/b"])


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/", "http://100.100.100.200/", "http://[fd00:ec2::254]/"]
)
def test_nobody_leads_to_what_a_cloud_tells_its_machines(location: str) -> None:
    with web({"/a": redirect(location)}) as server, pytest.raises(NotFetchable, match="not in the public"):
        fetch(server.url("/a"), TERMINAL, WANTED)


@pytest.mark.parametrize("location", ["http://[", "https://a..b/", "http://ann:pw@127.0.0.1/"])
def test_what_leads_to_no_address_is_told_and_not_repeated(location: str) -> None:
    with web({"/a": redirect(location)}) as server, pytest.raises(NotAnAddress) as told:
        fetch(server.url("/a"), TERMINAL, WANTED)

    assert "pw" not in str(told.value)
