"""What people may write into header fields, and how the standard library reads it there."""

from __future__ import annotations

import re
from email.header import decode_header, make_header
from email.utils import parseaddr

from hypothesis import strategies as st

from publisher.model.characters import find_control

ENCODED_WORD = re.compile(r"=\?[^?]*\?[bq]\?[^?]*\?=", re.IGNORECASE)
KAZAKH = "Қазақстанның академиялық ынтымақтастығы"
FAMILY = "👩‍👩‍👧‍👦"


def is_text(value: str) -> bool:
    return find_control(value) is None and not set(value) & set("\t\n")


SCRIPTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=300)
LETTERS = st.text(
    st.sampled_from(f"{KAZAKH}Академия ABC xyz 0-9 «»—№,.:;()<>@\"'\\[]=?_ {FAMILY}"), min_size=1
)
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=300)
TITLES = (SCRIPTS | LETTERS | ASCII).filter(is_text)


def displayed_name(value: str) -> str:
    """The name before an address, as it is folded; `policy.default` would put blanks into long ones."""
    name, _ = parseaddr(value.replace("\r\n", ""))
    return str(make_header(decode_header(name)))
