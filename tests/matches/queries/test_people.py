from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import NamePolicy
from matches.models import LineupPlayer, Player
from matches.queries.people import Lens, initials, is_adult, people, stricter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Lionel Messi", "L. M."),
        ("Ángel Di María", "Á. D. M."),
        ("neymar", "N."),
        ("Jean-Luc O'Neill", "J. O."),
        ('"Kid" (Junior) 2nd', "K. J. N."),
        ("李 小龙", "李. 小."),
        ("", ""),
        ("!! 7", ""),
    ],
)
def test_initials(name, short):
    assert initials(name) == short


@pytest.mark.parametrize(
    ("born", "adult"),
    [
        (date(2008, 3, 1), True),
        (date(2008, 3, 2), False),
        (date(2008, 2, 29), True),
        (None, False),
    ],
)
def test_of_age_on_the_eighteenth_birthday(born, adult):
    assert is_adult(Player(birth_date=born), date(2026, 3, 1)) is adult


def test_date_in_the_future_makes_nobody_an_adult():
    today = timezone.now().date()
    child = Player(birth_date=today.replace(day=1) - timedelta(days=365 * 17))

    assert not is_adult(child, today + timedelta(days=3650))


def test_stricter_policy():
    assert stricter("full", "initials") is NamePolicy.INITIALS
    assert stricter("number", "full") is NamePolicy.NUMBER
    assert stricter("full", "full") is NamePolicy.FULL


def numbers_of(match, player):
    lens = Lens(match.pk)
    return people(match, match.lineup.all(), [player.pk], lens)[str(player.pk)]["number"]


def test_number_worn_today_wins_over_the_one_in_the_squad():
    match = factories.build_match()
    player = factories.build_player(match.home_team, number=10)
    assert numbers_of(match, player) == 10

    row = LineupPlayer.objects.create(
        match=match, team=match.home_team, player=player, number=23, role="starter"
    )
    assert numbers_of(match, player) == 23

    LineupPlayer.objects.filter(pk=row.pk).update(number=None)
    assert numbers_of(match, player) == 10


def test_current_number_wins_over_an_old_one():
    match = factories.build_match()
    player = factories.build_player(match.home_team, number=10)
    player.squads.update(left_on=date(2026, 6, 30))
    assert numbers_of(match, player) == 10

    factories.SquadMembership.objects.create(team=match.home_team, player=player, number=7)
    assert numbers_of(match, player) == 7


def test_number_in_another_team_does_not_count():
    match = factories.build_match()
    elsewhere = factories.build_team(organisation=match.organisation)
    player = factories.build_player(elsewhere, number=10)

    assert numbers_of(match, player) is None
