"""The shapes of what is followed live. `queries` makes these documents; here they are described."""

from typing import Any

from rest_framework import serializers

from core.api.pages import example
from matches.models.event import EVENT_KINDS, OUTCOMES
from matches.models.lineup import LINEUP_ROLES
from matches.models.match import PERIOD_KINDS, STATUSES
from matches.models.roster import POSITIONS
from matches.serializers.events import ID as EVENT_ID
from matches.serializers.events import SIDES
from matches.serializers.formats import PlayedFormatSerializer
from matches.serializers.matches import HOME_ID, TEAM_EXAMPLES, GoalsSerializer
from matches.serializers.matches import ID as MATCH_ID
from realtime.topics import Snapshot

REF = "7d3f7f5e-58a7-5c0e-8a0b-5d1f0c2b9a11"
EPOCH = "9f2c41d07be35a68"
EVENT = {
    "event_id": EVENT_ID,
    "kind": "goal",
    "team": HOME_ID,
    "side": "home",
    "player": REF,
    "player_on": None,
    "player_off": None,
    "period": 2,
    "clock_ms": 754_000,
    "timestamp": "42:34",
    "minute": "43",
    "sequence": 12,
    "outcome": "",
    "linked_event": None,
    "version": 1,
}
PERIOD = {
    "number": 2,
    "kind": "regular",
    "length_ms": 1_800_000,
    "base_ms": 1_800_000,
    "started_at": "2026-09-12T10:40:00.000Z",
    "ended_at": None,
}
SCORE = {"home": 2, "away": 1}


class LiveMatchSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(STATUSES)
    status_reason = serializers.CharField(required=False, help_text="For members only.")
    competition = serializers.CharField()
    round = serializers.CharField()
    venue = serializers.CharField()
    kickoff_at = serializers.DateTimeField()
    clock_rate = serializers.IntegerField()
    replay = serializers.BooleanField()
    format = PlayedFormatSerializer()


class LiveTeamSerializer(serializers.Serializer[Any]):
    team_id = serializers.UUIDField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    colour = serializers.CharField()


class LiveTeamsSerializer(serializers.Serializer[Any]):
    home = LiveTeamSerializer()
    away = LiveTeamSerializer()


class ClockSerializer(serializers.Serializer[Any]):
    """Show `elapsed_ms + (now - at) * rate` while it runs."""

    period = serializers.IntegerField()
    kind = serializers.ChoiceField(PERIOD_KINDS)
    running = serializers.BooleanField()
    elapsed_ms = serializers.IntegerField()
    at = serializers.DateTimeField()
    rate = serializers.IntegerField()
    length_ms = serializers.IntegerField()
    base_ms = serializers.IntegerField(help_text="Playing time before this period.")


class LivePeriodSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(PERIOD_KINDS)
    length_ms = serializers.IntegerField()
    base_ms = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


@example(EVENT)
class LiveEventSerializer(serializers.Serializer[Any]):
    """Players are references into `people`."""

    event_id = serializers.UUIDField()
    kind = serializers.ChoiceField(EVENT_KINDS)
    team = serializers.UUIDField(allow_null=True)
    side = serializers.ChoiceField(SIDES, allow_null=True)
    player = serializers.UUIDField(allow_null=True)
    player_on = serializers.UUIDField(allow_null=True)
    player_off = serializers.UUIDField(allow_null=True)
    period = serializers.IntegerField()
    clock_ms = serializers.IntegerField(allow_null=True)
    timestamp = serializers.CharField(help_text='On the stopwatch: "57:34".')
    minute = serializers.CharField(help_text='As football writes it: "58", "90+3".')
    sequence = serializers.IntegerField()
    outcome = serializers.ChoiceField(OUTCOMES, allow_blank=True)
    linked_event = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    sentiment = serializers.IntegerField(
        required=False, allow_null=True, help_text="For members only."
    )


class LiveLineupPlayerSerializer(serializers.Serializer[Any]):
    player = serializers.UUIDField()
    number = serializers.IntegerField(allow_null=True)
    role = serializers.ChoiceField(LINEUP_ROLES)
    position = serializers.ChoiceField(POSITIONS, allow_blank=True)
    x = serializers.FloatField(allow_null=True)
    y = serializers.FloatField(allow_null=True)
    is_captain = serializers.BooleanField()


class LiveLineupsSerializer(serializers.Serializer[Any]):
    home = LiveLineupPlayerSerializer(many=True)
    away = LiveLineupPlayerSerializer(many=True)


class MatchPersonSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_null=True, help_text="As far as the reader may know it.")


@example(
    {
        "match": {
            "id": MATCH_ID,
            "status": "live",
            "competition": "County Cup",
            "round": "Quarter-final",
            "venue": "Hollybrook Park, pitch 2",
            "kickoff_at": "2026-09-12T10:00:00.000Z",
            "clock_rate": 1,
            "replay": False,
            "format": {
                "name": "9v9, 2 x 30 minutes",
                "regular_periods": 2,
                "regular_minutes": 30,
                "extra_time_periods": 0,
                "extra_time_minutes": 0,
                "has_shootout": False,
                "players_on_pitch": 9,
            },
        },
        "teams": TEAM_EXAMPLES,
        "score": SCORE,
        "shootout": None,
        "clock": {
            "period": 2,
            "kind": "regular",
            "running": True,
            "elapsed_ms": 0,
            "at": PERIOD["started_at"],
            "rate": 1,
            "length_ms": 1_800_000,
            "base_ms": 1_800_000,
        },
        "periods": [PERIOD],
        "events": [EVENT],
        "lineups": {"home": [], "away": []},
        "people": {REF: {"number": 8, "name": None}},
        "epoch": EPOCH,
        "seq": 41,
    }
)
class LiveSerializer(serializers.Serializer[Any]):
    """The whole match, true exactly at `seq` of `epoch`."""

    match = LiveMatchSerializer()
    teams = LiveTeamsSerializer()
    score = GoalsSerializer()
    shootout = GoalsSerializer(allow_null=True)
    clock = ClockSerializer(allow_null=True)
    periods = LivePeriodSerializer(many=True)
    events = LiveEventSerializer(many=True)
    lineups = LiveLineupsSerializer()
    people = serializers.DictField(child=MatchPersonSerializer())
    epoch = serializers.CharField()
    seq = serializers.IntegerField()


def live_document(snapshot: Snapshot) -> dict[str, Any]:
    return {**snapshot.data, "epoch": snapshot.epoch, "seq": snapshot.seq}
