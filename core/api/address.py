"""The address of the person behind the proxies, believed only as far as the proxies are ours."""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

Address = IPv4Address | IPv6Address
_current: ContextVar[str] = ContextVar("client_address", default="")


def current_address() -> str:
    """The caller's address while a request is answered; empty outside one."""
    return _current.get()


def adopt_address(request: HttpRequest) -> None:
    """Make the caller's address current in this context."""
    _current.set(client_address(request))


def client_address(source: HttpRequest | Request | Mapping[str, Any]) -> str:
    """The caller's address from a request or an ASGI scope; empty when it is unknown.

    `X-Forwarded-For` is read from the right, for as long as each hop is one of `TRUSTED_PROXIES`:
    whatever stands left of the first stranger was written by the stranger.
    """
    peer, forwarded = _from_scope(source) if isinstance(source, Mapping) else _from_request(source)
    believed = _parse(peer)
    for hop in reversed(forwarded.split(",")):
        if believed is None or not _is_trusted(believed):
            break
        # A hop that cannot be read ends the chain: the last proxy we know is all we can tell.
        if (further := _parse(hop)) is None:
            break
        believed = further
    return str(believed) if believed else ""


def network_of(address: str) -> str:
    """What one household or attacker holds: the address, or for IPv6 its /64."""
    if address and ip_address(address).version == 6:
        return str(ip_network(f"{address}/64", strict=False))
    return address


def comes_from_proxy(request: HttpRequest) -> bool:
    """Whether the peer itself is one of `TRUSTED_PROXIES`, whose other headers count, too."""
    peer = _parse(request.META.get("REMOTE_ADDR") or "")
    return peer is not None and _is_trusted(peer)


def _from_request(request: HttpRequest | Request) -> tuple[str, str]:
    return request.META.get("REMOTE_ADDR") or "", request.META.get("HTTP_X_FORWARDED_FOR", "")


def _from_scope(scope: Mapping[str, Any]) -> tuple[str, str]:
    peer = (scope.get("client") or ("",))[0]
    forwarded = [
        value.decode("latin-1")
        for name, value in scope.get("headers", ())
        if name == b"x-forwarded-for"
    ]
    return peer, ",".join(forwarded)


def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    # ::ffff:192.0.2.1 is the same caller as 192.0.2.1 and must meet the same limit.
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@cache
def _networks(texts: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(text, strict=False) for text in texts]
