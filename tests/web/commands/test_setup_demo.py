from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import NamePolicy, Organisation, Role, User
from accounts.operations import sign_in
from accounts.queries import role_in
from matches.models import Match, MatchEvent, Player, ShareLink, Team
from matches.operations.lifecycle import start_match
from matches.operations.sharing import revoke_share_link
from matches.rules.kinds import MatchStatus
from web import demo
from web.demo_setup import OWN_MATCH, set_up_demo
from web.queries import has_demo, landing

pytestmark = pytest.mark.django_db


def rows():
    return [
        model.objects.count()
        for model in (User, Organisation, Team, Player, Match, MatchEvent, ShareLink)
    ]


def test_demo_is_complete():
    said = StringIO()

    call_command("setup_demo", stdout=said)

    assert has_demo()
    club = Organisation.objects.get(slug=demo.DEMO_ORGANISATION_SLUG)
    owner = User.objects.get(username=demo.DEMO_USERNAME)
    assert role_in(owner, club.pk) == Role.OWNER
    assert owner.is_staff
    assert sign_in(identifier=demo.DEMO_EMAIL, password=demo.DEMO_PASSWORD)
    assert f"Sign in as {demo.DEMO_USERNAME} with {demo.DEMO_PASSWORD}" in said.getvalue()


def test_demo_match_is_the_final():
    final = set_up_demo().source

    assert (final.home_team.name, final.away_team.name) == ("Argentina", "France")
    assert (final.home_goals, final.away_goals) == (3, 3)
    assert (final.home_shootout_goals, final.away_shootout_goals) == (4, 2)
    assert final.status == MatchStatus.COMPLETED


def test_landing_page_lists_the_replay_and_the_match_to_log():
    made = set_up_demo()

    listed = landing(timezone.now())

    assert {card.match_id for card in listed.to_come} == {made.replay.pk, made.own.pk}
    assert made.replay_token in {card.token for card in listed.to_come}


def test_match_to_log_has_line_ups_and_can_be_started():
    made = set_up_demo()

    started = start_match(match=made.own, actor=made.owner)

    assert started.status == MatchStatus.LIVE
    assert made.own.lineup.count() == made.source.lineup.count()
    assert made.own.competition == OWN_MATCH


def test_second_time_changes_nothing():
    first = set_up_demo()
    before = rows()

    second = set_up_demo()

    assert rows() == before
    assert second == first


def test_match_that_was_logged_is_followed_by_another():
    first = set_up_demo()
    start_match(match=first.own, actor=first.owner)

    second = set_up_demo()

    assert second.own != first.own
    assert second.own.status == MatchStatus.SCHEDULED


def test_link_that_ends_soon_is_renewed():
    first = set_up_demo()
    ShareLink.objects.filter(match=first.replay).update(
        expires_at=timezone.now() + timedelta(days=1)
    )

    second = set_up_demo()

    assert second.replay_token != first.replay_token
    link = ShareLink.objects.get(listed_token=second.replay_token)
    assert link.expires_at > timezone.now() + timedelta(days=29)
    assert link.name_policy == NamePolicy.FULL


def test_revoked_link_is_replaced():
    first = set_up_demo()
    revoke_share_link(link=first.replay.share_links.get(), actor=first.owner)

    second = set_up_demo()

    assert second.replay_token != first.replay_token


def test_public_password_is_refused_outside_development(settings):
    settings.IS_DEVELOPMENT = False
    settings.ENVIRONMENT = "production"

    with pytest.raises(CommandError, match="ENVIRONMENT is 'production'"):
        call_command("setup_demo")

    assert not has_demo()


def test_rehearsal_may_force_it(settings):
    settings.IS_DEVELOPMENT = False

    call_command("setup_demo", "--force", stdout=StringIO())

    assert has_demo()
