"""A canary in every personal field sings in no byte that a viewer token gets over HTTP."""

import pytest
from django.test import Client

from accounts.models import NamePolicy, User
from matches.models import EventRevision, MatchEvent, Player, ShareLink
from matches.operations.sharing import create_share_link
from tests.api.clients import client_of, client_with
from tests.api.contract import DocumentedClient
from tests.matches.eventful import EventfulMatch

CANARY = "Xylophonecanary"
BORN = "2015-03-14"


def heard(response):
    """Everything of an answer that goes over the wire."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{response.content.decode()}"


@pytest.fixture
def eventful(db):
    eventful = EventfulMatch(CANARY)
    # The most generous organisation; its links differ.
    eventful.organisation.name_policy = NamePolicy.FULL
    eventful.organisation.save()
    return eventful


@pytest.fixture
def viewers(eventful):
    """A client for a link of each policy, and what they got for its token."""
    clients, answers = {}, []
    for policy in NamePolicy:
        new = create_share_link(
            match=eventful.match, actor=eventful.actor, label=CANARY, name_policy=policy
        )
        answer = DocumentedClient().post(
            "/api/v1/share/exchange", {"token": new.token}, format="json"
        )
        clients[policy] = client_with(answer.data["viewer_token"])
        answers.append(heard(answer))
    return clients, answers


def follow(client, match, seen):
    for part in ("live", "feed?limit=100"):
        seen.append(heard(client.get(f"/api/v1/matches/{match.pk}/{part}")))


def test_canary_sings_for_no_viewer(eventful, viewers):
    clients, seen = viewers
    pages = []

    for step in eventful.steps():
        step()
        for client in clients.values():
            follow(client, eventful.match, seen)
        # Everybody may open it, and the second step lists the match there.
        pages.append(heard(Client().get("/")))

    seen += pages
    people = {str(player.pk) for player in Player.objects.all()} | {str(eventful.actor.pk)}
    assert len(seen) > 200
    assert sum(str(eventful.match.pk) in page for page in pages) > 20
    assert not [text for text in seen if CANARY.casefold() in text.casefold()]
    assert not [text for text in seen if BORN in text]
    assert not [text for text in seen for person in people if person in text]
    assert planted() > 30


def planted():
    """How many fields the canary sits in."""
    fields = [
        *Player.objects.values_list("name", flat=True),
        *Player.objects.values_list("notes", flat=True),
        *User.objects.values_list("email", flat=True),
        *MatchEvent.objects.values_list("notes", flat=True),
        *EventRevision.objects.values_list("reason", flat=True),
        *ShareLink.objects.values_list("label", flat=True),
    ]
    return sum(CANARY in field for field in fields)


def test_canary_does_sing_for_members(eventful):
    for step in eventful.steps():
        step()
    seen = []

    follow(client_of(eventful.actor), eventful.match, seen)

    assert CANARY in seen[0]
