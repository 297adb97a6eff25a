from datetime import date

import pytest

from accounts.models import Role
from core.errors import ForbiddenError, InvalidInputError
from matches.files.touchline import read_match
from matches.models import Format, Match, Player, Season, SquadMembership, Team
from matches.operations.drafts import content_digest, draft_of
from matches.operations.events import edit_event, record_event
from matches.operations.imports import ImportOutcome, import_match
from matches.queries import live
from matches.queries.clocks import period_rows, period_times
from matches.rules.clock import elapsed_ms
from matches.rules.kinds import MatchStatus
from realtime import feed
from tests import factories
from tests.matches.files.samples import cup_tie, demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return factories.build_organisation()


@pytest.fixture
def manager(organisation):
    return factories.build_member(organisation, Role.ADMIN)


@pytest.fixture
def bring_in(organisation, manager):
    def bring_in(document):
        return import_match(actor=manager, organisation=organisation, draft=read_match(document))

    return bring_in


def test_match_is_stored_whole(bring_in, organisation, manager):
    match, outcome = bring_in(cup_tie())

    assert outcome is ImportOutcome.CREATED
    match = Match.objects.with_teams().get(pk=match.pk)
    assert (match.organisation, match.created_by) == (organisation, manager)
    assert (str(match), match.competition, match.round) == (
        "Rovers - Vale",
        "County Cup",
        "Quarter-final",
    )
    assert (match.status, match.home_goals, match.away_goals) == (MatchStatus.COMPLETED, 1, 1)
    assert match.home_shootout_goals is None
    assert match.season.name == "2026/27"
    assert (match.home_team.colour, match.away_team.is_opponent) == ("#0f766e", True)
    assert (match.format.regular_minutes, match.format.players_on_pitch) == (10, 3)
    assert match.lineup.count() == 3
    first, _ = period_times(match, period_rows(match))
    assert elapsed_ms(first, first.ended_at) == 11 * 60_000


def test_players_come_with_what_the_file_knows(bring_in):
    bring_in(cup_tie())

    ben = Player.objects.get(name="Ben Birch")
    assert ben.birth_date == date(2014, 3, 1)
    assert not ben.name_consent
    assert ben.squads.get().number == 2
    assert Player.objects.get(name="Cy Cedar").name_consent


def test_events_equal_recorded_ones(bring_in, manager):
    match, _ = bring_in(cup_tie())

    events = list(match.events.in_order())
    assert [event.kind for event in events] == [
        "goal",
        "assist",
        "penalty",
        "substitution",
        "note",
    ]
    assert all(event.content_digest == content_digest(draft_of(event)) for event in events)
    assert {event.recorded_by for event in events} == {manager}
    assert sorted(event.sequence for event in events) == [1, 2, 3, 4, 5]
    assert events[1].linked_event == events[0]
    assert match.last_sequence == 5
    # A phone that sends one of them again is told that it is known.
    assert not record_event(match=match, actor=manager, event=draft_of(events[0])).created


def test_the_same_again_changes_nothing(bring_in):
    match, _ = bring_in(cup_tie())
    head = feed.head(match.topic)

    again, outcome = bring_in(cup_tie())

    assert (again, outcome) == (match, ImportOutcome.UNCHANGED)
    assert again.version == match.version
    assert feed.head(match.topic) == head
    assert (Team.objects.count(), Player.objects.count(), Season.objects.count()) == (2, 4, 1)


def test_changed_file_replaces_what_the_first_one_stored(bring_in):
    match, _ = bring_in(cup_tie())
    before = feed.head(match.topic)
    document = cup_tie()
    document["events"] = document["events"][:1]
    document["venue"] = "Elsewhere"

    again, outcome = bring_in(document)

    assert (again.pk, outcome) == (match.pk, ImportOutcome.UPDATED)
    again.refresh_from_db()
    assert (again.venue, again.home_goals, again.away_goals) == ("Elsewhere", 1, 0)
    assert again.events.count() == 1
    assert again.lineup.count() == 3
    assert again.version > match.version
    # Readers start afresh: their history is not this one.
    after = feed.head(match.topic)
    assert after.epoch != before.epoch
    assert [entry.kind for entry in feed.entries(match.topic, since=0, limit=9)] == [
        "match_changed"
    ]


def test_events_keep_their_ids_when_imported_again(bring_in):
    match, _ = bring_in(cup_tie())
    before = set(match.events.values_list("pk", flat=True))

    bring_in(cup_tie() | {"venue": "Elsewhere"})

    assert set(match.events.values_list("pk", flat=True)) == before


def test_imported_match_is_read_like_any_other(bring_in):
    match, _ = bring_in(demo())

    document = live.live_document(match.pk, live.MEMBERS)

    assert document["score"] == {"home": 3, "away": 3}
    assert document["shootout"] == {"home": 4, "away": 2}
    assert len(document["lineups"]["home"]) == 26
    assert [event["minute"] for event in document["events"][:3]] == ["21", "23", "36"]


