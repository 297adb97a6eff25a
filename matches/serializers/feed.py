"""The feed over HTTP: the entries that the socket sends, numbered alike."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from core.api.pages import example
from matches.queries.document import rfc3339
from matches.serializers.live import EPOCH, EVENT, SCORE
from realtime.feed import Reading
from realtime.topics import Audience


class FeedItemSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    kind = serializers.CharField(help_text='As on the socket; "skip" hides an entry.')
    at = serializers.DateTimeField(allow_null=True)
    # DRF takes declared fields out of the class, so this hides nothing.
    data = serializers.DictField(  # type: ignore[assignment]
        allow_null=True, help_text="By kind: see docs/feed.md."
    )


@example(
    {
        "epoch": EPOCH,
        "seq": 42,
        "reset": False,
        "items": [
            {
                "seq": 42,
                "kind": "event_logged",
                "at": "2026-09-12T10:52:34.512Z",
                "data": {**EVENT, "score": SCORE, "shootout": None},
            }
        ],
    }
)
class FeedSerializer(serializers.Serializer[Any]):
    epoch = serializers.CharField()
    seq = serializers.IntegerField(help_text="The head: the number of the newest entry.")
    reset = serializers.BooleanField(
        help_text="true: what follows `since` is no longer told. Start again from `/live`."
    )
    items = FeedItemSerializer(many=True)


def feed_document(
    reading: Reading, audience: Audience, *, since: int, epoch: str
) -> dict[str, Any]:
    """`since` and `epoch` are where the reader stands."""
    head, entries = reading
    is_next = not entries or entries[0].seq == since + 1
    is_pruned = not is_next or (not entries and since < head.seq)
    is_torn = epoch != head.epoch or since > head.seq or is_pruned
    items = [
        _item(
            entry.seq,
            entry.kind,
            entry.created_at,
            entry.payload if audience.is_full else entry.public_payload,
        )
        for entry in entries
    ]
    return {
        "epoch": head.epoch,
        "seq": head.seq,
        "reset": is_torn,
        "items": [] if is_torn else items,
    }


def _item(seq: int, kind: str, at: datetime, data: dict[str, Any] | None) -> dict[str, Any]:
    if data is None:
        return {"seq": seq, "kind": "skip", "at": None, "data": None}
    return {"seq": seq, "kind": kind, "at": rfc3339(at), "data": data}
