"""What a client does with feed entries, written from docs/feed.md alone: a pure function.

`people` and `match.status_reason` are left out: they never enter the feed, a client asks for them.
"""

REPLACED = ("match", "teams", "score", "shootout", "clock")


def without_texts(document):
    match = {name: value for name, value in document["match"].items() if name != "status_reason"}
    return {name: value for name, value in document.items() if name != "people"} | {"match": match}


def apply(document, kind, data):
    """The document after one entry; `data` is None for an entry hidden from this audience."""
    if data is None:
        return document
    reduced = document | {part: data[part] for part in REPLACED if part in data}
    if "status" in data:
        reduced["match"] = reduced["match"] | {"status": data["status"]}
    match kind:
        case "period_started" | "period_ended":
            reduced["periods"] = _put(reduced["periods"], data["period"], "number")
        case "lineup_changed":
            reduced["lineups"] = reduced["lineups"] | {data["side"]: data["lineup"]}
        case "event_deleted":
            reduced["events"] = _without(reduced["events"], "event_id", data["event_id"])
        case "event_logged" | "substitution" | "event_updated":
            event = {name: value for name, value in data.items() if name not in REPLACED}
            reduced["events"] = sorted(_put(reduced["events"], event, "event_id"), key=_order)
    return reduced


def _without(rows, key, value):
    return [row for row in rows if row[key] != value]


def _put(rows, row, key):
    return [*_without(rows, key, row[key]), row]


def _order(event):
    clock_ms = event["clock_ms"]
    return event["period"], clock_ms is None, clock_ms or 0, event["sequence"]
