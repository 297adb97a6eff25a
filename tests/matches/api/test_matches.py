from datetime import UTC, datetime
from uuid import uuid4

import pytest

from accounts.models import Role
from matches.models import Match
from matches.queries.formats import DEFAULT_FORMAT_ID
from matches.rules.kinds import MatchStatus
from tests import factories
from tests.api.clients import client_of

API = "/api/v1/matches"
KICKOFF = "2026-09-12T10:00:00Z"


def url_of(match):
    return f"{API}/{match.pk}"


def draft(club, **fields):
    return {
        "home_team_id": str(club.team().pk),
        "away_team_id": str(club.team().pk),
        "kickoff_at": KICKOFF,
        **fields,
    }


def test_match_is_scheduled_in_the_default_format(club):
    response = club.admin.post(API, draft(club, competition="County Cup"))

    match = Match.objects.get()
    assert response.status_code == 201
    assert response["Location"] == url_of(match)
    assert response["ETag"] == '"v1"'
    body = response.json()
    assert body["status"] == "scheduled"
    assert body["competition"] == "County Cup"
    assert body["format_id"] == str(DEFAULT_FORMAT_ID)
    assert body["home"]["name"] == match.home_team.name
    assert body["home"]["goals"] == body["away"]["goals"] == 0
    assert match.created_by == club.person(Role.ADMIN)


def test_match_takes_season_and_format(club):
    season = factories.build_season(organisation=club.organisation)
    format_ = factories.build_format()
    body = draft(club, season_id=str(season.pk), format_id=str(format_.pk))

    response = club.admin.post(API, body)

    assert response.data["season_id"] == season.pk
    assert response.data["format_id"] == format_.pk


@pytest.mark.parametrize("field", ["season_id", "format_id", "home_team_id", "away_team_id"])
def test_foreign_row_in_a_body_is_as_unknown_as_none(club, field):
    foreign = {
        "season_id": factories.build_season,
        "home_team_id": factories.build_team,
        "away_team_id": factories.build_team,
    }

    def post(pk):
        response = club.admin.post(API, draft(club, **{field: str(pk)}))
        return response.status_code, {**response.data["error"], "request_id": ""}

    unknown = post(uuid4())
    assert unknown[0] == 404
    assert unknown[1]["details"] == {field: ["Not found."]}
    if field in foreign:
        assert post(foreign[field]().pk) == unknown
    assert not Match.objects.exists()


def test_team_of_another_of_ones_organisations_cannot_play(club):
    other = factories.build_organisation()
    other.memberships.create(user=club.person(Role.ADMIN), role=Role.ADMIN)
    team = factories.build_team(organisation=other)
    body = draft(club, home_team_id=str(team.pk), organisation_id=str(club.organisation.pk))

    response = club.admin.post(API, body)

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["home_team_id"]


def test_team_cannot_play_itself(club):
    team_id = str(club.team().pk)

    response = club.admin.post(API, draft(club, home_team_id=team_id, away_team_id=team_id))

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["away_team_id"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kickoff_at", "tomorrow"),
        ("kickoff_at", "0001-01-01T00:00:00+14:00"),
        ("kickoff_at", None),
        ("home_team_id", 7),
        ("home_team_id", "00000000"),
        ("home_team_id", None),
        ("competition", "x" * 121),
        ("competition", ["County Cup"]),
        ("status", "live"),
        ("home_goals", 3),
    ],
)
def test_draft_with_a_bad_field_is_refused(club, field, value):
    response = club.admin.post(API, draft(club, **{field: value}))

    assert response.status_code == 400
    assert response.data["error"]["code"] == "validation_error"
    assert list(response.data["error"]["details"]) == [field]
    assert not Match.objects.exists()


def test_match_is_read(club):
    match = club.match(venue="Hollybrook Park")

    response = club.member.get(url_of(match))

    assert response.status_code == 200
    assert response["ETag"] == '"v1"'
    assert response.json()["venue"] == "Hollybrook Park"
    assert response.json()["shootout"] is None


def test_shootout_is_shown_beside_the_draw(club):
    match = club.match(home_goals=3, away_goals=3, home_shootout_goals=4, away_shootout_goals=2)

    body = club.member.get(url_of(match)).json()

    assert (body["home"]["goals"], body["away"]["goals"]) == (3, 3)
    assert body["shootout"] == {"home": 4, "away": 2}


def test_header_is_changed(club):
    season = factories.build_season(organisation=club.organisation)
    match = club.match(season=season, venue="Hollybrook Park")

    response = club.admin.patch(url_of(match), {"season_id": None, "round": "Final"})

    assert response.status_code == 200
    assert response["ETag"] == '"v2"'
    assert (
        response.data.items()
        >= {
            "season_id": None,
            "round": "Final",
            "venue": "Hollybrook Park",
        }.items()
    )


def test_put_resets_what_it_leaves_out(club):
    season = factories.build_season(organisation=club.organisation)
    match = club.match(season=season, venue="Hollybrook Park")
    body = {
        "home_team_id": str(match.home_team_id),
        "away_team_id": str(match.away_team_id),
        "kickoff_at": KICKOFF,
    }

    response = club.admin.put(url_of(match), body, HTTP_IF_MATCH='"v1"')

    assert response.status_code == 200
    assert response.data["venue"] == ""
    assert response.data["season_id"] is None
    assert response.data["format_id"] == match.format_id
    assert response.json()["kickoff_at"] == KICKOFF


