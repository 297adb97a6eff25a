"""Small files of each shape, valid as they are, to be spoilt by the tests."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.conf import settings

DEMO = Path(settings.BASE_DIR) / "matches" / "demo" / "world-cup-final-2022.json"
REAL = Path(settings.BASE_DIR).parent / "shared" / "data"

_CUP_TIE: dict[str, Any] = {
    "format": "touchline-match/1",
    "key": "cup/1",
    "competition": "County Cup",
    "round": "Quarter-final",
    "venue": "Hollybrook Park",
    "kickoff_at": "2026-09-12T10:00:00Z",
    "season": {"name": "2026/27", "starts_on": "2026-08-01", "ends_on": "2027-05-31"},
    "status": "completed",
    "rules": {"name": "Youth 3, 2 x 10", "regular_periods": 2, "regular_minutes": 10,
              "players_on_pitch": 3},
    "teams": {
        "home": {
            "name": "Rovers",
            "short_name": "ROV",
            "colour": "#0f766e",
            "players": [
                {"id": "r1", "name": "Ann Ash", "number": 1, "position": "GK"},
                {"id": "r2", "name": "Ben Birch", "number": 2, "birth_date": "2014-03-01"},
                {"id": "r3", "name": "Cy Cedar", "number": 3, "name_consent": True},
            ],
            "lineup": [
                {"player": "r1", "number": 1, "role": "starter", "x": 50, "y": 5.5},
                {"player": "r2", "number": 2, "role": "starter", "is_captain": True},
                {"player": "r3", "number": 3, "role": "bench"},
            ],
        },
        "away": {"name": "Vale", "is_opponent": True, "players": [{"id": "v9", "name": "Dee"}]},
    },
    "periods": [
        {"kind": "regular", "length_ms": 600_000, "started_at": "2026-09-12T10:00:00Z",
         "ended_at": "2026-09-12T10:12:00Z",
         "pauses": [{"started_at": "2026-09-12T10:03:00Z", "ended_at": "2026-09-12T10:04:00Z"}]},
        {"kind": "regular", "length_ms": 600_000, "started_at": "2026-09-12T10:20:00Z",
         "ended_at": "2026-09-12T10:31:00Z"},
    ],
    "events": [
        {"id": "e1", "kind": "goal", "team": "home", "player": "r2", "period": 1,
         "clock_ms": 65_000, "sentiment": 2, "notes": "What a shot",
         "recorded_at": "2026-09-12T10:01:07Z"},
        {"id": "e2", "kind": "assist", "team": "home", "player": "r1", "period": 1,
         "clock_ms": 65_000, "linked_event": "e1"},
        {"id": "e3", "kind": "substitution", "team": "home", "player_on": "r3",
         "player_off": "r2", "period": 2},
        {"id": "e4", "kind": "penalty", "team": "away", "player": "v9", "period": 2,
         "clock_ms": 600_000, "outcome": "scored"},
        {"id": "e5", "kind": "note", "period": 2, "notes": "Rain"},
    ],
}  # fmt: skip

_RESULTS: dict[str, Any] = {
    "name": "County League",
    "matches": [
        {
            "round": "Matchday 1",
            "date": "2026-09-05",
            "time": "14:30",
            "team1": "Rovers",
            "team2": "Vale",
            "score": {"ht": [1, 0], "ft": [2, 1]},
            "goals1": [
                {"name": "Ann Ash", "minute": 12},
                {"name": "Own Goaler", "minute": 90, "offset": 4, "owngoal": True},
            ],
            "goals2": [{"name": "Dee", "minute": 50, "penalty": True}],
        },
        {"round": "Matchday 2", "date": "2026-09-12", "team1": "Vale", "team2": "Rovers",
         "score": {"ht": [0, 1], "ft": [2, 1]}},
        {"round": "Matchday 3", "date": "2026-09-19", "team1": "Rovers", "team2": "Town"},
    ],
}  # fmt: skip

_REPORT: dict[str, Any] = {
    "name": "County Cup",
    "matches": [
        {
            "num": 7,
            "stage": "Final",
            "group": None,
            "date": "2026-05-02",
            "time": "18:00",
            "utc_offset": "+1",
            "venue": "County Ground",
            "home": "Rovers",
            "away": "Vale",
            "score": [2, 1],
            "extra_time": False,
            "penalties": None,
            "lineups": {
                "Rovers": [
                    {"player": "Ann ASH", "line": "GK"},
                    {"player": "Ben BIRCH", "line": "FW", "captain": True},
                ],
                "Vale": [{"player": "Dee DEAL", "line": "DF"}],
            },
            "events": [
                {"type": "goal", "team": "Rovers", "player": "Ben BIRCH", "minute": 45,
                 "stoppage": 2},
                {"type": "own_goal", "team": "Rovers", "player": "Dee DEAL", "minute": 46},
                {"type": "penalty", "team": "Vale", "player": "Dee DEAL", "minute": 90,
                 "stoppage": 3},
                {"type": "substitution", "team": "Rovers", "player_off": "Ben BIRCH",
                 "player_on": "Cy CEDAR", "minute": 80},
                {"type": "yellow", "team": "Vale", "player": "Ed ELM", "minute": 81},
            ],
        }
    ],
}  # fmt: skip


def cup_tie() -> dict[str, Any]:
    return deepcopy(_CUP_TIE)


def results() -> dict[str, Any]:
    return deepcopy(_RESULTS)


def report() -> dict[str, Any]:
    return deepcopy(_REPORT)


def demo() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DEMO.read_text("utf-8"))
    return document
