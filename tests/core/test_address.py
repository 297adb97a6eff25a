import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.api.address import client_address, network_of


def request(peer, forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return APIRequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),
        ("10.0.0.2", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.2", "1.2.3.4, 203.0.113.1", "203.0.113.1"),
        ("10.0.0.2", "203.0.113.1, 10.0.0.3", "203.0.113.1"),
        ("10.0.0.2", "10.0.0.4, 10.0.0.3", "10.0.0.4"),
        ("10.0.0.2", "unknown", "10.0.0.2"),
        ("10.0.0.2", "203.0.113.1, garbage, 10.0.0.3", "10.0.0.3"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.0.0.2", "203.0.113.1", "203.0.113.1"),
        ("::ffff:198.51.100.7", None, "198.51.100.7"),
        ("", "203.0.113.1", ""),
        ("not an address", None, ""),
    ],
)
def test_only_our_own_proxies_are_believed(settings, peer, forwarded, address):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "fd00::1"]

    assert client_address(request(peer, forwarded)) == address
    assert client_address(Request(request(peer, forwarded))) == address


def test_nobody_is_believed_by_default(settings):
    settings.TRUSTED_PROXIES = []

    assert client_address(request("127.0.0.1", "203.0.113.1")) == "127.0.0.1"


@pytest.mark.parametrize(
    ("scope", "address"),
    [
        (
            {"client": ("10.0.0.2", 5000), "headers": [(b"x-forwarded-for", b"203.0.113.1")]},
            "203.0.113.1",
        ),
        (
            {
                "client": ("10.0.0.2", 5000),
                "headers": [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-for", b"203.0.113.1")],
            },
            "203.0.113.1",
        ),
        ({"client": ("198.51.100.7", 5000), "headers": []}, "198.51.100.7"),
        ({"client": None}, ""),
        ({}, ""),
    ],
)
def test_sockets_are_counted_like_requests(settings, scope, address):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

    assert client_address(scope) == address


def test_addresses_of_one_ipv6_household_belong_together():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("") == ""
