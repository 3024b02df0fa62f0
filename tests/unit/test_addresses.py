"""What may be opened: the public internet by HTTPS, and what the operator runs."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.adapters.outside.addresses import endpoint_of, is_public, may_be_own
from consilium.errors import AddressRefused

UNSPECIFIED = ".".join("0000")
REFUSED = (
    UNSPECIFIED,
    "0.1.2.3", "0.0.0.1", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.9.9.9", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1", "no address", "",
)  # fmt: skip
ALLOWED = ("8.8.8.8", "130.14.29.110", "172.32.0.1", "192.169.0.1", "2607:f220:41e:4290::110", "2a00:1450::1")


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_a_public_address_is_allowed(address):
    assert is_public(address)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_nothing_is_public_that_python_holds_to_be_private_or_special(found):
    special = ("private", "loopback", "link_local", "multicast", "reserved", "unspecified")
    if any(getattr(found, f"is_{kind}") for kind in special):
        assert not is_public(str(found))


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_becomes_public_by_being_wrapped(found):
    number = int(found)
    wrapped = (0xFFFF << 32 | number, number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80)
    assert not any(is_public(str(ipaddress.IPv6Address(whole))) for whole in wrapped)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "fd00:ec2::254", "0.0.0.1", "::ffff:10.0.0.1"]
)
def test_not_even_an_operators_own_endpoint_is_at_a_clouds_metadata(address):
    assert not may_be_own(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "fd12::1", "8.8.8.8"])
def test_an_operators_own_endpoint_may_be_private(address):
    assert may_be_own(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/x", "file:///etc/passwd", "https://", "https:///path", "https://a@example.org/",
        "https://a:b@example.org/", "https://exa mple.org/", "https://example.org\\@127.0.0.1/", "https://exämple.org/",
        "https://example.org:99999/", "https://example.org:0/", "https://example.org/\n", "https://[::1/", "javascript:1",
        "", "example.org", "//example.org/", "https://example.org/" + "a" * 9_000,
    ],
)  # fmt: skip
def test_what_is_no_plain_address_of_the_web_is_refused(address):
    with pytest.raises(AddressRefused):
        endpoint_of(address)


def test_a_final_dot_makes_no_other_host():
    assert endpoint_of("https://example.org./a") == endpoint_of("https://example.org:443/b")
