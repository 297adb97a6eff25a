"""docs/feed.md shows every kind of entry as it is: the same keys and types, and no kind more."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import NamePolicy
from matches.payloads import FeedKind
from matches.queries import live
from realtime import feed
from tests.matches.eventful import EventfulMatch

SECTION = re.compile(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```json (members|viewers|everyone)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TEXT = Path(settings.BASE_DIR, "docs", "feed.md").read_text()


def examples(text):
    """By audience; a block for everyone counts for both."""
    found = {audience: json.loads(block) for audience, block in BLOCK.findall(text)}
    everyone = found.pop("everyone", None)
    return found if everyone is None else {"members": everyone, "viewers": everyone}


SECTIONS = {kind: examples(text) for kind, text in SECTION.findall(TEXT)}


def differences(example, actual, path="data"):
    """Where they differ in keys or types; null stands for any type, an empty list for any other."""
    if example is None or actual is None:
        return
    if type(example) is not type(actual):
        yield f"{path}: {example!r} and {actual!r}"
    elif isinstance(example, dict) and path.endswith(".people"):
        for person in actual.values():
            yield from differences(next(iter(example.values())), person, f"{path}.REF")
    elif isinstance(example, dict):
        for key in example.keys() ^ actual.keys():
            yield f"{path}.{key}"
        for key in example.keys() & actual.keys():
            yield from differences(example[key], actual[key], f"{path}.{key}")
    elif isinstance(example, list) and example:
        for item in actual:
            yield from differences(example[0], item, f"{path}[]")


@pytest.fixture
def eventful(db):
    eventful = EventfulMatch()
    for step in eventful.steps():
        step()
    return eventful


def test_every_kind_and_no_other_is_described():
    assert list(SECTIONS) == [kind.value for kind in FeedKind]
    assert all(set(found) == {"members", "viewers"} for found in SECTIONS.values())


def test_examples_are_what_is_sent(eventful):
    for entry in feed.entries(eventful.match.topic, since=0, limit=1000):
        shown = SECTIONS[entry.kind]
        assert list(differences(shown["members"], entry.payload)) == []
        if entry.public_payload is not None:
            assert list(differences(shown["viewers"], entry.public_payload)) == []


def test_live_document_is_as_described(eventful):
    (example,) = (json.loads(block) for _, block in BLOCK.findall(TEXT.split("## Applying")[0]))
    for_viewers = json.loads(json.dumps(example))
    del for_viewers["match"]["status_reason"], for_viewers["events"][0]["sentiment"]

    members = live.snapshot(eventful.match.topic, live.MEMBERS).data
    viewers = live.snapshot(eventful.match.topic, live.audience_of(NamePolicy.FULL)).data

    assert list(differences(example, members)) == []
    assert list(differences(for_viewers, viewers)) == []


def test_differences_are_found():
    assert list(differences({"a": [1]}, {"a": ["1"]})) == ["data.a[]: 1 and '1'"]
    assert list(differences({"a": 1}, {"b": None})) in (["data.a", "data.b"], ["data.b", "data.a"])
