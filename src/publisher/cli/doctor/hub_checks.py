"""What a doctor looks at where hubs are told of feeds; none is asked."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publisher.cli.doctor.check import OK, WARNING, Check
from publisher.cli.doctor.mail_checks import NOBODYS
from publisher.cli.options import plural
from publisher.fetching.networks import is_public
from publisher.model.urls import is_this_machine
from publisher.websub.standing import hub_standing
from publisher.websub.topics import host_of

if TYPE_CHECKING:
    from publisher.cli.doctor.check import Examined
    from publisher.site import Site


def hubs(site: Site) -> Examined:
    """Whether hubs can be somebody's, and can fetch what they are told of."""
    configured = site.config.websub.hubs
    for hub in configured:
        host = host_of(hub)
        if _is_nobodys(host):
            hint = "write [websub] hubs = the address that your hub gives"
            yield Check("hub", WARNING, f"{host} is a placeholder and nobody's host", hint)
        else:
            yield Check("hub", OK, host)
    if any(not is_this_machine(host_of(hub)) for hub in configured):
        yield Check("topics", *_about_topics(site.config.site.url))


def backlog(site: Site) -> Examined:
    """What hubs were not told of, however often they were asked."""
    for each in hub_standing(site):
        if each.given_up:
            text = f"{each.host} was not told of {plural(each.given_up, 'feed')} in a day: it {each.reply}"
            hint = "see whether the address is right and the hub still at work; the next change begins anew"
            yield Check("hub", WARNING, text, hint)


def _about_topics(url: str) -> tuple[str, str, str]:
    """Whether hubs in the public network can fetch feeds below an address, and subscribers trust them."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_this_machine(host) or _is_closed(host) or _is_nobodys(host):
        return WARNING, f"no hub can fetch feeds from {host}", "write [site] url = the public address"
    if parts.scheme != "https":
        hint = "serve the site by https: hubs and subscribers refuse, or mistrust, what anybody can change"
        return WARNING, "hubs are told of feeds that are not served by https", hint
    return OK, f"hubs fetch feeds from {host}", ""


def _is_closed(host: str) -> bool:
    """Whether it is an address in numbers that is not public."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


def _is_nobodys(host: str) -> bool:
    names = (each for each in NOBODYS if each != "localhost")
    return any(host == each or host.endswith(f".{each}") for each in names)
