"""Pages are sound HTML that everybody can use, on a telephone and on a desk, by day and by night."""

import pytest

from .browser import Visit
from .site import Site
from .tools import check_html

pytestmark = pytest.mark.interop


def test_every_page_is_valid_html(site: Site) -> None:
    assert check_html(site.files(".html")) == []


def test_a_page_of_each_kind_is_looked_at(visits: list[Visit]) -> None:
    kinds = {tuple(visit.url.split("/")[3:5]) for visit in visits}

    for language in ("en", "ru", "kk"):
        for kind in (
            "",
            "events",
            "announcements",
            "calendar",
            "deadlines",
            "subscribe",
            "topics",
            "organisations",
        ):
            assert (language, kind) in kinds


def test_no_page_breaks_a_rule_of_accessibility(visits: list[Visit]) -> None:
    assert {str(visit): visit.violations for visit in visits if visit.violations} == {}
    assert all(visit.rules_passed for visit in visits)


def test_the_browser_has_nothing_to_complain_of(visits: list[Visit]) -> None:
    assert {visit.url: visit.status for visit in visits if visit.status != 200} == {}
    assert {str(visit): visit.console_errors for visit in visits if visit.console_errors} == {}


def test_no_page_asks_anybody_else(visits: list[Visit]) -> None:
    assert {str(visit): visit.outside for visit in visits if visit.outside} == {}


def test_no_page_scrolls_sideways(visits: list[Visit]) -> None:
    wide = {str(visit): visit.scroll_width for visit in visits if visit.scroll_width > visit.inner_width}

    assert wide == {}
