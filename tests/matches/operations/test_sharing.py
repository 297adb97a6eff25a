from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import tokens
from accounts.models import AuditEntry, NamePolicy
from accounts.queries import Viewer
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.ids import hash_token
from matches.errors import ShareLinkGoneError
from matches.models import ShareLink
from matches.operations.sharing import (
    create_share_link,
    exchange_share_token,
    revoke_share_link,
)
from matches.queries import live
from realtime.topics import GoneError
from tests import factories
from tests.matches.builders import build_manager, build_scorer

pytestmark = pytest.mark.django_db


def share(match=None, actor=None, **fields):
    match = match or factories.build_match()
    return create_share_link(match=match, actor=actor or build_scorer(match), **fields)


def test_link_lives_a_day_and_shows_numbers_unless_told_otherwise():
    link, _ = share()

    stored = ShareLink.objects.get(pk=link.pk)
    assert stored.name_policy == NamePolicy.NUMBER
    assert stored.expires_at - stored.created_at == pytest.approx(
        timedelta(hours=24), abs=timedelta(seconds=5)
    )
    assert not stored.is_listed


def test_token_is_told_once_and_kept_as_a_hash():
    link, token = share(label="Grandparents")

    stored = ShareLink.objects.filter(pk=link.pk).values().get()
    assert stored["token_hash"] == hash_token(token)
    assert stored["token_prefix"] == token[:6]
    assert token not in str(stored)
    assert str(link) == "Grandparents"


def test_listed_link_keeps_its_token_until_revoked():
    match = factories.build_match()
    manager = build_manager(match)
    link, token = share(match, manager, listed=True)
    assert ShareLink.objects.get(pk=link.pk).listed_token == token

    revoke_share_link(link=link, actor=manager)

    assert token not in str(ShareLink.objects.filter(pk=link.pk).values().get())


def test_listing_is_for_managers():
    match = factories.build_match()

    with pytest.raises(ForbiddenError):
        share(match, build_scorer(match), listed=True)


@pytest.mark.parametrize("hours", [0, -1, 721])
def test_lifetime_has_bounds(hours):
    with pytest.raises(InvalidInputError) as refusal:
        share(expires_in_hours=hours)

    assert set(refusal.value.details) == {"expires_in_hours"}


@pytest.mark.parametrize(("field", "value"), [("name_policy", "everything"), ("label", "x" * 81)])
def test_wrong_values_are_told_by_field(field, value):
    with pytest.raises(InvalidInputError) as refusal:
        share(**{field: value})

    assert set(refusal.value.details) == {field}


@pytest.mark.parametrize("hours", [1, 720])
def test_shortest_and_longest_life(hours):
    assert share(expires_in_hours=hours).link.pk


def test_exchange_gives_a_token_for_this_match_only():
    link, token = share()

    exchange = exchange_share_token(token)

    claims = tokens.read(exchange.viewer_token, kind="viewer")
    assert (claims.link_id, claims.topic) == (link.pk, link.match.topic)
    assert (exchange.link, exchange.expires_in) == (link, 900)


@pytest.mark.parametrize("token", ["", "nonsense", "\N{PILE OF POO}"])
def test_unknown_token_is_not_found(token):
    share()

    with pytest.raises(NotFoundError):
        exchange_share_token(token)


def test_expired_and_revoked_links_are_gone():
    expired, expired_token = share()
    ShareLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    match = factories.build_match()
    scorer = build_scorer(match)
    revoked, revoked_token = share(match, scorer)
    revoke_share_link(link=revoked, actor=scorer)

    for token in (expired_token, revoked_token):
        with pytest.raises(ShareLinkGoneError):
            exchange_share_token(token)


def test_last_use_is_noted_once_a_minute():
    link, token = share()

    exchange_share_token(token)
    first = ShareLink.objects.get(pk=link.pk).last_used_at
    exchange_share_token(token)
    second = ShareLink.objects.get(pk=link.pk).last_used_at
    ShareLink.objects.filter(pk=link.pk).update(last_used_at=first - timedelta(minutes=2))
    exchange_share_token(token)

    assert first == second
    assert ShareLink.objects.get(pk=link.pk).last_used_at >= first


def test_revoking_shuts_out_who_is_watching():
    match = factories.build_match()
    scorer = build_scorer(match)
    link, _ = share(match, scorer)
    viewer = Viewer(link_id=link.pk, topic=match.topic)
    assert live.may_read(viewer, match.topic).is_full is False

    revoke_share_link(link=link, actor=scorer)

    with pytest.raises(GoneError):
        live.may_read(viewer, match.topic)


def test_revoking_asks_all_processes_to_look_again(django_capture_on_commit_callbacks):
    match = factories.build_match()
    scorer = build_scorer(match)
    link, _ = share(match, scorer)

    with django_capture_on_commit_callbacks() as first:
        revoked = revoke_share_link(link=link, actor=scorer)
    with django_capture_on_commit_callbacks() as second:
        again = revoke_share_link(link=link, actor=scorer)

    assert (len(first), len(second)) == (1, 0)
    assert again.revoked_at == revoked.revoked_at


def test_link_deleted_meanwhile_is_not_found():
    match = factories.build_match()
    scorer = build_scorer(match)
    link, _ = share(match, scorer)
    ShareLink.objects.filter(pk=link.pk).delete()

    with pytest.raises(NotFoundError):
        revoke_share_link(link=link, actor=scorer)


def test_other_organisations_can_neither_share_nor_revoke():
    match = factories.build_match()
    link, _ = share(match)
    stranger = build_manager(factories.build_match())

    with pytest.raises(ForbiddenError):
        share(match, stranger)
    with pytest.raises(ForbiddenError):
        revoke_share_link(link=link, actor=stranger)


def test_trail_tells_of_making_and_withdrawing_a_link_and_nothing_of_its_token():
    match = factories.build_match()
    scorer = build_scorer(match)
    link, token = share(match, scorer, label="Grandparents")

    for _ in range(2):
        revoke_share_link(link=link, actor=scorer)

    entries = AuditEntry.objects.order_by("at", "id")
    assert [entry.action for entry in entries] == ["share_link_created", "share_link_revoked"]
    for entry in entries:
        assert (entry.actor, entry.organisation) == (scorer, match.organisation)
        assert entry.target == f"match {match.pk}"
        assert entry.details == {"share_id": str(link.pk)}
    assert token not in str(list(entries.values()))
