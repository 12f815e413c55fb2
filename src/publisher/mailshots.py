"""A digest for a person to look at, before anybody gets it: what an issue would say now.

It is made from what content/ says, as a release at that instant would make it,
and like a plan it changes nothing: no row, no key, no issue. Its links are signed
with a key that nobody has, so that what is passed on lets nobody in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from publisher.diagnostics import did_you_mean
from publisher.errors import PublisherError, UsageError
from publisher.issuing.bench import Bench, languages_of, previous_due, span_of
from publisher.issuing.moves import require_list
from publisher.mailing.addresses import BadAddress, read_address
from publisher.mailing.message import compose_digest, message_id
from publisher.mailing.periods import due, next_due
from publisher.mailing.policy import Sent, next_state
from publisher.mailing.tokens import Keys
from publisher.model.mailing import Interests, Issue, IssueState, Subscriber
from publisher.model.records import Kind
from publisher.release import prospect

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from publisher.config_mail import List
    from publisher.content.load import Content
    from publisher.mailing.choice import Choice
    from publisher.mailing.message import Outgoing
    from publisher.mailing.periods import Period
    from publisher.mailing.policy import Reply
    from publisher.model.ledger import Ledger
    from publisher.model.mailing import Digest
    from publisher.site import Site

#: Signs what is only looked at.
_NOBODYS = Keys({0: bytes(32)}, 0)
_NOBODY = 0
#: A test is of use now or not at all.
_PATIENCE = timedelta(minutes=1)
_MOMENT = timedelta(microseconds=1)


class NoSuchLanguage(UsageError):
    """The list is not written in this language: take one of its own."""

    def __init__(self, list_id: str, language: str, known: Collection[str]) -> None:
        super().__init__(
            f"list '{list_id}' is not written in '{language}'\nhint: its languages are {', '.join(known)}"
        )


class NoSuchInterest(UsageError):
    """The site has nothing of this id: correct it."""

    def __init__(self, kind: Kind, id_: str, known: Collection[str]) -> None:
        hint = did_you_mean(id_, known) or f"content/{kind.plural}/ has the ids"
        super().__init__(f"no such {kind} '{id_}'\nhint: {hint}")


class NotSent(PublisherError):
    """The server did not take the test: do what it says."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"the test was not sent: {reply}\nhint: see `publisher doctor`")


@dataclass(frozen=True)
class Mailshot:
    """A digest that belongs to no issue, as a message to one person."""

    content: Content
    choice: Choice
    digest: Digest
    message: Outgoing

    @property
    def html(self) -> str:
        """What a mail program shows of the message."""
        return self._body("html")

    @property
    def text(self) -> str:
        """What one that shows no HTML does."""
        return self._body("plain")

    def _body(self, subtype: str) -> str:
        parsed = message_from_bytes(self.message.data, policy=default)
        part = next(each for each in parsed.walk() if each.get_content_type() == f"text/{subtype}")
        return str(part.get_content()).replace("\r\n", "\n")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose digest it is: by default that of a reader of everything who knows what was due before."""

    list: str
    #: The site's default language, where none is given.
    language: str | None = None
    interests: Interests = field(default_factory=Interests)
    told_until: datetime | None = None
    #: Whom it is addressed to; nobody real by default.
    email: str | None = None


def preview(site: Site, asked: Asked, now: datetime) -> Mailshot:
    """What a reader would get if the list's next issue were cut at `now`; nothing is written.

    Raises:
        UsageError: there is no such list, language, topic, organisation or event, or no such address.
    """
    return _made(site, asked, now, test=False)


def send_test(site: Site, asked: Asked, now: datetime) -> tuple[Mailshot, Reply]:
    """Send the same at once, marked as a test, to one address; it is counted nowhere.

    Raises:
        NotArmed: this machine may not send this site's mail.
        TransportFault: nothing can be sent as things are set up.
        NotSent: the server did not take it.
    """
    from publisher.post.postbox import Postbox

    made = _made(site, asked, now, test=True)
    postbox = Postbox(site.root, site.config)
    postbox.require_armed()
    with postbox.transport.open() as line:
        reply = line.send(made.message)
    if not isinstance(next_state(reply, 1, now, now + _PATIENCE), Sent):
        raise NotSent(reply)
    return made, reply


def _made(site: Site, asked: Asked, now: datetime, *, test: bool) -> Mailshot:
    require_list(site, asked.list)
    settings = site.config.lists[asked.list]
    language = _language(site, asked, settings)
    reader = _reader(site, asked, language, now)
    told = prospect(site, site.memory().ledger, now)
    _require_interests(told.ledger, asked.interests)
    period = _period(site, settings, now)
    told_until = asked.told_until or previous_due(site, settings, period.due_at)
    span = span_of(site, settings, period.due_at, now, told_until)
    bench = Bench(site, told.ledger, asked.list, period, span)
    choice = bench.choice(told_until, asked.interests)
    digest = bench.digest(choice, language)
    issue = _issue(asked.list, period, settings, now)
    name = ("test" if test else "preview", asked.list, period.key, language, reader.email, now.isoformat())
    number = message_id(_NOBODYS.keys[_NOBODY], site.config.authority_host, *name)
    message = compose_digest(site.config, _NOBODYS, issue, digest, reader, number, test=test)
    return Mailshot(told.content, choice, digest, message)


def _language(site: Site, asked: Asked, settings: List) -> str:
    known = languages_of(site, settings)
    default = site.config.site.default_language
    language = asked.language or (default if default in known else next(iter(known)))
    if language not in known:
        raise NoSuchLanguage(asked.list, language, known)
    return language


def _reader(site: Site, asked: Asked, language: str, now: datetime) -> Subscriber:
    """Somebody who is in no table."""
    try:
        address = read_address(asked.email or f"reader@{site.config.authority_host}")
    except BadAddress as error:
        raise UsageError(f"'{asked.email}' is not an address: {error.reason}") from None
    return Subscriber(
        id=_NOBODY, email=address.email, email_key=address.key, address_hash="", language=language,
        timezone=site.config.site.timezone, created=now,
    )  # fmt: skip


def _require_interests(ledger: Ledger, interests: Interests) -> None:
    """A mistyped topic would look like one that has no news."""
    chosen = (
        (Kind.TOPIC, interests.topics),
        (Kind.ORGANISATION, interests.organisations),
        (Kind.EVENT, interests.events),
    )
    for kind, ids in chosen:
        known = {item.id for item in ledger if item.is_record and item.kind == kind and not item.gone}
        for id_ in ids:
            if id_ not in known:
                raise NoSuchInterest(kind, id_, known)


def _period(site: Site, settings: List, now: datetime) -> Period:
    """The period that is due at this instant, or next."""
    following = next_due(settings, site.config.site.timezone, now - _MOMENT)
    return following or due(settings, site.config.site.timezone, now, now, [now])[0]


def _issue(list_id: str, period: Period, settings: List, now: datetime) -> Issue:
    """An issue that is in no table."""
    return Issue(
        id=0, list=list_id, period=period.key, state=IssueState.BUILDING, due_at=period.due_at, cut_at=now,
        not_after=period.due_at + settings.lateness, edition=0, dated=now, signing_key=_NOBODY,
    )  # fmt: skip
