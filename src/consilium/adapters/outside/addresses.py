"""Which addresses may be opened: public ones by HTTPS, and the endpoints that the operator runs."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from consilium.errors import AddressRefused

# The registries of special-purpose addresses (IANA, RFC 6890): this network, private, shared, loopback,
# link-local (which clouds answer metadata at), protocol assignments, documentation, relays, benchmarks,
# multicast, reserved. Last, the one public address at which a cloud answers its machines.
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        # Tunnels that carry an IPv4 address inside (Teredo, 6to4), and documentation.
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
# All that IPv6 has given out to the public; so no ::1, ::ffff:a.b.c.d, 64:ff9b::/96, fc00::/7 or fe80::/10.
_PUBLIC_6 = ipaddress.ip_network("2000::/3")
# Where an operator's own endpoint may be, beside public addresses.
_OWN = tuple(
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
_NEVER = ipaddress.ip_address("fd00:ec2::254")  # a cloud's metadata
_LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The host and port that an address leads to, and whether what is sent there is sealed."""

    host: str
    port: int
    sealed: bool


def endpoint_of(address: str) -> Endpoint:
    """The endpoint of a web address.

    Raises:
        AddressRefused: it is no plain address of the web.
    """
    if (
        len(address) > _LONGEST
        or not (address.isascii() and address.isprintable())
        or set(address) & set(' \\"<>')
    ):
        raise AddressRefused(f"{address[:80]!r} is no address that can be opened.")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as fault:
        raise AddressRefused(f"{address[:80]!r} is no address that can be opened.") from fault
    if parts.scheme not in {"https", "http"} or not host or parts.username is not None or port == 0:
        raise AddressRefused(
            f"{address[:80]!r} cannot be opened: only https://host/… without a name before it."
        )
    sealed = parts.scheme == "https"
    return Endpoint(host.rstrip("."), port or (443 if sealed else 80), sealed)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(found in network for network in _REFUSED if network.version == found.version):
        return False
    return found.version == 4 or found in _PUBLIC_6


def may_be_own(address: str) -> bool:
    """Whether an operator's own endpoint may have an IP address: public, private or this machine's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    inside = any(found in network for network in _OWN if network.version == found.version)
    return is_public(address) or (inside and found != _NEVER)


def is_this_machine(address: str) -> bool:
    """Whether an IP address leads back to this machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
