"""A canary in every personal field sings in no byte that a viewer can get."""

import json
from datetime import date

import pytest

from accounts.models import NamePolicy, User
from matches.models import EventRevision, Match, MatchEvent, Player, ShareLink
from matches.operations.roster import update_player
from matches.operations.sharing import create_share_link, exchange_share_token
from matches.queries import live
from matches.queries.links import listed_links
from matches.queries.people import Lens
from matches.queries.timeline import timeline
from realtime import feed
from tests.matches.eventful import EventfulMatch

pytestmark = pytest.mark.django_db

CANARY = "Xylophonecanary"
BORN = date(2015, 3, 14)


@pytest.fixture
def eventful():
    """Every step of the match, with what a viewer sees of the document after each of them."""
    eventful = EventfulMatch(CANARY)
    eventful.seen = []
    for step in eventful.steps():
        step()
        for policy in NamePolicy:
            snapshot = live.snapshot(eventful.match.topic, live.audience_of(policy))
            eventful.seen.append(json.dumps(snapshot.data, ensure_ascii=False))
    for entry in feed.entries(eventful.match.topic, since=0, limit=1000):
        eventful.seen.append(json.dumps(entry.public_payload, ensure_ascii=False))
    for policy in NamePolicy:
        lens = Lens(eventful.match.pk, policy)
        eventful.seen += [str(period) for period in timeline(eventful.match, lens)]
    return eventful


def planted():
    """Where the canary sits, read back from the database."""
    yield from Player.objects.values_list("name", flat=True)
    yield from Player.objects.values_list("notes", flat=True)
    yield from User.objects.values_list("username", flat=True)
    yield from User.objects.values_list("email", flat=True)
    yield from MatchEvent.objects.exclude(notes="").values_list("notes", flat=True)
    yield from EventRevision.objects.exclude(reason="").values_list("reason", flat=True)
    yield from ShareLink.objects.values_list("label", flat=True)
    yield from Match.objects.values_list("status_reason", flat=True)


def test_canary_sits_in_every_personal_field(eventful):
    fields = list(planted())

    assert len(fields) > 20
    assert all(CANARY in field for field in fields)
    assert set(Player.objects.values_list("birth_date", flat=True)) == {BORN}


def test_canary_sings_for_no_viewer(eventful):
    silenced = CANARY.casefold()

    assert len(eventful.seen) > 100
    assert not [text for text in eventful.seen if silenced in text.casefold()]
    assert not [text for text in eventful.seen if BORN.isoformat() in text]


def test_no_viewer_can_follow_a_person_by_id(eventful):
    ids = {str(player.pk) for player in Player.objects.all()} | {str(eventful.actor.pk)}

    assert not [text for text in eventful.seen for known in ids if known in text]


def test_no_viewer_learns_that_a_hidden_event_exists(eventful):
    hidden = MatchEvent.objects.filter(kind__in=["note", "injury"])
    assert MatchEvent.objects.filter(linked_event__in=hidden).exists()

    ids = [str(event.pk) for event in hidden]
    assert not [text for text in eventful.seen for known in ids if known in text]


def test_members_do_hear_it(eventful):
    document = live.snapshot(eventful.match.topic, live.MEMBERS).data

    assert CANARY in json.dumps(document["people"])
    assert CANARY in document["match"]["status_reason"]


def test_members_find_no_free_text_and_no_name_in_the_feed(eventful):
    """So that erasing a person rewrites no feed."""
    entries = feed.entries(eventful.match.topic, since=0, limit=1000)

    assert not [entry for entry in entries if CANARY in json.dumps(entry.payload)]


def test_listed_links_and_exchange_tell_nothing_personal(eventful):
    link = ShareLink.objects.get()
    fresh = create_share_link(match=eventful.match, actor=eventful.actor, label=CANARY)

    (listed,) = listed_links(link.created_at)
    exchange = exchange_share_token(fresh.token)

    shown = f"{listed.token} {listed.match} {listed.match.competition} {exchange.viewer_token}"
    assert CANARY not in shown


@pytest.mark.parametrize(
    ("consents", "born", "names"),
    [
        (True, date(2000, 1, 1), {"full": f"{CANARY} Player0", "initials": "X. P."}),
        (True, BORN, {"full": "X. P.", "initials": "X. P."}),
        (True, None, {"full": "X. P.", "initials": "X. P."}),
        (False, date(2000, 1, 1), {"full": "X. P.", "initials": "X. P."}),
    ],
)
def test_only_adults_who_agreed_are_named(consents, born, names):
    eventful = EventfulMatch(CANARY)
    for step in list(eventful.steps())[:4]:
        step()
    player = eventful.home[0]
    update_player(
        player=player,
        actor=eventful.actor,
        changes={"name_consent": consents, "birth_date": born},
    )

    for policy in NamePolicy:
        document = live.snapshot(eventful.match.topic, live.audience_of(policy)).data
        person = document["people"][Lens(eventful.match.pk, policy).ref(player.pk)]
        assert person == {"number": 10, "name": names.get(policy.value)}
