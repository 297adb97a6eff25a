from functools import partial
from threading import Semaphore

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Membership, Role, User
from accounts.operations import erase_user
from core.errors import ForbiddenError, NotFoundError
from core.ids import uuid7
from matches.models import EventRevision, Match, MatchEvent, Player
from matches.operations.erasing import erase_player
from matches.operations.events import edit_event
from matches.operations.exporting import export_player
from matches.rules.kinds import EventKind
from realtime import feed
from tests.factories import build_access_token, build_member, build_organisation, build_player
from tests.matches.builders import build_manager, log, start_match
from tests.matches.operations.test_races import side_by_side
from tests.matches.planting import database_as_text, forms_of

pytestmark = pytest.mark.django_db
concurrent = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers"),
]


@pytest.mark.parametrize("operation", [erase_player, export_player])
@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_managers_may_export_and_erase_their_players(operation, role):
    organisation = build_organisation()
    player, actor = build_player(organisation=organisation), build_member(organisation, role)

    operation(player=player, actor=actor)

    entry = AuditEntry.objects.get()
    assert entry.action in {"person_erased", "person_exported"}
    assert (entry.actor, entry.organisation) == (actor, organisation)


@pytest.mark.parametrize("operation", [erase_player, export_player])
@pytest.mark.parametrize("role", [Role.SCORER, Role.MEMBER, "owner of another"])
def test_others_may_not(operation, role):
    organisation = build_organisation()
    player = build_player(organisation=organisation, name="Robin")
    is_ours = role in set(Role)
    actor = build_member(
        organisation if is_ours else build_organisation(), role if is_ours else Role.OWNER
    )

    with pytest.raises(ForbiddenError):
        operation(player=player, actor=actor)

    player.refresh_from_db()
    assert player.name == "Robin"


def test_player_who_is_gone_is_told():
    player = build_player()
    Player.objects.all().delete()

    with pytest.raises(NotFoundError):
        erase_player(player=player)


def test_number_is_free_for_the_next():
    match, _ = start_match()
    player = build_player(match.home_team, number=7)

    erase_player(player=player)

    assert build_player(match.home_team, number=7).squads.get().left_on is None
    assert player.squads.get().number == 7


def test_erasing_twice_is_the_same():
    player = build_player(name="Robin")
    erase_player(player=player)

    erase_player(player=player)

    assert Player.objects.get().name == ""


class TestRaces:
    pytestmark = concurrent

    def test_whoever_is_erased_while_logging_leaves_a_sound_match(self):
        for round_ in range(4):
            match, scorer = start_match()
            Match.objects.filter(pk=match.pk).update(created_by=scorer)
            answers = Answers()

            side_by_side(
                *(sender(match, scorer, answers) for _ in range(3)),
                corrector(match, scorer, answers),
                partial(answers.after, 10 * round_, partial(erase_user, user=scorer)),
            )

            assert answers.statuses <= {200, 201, 401, 403, 404, 409}
            assert_nothing_left(scorer)
            assert_sound(match)

    def test_colleagues_log_on_while_somebody_is_erased(self):
        match, scorer = start_match()
        Match.objects.filter(pk=match.pk).update(created_by=scorer)
        colleague = build_manager(match)
        events = [log(match, scorer, clock_ms=n) for n in range(20)]

        def correct():
            for event in events:
                edit_event(
                    event=event, actor=colleague, changes={"clock_ms": 99}, base_version=None
                )

        def log_on():
            for _ in range(20):
                log(match, colleague)

        side_by_side(correct, log_on, lambda: erase_user(user=scorer))

        assert_nothing_left(scorer)
        assert_sound(match)
        assert match.events.count() == 40

    def test_nothing_about_a_player_is_written_past_the_erasure(self):
        for _ in range(5):
            match, scorer = start_match()
            player = build_player(match.home_team, name="Quetzal")
            logged = log(match, scorer, player_id=player.pk, notes="Quetzal")

            def correct(event=logged, actor=scorer):
                for n in range(10):
                    edit_event(event=event, actor=actor, changes={"clock_ms": n}, base_version=None)

            side_by_side(correct, lambda child=player: erase_player(player=child))

            assert "quetzal" not in database_as_text()
            assert EventRevision.objects.filter(event=logged).exists()


class Answers:
    def __init__(self):
        self.statuses = set()
        self._taken = Semaphore(0)

    def take(self, answer):
        self.statuses.add(answer.status_code)
        self._taken.release()

    def after(self, count, work):
        for _ in range(count):
            self._taken.acquire()
        work()


def sender(match, actor, answers):
    token = build_access_token(actor)

    def work():
        client = APIClient(headers={"authorization": f"Bearer {token}"})
        for n in range(15):
            body = {
                "id": str(uuid7()),
                "kind": EventKind.GOAL.value,
                "team_id": str(match.home_team_id),
                "period": 1,
                "clock_ms": n,
            }
            answers.take(client.post(f"/api/v1/matches/{match.pk}/events", body))

    return work


def corrector(match, actor, answers):
    token = build_access_token(actor)
    events = [log(match, actor) for _ in range(10)]

    def work():
        client = APIClient(headers={"authorization": f"Bearer {token}"})
        for event in events:
            changes = {"clock_ms": 7, "base_version": 1}
            answers.take(client.patch(f"/api/v1/events/{event.pk}", changes))

    return work


def assert_nothing_left(user):
    text = database_as_text()
    assert not [form for form in forms_of(user.pk) if form in text]
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Membership.objects.filter(user_id=user.pk).exists()


def assert_sound(match):
    match.refresh_from_db()
    standing = MatchEvent.objects.filter(match=match, voided_at=None)
    assert match.home_goals == standing.count()
    entries = feed.entries(match.topic, since=0, limit=1000)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    logged = [entry for entry in entries if entry.kind == "event_logged"]
    assert len(logged) == standing.count()
