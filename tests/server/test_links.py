"""A feed that has a hub says so in each answer about it (RFC 8288, WebSub section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .sites import FILES

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from .sites import WrittenDown

LINK = '<https://hub.example.org/>; rel="hub", <https://news.example.org/en/feed.atom>; rel="self"'


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_is_said_whether_the_feed_is_new_to_the_client_or_not(
    client: TestClient, method: str, coding: str
) -> None:
    first = client.request(method, "/en/feed.atom", headers={"accept-encoding": coding})
    known = {"accept-encoding": coding, "if-none-match": first.headers["etag"]}
    again = client.request(method, "/en/feed.atom", headers=known)

    assert [answer.status_code for answer in (first, again)] == [200, 304]
    assert [answer.headers.get_list("link") for answer in (first, again)] == [[LINK], [LINK]]


@pytest.mark.parametrize("path", sorted(FILES.keys() - {"en/feed.atom"}))
def test_what_has_none_says_nothing(client: TestClient, path: str) -> None:
    assert "link" not in client.get(f"/{path}").headers


def test_a_combination_has_none_though_its_address_begins_like_that_of_a_feed(
    client: TestClient, renderings: WrittenDown
) -> None:
    answer = client.get("/en/feed.atom?topic=law")

    assert (answer.status_code, len(renderings.made)) == (200, 1)
    assert "link" not in answer.headers
