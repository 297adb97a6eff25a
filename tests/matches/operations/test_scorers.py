from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Membership, Role
from core.errors import ForbiddenError, NotFoundError
from matches.models import MatchScorer
from matches.operations import lifecycle
from matches.operations.lineups import set_lineup
from matches.operations.matches import update_match
from matches.operations.replays import prepare_replay
from matches.operations.scorers import assign_scorer, unassign_scorer
from matches.operations.sharing import create_share_link
from matches.policies import can_log_events
from tests import factories
from tests.matches.builders import KICK_OFF, build_manager, log, record, start_match

pytestmark = pytest.mark.django_db


def assigned_to(match, role=Role.MEMBER):
    user = factories.build_member(match.organisation, role)
    assign_scorer(match=match, actor=build_manager(match), user=user)
    return user


def test_assigned_member_runs_the_match_from_line_up_to_final_whistle():
    match = factories.build_match()
    member = assigned_to(match)

    set_lineup(match=match, actor=member, team=match.home_team, players=[])
    lifecycle.start_match(match=match, actor=member, at=KICK_OFF)
    log(match, member)
    create_share_link(match=match, actor=member)
    over = lifecycle.complete_match(match=match, actor=member, at=KICK_OFF + timedelta(hours=2))

    assert (over.status, over.home_goals) == ("completed", 1)


def test_assignment_is_good_for_that_match_alone():
    match, _ = start_match()
    other, _ = start_match(organisation=match.organisation)
    member = assigned_to(match)

    log(match, member)
    with pytest.raises(ForbiddenError):
        record(other, member)


def test_assignment_gives_nothing_of_the_office():
    match = factories.build_match()
    member = assigned_to(match)

    with pytest.raises(ForbiddenError):
        update_match(match=match, actor=member, changes={"venue": "Elsewhere"})
    with pytest.raises(ForbiddenError):
        create_share_link(match=match, actor=member, listed=True)
    with pytest.raises(ForbiddenError):
        assign_scorer(match=match, actor=member, user=member)


def test_assigning_again_is_the_same():
    match = factories.build_match()
    user = assigned_to(match)

    again = assign_scorer(match=match, actor=build_manager(match), user=user)

    assert not again.created
    assert match.scorers.get() == again.scorer
    assert AuditEntry.objects.filter(action="scorer_assigned").count() == 1


def test_who_is_no_member_is_unknown():
    match = factories.build_match()
    stranger = factories.build_member(factories.build_organisation(), Role.OWNER)

    with pytest.raises(NotFoundError) as refused:
        assign_scorer(match=match, actor=build_manager(match), user=stranger)

    assert refused.value.details == {"user_id": ["Not found."]}
    assert not MatchScorer.objects.exists()


def test_match_is_taken_back():
    match, _ = start_match()
    user = assigned_to(match)
    event = log(match, user)

    unassign_scorer(match=match, actor=build_manager(match), user=user)

    with pytest.raises(ForbiddenError):
        record(match, user)
    assert match.events.get() == event


def test_match_that_was_not_given_cannot_be_taken_back():
    match = factories.build_match()
    user = factories.build_member(match.organisation)

    with pytest.raises(NotFoundError):
        unassign_scorer(match=match, actor=build_manager(match), user=user)


def test_assignment_ends_with_the_membership_and_does_not_come_back():
    match, _ = start_match()
    user = assigned_to(match)

    Membership.objects.get(user=user).delete()
    Membership.objects.create(organisation=match.organisation, user=user, role=Role.MEMBER)

    with pytest.raises(ForbiddenError):
        record(match, user)


def test_disabled_member_logs_nothing():
    match, _ = start_match()
    user = assigned_to(match)
    user.is_active = False
    user.save()

    with pytest.raises(ForbiddenError):
        record(match, user)


def test_trail_says_who_gave_the_match_to_whom_and_took_it_back():
    match = factories.build_match()
    manager = build_manager(match)
    user = factories.build_member(match.organisation)

    assign_scorer(match=match, actor=manager, user=user)
    unassign_scorer(match=match, actor=manager, user=user)

    fields = ("action", "actor", "subject", "organisation", "target")
    trail = list(AuditEntry.objects.order_by("at", "id").values_list(*fields))
    about = (manager.pk, user.pk, match.organisation_id, f"match {match.pk}")
    assert trail == [("scorer_assigned", *about), ("scorer_unassigned", *about)]


def test_replay_is_nobodys_by_assignment():
    match, scorer = start_match()
    assigned_to(match)
    over = lifecycle.complete_match(match=match, actor=scorer, at=KICK_OFF + timedelta(hours=2))

    copy = prepare_replay(source=over, actor=build_manager(match), clock_rate=60)

    assert not copy.scorers.exists()


def test_an_assignment_is_asked_for_only_where_the_role_does_not_do():
    match, scorer = start_match()
    member = assigned_to(match)

    with CaptureQueriesContext(connection) as by_role:
        assert can_log_events(scorer, match)
    with CaptureQueriesContext(connection) as by_assignment:
        assert can_log_events(member, match)

    assert (len(by_role), len(by_assignment)) == (1, 2)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.SCORER])
def test_who_logs_every_match_may_be_assigned_all_the_same(role):
    match = factories.build_match()

    assigned_to(match, role)

    assert str(match.scorers.get())
