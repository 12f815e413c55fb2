"""Which network addresses are public, and which are near: what something may be fetched from.

A name that somebody else controls may lead anywhere: to this machine, into the
network that it stands in, to the provider's own service with its keys. So only
what is routed to everybody is let through, whatever form it is written in.

What is not, is listed here by the registries of special-purpose addresses, and
asked of `ipaddress` too: its table is that of the interpreter's age.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

#: IPv4 that is not routed to everybody: the IANA registry of special-purpose addresses, and multicast.
SPECIAL_V4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network (RFC 791)
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # shared behind a provider's translation (RFC 6598)
        "127.0.0.0/8",  # this machine (RFC 1122)
        "169.254.0.0/16",  # this link, services of clouds among it (RFC 3927)
        "172.16.0.0/12",  # private (RFC 1918)
        "192.0.0.0/24",  # protocols (RFC 6890); its two anycast addresses serve nothing of the web
        "192.0.2.0/24",  # examples (RFC 5737)
        "192.88.99.0/24",  # relays of 6to4, taken back (RFC 7526)
        "192.168.0.0/16",  # private (RFC 1918)
        "198.18.0.0/15",  # measurements (RFC 2544)
        "198.51.100.0/24",  # examples (RFC 5737)
        "203.0.113.0/24",  # likewise
        "224.0.0.0/4",  # multicast (RFC 5771)
        "240.0.0.0/4",  # reserved (RFC 1112), the broadcast to all among it
    )
)
#: IPv6 that is not: the IANA IPv6 registry, and what other standards set aside. Forms of IPv4 stand below.
SPECIAL_V6 = tuple(
    IPv6Network(each)
    for each in (
        "::/96",  # none, this machine, and an old form of IPv4 (RFC 4291 sections 2.5.2, 2.5.3, 2.5.5.1)
        "::ffff:0:0:0/96",  # another old form of it (RFC 2765)
        "64:ff9b:1::/48",  # a network's own translation (RFC 8215)
        "100::/64",  # thrown away (RFC 6666)
        "100:0:0:1::/64",  # a stand-in (RFC 9780)
        "2001::/23",  # protocols (RFC 2928), Teredo, measurements and overlays among them
        "2001:db8::/32",  # examples (RFC 3849)
        "3fff::/20",  # likewise (RFC 9637)
        "5f00::/16",  # segments of routes (RFC 9602)
        "fc00::/7",  # private (RFC 4193)
        "fe80::/10",  # this link (RFC 4291)
        "fec0::/10",  # this site, taken back (RFC 3879)
        "ff00::/8",  # multicast (RFC 4291)
    )
)
#: Services of clouds to the machines in them that have a number like everybody's, or like one's own.
CLOUD = frozenset(map(ip_address, ("168.63.129.16", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254")))
#: This machine, and networks of one's own: what a person at a terminal may mean.
NEAR_V4 = tuple(
    map(IPv4Network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)
NEAR_V6 = tuple(map(IPv6Network, ("::1/128", "fc00::/7")))

#: Where IPv4 is carried within (RFC 4291 section 2.5.5.2, RFC 6052 section 2.1, RFC 3056 section 2).
_MAPPED, _TRANSLATED = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
#: The only part of IPv6 that is routed to everybody so far (RFC 4291 section 2.4).
_GLOBAL = IPv6Network("2000::/3")


def is_public(address: str) -> bool:
    """Whether an address in numbers is one of the public network; what is none at all is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def is_near(address: str) -> bool:
    """Whether an address in numbers is this machine or in a network of one's own, no service of a cloud."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed in _MAPPED:
        parsed = IPv4Address(int(parsed) & 0xFFFF_FFFF)
    near = NEAR_V4 if isinstance(parsed, IPv4Address) else NEAR_V6
    return parsed not in CLOUD and any(parsed in each for each in near)


def _is_public_v4(address: IPv4Address) -> bool:
    special = any(address in each for each in SPECIAL_V4) or address in CLOUD
    return address.is_global and not special


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if address in _MAPPED or address in _TRANSLATED:
        return _is_public_v4(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address in _6TO4:
        return _is_public_v4(IPv4Address(int(address) >> 80 & 0xFFFF_FFFF))
    special = any(address in each for each in SPECIAL_V6)
    return address in _GLOBAL and address.is_global and not special
