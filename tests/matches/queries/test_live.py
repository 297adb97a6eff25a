import gzip
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import NamePolicy
from accounts.queries import Anonymous, SignedIn, Viewer
from matches.models import Match, MatchEvent, ShareLink
from matches.operations.matches import delete_match
from matches.operations.sharing import create_share_link
from matches.queries import live
from matches.rules.kinds import EventKind
from realtime import topics
from realtime.topics import GoneError, UnreadableError
from tests import factories
from tests.matches.builders import build_manager, log, start_match

pytestmark = pytest.mark.django_db

FORMAT = {
    "regular_periods": 2,
    "regular_minutes": 45,
    "extra_time_periods": 2,
    "extra_time_minutes": 15,
    "has_shootout": True,
    "players_on_pitch": 11,
}
EVERYBODY = [live.MEMBERS, *(live.audience_of(policy) for policy in NamePolicy)]


def document_of(match, audience=live.MEMBERS):
    return live.snapshot(match.topic, audience).data


def signed_in(user):
    return SignedIn(user=user, session_id=uuid4())


def share(match, **fields):
    link = create_share_link(match=match, actor=build_manager(match), **fields).link
    return link, Viewer(link_id=link.pk, topic=match.topic)


def test_prefix_is_registered_with_realtime():
    match = factories.build_match()
    member = factories.build_member(match.organisation)

    audience = topics.may_read(signed_in(member), match.topic)

    assert topics.snapshot(match.topic, audience).data["match"]["id"] == str(match.pk)


def test_document_of_a_match_that_nothing_happened_in_yet():
    match = factories.build_match(competition="County Cup", round="Final", venue="Hollybrook")

    snapshot = live.snapshot(match.topic, live.MEMBERS)

    assert (snapshot.epoch, snapshot.seq) == ("", 0)
    assert snapshot.data == {
        "match": {
            "id": str(match.pk),
            "status": "scheduled",
            "status_reason": "",
            "competition": "County Cup",
            "round": "Final",
            "venue": "Hollybrook",
            "kickoff_at": "2026-11-21T15:00:00.000Z",
            "clock_rate": 1,
            "replay": False,
            "format": FORMAT | {"name": match.format.name},
        },
        "teams": {
            side: {
                "team_id": str(team.pk),
                "name": team.name,
                "short_name": "",
                "colour": "#1d4ed8",
            }
            for side, team in [("home", match.home_team), ("away", match.away_team)]
        },
        "score": {"home": 0, "away": 0},
        "shootout": None,
        "clock": None,
        "periods": [],
        "events": [],
        "lineups": {"home": [], "away": []},
        "people": {},
    }


def test_document_shows_events_with_their_labels_in_order_of_play():
    match, scorer = start_match()
    player = factories.build_player(match.away_team, number=7)
    late = log(match, scorer, clock_ms=46 * 60_000)
    early = log(match, scorer, clock_ms=60_000, team=match.away_team, player_id=player.pk)
    unknown = log(match, scorer, EventKind.SHOT, clock_ms=None)

    document = document_of(match)

    events = document["events"]
    assert [event["event_id"] for event in events] == [str(e.pk) for e in (early, late, unknown)]
    assert [event["minute"] for event in events] == ["2", "45+2", ""]
    assert [event["timestamp"] for event in events] == ["01:00", "46:00", ""]
    assert [event["side"] for event in events] == ["away", "home", "home"]
    assert document["score"] == {"home": 1, "away": 1}
    assert document["people"] == {str(player.pk): {"number": 7, "name": player.name}}
    assert document["clock"] == {
        "period": 1,
        "kind": "regular",
        "running": True,
        "elapsed_ms": 0,
        "at": "2026-11-21T15:00:00.000Z",
        "rate": 1,
        "length_ms": 2_700_000,
        "base_ms": 0,
    }


def test_event_of_a_period_that_is_gone_has_no_labels():
    match, scorer = start_match()
    log(match, scorer)
    match.periods.all().delete()

    (event,) = document_of(match)["events"]

    assert (event["timestamp"], event["minute"]) == ("", "")


def test_document_is_the_same_at_any_time():
    match, scorer = start_match()
    log(match, scorer)

    for audience in EVERYBODY:
        assert document_of(match, audience) == document_of(match, audience)


def test_viewers_see_neither_feelings_nor_hidden_kinds():
    match, scorer = start_match()
    log(match, scorer, EventKind.NOTE, notes="Tired")
    log(match, scorer, EventKind.INJURY)
    log(match, scorer, EventKind.GOAL, sentiment=3)

    members, viewers = document_of(match), document_of(match, live.audience_of(NamePolicy.FULL))

    assert [event["kind"] for event in members["events"]] == ["note", "injury", "goal"]
    assert members["events"][2]["sentiment"] == 3
    assert [event["kind"] for event in viewers["events"]] == ["goal"]
    assert "sentiment" not in viewers["events"][0]
    assert "status_reason" not in viewers["match"]


