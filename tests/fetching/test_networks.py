"""Which addresses are public: what is not routed to everybody is told, in whatever form it is written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

import pytest

from publisher.fetching.networks import SPECIAL_V4, SPECIAL_V6, is_near, is_public

#: The registries of special-purpose addresses, as IANA has them, where they are not routed to everybody;
#: multicast; and networks that later standards took back.
CLOSED_V4 = [
    "0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32",
    "192.0.0.170/32", "192.0.0.171/32", "192.0.2.0/24", "192.88.99.0/24", "192.88.99.2/32", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
]  # fmt: skip
CLOSED_V6 = [
    "::/128", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64",
    "2001::/23", "2001::/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:2::/48",
    "2001:3::/32", "2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32",
    "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
]  # fmt: skip
#: What clouds tell the machines in them: keys, passwords, scripts.
CLOUDS = [
    "169.254.169.254", "169.254.170.2", "168.63.129.16", "192.0.0.192", "100.100.100.200", "fd00:ec2::254",
    "fd20:ce::254",
]  # fmt: skip


def samples(network: str) -> list[str]:
    """The first address of a network, the last and one in the middle."""
    addresses = ip_network(network)
    return [str(addresses[at]) for at in (0, addresses.num_addresses // 2, -1)]


def carried(address: str) -> list[str]:
    """An IPv4 address in all the forms in which IPv6 carries one."""
    number = int(IPv4Address(address))
    return [
        f"::ffff:{address}",
        str(IPv6Address((0x2002 << 112) + (number << 80) + 1)),
        str(IPv6Address((0x64FF9B << 96) + number)),
        str(IPv6Address((0x64FF9B0001 << 80) + number)),
        str(IPv6Address((0x20010000 << 96) + (number ^ 0xFFFF_FFFF))),
        f"::{address}",
        f"::ffff:0:{address}",
    ]


@pytest.mark.parametrize("network", CLOSED_V4)
def test_no_address_of_a_closed_network_is_connected_to_in_any_form(network: str) -> None:
    for address in samples(network):
        assert [form for form in (address, *carried(address)) if is_public(form)] == []


@pytest.mark.parametrize("network", CLOSED_V6)
def test_nor_one_of_a_closed_network_of_ipv6(network: str) -> None:
    assert [address for address in samples(network) if is_public(address)] == []


def test_the_closed_networks_are_known_whatever_the_interpreter_knows() -> None:
    """Its own table is that of its age, and takes out what serves no calendars."""
    known_v4 = [each for each in CLOSED_V4 if any(IPv4Network(each).subnet_of(net) for net in SPECIAL_V4)]
    known_v6 = [each for each in CLOSED_V6 if any(IPv6Network(each).subnet_of(net) for net in SPECIAL_V6)]

    assert (known_v4, known_v6) == (CLOSED_V4, CLOSED_V6)


@pytest.mark.parametrize("address", ["200::1", "400::1", "1fff::1", "4000::1", "8000::1", "e000::1"])
def test_nor_what_nobody_has_been_given_yet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", CLOUDS)
def test_what_a_cloud_tells_its_machines_is_not_asked_for(address: str) -> None:
    forms = [address] if ":" in address else [address, *carried(address)]

    assert [form for form in forms if is_public(form)] == []


@pytest.mark.parametrize(
    "address",
    ["fe80::1%lo", "2a00:1450:4001::1%1", "", "localhost", "2130706433", "0x7f000001", "127.1", "010.8.8.8"],
)
def test_what_is_no_address_of_the_network_in_numbers_is_not_connected_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
        "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255",
        "203.0.114.0", "223.255.255.255", "2000::", "2001:200::", "2001:db7:ffff::", "2001:db9::", "2003::",
        "3ffe:ffff::", "3fff:1000::",
    ],
)  # fmt: skip
def test_the_neighbours_of_closed_networks_are_let_through(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.216.34",
        "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_public_addresses_are_let_through_in_every_form(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "::1",
        "fd12::1",
        "::ffff:127.0.0.1",
    ],
)
def test_this_machine_and_networks_of_ones_own_are_near(address: str) -> None:
    assert is_near(address)


@pytest.mark.parametrize(
    "address", [*CLOUDS, "169.254.1.1", "fe80::1", "0.0.0.1", "224.0.0.1", "8.8.8.8", "localhost"]
)
def test_what_a_cloud_tells_its_machines_is_not_near_nor_is_anything_else(address: str) -> None:
    assert not is_near(address)
