"""The network that a visitor comes from, as quotas count it, and the digests under which they do."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

# One household or one rented machine usually has all of a /64 (RFC 6177, RFC 7421).
_OWN_BITS = 64


def network_of(request: HttpRequest) -> str:
    """The network of a request; "" where the server was not told the address."""
    return network(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """An IPv4 address whole, also where IPv6 carries it; of an IPv6 address its /64."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Address(int(known) >> _OWN_BITS << _OWN_BITS))


def keyed(name: str) -> str:
    """A digest by which somebody is known again, and which nobody without the site's secret can make."""
    return hmac.new(settings.SECRET_KEY.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]
