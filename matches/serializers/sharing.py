"""Links for people outside, and what a link is exchanged for."""

from typing import Any

from rest_framework import serializers

from accounts.models import NamePolicy
from core.api.pages import example
from core.api.serializers import StrictSerializer
from matches.models import ShareLink
from matches.operations.sharing import Exchange
from matches.serializers.matches import ID as MATCH_ID
from matches.serializers.qr import qr_svg

TOKEN = "q3vQ8cJrT1m0yZkU5oXnB7hLwD2sEaFgRiPtKuVxYbM"  # noqa: S105  only shown in the docs
LINK = {
    "id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e40",
    "match_id": MATCH_ID,
    "label": "Family chat",
    "name_policy": "number",
    "is_listed": False,
    "token_prefix": TOKEN[:6],
    "url": None,
    "created_at": "2026-09-12T09:30:00Z",
    "expires_at": "2026-09-13T09:30:00Z",
    "revoked_at": None,
    "last_used_at": None,
}


@example({"expires_in_hours": 24, "label": "Family chat", "name_policy": "number"})
class ShareLinkDraftSerializer(StrictSerializer):
    expires_in_hours = serializers.IntegerField(min_value=1, max_value=720, default=24)
    # DRF takes declared fields out of the class, so they hide nothing.
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=80, default="", allow_blank=True
    )
    name_policy = serializers.ChoiceField(
        NamePolicy.choices,
        default=NamePolicy.NUMBER.value,
        help_text="The stricter of this and the organisation's holds.",
    )
    listed = serializers.BooleanField(
        default=False, help_text="Show the link to everybody on the landing page."
    )


@example(LINK)
class ShareLinkSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    match_id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    name_policy = serializers.ChoiceField(NamePolicy.choices)
    is_listed = serializers.BooleanField()
    token_prefix = serializers.CharField(help_text="To tell links apart.")
    url = serializers.CharField(
        allow_null=True, help_text="For a listed link. The token of any other is not kept."
    )
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


@example(
    {
        **LINK,
        "token": TOKEN,
        "url": f"/w#{TOKEN}",
        "absolute_url": f"https://touchline.example/w#{TOKEN}",
        "qr_svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41">...</svg>',
    }
)
class NewShareLinkSerializer(ShareLinkSerializer):
    token = serializers.CharField(help_text="Shown once, now.")
    url = serializers.CharField(help_text="The page to follow the match on, on this server.")
    absolute_url = serializers.CharField(help_text="The same, to send to people.")
    qr_svg = serializers.CharField(help_text="`absolute_url` as a QR code, an SVG document.")


@example({"token": TOKEN})
class ExchangeSerializer(StrictSerializer):
    token = serializers.CharField(max_length=128, trim_whitespace=False)


@example(
    {
        "viewer_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0eXAiOiJ2aWV3ZXIifQ.c2lnbmVk",
        "token_type": "bearer",
        "expires_in": 900,
        "match_id": MATCH_ID,
        "link_expires_at": LINK["expires_at"],
    }
)
class ViewerTokenSerializer(serializers.Serializer[Any]):
    viewer_token = serializers.CharField(
        help_text="For live and feed of `match_id`, and its socket."
    )
    token_type = serializers.ChoiceField(["bearer"])
    expires_in = serializers.IntegerField(
        help_text="Seconds. Exchange the link again for a new one."
    )
    match_id = serializers.UUIDField()
    link_expires_at = serializers.DateTimeField()


def share_path(token: str) -> str:
    """In the fragment, which browsers neither send to a server nor put in a Referer."""
    return f"/w#{token}"


def share_link_document(link: ShareLink) -> dict[str, Any]:
    return {
        "id": link.pk,
        "match_id": link.match_id,
        "label": link.label,
        "name_policy": link.name_policy,
        "is_listed": link.is_listed,
        "token_prefix": link.token_prefix,
        "url": share_path(link.listed_token) if link.is_listed else None,
        "created_at": link.created_at,
        "expires_at": link.expires_at,
        "revoked_at": link.revoked_at,
        "last_used_at": link.last_used_at,
    }


def new_share_link_document(link: ShareLink, token: str, address: str) -> dict[str, Any]:
    return {
        **share_link_document(link),
        "token": token,
        "url": share_path(token),
        "absolute_url": address,
        "qr_svg": qr_svg(address),
    }


def viewer_token_document(exchange: Exchange) -> dict[str, Any]:
    return {
        "viewer_token": exchange.viewer_token,
        "token_type": "bearer",
        "expires_in": exchange.expires_in,
        "match_id": exchange.link.match_id,
        "link_expires_at": exchange.link.expires_at,
    }
