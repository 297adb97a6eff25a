import pytest

from accounts.models import Role
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from matches.errors import MatchNotFinishedError
from matches.files.touchline import read_match
from matches.models import Match
from matches.operations.events import record_event
from matches.operations.imports import import_match
from matches.operations.lifecycle import start_match
from matches.operations.matches import delete_match
from matches.operations.replays import prepare_replay
from matches.operations.sharing import create_share_link
from matches.queries import live
from matches.rules.kinds import MatchStatus
from realtime import feed
from tests import factories
from tests.matches.builders import build_manager, draft
from tests.matches.files.samples import cup_tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return factories.build_organisation()


@pytest.fixture
def manager(organisation):
    return factories.build_member(organisation, Role.ADMIN)


@pytest.fixture
def source(organisation, manager):
    document = read_match(cup_tie())
    return import_match(actor=manager, organisation=organisation, draft=document).match


def test_copy_has_the_header_and_lineups_but_nothing_played(source, manager):
    copy = prepare_replay(source=source, actor=manager, clock_rate=60)

    copy = Match.objects.with_teams().get(pk=copy.pk)
    assert copy.replay_of == source
    assert (copy.clock_rate, copy.status, copy.created_by) == (60, MatchStatus.SCHEDULED, manager)
    assert (copy.home_team, copy.format, copy.season) == (
        source.home_team,
        source.format,
        source.season,
    )
    assert (copy.competition, copy.venue, copy.source_key) == (source.competition, source.venue, "")
    assert copy.kickoff_at > source.kickoff_at
    assert (copy.home_goals, copy.events.count(), copy.periods.count()) == (0, 0, 0)
    fields = ("team", "player", "number", "role", "x", "is_captain", "order")
    assert set(copy.lineup.values_list(*fields)) == set(source.lineup.values_list(*fields))


def test_preparing_again_takes_back_what_was_played(source, manager):
    copy = prepare_replay(source=source, actor=manager, clock_rate=60)
    link = create_share_link(match=copy, actor=manager).link
    start_match(match=copy, actor=manager)
    record_event(match=copy, actor=manager, event=draft(copy))
    before = feed.head(copy.topic)

    again = prepare_replay(source=source, actor=manager, clock_rate=600)

    again.refresh_from_db()
    assert (again.pk, again.clock_rate) == (copy.pk, 600)
    assert (again.status, again.home_goals, again.last_sequence) == (MatchStatus.SCHEDULED, 0, 0)
    assert (again.events.count(), again.periods.count(), again.lineup.count()) == (0, 0, 3)
    assert again.version > copy.version
    assert again.share_links.get() == link
    # Whoever follows it starts afresh, from the very beginning.
    assert feed.head(copy.topic).epoch != before.epoch
    assert feed.head(copy.topic).seq == 0
    document = live.live_document(again.pk, live.MEMBERS)
    assert (document["score"], document["clock"]) == ({"home": 0, "away": 0}, None)
    assert document["match"]["replay"]


def test_source_stays_as_it_is(source, manager):
    before = live.live_document(source.pk, live.MEMBERS)

    prepare_replay(source=source, actor=manager, clock_rate=60)

    assert live.live_document(source.pk, live.MEMBERS) == before


@pytest.mark.parametrize("status", [s for s in MatchStatus if s is not MatchStatus.COMPLETED])
def test_only_completed_matches_are_replayed(status):
    match = factories.build_match(status=status)

    with pytest.raises(MatchNotFinishedError):
        prepare_replay(source=match, actor=build_manager(match), clock_rate=60)


def test_replay_of_a_replay_is_refused(source, manager):
    copy = prepare_replay(source=source, actor=manager, clock_rate=60)

    with pytest.raises(InvalidInputError, match="a replay itself"):
        prepare_replay(source=copy, actor=manager, clock_rate=60)


@pytest.mark.parametrize("clock_rate", [0, 3601])
def test_rate_has_its_limits(source, manager, clock_rate):
    with pytest.raises(InvalidInputError):
        prepare_replay(source=source, actor=manager, clock_rate=clock_rate)


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.OWNER, True), (Role.ADMIN, True), (Role.SCORER, False), (Role.MEMBER, False)],
)
def test_only_managers_prepare_replays(source, organisation, role, may):
    actor = factories.build_member(organisation, role)

    if may:
        assert prepare_replay(source=source, actor=actor, clock_rate=60)
    else:
        with pytest.raises(ForbiddenError):
            prepare_replay(source=source, actor=actor, clock_rate=60)


def test_deleted_match_cannot_be_replayed(source, manager):
    delete_match(match=Match.objects.get(pk=source.pk), actor=manager)

    with pytest.raises(NotFoundError):
        prepare_replay(source=source, actor=manager, clock_rate=60)
