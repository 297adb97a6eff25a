"""POST and GET of a match's events."""

from uuid import UUID, uuid4

import pytest

from core.ids import uuid7
from matches.models import MatchEvent
from realtime import feed
from tests import factories


def url_of(match):
    return f"/api/v1/matches/{match.pk}/events"


def goal(match, **fields):
    return {
        "id": str(uuid7()),
        "kind": "goal",
        "team_id": str(match.home_team_id),
        "period": 1,
        "clock_ms": 754_000,
        **fields,
    }


@pytest.fixture
def match(club):
    return club.live_match()


def test_goal_is_recorded(club, match):
    player = factories.build_player(match.home_team, number=8)
    body = goal(match, player_id=str(player.pk), sentiment=3, notes="Left foot")

    response = club.scorer.post(url_of(match), body)

    event = MatchEvent.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"/api/v1/events/{event.pk}"
    assert response["ETag"] == '"v1"'
    answer = response.json()
    assert answer["score"] == {"home": 1, "away": 0}
    assert answer["shootout"] is None
    assert answer["event"].items() >= {**body, "minute": "13", "timestamp": "12:34"}.items()
    assert answer["event"].items() >= {"side": "home", "sequence": 1, "version": 1}.items()
    assert event.notes == "Left foot"


def test_same_event_sent_again_is_answered_with_the_first(club, match):
    body = goal(match)
    first = club.scorer.post(url_of(match), body)

    again = club.scorer.post(url_of(match), body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["event"] == first.json()["event"]
    assert again.json()["score"] == {"home": 1, "away": 0}
    assert feed.head(match.topic).seq == 1


def test_same_event_is_answered_even_after_the_match_went_on(club, match):
    body = goal(match)
    club.scorer.post(url_of(match), body)
    club.scorer.post(url_of(match), goal(match))

    again = club.scorer.post(url_of(match), body)

    assert again.status_code == 200
    assert again.json()["score"] == {"home": 2, "away": 0}


def test_id_of_another_event_is_refused(club, match):
    body = goal(match)
    club.scorer.post(url_of(match), body)

    response = club.scorer.post(url_of(match), {**body, "kind": "shot"})

    assert response.status_code == 409
    assert response.data["error"]["code"] == "id_reused"
    assert MatchEvent.objects.get().kind == "goal"


def test_id_of_a_foreign_event_tells_nothing_of_it(club, match):
    foreign = factories.build_live_match()
    event = foreign.events.create(
        id=uuid7(), kind="goal", team=foreign.home_team, period=1, sequence=1
    )

    response = club.scorer.post(url_of(match), goal(match, id=str(event.pk)))

    assert response.status_code == 409
    assert response.data["error"]["code"] == "id_reused"
    assert response.data["error"]["details"] == {}


def test_idempotency_key_repeats_the_first_answer(club, match):
    body = goal(match)
    del body["id"]

    first = club.scorer.post(url_of(match), body, HTTP_IDEMPOTENCY_KEY="one")
    again = club.scorer.post(url_of(match), body, HTTP_IDEMPOTENCY_KEY="one")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert MatchEvent.objects.count() == 1


def test_unlikely_event_is_recorded_with_a_warning(club, match):
    factories.build_lineup(match, match.home_team)
    player = factories.build_player(match.home_team)

    response = club.scorer.post(url_of(match), goal(match, player_id=str(player.pk)))

    assert response.status_code == 201
    assert "player_not_in_lineup" in response.json()["warnings"]


@pytest.mark.parametrize("status", ["scheduled", "completed", "abandoned", "cancelled"])
def test_match_that_is_not_live_takes_no_events(club, status):
    match = club.match(status=status)

    response = club.scorer.post(url_of(match), goal(match))

    assert response.status_code == 409
    assert response.data["error"]["code"] == "match_not_live"
    assert response.data["error"]["details"] == {"status": status}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "touchdown"),
        ("kind", None),
        ("kind", ["goal"]),
        ("period", 2),
        ("period", 0),
        ("period", "first"),
        ("period", None),
        ("period", 2**40),
        ("clock_ms", -1),
        ("clock_ms", 21_600_001),
        ("clock_ms", 1.5),
        ("clock_ms", True),
        ("outcome", "scored"),
        ("outcome", "unknown"),
        ("sentiment", 4),
        ("sentiment", -4),
        ("notes", "x" * 501),
        ("notes", {"text": "x"}),
        ("id", "1"),
        ("id", 1),
        ("id", "{12345678-1234-1234-1234-123456789abc}"),
        ("team_id", "home"),
        ("player_id", 7),
        ("recorded_at", "noon"),
        ("minute", "13"),
        ("match_id", "00000000-0000-7000-8000-000000000000"),
        ("version", 2),
    ],
)
def test_bad_field_is_refused_by_name(club, match, field, value):
    response = club.scorer.post(url_of(match), goal(match, **{field: value}))

    assert response.status_code == 400
    assert response.data["error"]["code"] == "validation_error"
    assert list(response.data["error"]["details"]) == [field]
    assert not MatchEvent.objects.exists()


