"""Digests as their readers have them: the HTML parsed, the text read back, both as the same plain facts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import pytest
from lxml import html

from publisher.config_mail import List
from publisher.mailing.digest import render_digest
from publisher.mailing.issue import Choice, Span, cut
from publisher.model.mailing import Digest, Interests
from publisher.zones import zone
from render.pagesites import Publication

ALMATY = zone("Asia/Almaty")
NAMES = {"en": "Weekly", "ru": "Еженедельный", "kk": "Апталық"}
WEEKLY = List.model_validate({"title": NAMES, "cadence": "weekly"})
FOOTER = "\n-- \n"
SITE = "https://news.example.org"
LANGUAGES = ("en", "ru", "kk")
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def moment(text: str) -> datetime:
    """A local time in Almaty."""
    return datetime.fromisoformat(text).replace(tzinfo=ALMATY)


@dataclass(frozen=True)
class Told:
    """A record in a digest: badges, title, mark of another language, link, and what stands between."""

    section: str
    badges: tuple[str, ...]
    title: str
    mark: str
    href: str
    lines: str


def weekly(
    site: Publication,
    language: str = "en",
    *,
    cut_at: str = "2026-06-01 08:00",
    told_until: str = "2026-05-26 08:00",
    next_at: str = "2026-06-08 08:00",
    choice: Choice | None = None,
    **settings: Any,
) -> Mail:
    """The weekly digest of a reader of everything."""
    list_ = WEEKLY.model_copy(update=settings)
    span = Span(moment(told_until), moment(cut_at), moment(next_at))
    told = cut(site.edition, list_, span, Interests()) if choice is None else choice
    digest = render_digest(
        site.edition, site.look, "weekly", list_, "2026-W23", told, language, due_at=span.cut_at
    )
    return Mail(digest)


@dataclass(frozen=True)
class Mail:
    """A digest, read by a person."""

    digest: Digest

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.digest.html)

    def find(self, xpath: str) -> list[Any]:
        return list(self.tree.xpath(xpath))

    @property
    def links(self) -> list[str]:
        return [str(href) for href in self.find("//a/@href")]

    @property
    def html_facts(self) -> list[Told]:
        return [
            _told_by_html(said(section.find("h2")), row)
            for section in self.find("//td[@class='section']")
            for row in section.xpath(".//td[h3]")
        ]

    @property
    def text_facts(self) -> list[Told]:
        """The same from the text: sections are underlined, items begin with a star and end with a link."""
        told, section = [], ""
        above = self.digest.text.partition(FOOTER)[0]
        for block in re.split(r"\n\n+", above):
            first, *rest = block.splitlines()
            if rest and set(rest[0]) == {"="}:
                section = first
            elif first.startswith("* "):
                told.append(_told_by_text(section, block))
        return told

    @property
    def text_footer(self) -> str:
        return self.digest.text.partition(FOOTER)[2]


def said(element: Any) -> str:
    """What is read aloud of an element, white space folded."""
    return " ".join(element.text_content().split())


def _told_by_html(section: str, cell: Any) -> Told:
    heading = cell.find("h3")
    (link,) = heading.xpath(".//a")
    return Told(
        section,
        tuple(said(badge) for badge in heading.xpath("./span[contains(@class, 'badge')]")),
        said(link),
        "".join(said(mark) for mark in heading.xpath("./span[@class='mark']")),
        link.get("href"),
        " ".join(said(line) for line in cell.findall("p")),
    )


def _told_by_text(section: str, block: str) -> Told:
    *lines, href = (line.strip() for line in block.splitlines())
    # The title goes on as far as it is indented like the lines below it: the HTML says where it ends.
    flat = " ".join(lines).removeprefix("* ")
    match = re.fullmatch(r"((?:\[[^\]]+\] )*)(.*)", flat)
    assert match
    return Told(section, tuple(re.findall(r"\[([^\]]+)\]", match[1])), "", "", href, match[2])


def as_text(told: Told) -> Told:
    """What the HTML says, as the text says it: title, mark and lines in one."""
    mark = f" ({told.mark})" if told.mark else ""
    return Told(told.section, told.badges, "", "", told.href, f"{told.title}{mark} {told.lines}".strip())