def test_put_needs_the_whole_match(club):
    response = club.admin.put(url_of(club.match()), {"venue": "Elsewhere"})

    assert response.status_code == 400
    assert set(response.data["error"]["details"]) == {"home_team_id", "away_team_id", "kickoff_at"}


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_stale_if_match_changes_nothing(club, method):
    match = club.match()
    body = draft(club)

    response = getattr(club.admin, method)(url_of(match), body, HTTP_IF_MATCH='"v2"')

    assert response.status_code == 412
    assert response.data["error"]["details"] == {"current_version": 1}
    match.refresh_from_db()
    assert match.version == 1


def test_teams_stay_once_the_match_has_started(club):
    match = club.live_match()

    response = club.admin.patch(url_of(match), {"home_team_id": str(club.team().pk)})

    assert response.status_code == 409
    assert response.data["error"]["code"] == "match_started"


def test_match_in_play_is_not_deleted(club):
    match = club.live_match()

    response = club.admin.delete(url_of(match))

    assert response.status_code == 409
    assert response.data["error"]["code"] == "in_use"


def test_match_is_deleted(club):
    match = club.match()

    assert club.admin.delete(url_of(match)).status_code == 204
    assert club.admin.get(url_of(match)).status_code == 404


def test_foreign_match_looks_like_an_unknown_one(club, stranger):
    match = club.match()

    def ask(url):
        response = stranger.get(url)
        return response.status_code, {**response.data["error"], "request_id": ""}

    assert ask(url_of(match)) == ask(f"{API}/{uuid4()}")
    assert ask(url_of(match))[0] == 404


class TestList:
    @pytest.fixture
    def found(self, club):
        def ask(**parameters):
            response = club.member.get(API, parameters)
            assert response.status_code == 200, response.data
            return [item["id"] for item in response.data["items"]]

        return ask

    def test_newest_first_unless_told(self, club, found):
        early = club.match(kickoff_at=datetime(2026, 9, 1, tzinfo=UTC))
        late = club.match(kickoff_at=datetime(2026, 9, 2, tzinfo=UTC))

        assert found() == [late.pk, early.pk]
        assert found(sort="kickoff_at") == [early.pk, late.pk]

    def test_narrowed_to_a_team_on_either_side(self, club, found):
        team = club.team()
        home = club.match(home_team=team, kickoff_at=datetime(2026, 9, 1, tzinfo=UTC))
        away = club.match(away_team=team, kickoff_at=datetime(2026, 9, 2, tzinfo=UTC))
        club.match()

        assert found(team=team.pk, sort="kickoff_at") == [home.pk, away.pk]

    def test_narrowed_to_season_status_and_organisation(self, club, found):
        season = factories.build_season(organisation=club.organisation)
        match = club.match(season=season, status=MatchStatus.COMPLETED)
        club.match()

        assert found(season=season.pk) == [match.pk]
        assert found(status="completed") == [match.pk]
        assert found(status="completed", season=season.pk) == [match.pk]
        assert len(found(organisation=club.organisation.pk)) == 2
        assert found(organisation=uuid4()) == []

    def test_narrowed_to_a_span_that_excludes_its_end(self, club, found):
        first = club.match(kickoff_at=datetime(2026, 9, 1, 10, tzinfo=UTC))
        club.match(kickoff_at=datetime(2026, 9, 2, 10, tzinfo=UTC))

        span = {"from": "2026-09-01T10:00:00Z", "to": "2026-09-02T10:00:00Z"}
        assert found(**span) == [first.pk]

    @pytest.mark.parametrize("text", ["holly", "county", "quarter", "park", "MARLOW"])
    def test_searched_by_team_competition_round_and_venue(self, club, found, text):
        match = club.match(
            home_team=club.team(name="Hollybrook"),
            away_team=club.team(name="Marlow Vale"),
            competition="County Cup",
            round="Quarter-final",
            venue="The Park",
        )
        club.match()

        assert found(q=text) == [match.pk]

    def test_percent_sign_is_no_wildcard(self, club, found):
        club.match(venue="Hollybrook Park")

        assert found(q="%") == []

    def test_foreign_matches_are_not_there(self, club, found):
        factories.build_match()

        assert found() == []

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0", "limit=101", "limit=ten", "limit=1e1", "limit=",
            "offset=-1", "offset=99999999999999999999",
            "sort=colour", "sort=--kickoff_at", "sort=home_team__name",
            "colour=red", "status=unknown", "team=7", "team=not-a-uuid", "season=",
            "from=yesterday", "to=2026-13-01T00:00:00Z",
        ],
    )  # fmt: skip
    def test_bad_parameter_is_refused_by_name(self, club, query):
        response = club.member.get(f"{API}?{query}")

        assert response.status_code == 400
        assert response.data["error"]["code"] == "validation_error"
        assert list(response.data["error"]["details"]) == [query.partition("=")[0]]


def test_somebody_without_an_organisation_sees_and_makes_nothing(db):
    client = client_of(factories.build_user())

    created = client.post(
        API,
        {"home_team_id": str(uuid4()), "away_team_id": str(uuid4()), "kickoff_at": KICKOFF},
    )

    assert client.get(API).data["items"] == []
    assert created.status_code == 400
    assert list(created.data["error"]["details"]) == ["organisation_id"]