@pytest.mark.parametrize("missing", ["kind", "period", "team_id"])
def test_missing_field_is_refused_by_name(club, match, missing):
    body = goal(match)
    del body[missing]

    response = club.scorer.post(url_of(match), body)

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == [missing]


@pytest.mark.parametrize("body", ["[]", "[7]", '"goal"', "7", "null", "true"])
def test_body_that_is_no_object_is_refused(club, match, body):
    response = club.scorer.post(url_of(match), body, content_type="application/json")

    assert response.status_code == 400
    assert response.data["error"]["code"] == "validation_error"


def test_player_of_another_team_is_refused_like_a_foreign_and_an_unknown_one(club, match):
    players = {
        "other side": factories.build_player(match.away_team).pk,
        "foreign": factories.build_player(factories.build_team()).pk,
        "unknown": uuid4(),
    }

    answers = [
        club.scorer.post(url_of(match), goal(match, player_id=str(pk))) for pk in players.values()
    ]

    for response in answers:
        assert response.status_code == 400
        assert response.data["error"]["details"] == answers[0].data["error"]["details"]
        assert list(response.data["error"]["details"]) == ["player_id"]


def test_team_that_does_not_play_is_refused(club, match):
    response = club.scorer.post(url_of(match), goal(match, team_id=str(club.team().pk)))

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["team_id"]


def test_member_logs_nothing(club, match):
    response = club.member.post(url_of(match), goal(match))

    assert response.status_code == 403
    assert not MatchEvent.objects.exists()


def test_foreign_match_is_unknown(match, stranger):
    assert stranger.post(url_of(match), goal(match)).status_code == 404
    assert stranger.get(url_of(match)).status_code == 404


class TestList:
    @pytest.fixture
    def sent(self, club, match):
        bodies = [goal(match, clock_ms=1000 * (9 - number)) for number in range(3)]
        for body in bodies:
            club.scorer.post(url_of(match), body)
        return [UUID(body["id"]) for body in bodies]

    def test_events_come_in_the_order_they_were_recorded(self, club, match, sent):
        body = club.member.get(url_of(match)).data

        assert [event["id"] for event in body["items"]] == sent
        assert body["next_since"] is None

    def test_pages_lead_through_all_events(self, club, match, sent):
        seen, since = [], 0
        while since is not None:
            body = club.member.get(url_of(match), {"since": since, "limit": 2}).data
            seen += [event["id"] for event in body["items"]]
            since = body["next_since"]

        assert seen == sent

    def test_page_that_ends_with_the_last_event_is_the_last(self, club, match, sent):
        body = club.member.get(url_of(match), {"limit": 3}).data

        assert len(body["items"]) == 3
        assert body["next_since"] is None

    def test_deleted_events_are_left_out(self, club, match, sent):
        club.scorer.delete(f"/api/v1/events/{sent[1]}", {"base_version": 1})

        body = club.member.get(url_of(match)).data

        assert [event["id"] for event in body["items"]] == [sent[0], sent[2]]

    @pytest.mark.parametrize(
        "query",
        ["limit=0", "limit=101", "since=-1", "since=2147483648", "since=x", "offset=1", "sort=id"],
    )
    def test_bad_parameter_is_refused_by_name(self, club, match, query):
        response = club.member.get(f"{url_of(match)}?{query}")

        assert response.status_code == 400
        assert list(response.data["error"]["details"]) == [query.partition("=")[0]]