def test_imported_match_can_be_corrected(bring_in, manager):
    match, _ = bring_in(cup_tie())

    edited = edit_event(
        event=match.events.get(kind="goal"),
        actor=manager,
        changes={"player_id": None},
        base_version=1,
        reason="Wrong scorer",
    )

    assert edited.version == 2


def test_known_people_are_found_under_another_spelling(bring_in, organisation):
    rovers = factories.build_team(organisation=organisation, name="ROVERS")
    ann = factories.build_player(rovers, number=7, name="Ánn Ash")
    ben = factories.build_player(rovers, name="ben birch")

    match, _ = bring_in(cup_tie())

    assert match.home_team == rovers
    assert set(match.lineup.filter(player__in=[ann, ben]).values_list("number", flat=True)) == {
        1,
        2,
    }
    ann.refresh_from_db()
    ben.refresh_from_db()
    assert (ann.name, ann.position, ann.squads.get().number) == ("Ánn Ash", "GK", 7)
    assert (ben.birth_date, ben.version, ben.squads.get().number) == (date(2014, 3, 1), 2, 2)


def test_namesakes_are_told_apart_by_birth_date_and_number(bring_in, organisation):
    rovers = factories.build_team(organisation=organisation, name="Rovers")
    older = factories.build_player(rovers, number=20, name="Ben Birch", birth_date=date(2010, 1, 1))
    guest = factories.build_player(rovers, number=21, name="Ann Ash")
    keeper = factories.build_player(rovers, number=1, name="Ann Ash")

    match, _ = bring_in(cup_tie())

    lined_up = set(match.lineup.values_list("player", flat=True))
    assert keeper.pk in lined_up
    assert not lined_up & {older.pk, guest.pk}


def test_number_somebody_wears_stays_theirs(bring_in, organisation):
    rovers = factories.build_team(organisation=organisation, name="Rovers")
    factories.build_player(rovers, number=2, name="Somebody Else")

    match, _ = bring_in(cup_tie())

    ben = Player.objects.get(name="Ben Birch")
    assert ben.squads.get().number is None
    assert match.lineup.get(player=ben).number == 2


def test_somebody_who_left_is_still_the_same_person(bring_in, organisation):
    rovers = factories.build_team(organisation=organisation, name="Rovers")
    ben = factories.build_player(rovers, name="Ben Birch")
    SquadMembership.objects.update(left_on=date(2026, 10, 1))

    bring_in(cup_tie())

    assert Player.objects.filter(name="Ben Birch").get() == ben
    assert ben.squads.get().number is None


def test_format_is_found_by_its_figures(bring_in):
    same = factories.build_format(
        name="Tiny",
        regular_minutes=10,
        extra_time_periods=0,
        extra_time_minutes=0,
        has_shootout=False,
        players_on_pitch=3,
    )

    assert bring_in(cup_tie())[0].format == same


def test_format_whose_name_is_taken_gets_another(bring_in):
    factories.build_format(name="Youth 3, 2 x 10")

    assert bring_in(cup_tie())[0].format.name == "Youth 3, 2 x 10 (2)"
    assert Format.objects.filter(regular_minutes=10, players_on_pitch=3).count() == 1


def test_season_is_found_by_its_name(bring_in, organisation):
    season = factories.build_season(organisation=organisation, name="2026/27")

    assert bring_in(cup_tie())[0].season == season


def test_each_organisation_has_its_own_copy(bring_in, organisation):
    match, _ = bring_in(cup_tie())
    other = factories.build_organisation()
    owner = factories.build_member(other, Role.OWNER)

    copy = import_match(actor=owner, organisation=other, draft=read_match(cup_tie()))

    assert copy.outcome is ImportOutcome.CREATED
    assert copy.match.home_team != match.home_team
    assert not set(copy.match.events.values_list("pk")) & set(match.events.values_list("pk"))


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.OWNER, True), (Role.ADMIN, True), (Role.SCORER, False), (Role.MEMBER, False)],
)
def test_only_managers_import(organisation, role, may):
    actor = factories.build_member(organisation, role)
    draft = read_match(cup_tie())

    if may:
        import_match(actor=actor, organisation=organisation, draft=draft)
    else:
        with pytest.raises(ForbiddenError):
            import_match(actor=actor, organisation=organisation, draft=draft)
    assert Match.objects.exists() == may


def test_impossible_match_is_refused_and_leaves_nothing(bring_in):
    document = cup_tie()
    document["events"][0]["player"] = "v9"

    with pytest.raises(InvalidInputError, match="no player of Rovers"):
        bring_in(document)
    assert not Match.objects.exists()
    assert not Team.objects.exists()


def test_colour_that_is_none_is_refused(bring_in):
    document = cup_tie()
    document["teams"]["home"]["colour"] = "green"

    with pytest.raises(InvalidInputError):
        bring_in(document)