def test_viewers_know_a_player_by_another_name_in_each_match():
    first, _ = start_match()
    second = factories.build_match(
        organisation=first.organisation, home_team=first.home_team, away_team=first.away_team
    )
    player = factories.build_lineup(first, first.home_team, starters=1, bench=0)[0]
    factories.LineupPlayer.objects.create(
        match=second, team=second.home_team, player=player, role="starter"
    )
    audience = live.audience_of(NamePolicy.NUMBER)

    refs = [set(document_of(match, audience)["people"]) for match in (first, second)]

    assert len(refs[0]) == len(refs[1]) == 1
    assert refs[0] != refs[1]
    assert set(document_of(first)["people"]) == set(document_of(second)["people"])


def test_members_read_everything_and_others_nothing():
    match = factories.build_match()
    member = factories.build_member(match.organisation)
    superuser = factories.build_user(is_superuser=True)
    stranger = build_manager(factories.build_match())

    assert live.may_read(signed_in(member), match.topic) == live.MEMBERS
    assert live.may_read(signed_in(superuser), match.topic) == live.MEMBERS
    for reader in (signed_in(stranger), Anonymous()):
        with pytest.raises(UnreadableError):
            live.may_read(reader, match.topic)


# Test processes must agree on the names of the tests, so this id is not made up anew.
NOBODY = UUID("0198c6a2-5f10-7c3e-9a51-0d3c8a7b1eff")


@pytest.mark.parametrize(
    "identifier", ["", "nonsense", str(NOBODY), str(NOBODY).upper(), NOBODY.hex]
)
def test_unknown_and_misspelt_topics_cannot_be_read(identifier):
    superuser = factories.build_user(is_superuser=True)

    with pytest.raises(UnreadableError):
        live.may_read(signed_in(superuser), f"match.{identifier}")
    with pytest.raises(UnreadableError):
        live.snapshot(f"match.{identifier}", live.MEMBERS)


def test_another_spelling_of_a_match_is_no_topic():
    match = factories.build_match()
    superuser = factories.build_user(is_superuser=True)

    with pytest.raises(UnreadableError):
        live.may_read(signed_in(superuser), f"match.{match.pk.hex}")


def test_holder_of_a_link_reads_that_match_only():
    match, other = factories.build_match(), factories.build_match()
    _, viewer = share(match)
    forged = Viewer(link_id=viewer.link_id, topic=other.topic)

    assert live.may_read(viewer, match.topic) == live.audience_of(NamePolicy.NUMBER)
    for reader in (viewer, forged):
        with pytest.raises(UnreadableError):
            live.may_read(reader, other.topic)


@pytest.mark.parametrize("link_policy", NamePolicy)
@pytest.mark.parametrize("club_policy", NamePolicy)
def test_stricter_policy_of_link_and_organisation_wins(link_policy, club_policy):
    organisation = factories.build_organisation(name_policy=club_policy)
    match = factories.build_match(organisation=organisation)
    _, viewer = share(match, name_policy=link_policy)

    audience = live.may_read(viewer, match.topic)

    order = [NamePolicy.NUMBER, NamePolicy.INITIALS, NamePolicy.FULL]
    assert audience == live.audience_of(min(link_policy, club_policy, key=order.index))


def test_link_that_expired_or_was_revoked_is_gone():
    match = factories.build_match()
    link, viewer = share(match)
    now = timezone.now()

    for ended in ({"expires_at": now}, {"revoked_at": now}):
        live_until = {"expires_at": now + timedelta(hours=1), "revoked_at": None}
        ShareLink.objects.filter(pk=link.pk).update(**{**live_until, **ended})
        with pytest.raises(GoneError):
            live.may_read(viewer, match.topic)


def test_deleted_match_cannot_be_read_any_more():
    match = factories.build_match()
    manager = build_manager(match)
    _, viewer = share(match)

    delete_match(match=Match.objects.get(pk=match.pk), actor=manager)

    for reader in (viewer, signed_in(manager)):
        with pytest.raises(UnreadableError):
            live.may_read(reader, match.topic)
    with pytest.raises(UnreadableError):
        live.snapshot(match.topic, live.MEMBERS)


def fill(match, scorer, events):
    """As many events as that, naming everybody in both line-ups."""
    teams = [match.home_team, match.away_team]
    players = [factories.build_lineup(match, team, starters=11, bench=7) for team in teams]
    kinds = [EventKind.INTERCEPTION, EventKind.TACKLE, EventKind.FREE_KICK, EventKind.GOAL]
    MatchEvent.objects.bulk_create(
        MatchEvent(
            match=match,
            kind=kinds[number % 4],
            team=teams[number % 2],
            player=players[number % 2][number % 18],
            period=1,
            clock_ms=number * 9_000,
            sequence=number + 1,
            recorded_by=scorer,
        )
        for number in range(events)
    )


@pytest.mark.parametrize("audience", EVERYBODY, ids=lambda audience: audience.key)
def test_snapshot_costs_the_same_for_any_length(audience):
    costs = []
    for events in (10, 300):
        match, scorer = start_match()
        fill(match, scorer, events)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            document = document_of(match, audience)
        assert len(document["events"]) == events
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 9


@pytest.mark.parametrize("audience", EVERYBODY, ids=lambda audience: audience.key)
def test_phone_fetches_three_hundred_events_in_less_than_fifty_kilobytes(audience):
    match, scorer = start_match()
    fill(match, scorer, 300)

    body = json.dumps(document_of(match, audience), separators=(",", ":")).encode()

    assert len(gzip.compress(body, compresslevel=6)) < 50_000
