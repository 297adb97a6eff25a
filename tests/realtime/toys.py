"""A topic made for tests: a list of words, with some that only members see.

Its document is derived from the feed's own entries, so that a snapshot can be checked against what
a reader made of the frames.
"""

from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from channels.routing import ProtocolTypeRouter
from django.db import transaction

from accounts.queries import Anonymous, SignedIn, Viewer
from realtime import feed, routing, topics
from realtime.hub import lifespan
from realtime.models import FeedEntry, FeedHead
from realtime.topics import Audience, Snapshot, UnreadableError

PREFIX = "toy"
MEMBERS = Audience("members", is_full=True)
PUBLIC = Audience("public", is_full=False)
ROUTES = [
    routing.Route("/ws/toy/{id}", (SignedIn,), prefix=PREFIX),
    routing.Route("/ws/toy/{id}/share", (Viewer,), prefix=PREFIX),
    routing.Route("/ws/toy/{id}/open", (SignedIn, Anonymous), prefix=PREFIX),
]

# What tests decide about a topic or (reader, topic): an audience, an error, or whom to ask.
verdicts: dict[Any, Any] = {}
# An error to raise, or a document to give out, instead of the topic's own document.
documents: dict[str, Any] = {}
snapshots_taken: list[str] = []


def may_read(reader, topic):
    verdict = verdicts.get((reader.key, topic)) or verdicts.get(topic)
    if verdict is None:
        verdict = _default(reader, topic)
    if callable(verdict):
        verdict = verdict(reader, topic)
    if isinstance(verdict, Exception):
        raise verdict
    return verdict


def _default(reader, topic):
    match reader:
        case SignedIn():
            return MEMBERS
        case Viewer() if reader.topic == topic:
            return PUBLIC
        case _:
            return UnreadableError(topic)


def snapshot(topic, audience):
    snapshots_taken.append(topic)
    document = documents.get(topic)
    if isinstance(document, Exception):
        raise document
    if document is not None:
        return document
    head, words = feed.consistent(topic, lambda: words_of(topic, audience))
    return Snapshot(epoch=head.epoch, seq=head.seq, data={"words": words})


def words_of(topic, audience=MEMBERS):
    payloads = [
        entry.payload if audience.is_full else entry.public_payload
        for entry in FeedEntry.objects.filter(topic=topic).order_by("seq")
    ]
    return [payload["word"] for payload in payloads if payload is not None]


def words_seen(follower):
    """The list a client has after its last snapshot and everything it applied to it."""
    later = [frame["data"]["word"] for frame in follower.applied if frame["type"] != "skip"]
    return follower.snapshots[-1]["data"]["words"] + later


def say(topic, *words, secret=False):
    """Append one entry for each word, each in a transaction of its own."""
    for word in words:
        payload = {"word": word}
        with transaction.atomic():
            feed.append(
                topic=topic,
                kind="word_said",
                payload=payload,
                public_payload=None if secret else payload,
            )


def new_topic():
    return f"{PREFIX}.{uuid4()}"


def path(topic, ending=""):
    return f"/ws/toy/{topic.partition('.')[2]}{ending}"


@contextmanager
def registered():
    topics.register(PREFIX, may_read=may_read, snapshot=snapshot)
    routing.ROUTES.extend(ROUTES)
    verdicts.clear()
    documents.clear()
    snapshots_taken.clear()
    try:
        yield
    finally:
        for route in ROUTES:
            routing.ROUTES.remove(route)
        topics.unregister(PREFIX)


application = ProtocolTypeRouter({"websocket": routing.websocket_application, "lifespan": lifespan})


def forget_up_to(topic, seq):
    FeedEntry.objects.filter(topic=topic, seq__lte=seq).delete()


def lose_everything(topic):
    """What a database looks like after it was restored from before the topic existed."""
    FeedEntry.objects.filter(topic=topic).delete()
    FeedHead.objects.filter(topic=topic).delete()
