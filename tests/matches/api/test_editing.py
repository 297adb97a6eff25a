"""One event: reading, correcting and deleting it."""

from uuid import uuid4

import pytest

from matches.rules.kinds import MatchStatus
from tests import factories
from tests.matches.builders import log


def url_of(event):
    return f"/api/v1/events/{event.pk}"


@pytest.fixture
def match(club):
    return club.live_match()


@pytest.fixture
def event(club, match):
    return log(match, club.person("scorer"), clock_ms=754_000, notes="Left foot")


def test_event_is_read_with_its_version_and_not_twice(club, event):
    read = club.member.get(url_of(event))
    held = club.member.get(url_of(event), HTTP_IF_NONE_MATCH=read["ETag"])

    assert read["ETag"] == '"v1"'
    assert read.json()["minute"] == "13"
    assert read.json()["notes"] == "Left foot"
    assert (held.status_code, held.content) == (304, b"")


def test_event_is_corrected(club, match, event):
    player = factories.build_player(match.away_team)
    body = {"team_id": str(match.away_team_id), "player_id": str(player.pk)}

    response = club.scorer.patch(url_of(event), body, HTTP_IF_MATCH='"v1"')

    assert response.status_code == 200
    assert response["ETag"] == '"v2"'
    assert response.json()["score"] == {"home": 0, "away": 1}
    assert response.json()["event"].items() >= {**body, "notes": "Left foot"}.items()


def test_base_version_serves_where_a_header_cannot(club, event):
    response = club.scorer.patch(url_of(event), {"base_version": 1, "clock_ms": 60_000})

    assert response.status_code == 200
    assert response.json()["event"]["minute"] == "2"


def test_put_resets_what_it_leaves_out(club, match, event):
    body = {"kind": "goal", "team_id": str(match.home_team_id), "period": 1, "base_version": 1}

    response = club.scorer.put(url_of(event), body)

    assert response.status_code == 200
    assert response.json()["event"]["clock_ms"] is None
    assert response.json()["event"]["notes"] == ""


def test_put_needs_a_period(club, match, event):
    body = {"team_id": str(match.home_team_id), "base_version": 1}

    response = club.scorer.put(url_of(event), body)

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["period"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_writer_says_which_version_they_read(club, event, method):
    response = getattr(club.scorer, method)(url_of(event), {"period": 1} if method == "put" else {})

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["base_version"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("told_by", ["header", "body"])
def test_stale_version_changes_nothing(club, event, method, told_by):
    body = {} if method == "delete" else {"period": 1, "clock_ms": 0}
    headers = {}
    if told_by == "header":
        headers["HTTP_IF_MATCH"] = '"v2"'
    else:
        body["base_version"] = 2

    response = getattr(club.scorer, method)(url_of(event), body, **headers)

    assert response.status_code == 412
    assert response.data["error"]["code"] == "version_conflict"
    assert response.data["error"]["details"] == {"current_version": 1}
    event.refresh_from_db()
    assert (event.version, event.clock_ms, event.voided_at) == (1, 754_000, None)


def test_asterisk_overwrites_whatever_is_there(club, event):
    response = club.scorer.patch(url_of(event), {"clock_ms": 0}, HTTP_IF_MATCH="*")

    assert response.status_code == 200


def test_kind_may_be_repeated_but_not_changed(club, event):
    same = club.scorer.patch(url_of(event), {"kind": "goal", "base_version": 1})
    other = club.scorer.patch(url_of(event), {"kind": "shot", "base_version": 1})

    assert same.status_code == 200
    assert other.status_code == 400
    assert list(other.data["error"]["details"]) == ["kind"]


@pytest.mark.parametrize("field", ["id", "match_id", "sequence", "version", "recorded_at"])
def test_what_is_no_fact_of_the_event_is_an_unknown_field(club, event, field):
    response = club.scorer.patch(url_of(event), {"base_version": 1, field: 1})

    assert response.status_code == 400
    assert response.data["error"]["details"] == {field: ["Unknown field."]}


def test_event_is_deleted_and_stays_as_a_tombstone(club, match, event):
    response = club.scorer.delete(url_of(event), HTTP_IF_MATCH='"v1"')

    tombstone = club.member.get(url_of(event))
    match.refresh_from_db()
    assert (response.status_code, response.content) == (204, b"")
    assert tombstone.json()["voided_at"] is not None
    assert tombstone["ETag"] == '"v2"'
    assert match.home_goals == 0


def test_deleting_twice_is_the_same(club, event):
    for _ in range(2):
        response = club.scorer.delete(url_of(event), {"base_version": 1})
        assert response.status_code == 204


def test_deleted_event_cannot_be_corrected(club, event):
    club.scorer.delete(url_of(event), {"base_version": 1})

    response = club.scorer.patch(url_of(event), {"base_version": 2, "clock_ms": 0})

    assert response.status_code == 409
    assert response.data["error"]["code"] == "event_voided"


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_correction_after_the_end_needs_a_reason(club, match, event, method):
    type(match).objects.update(status=MatchStatus.COMPLETED)
    body = {"base_version": 1} | ({"clock_ms": 0} if method == "patch" else {})

    silent = getattr(club.scorer, method)(url_of(event), body)
    explained = getattr(club.scorer, method)(url_of(event), {**body, "reason": "Offside"})

    assert silent.status_code == 400
    assert list(silent.data["error"]["details"]) == ["reason"]
    assert explained.status_code in (200, 204)


def test_revisions_tell_who_changed_what_and_why(club, event):
    club.scorer.patch(url_of(event), {"base_version": 1, "clock_ms": 0, "reason": "Typo"})
    club.scorer.delete(url_of(event), {"base_version": 2})

    body = club.member.get(f"{url_of(event)}/revisions").data

    assert [revision["version"] for revision in body["items"]] == [2, 3]
    first, second = body["items"]
    assert first["reason"] == "Typo"
    assert first["changed_by_id"] == club.person("scorer").pk
    assert (first["before"]["clock_ms"], first["after"]["clock_ms"]) == (754_000, 0)
    assert second["after"]["voided"] is True


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_member_changes_nothing(club, event, method):
    body = {"base_version": 1} | ({"period": 1} if method == "put" else {})

    response = getattr(club.member, method)(url_of(event), body)

    assert response.status_code == 403
    event.refresh_from_db()
    assert event.version == 1


def test_foreign_event_looks_like_an_unknown_one(event, stranger):
    def ask(method, url):
        body = () if method == "get" else ({"base_version": 1, "period": 1},)
        if method == "delete":
            body = ({"base_version": 1},)
        response = getattr(stranger, method)(url, *body)
        return response.status_code, {**response.data["error"], "request_id": ""}

    for method in ("get", "put", "patch", "delete"):
        assert ask(method, url_of(event)) == ask(method, f"/api/v1/events/{uuid4()}")
        assert ask(method, url_of(event))[0] == 404
    assert ask("get", f"{url_of(event)}/revisions")[0] == 404
