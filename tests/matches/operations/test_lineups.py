import pytest

from core.errors import ForbiddenError, InvalidInputError
from core.ids import uuid7
from matches.models import LineupPlayer
from matches.operations.lineups import LineupDraft, set_lineup
from matches.rules.kinds import LineupRole
from realtime import feed
from tests import factories
from tests.matches.builders import build_scorer, start_match

pytestmark = pytest.mark.django_db


def line_up(match, actor, players, team=None):
    return set_lineup(match=match, actor=actor, team=team or match.home_team, players=players)


def build_match():
    match = factories.build_match(format=factories.build_format(players_on_pitch=3))
    return match, build_scorer(match)


def drafts(team, count=3, **fields):
    players = [factories.build_player(team) for _ in range(count)]
    return [LineupDraft(player_id=player.pk, **fields) for player in players]


def test_lineup_is_stored_in_the_order_given():
    match, scorer = build_match()
    keeper, striker = (factories.build_player(match.home_team) for _ in range(2))
    given = [
        LineupDraft(player_id=striker.pk, number=9, position="FW", x=50.0, y=80.5, is_captain=True),
        LineupDraft(player_id=keeper.pk, number=1, role=LineupRole.BENCH, position="GK"),
    ]

    line_up(match, scorer, given)

    rows = list(LineupPlayer.objects.filter(match=match, team=match.home_team))
    assert [(row.player_id, row.number, row.role, row.position) for row in rows] == [
        (striker.pk, 9, "starter", "FW"),
        (keeper.pk, 1, "bench", "GK"),
    ]
    assert (rows[0].x, rows[0].y, rows[0].is_captain) == (50.0, 80.5, True)


def test_new_lineup_replaces_one_side_only():
    match, scorer = build_match()
    first = drafts(match.home_team, 1, number=7, is_captain=True)
    second = drafts(match.home_team, 1, number=7, is_captain=True)
    theirs = drafts(match.away_team)
    line_up(match, scorer, first)
    line_up(match, scorer, theirs, match.away_team)

    # The same numbers and captain again, which must not clash with those that go.
    line_up(match, scorer, second)

    named = set(match.lineup.values_list("player_id", flat=True))
    assert named == {player.player_id for player in [*second, *theirs]}


def test_same_lineup_again_stays_quiet():
    match, scorer = build_match()
    players = drafts(match.home_team)
    first = line_up(match, scorer, players)
    head = feed.head(match.topic)

    again = line_up(match, scorer, players)

    assert again == first
    assert feed.head(match.topic) == head


def test_lineup_can_be_emptied():
    match, scorer = build_match()
    line_up(match, scorer, drafts(match.home_team))

    assert line_up(match, scorer, []) == []
    assert not match.lineup.exists()


def test_guest_of_the_organisation_may_play():
    match, scorer = build_match()
    guest = factories.build_player(factories.build_team(organisation=match.organisation))

    assert line_up(match, scorer, [LineupDraft(player_id=guest.pk)])


def test_lineup_of_a_live_match_can_be_set():
    match, scorer = start_match()

    assert line_up(match, scorer, drafts(match.home_team))


def problems_of(match, scorer, players, team=None):
    with pytest.raises(InvalidInputError) as refusal:
        line_up(match, scorer, players, team)
    assert not match.lineup.filter(team=team or match.home_team).exists()
    return refusal.value.details


def test_more_starters_than_the_format_has_places():
    match, scorer = build_match()
    bench = drafts(match.home_team, 1, role=LineupRole.BENCH)

    problems = problems_of(match, scorer, drafts(match.home_team, 4) + bench)

    assert problems == {"players": ["At most 3 players start."]}


def test_players_and_numbers_are_unique_and_captains_alone():
    match, scorer = build_match()
    one, two = (factories.build_player(match.home_team) for _ in range(2))
    twice = LineupDraft(player_id=one.pk, number=10, is_captain=True)

    problems = problems_of(
        match, scorer, [twice, twice, LineupDraft(player_id=two.pk, number=None)]
    )

    assert problems == {
        "players": [
            f"Player {one.pk} is there twice.",
            "Number 10 is there twice.",
            "A team has one captain.",
        ]
    }


def test_players_without_number_are_no_repeat():
    match, scorer = build_match()

    assert len(line_up(match, scorer, drafts(match.home_team))) == 3


def test_strangers_are_refused():
    match, scorer = build_match()
    opponent = factories.build_player(match.away_team)
    foreigner = factories.build_player(factories.build_team())
    nobody = uuid7()
    wanted = [opponent.pk, foreigner.pk, nobody]

    problems = problems_of(match, scorer, [LineupDraft(player_id=who) for who in wanted])

    expected = sorted(f"{who} is no player of this team." for who in wanted)
    assert problems == {"players": expected}


def test_player_lined_up_by_the_other_side_is_refused():
    match, scorer = build_match()
    both = factories.build_player(match.home_team)
    factories.SquadMembership.objects.create(team=match.away_team, player=both)
    line_up(match, scorer, [LineupDraft(player_id=both.pk)], match.away_team)

    problems = problems_of(match, scorer, [LineupDraft(player_id=both.pk)])

    assert list(problems) == ["players"]


@pytest.mark.parametrize(
    "wrong",
    [{"number": 0}, {"number": 1000}, {"x": -1.0}, {"y": 100.5}, {"position": "QB"}],
)
def test_figures_out_of_range_are_told_with_their_row(wrong):
    match, scorer = build_match()
    good, bad = drafts(match.home_team, 1), drafts(match.home_team, 1, **wrong)

    problems = problems_of(match, scorer, [*good, *bad])

    assert problems["players"][0].startswith(f"Row 2: {next(iter(wrong))}: ")


def test_team_must_play_in_this_match():
    match, scorer = build_match()
    bystanders = factories.build_team(organisation=match.organisation)

    assert list(problems_of(match, scorer, [], bystanders)) == ["team_id"]


def test_other_organisations_cannot_line_up():
    match, _ = build_match()
    _, stranger = build_match()

    with pytest.raises(ForbiddenError):
        line_up(match, stranger, [])


@pytest.mark.parametrize("size", [1, 10])
def test_lineup_costs_the_same_for_any_size(size, django_assert_num_queries):
    match = factories.build_match()
    scorer = build_scorer(match)
    players = drafts(match.home_team, size)

    with django_assert_num_queries(13):
        line_up(match, scorer, players)
