"""Links by which people outside the organisation follow one match."""

from datetime import timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts import tokens
from accounts.models import NamePolicy, User
from accounts.operations import record_audit
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.ids import hash_token, new_token
from matches.errors import ShareLinkGoneError
from matches.models import Match, ShareLink
from matches.operations.fields import save_checked
from matches.operations.locking import locked
from matches.policies import can_log_events, can_manage_match
from realtime import feed

MAX_HOURS: Final = 720
PREFIX_LENGTH: Final = 6
# Each viewer renews every few minutes; the time of last use need not be finer than this.
USE_NOTED_EVERY: Final = timedelta(minutes=1)


class NewShareLink(NamedTuple):
    """The only time the token is seen, unless the link is listed."""

    link: ShareLink
    token: str


class Exchange(NamedTuple):
    """`expires_in` is in seconds; the viewer token is renewed by exchanging again."""

    viewer_token: str
    expires_in: int
    link: ShareLink


@transaction.atomic
def create_share_link(
    *,
    match: Match,
    actor: User,
    expires_in_hours: int = 24,
    label: str = "",
    name_policy: str = NamePolicy.NUMBER,
    listed: bool = False,
) -> NewShareLink:
    """Make a link that lives 1 to 720 hours.

    `name_policy` cannot show more than the organisation's, which is compared when the link is
    used. A `listed` link is published on the landing page, so its token is kept in the clear.
    Raises InvalidInputError and ForbiddenError.
    """
    match = locked(match)
    may_share = can_manage_match if listed else can_log_events
    if not may_share(actor, match):
        raise ForbiddenError
    if not 1 <= expires_in_hours <= MAX_HOURS:
        raise InvalidInputError(expires_in_hours=[f"Use 1 to {MAX_HOURS}."])
    token = new_token()
    link = ShareLink(
        match=match,
        label=label,
        name_policy=name_policy,
        token_hash=hash_token(token),
        token_prefix=token[:PREFIX_LENGTH],
        listed_token=token if listed else "",
        created_by=actor,
        expires_at=timezone.now() + timedelta(hours=expires_in_hours),
    )
    save_checked(link)
    _note("share_link_created", match, actor, link)
    return NewShareLink(link, token)


@transaction.atomic
def revoke_share_link(*, link: ShareLink, actor: User) -> ShareLink:
    """End a link at once, also for those who are watching. Revoking twice is the same."""
    found = ShareLink.objects.select_related("match").filter(pk=link.pk)
    locked_link = found.select_for_update(of=("self",)).first()
    if locked_link is None:
        raise NotFoundError
    if not can_log_events(actor, locked_link.match):
        raise ForbiddenError
    if locked_link.revoked_at is None:
        locked_link.revoked_at = timezone.now()
        locked_link.listed_token = ""
        locked_link.save(update_fields=["revoked_at", "listed_token"])
        _note("share_link_revoked", locked_link.match, actor, locked_link)
        feed.recheck(locked_link.match.topic)
    return locked_link


@transaction.atomic
def exchange_share_token(token: str) -> Exchange:
    """A short-lived viewer token for the holder of a link, who need not sign in.

    Raises NotFoundError for an unknown token, ShareLinkGoneError for one expired or revoked.
    """
    links = ShareLink.objects.select_related("match__organisation")
    link = links.filter(token_hash=hash_token(token)).first()
    if link is None:
        raise NotFoundError
    now = timezone.now()
    if not link.is_alive_at(now):
        raise ShareLinkGoneError
    if link.last_used_at is None or link.last_used_at <= now - USE_NOTED_EVERY:
        link.last_used_at = now
        # Not `save`, which fails when the link was deleted meanwhile.
        ShareLink.objects.filter(pk=link.pk).update(last_used_at=now)
    viewer_token, expires_in = tokens.issue_viewer(link.pk, link.match.topic)
    return Exchange(viewer_token, expires_in, link)


def _note(action: str, match: Match, actor: User, link: ShareLink) -> None:
    record_audit(
        action=action,
        actor=actor,
        organisation=match.organisation_id,
        target=f"match {match.pk}",
        share_id=str(link.pk),
    )
