"""The page's own copy of the live document against the server's."""

import pytest

from tests.web.scenario import play

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FOLLOW = """async (load, [snapshot, entries]) => {
  const { fromSnapshot, reduce } = await load("state");
  return entries.reduce(reduce, fromSnapshot(snapshot));
}"""


def document(snapshot):
    return {**snapshot["data"], "epoch": snapshot["epoch"], "seq": snapshot["seq"]}


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_and_the_entries_after_it_equal_every_fresh_snapshot(modules):
    played = play()
    start, *later = played.snapshots
    entries = played.entries(since=start["seq"])

    for fresh in later:
        until = [entry for entry in entries if entry["seq"] <= fresh["seq"]]
        followed = modules.run(FOLLOW, [start, until])

        # Names are looked up, they stand in no entry.
        assert {**followed, "people": {}} == {**document(fresh), "people": {}}


@pytest.mark.django_db(transaction=True)
def test_it_does_not_matter_where_a_reader_joined(modules):
    played = play()
    last = played.snapshots[-1]

    for joined in played.snapshots:
        followed = modules.run(FOLLOW, [joined, played.entries(since=joined["seq"])])

        assert {**followed, "people": {}} == {**document(last), "people": {}}


@pytest.mark.django_db(transaction=True)
def test_the_scenario_meets_every_kind_of_entry_a_page_knows(modules):
    met = {entry["type"] for entry in play().entries(since=0)}
    known = modules.run('async (load) => [...(await load("state")).KINDS]')

    assert met - {"skip"} == set(known)


@pytest.mark.django_db(transaction=True)
def test_following_leaves_the_earlier_state_as_it_was(modules):
    played = play()
    first = played.snapshots[0]
    entries = played.entries(since=first["seq"])

    before, after = modules.run(
        """async (load, [snapshot, entries]) => {
             const { fromSnapshot, reduce } = await load("state");
             const state = fromSnapshot(snapshot);
             const before = JSON.stringify(state);
             entries.reduce(reduce, state);
             return [before, JSON.stringify(state)];
           }""",
        [first, entries],
    )

    assert before == after


def test_an_unknown_kind_moves_the_position_only(modules):
    snapshot = {"epoch": "e", "seq": 4, "data": {"match": {"status": "live"}, "events": []}}

    followed = modules.run(FOLLOW, [snapshot, [{"type": "weather", "seq": 5, "data": {"sun": 1}}]])

    assert followed == {"match": {"status": "live"}, "events": [], "epoch": "e", "seq": 5}


def test_players_without_a_directory_entry_are_found_once(modules):
    state = {
        "people": {"known": {"number": 1, "name": None}},
        "lineups": {"home": [{"player": "known"}, {"player": "new"}], "away": []},
        "events": [{"player": None, "player_on": "new", "player_off": "other"}],
    }

    assert modules.call("state", "unknownPlayers", state) == ["new", "other"]
