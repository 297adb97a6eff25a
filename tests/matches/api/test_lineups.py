import pytest

from tests import factories


def url_of(match):
    return f"/api/v1/matches/{match.pk}/lineup"


def entry(player, **fields):
    return {"player_id": str(player.pk), "role": "starter", **fields}


@pytest.fixture
def match(club):
    return club.match()


@pytest.fixture
def players(match):
    return [factories.build_player(match.home_team, number=number) for number in (1, 2, 3)]


def put(client, match, entries):
    return client.put(url_of(match), {"team_id": str(match.home_team_id), "players": entries})


def test_lineup_is_set_in_order_and_read_with_names(club, match, players):
    keeper, captain, bench = players
    entries = [
        entry(keeper, number=1, position="GK", x=50, y=4.5),
        entry(captain, number=10, is_captain=True),
        entry(bench, role="bench"),
    ]

    written = put(club.scorer, match, entries)
    read = club.member.get(url_of(match)).json()

    assert written.status_code == 200
    assert read["home"] == written.json()
    assert read["away"] == {"team_id": str(match.away_team_id), "players": []}
    first, second, third = read["home"]["players"]
    assert first == {**entries[0], "x": 50.0, "name": keeper.name, "is_captain": False}
    assert (second["number"], second["is_captain"], second["position"]) == (10, True, "")
    assert (third["role"], third["number"], third["x"]) == ("bench", None, None)


def test_lineup_is_replaced_as_a_whole(club, match, players):
    put(club.scorer, match, [entry(player) for player in players])

    response = put(club.scorer, match, [entry(players[2])])

    assert [row["player_id"] for row in response.json()["players"]] == [str(players[2].pk)]
    assert put(club.scorer, match, []).json()["players"] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"x": 101},
        {"x": -1},
        {"y": "nan"},
        {"y": "50"},
        {"x": True},
        {"number": 0},
        {"number": 1000},
        {"role": "coach"},
        {"position": "XX"},
        {"is_captain": "perhaps"},
        {"name": "Robin"},
        {"player_id": None},
    ],
)
def test_bad_entry_is_refused(club, match, players, fields):
    response = put(club.scorer, match, [entry(players[0], **fields)])

    assert response.status_code == 400
    assert response.data["error"]["code"] == "validation_error"
    assert list(response.data["error"]["details"]) == ["players"]
    assert not match.lineup.exists()


def test_stranger_in_a_lineup_is_refused(club, match):
    foreign = factories.build_player(factories.build_team())

    response = put(club.scorer, match, [entry(foreign)])

    assert response.status_code == 400
    assert not match.lineup.exists()


def test_player_is_there_once(club, match, players):
    response = put(club.scorer, match, [entry(players[0]), entry(players[0])])

    assert response.status_code == 400


def test_lineup_longer_than_any_squad_is_refused(club, match, players):
    response = put(club.scorer, match, [entry(players[0])] * 61)

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["players"]


def test_team_that_does_not_play_has_no_lineup(club, match):
    own = club.scorer.put(url_of(match), {"team_id": str(club.team().pk), "players": []})
    foreign = club.scorer.put(
        url_of(match), {"team_id": str(factories.build_team().pk), "players": []}
    )

    assert own.status_code == 400
    assert foreign.status_code == 404
    assert foreign.data["error"]["details"] == {"team_id": ["Not found."]}


def test_member_sets_no_lineup(club, match, players):
    assert put(club.member, match, [entry(players[0])]).status_code == 403


def test_lineup_of_a_foreign_match_is_unknown(match, stranger):
    assert stranger.get(url_of(match)).status_code == 404
    assert put(stranger, match, []).status_code == 404
