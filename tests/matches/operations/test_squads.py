from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from matches.errors import AlreadyExistsError
from matches.models import SquadMembership
from matches.operations.squads import add_to_squad, change_squad_membership, remove_from_squad
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return factories.build_team()


@pytest.fixture
def manager(team):
    return factories.build_member(team.organisation, Role.ADMIN)


def player_of(team):
    return factories.build_player(organisation=team.organisation)


def test_player_joins_with_number_and_date(team, manager):
    player = player_of(team)

    membership = add_to_squad(
        team=team, actor=manager, player=player, number=10, joined_on=date(2026, 8, 1)
    )

    stored = SquadMembership.objects.get(pk=membership.pk)
    assert (stored.team, stored.player, stored.number) == (team, player, 10)
    assert (stored.joined_on, stored.left_on) == (date(2026, 8, 1), None)


def test_player_and_number_are_in_a_squad_once(team, manager):
    player = player_of(team)
    add_to_squad(team=team, actor=manager, player=player, number=10)

    with pytest.raises(AlreadyExistsError) as twice:
        add_to_squad(team=team, actor=manager, player=player, number=11)
    with pytest.raises(AlreadyExistsError) as taken:
        add_to_squad(team=team, actor=manager, player=player_of(team), number=10)

    assert twice.value.message == "The player is in this squad already."
    assert taken.value.message == "Another player of this squad has the number."


def test_players_without_number_do_not_clash(team, manager):
    for _ in range(2):
        add_to_squad(team=team, actor=manager, player=player_of(team))

    assert team.squad.count() == 2


def test_player_of_another_organisation_cannot_join(team, manager):
    with pytest.raises(InvalidInputError) as refusal:
        add_to_squad(team=team, actor=manager, player=factories.build_player())

    assert set(refusal.value.details) == {"player_id"}


@pytest.mark.parametrize("number", [0, 1000])
def test_number_out_of_range_is_refused(team, manager, number):
    with pytest.raises(InvalidInputError) as refusal:
        add_to_squad(team=team, actor=manager, player=player_of(team), number=number)

    assert set(refusal.value.details) == {"number"}


def test_number_and_dates_can_change(team, manager):
    membership = add_to_squad(team=team, actor=manager, player=player_of(team), number=10)

    change_squad_membership(
        membership=membership, actor=manager, changes={"number": 7, "joined_on": date(2026, 9, 1)}
    )
    change_squad_membership(membership=membership, actor=manager, changes={"number": 7})

    membership.refresh_from_db()
    assert (membership.number, membership.joined_on) == (7, date(2026, 9, 1))


def test_nobody_leaves_before_joining(team, manager):
    membership = add_to_squad(
        team=team, actor=manager, player=player_of(team), joined_on=date(2026, 8, 1)
    )

    with pytest.raises(InvalidInputError) as refusal:
        remove_from_squad(membership=membership, actor=manager, left_on=date(2026, 7, 31))
    assert refusal.value.details == {"non_field_errors": ["A player cannot leave before joining."]}

    membership.refresh_from_db()
    assert membership.left_on is None


def test_team_and_player_of_a_membership_stay(team, manager):
    membership = add_to_squad(team=team, actor=manager, player=player_of(team))

    with pytest.raises(InvalidInputError):
        change_squad_membership(
            membership=membership, actor=manager, changes={"player": player_of(team)}
        )


def test_leaving_frees_the_number_and_keeps_the_row(team, manager):
    membership = add_to_squad(team=team, actor=manager, player=player_of(team), number=10)

    left = remove_from_squad(membership=membership, actor=manager)
    again = remove_from_squad(membership=membership, actor=manager, left_on=date(2030, 1, 1))
    add_to_squad(team=team, actor=manager, player=player_of(team), number=10)

    assert left.left_on == again.left_on == timezone.now().date()
    assert list(team.squad.current().values_list("number", flat=True)) == [10]
    assert team.squad.count() == 2


def test_membership_planned_for_later_can_be_called_off(team, manager):
    joined_on = timezone.now().date() + timedelta(days=30)
    membership = add_to_squad(team=team, actor=manager, player=player_of(team), joined_on=joined_on)

    assert remove_from_squad(membership=membership, actor=manager).left_on == joined_on


def test_membership_deleted_meanwhile_is_not_found(team, manager):
    membership = add_to_squad(team=team, actor=manager, player=player_of(team))
    SquadMembership.objects.filter(pk=membership.pk).delete()

    with pytest.raises(NotFoundError):
        remove_from_squad(membership=membership, actor=manager)


def test_other_organisations_cannot_touch_the_squad(team, manager):
    membership = add_to_squad(team=team, actor=manager, player=player_of(team))
    stranger = factories.build_member(factories.build_organisation(), Role.OWNER)

    with pytest.raises(ForbiddenError):
        add_to_squad(team=team, actor=stranger, player=player_of(team))
    with pytest.raises(ForbiddenError):
        change_squad_membership(membership=membership, actor=stranger, changes={"number": 1})
    with pytest.raises(ForbiddenError):
        remove_from_squad(membership=membership, actor=stranger)
