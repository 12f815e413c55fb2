"""The digests that readers have got, as pages: all lists, one list's issues, an issue, and its text.

An issue's page is made of the frozen digest and the theme alone: whatever
becomes of its records, it goes on saying what its readers were told.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from publisher.model.artifact import Artifact, Stage
from publisher.model.when import Days
from publisher.render import dates
from publisher.render.layout import Draft
from publisher.render.stamps import Leaf, Stamp, day_stamp, leaf
from publisher.render.view import Label
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from publisher.config import Config
    from publisher.config_mail import List
    from publisher.model.edition import ArchivedIssue, Edition
    from publisher.model.mailing import Digest
    from publisher.render.view import View

#: What stands between a text and its footer; programs know it by the space at its end.
FOOTER = "-- "
#: How many issues of each list the page of all lists shows.
FIRST = 5
#: A list that goes by each reader's own clock is cut where days begin first (UTC+14; POSIX counts westward).
_EARLIEST = "Etc/GMT-14"


@dataclass(frozen=True)
class IssueRow:
    """An issue as a line of a list."""

    title: Label
    day: Stamp
    leaf: Leaf


@dataclass(frozen=True)
class ListIssues:
    """A list and its issues, newest first."""

    title: Label
    description: str
    rows: tuple[IssueRow, ...]
    has_more: bool


def issue_day(settings: List | None, site_timezone: str, moment: datetime) -> date:
    """The local day of an issue, by its list's clock."""
    name = (settings.timezone if settings else None) or site_timezone
    return moment.astimezone(zone(_EARLIEST if settings and settings.is_local else name)).date()


def list_title(view: View, list_id: str) -> str:
    """What a list is called; one that is not configured any more, by its id."""
    settings = view.config.lists.get(list_id)
    return settings.title_in(view.language, view.config.site.default_language) if settings else list_id


def without_footer(text: str) -> str:
    """What stands above the footer of a digest's text: the same for every reader."""
    return text.rpartition(f"\n{FOOTER}\n")[0].rstrip("\n") + "\n"


def digest_drafts(view: View) -> Iterator[Draft]:
    """Every page of digests; none where there is no list."""
    if not view.edition.lists:
        return
    issues = _by_list(view.edition)
    yield _index_draft(view, issues)
    for list_id in view.edition.lists:
        found = issues.get(list_id, [])
        yield _list_draft(view, list_id, found)
        for number, issue in enumerate(found):
            newer, older = found[number - 1 : number] if number else [], found[number + 1 : number + 2]
            yield _issue_draft(view, issue, newer, older)


def digest_texts(edition: Edition) -> Iterator[Artifact]:
    """The text of each issue in each language."""
    for issue in edition.issues:
        for language in edition.languages:
            text = without_footer(_digest(issue, edition.config, language).text)
            yield Artifact(f"{language}/{issue.path}/digest.txt", text.encode(), Stage.PAGE)


def _by_list(edition: Edition) -> dict[str, list[ArchivedIssue]]:
    ordered = sorted(edition.issues, key=lambda issue: issue.list)
    return {list_id: list(found) for list_id, found in groupby(ordered, key=lambda issue: issue.list)}


def _index_draft(view: View, issues: dict[str, list[ArchivedIssue]]) -> Draft:
    lists = []
    for list_id in view.edition.lists:
        settings, found = view.config.lists.get(list_id), issues.get(list_id, [])
        title = Label(list_title(view, list_id), view.path(f"digests/{list_id}/"))
        told = settings.description_in(view.language, view.config.site.default_language) if settings else ""
        rows = tuple(_row(view, issue) for issue in found[:FIRST])
        lists.append(ListIssues(title, told, rows, len(found) > FIRST))
    return Draft(
        path="digests/",
        template="digests.html",
        title=view.words("digest.archive"),
        description=view.words("digest.archive_about"),
        items=frozenset(),
        context={"lists": lists},
    )


def _list_draft(view: View, list_id: str, issues: Sequence[ArchivedIssue]) -> Draft:
    settings = view.config.lists.get(list_id)
    told = settings.description_in(view.language, view.config.site.default_language) if settings else ""
    return Draft(
        path=f"digests/{list_id}/",
        template="digest-list.html",
        title=list_title(view, list_id),
        description=told,
        above=(_archive_label(view),),
        items=frozenset(),
        context={"rows": [_row(view, issue) for issue in issues]},
    )


def _issue_draft(
    view: View, issue: ArchivedIssue, newer: Sequence[ArchivedIssue], older: Sequence[ArchivedIssue]
) -> Draft:
    digest = _digest(issue, view.config, view.language)
    name = list_title(view, issue.list)
    lang = digest.language if digest.language != view.language else ""
    return Draft(
        path=f"{issue.path}/",
        template="digest.html",
        title=view.words("digest.issue", list=name, day=dates.day(_day(view, issue), view.words)),
        description=digest.subject,
        above=(_archive_label(view), Label(name, view.path(f"digests/{issue.list}/"))),
        items=frozenset(),
        context={
            "body": Markup(digest.page),  # noqa: S704 -- a template made and escaped it
            "lang": lang,
            "newer": [_neighbour(view, other) for other in newer],
            "older": [_neighbour(view, other) for other in older],
        },
    )


def _archive_label(view: View) -> Label:
    return Label(view.words("digest.archive"), view.path("digests/"))


def _row(view: View, issue: ArchivedIssue) -> IssueRow:
    day, digest = _day(view, issue), _digest(issue, view.config, view.language)
    lang = digest.language if digest.language != view.language else ""
    title = Label(digest.subject, view.path(f"{issue.path}/"), lang)
    return IssueRow(title, day_stamp(day, view.words), leaf(Days(day, day), view.words))


def _day(view: View, issue: ArchivedIssue) -> date:
    config = view.config
    return issue_day(config.lists.get(issue.list), config.site.timezone, issue.due_at)


def _neighbour(view: View, issue: ArchivedIssue) -> Label:
    return Label(dates.day(_day(view, issue), view.words), view.path(f"{issue.path}/"))


def _digest(issue: ArchivedIssue, config: Config, language: str) -> Digest:
    """The digest in a language, else in the first of the site's languages that it was sent in."""
    order = (language, config.site.default_language, *config.site.languages, *issue.digests)
    return next(issue.digests[name] for name in order if name in issue.digests)
