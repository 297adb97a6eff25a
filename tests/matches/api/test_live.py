"""The live document and the feed: for members, and for viewers of that match alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import NamePolicy, Role
from accounts.tokens import issue_viewer
from matches.models import ShareLink
from matches.operations.roster import update_player, update_team
from matches.operations.sharing import create_share_link, exchange_share_token
from matches.rules.kinds import EventKind
from realtime import feed
from tests import factories
from tests.api.clients import client_with
from tests.api.contract import DocumentedClient
from tests.matches.builders import log


def url_of(match, part="live"):
    return f"/api/v1/matches/{match.pk}/{part}"


@pytest.fixture
def match(club):
    return club.live_match()


@pytest.fixture
def scorer(club):
    return club.person(Role.SCORER)


@pytest.fixture
def viewer(match, scorer):
    link = create_share_link(match=match, actor=scorer)
    return client_with(exchange_share_token(link.token).viewer_token)


def test_members_see_everything(club, match, scorer):
    player = factories.build_player(match.home_team, number=8)
    event = log(match, scorer, player_id=player.pk, sentiment=2)

    body = club.member.get(url_of(match)).json()

    assert body["score"] == {"home": 1, "away": 0}
    assert body["events"][0].items() >= {"event_id": str(event.pk), "sentiment": 2}.items()
    assert body["people"] == {str(player.pk): {"number": 8, "name": player.name}}
    assert (body["epoch"], body["seq"]) == feed.head(match.topic)


def test_viewers_see_the_public_part(match, scorer, viewer):
    player = factories.build_player(match.home_team, number=8)
    log(match, scorer, player_id=player.pk, sentiment=2)
    log(match, scorer, EventKind.NOTE, notes="Rain", team=None)

    body = viewer.get(url_of(match)).json()

    assert [event["kind"] for event in body["events"]] == ["goal"]
    assert "sentiment" not in body["events"][0]
    assert list(body["people"].values()) == [{"number": 8, "name": None}]
    assert str(player.pk) not in body["people"]
    assert body["seq"] == 2


def test_document_is_not_sent_twice(club, match, viewer):
    for client in (club.member, viewer):
        first = client.get(url_of(match))
        again = client.get(url_of(match), HTTP_IF_NONE_MATCH=first["ETag"])

        assert first["Cache-Control"] == "private, no-cache"
        assert "Authorization" in first["Vary"]
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]


def test_document_is_sent_again_once_something_happened(club, match, scorer):
    tag = club.member.get(url_of(match))["ETag"]
    log(match, scorer)

    response = club.member.get(url_of(match), HTTP_IF_NONE_MATCH=tag)

    assert response.status_code == 200
    assert response["ETag"] != tag


def test_document_is_sent_again_once_a_name_is_corrected(club, match, scorer):
    """A corrected name moves no feed: names are never in it."""
    player = factories.build_player(match.home_team)
    log(match, scorer, player_id=player.pk)
    tag = club.member.get(url_of(match))["ETag"]
    update_player(player=player, actor=club.person(Role.ADMIN), changes={"name": "Robin"})

    response = club.member.get(url_of(match), HTTP_IF_NONE_MATCH=tag)

    assert response.status_code == 200
    assert response.json()["people"][str(player.pk)]["name"] == "Robin"


def test_document_is_sent_again_once_a_team_is_renamed_before_anything_happened(club):
    """Of such a match nothing was ever announced, so its feed has no number that could move."""
    match = club.match()
    tag = club.member.get(url_of(match))["ETag"]
    update_team(team=match.home_team, actor=club.person(Role.ADMIN), changes={"name": "Rovers"})

    response = club.member.get(url_of(match), HTTP_IF_NONE_MATCH=tag)

    assert response.status_code == 200
    assert response.json()["teams"]["home"]["name"] == "Rovers"


def test_audiences_do_not_share_a_tag(club, match, scorer, viewer):
    club.organisation.name_policy = NamePolicy.FULL
    club.organisation.save()
    link = create_share_link(match=match, actor=scorer, name_policy=NamePolicy.FULL)
    full = client_with(exchange_share_token(link.token).viewer_token)

    tags = {client.get(url_of(match))["ETag"] for client in (club.member, viewer, full)}

    assert len(tags) == 3


@pytest.mark.parametrize("part", ["live", "feed"])
def test_anonymous_are_asked_who_they_are(match, part):
    response = DocumentedClient().get(url_of(match, part))

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("part", ["live", "feed"])
def test_viewer_of_one_match_sees_no_other(club, viewer, part):
    def ask(match_id):
        response = viewer.get(f"/api/v1/matches/{match_id}/{part}")
        return response.status_code, {**response.data["error"], "request_id": ""}

    assert ask(club.live_match().pk) == ask(uuid4())
    assert ask(uuid4())[0] == 404


@pytest.mark.parametrize("part", ["live", "feed"])
def test_foreign_match_looks_like_an_unknown_one(match, stranger, part):
    def ask(match_id):
        response = stranger.get(f"/api/v1/matches/{match_id}/{part}")
        return response.status_code, {**response.data["error"], "request_id": ""}

    assert ask(match.pk) == ask(uuid4())
    assert ask(uuid4())[0] == 404


@pytest.mark.parametrize("part", ["live", "feed"])
@pytest.mark.parametrize(
    "ended", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(1)}]
)
def test_viewer_of_an_ended_link_is_told_so(match, viewer, part, ended):
    ShareLink.objects.update(**ended)

    response = viewer.get(url_of(match, part))

    assert response.status_code == 410
    assert response.data["error"]["code"] == "share_link_gone"


@pytest.mark.parametrize("part", ["live", "feed"])
def test_viewer_token_for_a_link_of_another_match_reads_nothing(club, match, scorer, part):
    """Such a token is never issued; the check does not rest on that."""
    link = create_share_link(match=club.live_match(), actor=scorer).link
    client = client_with(issue_viewer(link.pk, match.topic)[0])

    assert client.get(url_of(match, part)).status_code == 404


def test_id_in_capitals_is_the_same_match(club, match):
    response = club.member.get(f"/api/v1/matches/{str(match.pk).upper()}/live")

    assert response.status_code == 200


class TestFeed:
    @pytest.fixture
    def read(self, match):
        def ask(client, **parameters):
            response = client.get(url_of(match, "feed"), parameters)
            assert response.status_code == 200, response.data
            return response.json()

        return ask

    def test_feed_that_never_began_is_empty(self, club, read):
        assert read(club.member) == {"epoch": "", "seq": 0, "reset": False, "items": []}

    def test_members_read_full_entries(self, club, match, scorer, read):
        event = log(match, scorer, sentiment=2)

        body = read(club.member)

        epoch, seq = feed.head(match.topic)
        (item,) = body["items"]
        assert (body["epoch"], body["seq"], body["reset"]) == (epoch, seq, False)
        assert (item["seq"], item["kind"]) == (1, "event_logged")
        assert item["data"].items() >= {"event_id": str(event.pk), "sentiment": 2}.items()

    def test_viewers_read_the_projection_and_skip_what_is_hidden(self, match, scorer, viewer, read):
        log(match, scorer, sentiment=2)
        log(match, scorer, EventKind.NOTE, notes="Rain", team=None)

        shown, hidden = read(viewer)["items"]

        assert "sentiment" not in shown["data"]
        assert hidden == {"seq": 2, "kind": "skip", "at": None, "data": None}

    def test_pages_lead_to_the_head(self, club, match, scorer, read):
        for _ in range(3):
            log(match, scorer)

        first = read(club.member, limit=2)
        rest = read(club.member, since=2, epoch=first["epoch"])

        assert [item["seq"] for item in first["items"]] == [1, 2]
        assert first["seq"] == 3
        assert [item["seq"] for item in rest["items"]] == [3]
        assert read(club.member, since=3)["items"] == []
        assert read(club.member, since=3)["reset"] is False

    @pytest.mark.parametrize("cursor", [{"epoch": "another"}, {"since": 4}])
    def test_cursor_of_another_history_is_told_to_reset(self, club, match, scorer, read, cursor):
        for _ in range(3):
            log(match, scorer)

        body = read(club.member, **cursor)

        assert body["reset"] is True
        assert body["items"] == []

    @pytest.mark.parametrize("since", [0, 1])
    def test_cursor_older_than_what_is_kept_is_told_to_reset(
        self, club, match, scorer, read, since
    ):
        for _ in range(2):
            log(match, scorer)
        feed.prune(before=timezone.now() + timedelta(1))
        log(match, scorer)

        assert read(club.member, since=since)["reset"] is True
        assert read(club.member, since=2)["reset"] is False

    def test_cursor_into_a_feed_of_which_nothing_is_kept_is_told_to_reset(
        self, club, match, scorer, read
    ):
        log(match, scorer)
        feed.prune(before=timezone.now() + timedelta(1))

        assert read(club.member, since=0)["reset"] is True
        assert read(club.member, since=1)["reset"] is False

    @pytest.mark.parametrize(
        "query",
        ["limit=0", "limit=101", "since=-1", "since=x", f"since={2**63}", "colour=red"],
    )
    def test_bad_parameter_is_refused_by_name(self, club, match, query):
        response = club.member.get(f"{url_of(match, 'feed')}?{query}")

        assert response.status_code == 400
        assert list(response.data["error"]["details"]) == [query.partition("=")[0]]


class TestScore:
    def test_before_kick_off(self, club):
        match = club.match()

        assert club.member.get(url_of(match, "score")).json() == {
            "match_id": str(match.pk),
            "home": {
                "team_id": str(match.home_team_id), "name": match.home_team.name, "goals": 0,
            },
            "away": {
                "team_id": str(match.away_team_id), "name": match.away_team.name, "goals": 0,
            },
            "status": "scheduled",
            "minute": "",
            "shootout": None,
        }  # fmt: skip

    def test_in_play(self, club, match, scorer):
        log(match, scorer)

        body = club.member.get(url_of(match, "score")).json()

        assert (body["home"]["goals"], body["minute"], body["status"]) == (1, "11", "live")

    def test_with_a_shootout(self, club):
        match = club.match(home_goals=3, away_goals=3, home_shootout_goals=4, away_shootout_goals=0)

        body = club.member.get(url_of(match, "score")).json()

        assert body["shootout"] == {"home": 4, "away": 0}

    def test_is_for_members(self, match, stranger, viewer):
        assert stranger.get(url_of(match, "score")).status_code == 404
        assert viewer.get(url_of(match, "score")).status_code == 401


class TestTimeline:
    def test_groups_events_by_period_and_names_people(self, club, match, scorer):
        player = factories.build_player(match.home_team, number=8)
        factories.build_lineup(match, match.away_team, starters=1, bench=0)
        late = log(match, scorer, clock_ms=2000)
        early = log(match, scorer, clock_ms=1000, player_id=player.pk)

        body = club.member.get(url_of(match, "timeline")).json()

        (period,) = body["periods"]
        assert period["number"] == 1
        assert [event["event_id"] for event in period["events"]] == [str(early.pk), str(late.pk)]
        assert body["people"][str(player.pk)] == {"number": 8, "name": player.name}
        assert len(body["people"]) == 2

    def test_is_for_members(self, match, stranger, viewer):
        assert stranger.get(url_of(match, "timeline")).status_code == 404
        assert viewer.get(url_of(match, "timeline")).status_code == 401


def test_deleted_match_is_unknown(club, scorer):
    match = club.match()
    topic_id = match.pk
    club.admin.delete(f"/api/v1/matches/{topic_id}")

    response = club.member.get(f"/api/v1/matches/{topic_id}/live")

    assert response.status_code == 404
