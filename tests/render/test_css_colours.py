"""A calendar's colour is one of the names that RFC 7986 allows, and looks like the one that was chosen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.ics.colours import COLOURS, CSS3
from publisher.render.colours import contrast, css_colour

TABLE = COLOURS


def test_every_colour_of_css_is_there_once() -> None:
    assert len(TABLE) == 138  # 147 names, of which nine are another spelling of one that is there
    assert len(set(TABLE.values())) == 138
    assert set(TABLE) < CSS3


@pytest.mark.parametrize("name", TABLE)
def test_a_colour_that_has_a_name_is_called_so(name: str) -> None:
    assert css_colour(f"#{TABLE[name]}") == name
    assert css_colour(f"#{TABLE[name].upper()}") == name


@given(st.integers(0, 0xFFFFFF))
def test_the_name_stands_for_something_alike(value: int) -> None:
    colour = f"#{value:06x}"
    name = css_colour(colour)

    assert re.fullmatch(r"[a-z]+", name)
    assert contrast(colour, f"#{TABLE[name]}") < 2.2


def test_what_people_see_as_near_is_near() -> None:
    assert css_colour("#fe0101") == "red"
    assert css_colour("#ffe600") == "gold"
    assert css_colour("#010101") == "black"
