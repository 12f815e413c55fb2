"""The feeds as pages offer them to people: by a short name, with a sentence, in each format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher.render import urls
from publisher.render.alternates import FORMATS

if TYPE_CHECKING:
    from publisher.render.feed_channels import Channel
    from publisher.render.view import View
    from publisher.render.words import Words

#: The feeds that the theme has words for, by their names.
GENERAL: Final = ("main", "events", "announcements", "changes")
#: How the names of combinations of publisher.toml begin.
NAMED: Final = "feeds/"


@dataclass(frozen=True)
class FeedFile:
    """A feed in one format: what readers call that, the path on this host, the media type."""

    format: str
    path: str
    type: str


@dataclass(frozen=True)
class FeedOffer:
    """A feed that can be subscribed to."""

    #: What it holds, in few words, and in a sentence; that may be empty.
    name: str
    about: str
    #: The page that shows the same.
    home: str
    #: The address to copy.
    address: str
    files: tuple[FeedFile, ...]
    #: What asks the server for just this (`kind=event`); empty where nothing need be asked.
    kind: str = ""


def offer(view: View, channel: str, name: str = "") -> FeedOffer | None:
    """The feed of a name, under the name that people know; None if there is no such feed."""
    found = view.channels.get(channel)
    if found is None:
        return None
    return FeedOffer(
        name=name or short_name(view.words, found),
        about=sentence(view.words, found),
        home=f"/{found.home}",
        address=urls.absolute(view.config, f"{found.path}.{FORMATS[0][0]}"),
        files=tuple(FeedFile(form, f"/{found.path}.{ending}", type_) for ending, type_, form in FORMATS),
        kind=next(iter(found.selection.kinds), "") if channel in GENERAL else "",
    )


def general(view: View) -> tuple[FeedOffer, ...]:
    """Everything, events alone, news alone, changes alone."""
    return tuple(each for each in (offer(view, name) for name in GENERAL) if each)


def named(view: View) -> tuple[FeedOffer, ...]:
    """The combinations of publisher.toml; not those that go on for old subscribers alone."""
    default = view.config.site.default_language
    found = (
        offer(view, f"{NAMED}{id_}", choice.title_in(view.language, default))
        for id_, choice in view.config.feeds.items()
    )
    return tuple(each for each in found if each)


def short_name(words: Words, channel: Channel) -> str:
    """What a feed holds, without the site's name where that says nothing more."""
    return words(f"subscribe.feed_{channel.name}") if channel.name in GENERAL else channel.title


def sentence(words: Words, channel: Channel) -> str:
    """What a feed is for."""
    if channel.name in GENERAL:
        return words(f"subscribe.feed_{channel.name}_about")
    if channel.selection.is_of_changes:
        return words("subscribe.feed_changes_about")
    if channel.name.startswith(NAMED):
        return words("subscribe.feed_named_about")
    return words("feed.about", title=channel.title)
