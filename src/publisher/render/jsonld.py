"""What pages tell machines: schema.org in JSON-LD. Nothing is said here that the page does not say.

No place, performer or offer is made up to please a validator: a field that
the record does not give is left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from publisher.render import names, urls

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publisher.model.edition import Published
    from publisher.model.records import InlineParty, Speaker
    from publisher.render.view import Label, View

Node = dict[str, Any]
_CONTEXT = {"@context": "https://schema.org"}
#: What HTML could take for the end of the script, or JavaScript for the end of a line.
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def script(node: Mapping[str, Any]) -> Markup:
    """A node as the content of a script element."""
    text = json.dumps({**_CONTEXT, **node}, ensure_ascii=False)
    return Markup(text.translate(_UNSAFE))  # noqa: S704 -- nothing in it can close the element


def site_node(view: View) -> Node:
    """The site as the one who publishes."""
    return {"@type": "Organization", "name": view.config.title(view.language), "url": view.absolute()}


def website_node(view: View) -> Node:
    """The site itself, for its first page."""
    description = view.config.description(view.language)
    return {
        "@type": "WebSite",
        "name": view.config.title(view.language),
        "url": view.absolute(),
        "inLanguage": view.language,
    } | given(description=description)


def breadcrumbs(view: View, path: str, crumbs: Sequence[Label]) -> Iterator[Node]:
    """The way to a page; the first page needs none."""
    if crumbs:
        origin = view.config.site.url
        links = [f"{origin}{crumb.href}" if crumb.href else view.absolute(path) for crumb in crumbs]
        yield {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": crumb.text, "item": link}
                for position, (crumb, link) in enumerate(zip(crumbs, links, strict=True), 1)
            ],
        }


def image_url(view: View, record: Published[Any]) -> str:
    """The public address of a record's picture."""
    image = record.text(view.language).image
    stored = record.assets.get(image.file) if image else None
    return urls.absolute(view.config, urls.asset(stored)) if stored else ""


def place_node(place: names.NamedPlace) -> Node:
    """A place with as much of its address as is known."""
    return {"@type": "Place", "name": place.name} | given(url=place.url) | address_node(place)


def address_node(place: names.NamedPlace) -> Node:
    """The address and coordinates of a place."""
    parts = given(streetAddress=place.address, addressLocality=place.city, addressCountry=place.country)
    node: Node = {"address": {"@type": "PostalAddress"} | parts} if parts else {}
    if place.geo:
        node["geo"] = {"@type": "GeoCoordinates", "latitude": place.geo[0], "longitude": place.geo[1]}
    return node


def organisation_node(view: View, ref: str | InlineParty) -> Node | None:
    """An organiser by name; nothing where it is not known at the moment."""
    found = names.parties(view.edition, [ref], view.language)
    return {"@type": "Organization", "name": found[0].name} | given(url=found[0].url) if found else None


def person_node(speaker: Speaker) -> Node:
    """Somebody who speaks, as the source names them."""
    works = {"@type": "Organization", "name": speaker.organisation} if speaker.organisation else None
    return {"@type": "Person", "name": speaker.name} | given(jobTitle=speaker.role, affiliation=works)


def given(**values: Any) -> Node:
    """Only what is known; a list of one as that one."""
    known = {name: value for name, value in values.items() if value not in (None, "", [], ())}
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in known.items()
    }
