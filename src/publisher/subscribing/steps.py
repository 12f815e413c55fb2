"""Signing up, in two steps.

1. The form of the page comes without a token, and is answered by a page that
   repeats the choice and carries one: bound to the address, good for some time.
2. With the token it comes again. From here on every answer is the same.

What is plainly wrong (no @, nothing chosen) is told at the first step, from what
was sent alone: nobody is looked up before the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.mailing.addresses import Address, BadAddress, address_hash, read_address
from publisher.mailing.tokens import Purpose, address_tag, sign
from publisher.render.servicepages import Choice
from publisher.server.subscribing import Page
from publisher.subscribing.signup import Limits, Request, salt, sign_up
from publisher.zones import zone_names

if TYPE_CHECKING:
    from publisher.model.mailing import Interests
    from publisher.render.servicepages import ServicePages
    from publisher.server.forms import Form
    from publisher.subscribing.visits import Visit

#: How old the token of a form is: nobody presses so soon, nobody thinks so long.
YOUNGEST, OLDEST = timedelta(seconds=2), timedelta(hours=2)
#: Longer than any address that can be written to.
_LONGEST = 254
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a form asks for, as far as there is such a thing."""

    email: str
    lists: tuple[str, ...]
    interests: Interests
    language: str
    timezone: str

    @property
    def address(self) -> Address | None:
        """Whom to write to; None for what nobody can be written to at."""
        try:
            return read_address(self.email)
        except BadAddress:
            return None

    @property
    def key(self) -> str:
        """What the address is known by; for what is none, the text itself."""
        return self.address.key if self.address else self.email.lower()

    def fields(self) -> list[tuple[str, str]]:
        """The same again as fields of a form, but for address and lists."""
        chosen = (
            ("topic", self.interests.topics),
            ("organisation", self.interests.organisations),
            ("event", self.interests.events),
        )
        pairs = [(name, id_) for name, ids in chosen for id_ in ids]
        return [*pairs, ("language", self.language), ("timezone", self.timezone)]


def take(visit: Visit, form: Form) -> Page:
    """Answer a step."""
    asked = _read(visit, form)
    offered = visit.choices.lists(asked.language)
    pages = visit.pages(language=asked.language)
    if not offered:
        nothing = pages.words("notfound.title")
        return Page(404, pages.render("notice.html", nothing, text=pages.words("notfound.text"), again=False))
    if fault := _fault(asked):
        return _corrected(pages, asked, offered, fault)
    token = form.first("form")
    if not token or not _is_genuine(visit, asked, token):
        return _checked(visit, pages, asked, again=bool(token))
    return _taken(visit, pages, asked)


def _read(visit: Visit, form: Form) -> Asked:
    """What there is of what was sent."""
    config = visit.config
    language = form.first("language")
    if language not in config.site.languages:
        language = visit.language
    offered = visit.choices.lists(language)
    # Where there is but one list, nobody needs to tick it.
    lists = tuple(id_ for id_ in offered if id_ in form.every("list") or len(offered) == 1)
    timezone = form.first("timezone")
    return Asked(
        email=form.first("email"),
        lists=lists,
        interests=visit.choices.interests(
            form.every("topic"), form.every("organisation"), form.every("event")
        ),
        language=language,
        timezone=timezone if timezone in zone_names() else config.site.timezone,
    )


def _fault(asked: Asked) -> str:
    """The key of what is plainly wrong; empty where nothing is."""
    local, _, domain = asked.email.rpartition("@")
    if not (local and domain) or len(asked.email) > _LONGEST:
        return "signup.wrong_address"
    return "" if asked.lists else "signup.no_list"


def _corrected(pages: ServicePages, asked: Asked, offered: tuple[str, ...], fault: str) -> Page:
    """The form again, to be mended."""
    choices = [Choice(each.id, each.title, chosen=each.id in asked.lists) for each in pages.offers(offered)]
    html = pages.render(
        "sign-up.html",
        pages.words("signup.title"),
        fault=pages.words(fault),
        email=asked.email[:_LONGEST],
        lists=choices,
        fields=asked.fields(),
    )
    return Page(400, html)


def _checked(visit: Visit, pages: ServicePages, asked: Asked, *, again: bool) -> Page:
    """The choice as it was understood, with a token that makes it count when it is sent on."""
    fields = [
        ("email", asked.email),
        *(("list", id_) for id_ in asked.lists),
        *asked.fields(),
        ("form", _token(visit, asked)),
    ]
    html = pages.render(
        "sign-up.html",
        pages.words("signup.check"),
        fault="",
        again=again,
        email=asked.email,
        lists=pages.offers(asked.lists),
        chosen=visit.choices.chosen(asked.interests, asked.language),
        language_name=pages.language_name(asked.language),
        fields=fields,
    )
    return Page(200, html)


def _taken(visit: Visit, pages: ServicePages, asked: Asked) -> Page:
    """Sign up; the page is the same whatever came of it."""
    address = asked.address
    request = Request(
        email=address.email if address else None,
        key=asked.key,
        lists=asked.lists,
        interests=asked.interests,
        language=asked.language,
        timezone=asked.timezone,
        consent_text=pages.words("signup.consent"),
    )
    mail = visit.config.mail
    limit = Limits(mail.sign_ups_per_hour, mail.sign_ups_per_day, visit.message_id)
    wait = sign_up(visit.database, limit, request, visit.visitor.network, visit.now)
    if wait is not None:
        return Page(429, pages.notice("signup.many"), max(1, int(wait.total_seconds())))
    return Page(202, pages.render("sent.html", pages.words("signup.sent"), captured=visit.captured))


def _token(visit: Visit, asked: Asked) -> str:
    """Proof that the form was shown for this address, and when: that stands in a subscriber's place."""
    return sign(
        visit.keys,
        Purpose.FORM,
        subscriber=int(visit.now.timestamp() * 1000),
        tag=_tag(visit, asked),
        expires=visit.now + OLDEST,
    )


def _is_genuine(visit: Visit, asked: Asked, token: str) -> bool:
    """Whether a token was made for this address, long enough ago and not too long."""
    found = visit.read(Purpose.FORM, token)
    if found is None or found.expired or found.tag != _tag(visit, asked):
        return False
    age = int(visit.now.timestamp() * 1000) - found.subscriber
    return YOUNGEST / _MILLISECOND <= age <= OLDEST / _MILLISECOND


def _tag(visit: Visit, asked: Asked) -> bytes:
    return address_tag(address_hash(salt(visit.database, visit.now), asked.key))
