"""Which network addresses are public: what a calendar may be fetched from.

A name that somebody else controls may lead anywhere: to this machine, into the
network that it stands in, to the provider's own service with its keys. So only
what is routed to everybody is let through, whatever form it is written in.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

#: Where another address is carried within (RFC 4291 section 2.5.5.2, RFC 6052 section 2.1).
_MAPPED, _TRANSLATED = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
#: The only part of IPv6 that is routed to everybody so far (RFC 4291 section 2.4), and what of it is not.
_GLOBAL = IPv6Network("2000::/3")
_SPECIAL = (
    IPv6Network("2001::/23"),  # protocols, Teredo among them (RFC 6890)
    IPv6Network("2001:db8::/32"),  # examples (RFC 3849)
    IPv6Network("3fff::/20"),  # likewise (RFC 9637)
)


def is_public(address: str) -> bool:
    """Whether an address in numbers is one of the public network; what is none at all is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    # 'is_global' alone lets multicast through, and the anycast of 6to4 that RFC 7526 took back.
    relay = int(address) >> 8 == int(IPv4Address("192.88.99.0")) >> 8
    return address.is_global and not address.is_multicast and not address.is_reserved and not relay


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if address in _MAPPED or address in _TRANSLATED:
        return _is_public_v4(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address in _6TO4:
        return _is_public_v4(IPv4Address(int(address) >> 80 & 0xFFFF_FFFF))
    return address in _GLOBAL and not any(address in each for each in _SPECIAL)
