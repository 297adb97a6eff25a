import io
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db.models import CASCADE, SET_NULL

from accounts.models import AuditEntry, Membership, Role, User
from matches.models import Player
from matches.queries import live
from tests.factories import build_member, build_organisation, build_player, build_user
from tests.matches.builders import log
from tests.matches.planting import (
    Account,
    Child,
    Planter,
    database_as_text,
    every_relation_to,
    forms_of,
    play_as_text,
)

pytestmark = pytest.mark.django_db


def erase(who, **options):
    out = StringIO()
    call_command("erase_person", str(who), "--no-input", stdout=out, **options)
    return out.getvalue()


def heard(canaries):
    text = database_as_text()
    return [canary for canary in canaries if canary.casefold() in text]


def relations_to(model):
    return [
        pytest.param(other, field, id=f"{other._meta.label}.{field.name}")
        for other, field in every_relation_to(model)
    ]


def test_nothing_of_an_account_is_left_and_what_it_logged_stands():
    account = Account()
    play = play_as_text()
    assert heard(account.personal) == account.personal

    erase(account.user_id)

    assert heard([*account.personal, "zanzib", *forms_of(account.user_id)]) == []
    assert play_as_text() == play
    assert account.match.events.count() == 2


def test_trail_keeps_what_happened_and_when():
    account = Account()
    before = list(AuditEntry.objects.order_by("at", "pk").values_list("pk", "action", "at"))

    erase(account.user_id)

    after = list(AuditEntry.objects.order_by("at", "pk").values_list("pk", "action", "at"))
    assert after[:-1] == before
    assert after[-1][1] == "person_erased"
    kept = AuditEntry.objects.filter(action="role_changed", actor=account.owner)
    assert [entry.details for entry in kept.order_by("pk")] == [
        {},
        {"user_ids": [], "role": "scorer"},
    ]
    assert (AuditEntry.objects.get(action="person_erased").target) == "user"


def test_log_of_the_admin_keeps_what_others_did_to_others():
    account = Account()

    erase(account.user_id)

    entries = LogEntry.objects.filter(user=account.owner)
    assert {entry.object_id for entry in entries} == {str(account.club.pk)}
    assert {(entry.object_repr, entry.change_message) for entry in entries} == {("", "")}


def test_others_keep_theirs():
    account = Account()
    stranger = build_member(account.club, username="Zanzi", email="zanzi@example.org")

    erase(account.user_id)

    assert User.objects.filter(pk=stranger.pk).exists()
    assert heard(["zanzi@example.org"]) == ["zanzi@example.org"]


@pytest.mark.parametrize(("model", "field"), relations_to(User))
def test_whatever_refers_to_an_account_goes_or_stays_without_it(model, field):
    user = build_user()
    row = Planter().plant(model, **{field.name: user})

    erase(user.pk)

    assert heard(forms_of(user.pk)) == []
    # An invitation that somebody accepted holds an address of theirs.
    is_theirs = field.remote_field.on_delete is CASCADE or field.name == "accepted_by"
    assert model._base_manager.filter(pk=row.pk).exists() != is_theirs


def test_nothing_of_a_player_is_left_and_the_match_stands():
    child = Child()
    play = play_as_text()
    assert heard(child.words) == list(child.words)

    erase(child.player.pk)

    assert heard(child.words) == []
    assert play_as_text() == play
    erased = Player.objects.get(pk=child.player.pk)
    assert (erased.name, erased.birth_date, erased.name_consent) == ("", None, False)
    assert (erased.position, erased.notes, str(erased)) == ("", "", "Erased player")
    child.goal.refresh_from_db()
    assert child.goal.player == erased


def test_members_see_the_number_of_an_erased_player():
    child = Child()
    before = live.snapshot(child.match.topic, live.MEMBERS)

    erase(child.player.pk)

    after = live.snapshot(child.match.topic, live.MEMBERS)
    assert before.data["people"][str(child.player.pk)] == {"number": 17, "name": child.name}
    assert after.data["people"].pop(str(child.player.pk)) == {"number": 17, "name": None}
    before.data["people"].pop(str(child.player.pk))
    assert after == before


def test_what_is_said_of_other_players_stays():
    child = Child()

    erase(child.player.pk)

    child.not_theirs.refresh_from_db()
    assert child.not_theirs.notes == "Well done, Else"


@pytest.mark.parametrize(("model", "field"), relations_to(Player))
def test_whatever_refers_to_a_player_goes_unless_it_is_known_to_say_nothing(model, field):
    planter = Planter()
    player = build_player(organisation=planter.match.organisation)
    row = planter.plant(model, **{field.name: player})

    erase(player.pk)

    kept = {"SquadMembership", "LineupPlayer", "MatchEvent"}
    assert model._base_manager.filter(pk=row.pk).exists() == (model.__name__ in kept)


@pytest.mark.parametrize(("model", "field"), [*relations_to(User), *relations_to(Player)])
def test_no_reference_keeps_a_person_from_being_erased(model, field):
    assert field.remote_field.on_delete in {CASCADE, SET_NULL}


def test_match_goes_on_without_the_account_that_logged_it():
    account = Account()
    log(account.match, account.user)

    erase(account.user_id)
    event = log(account.match, account.owner)

    account.match.refresh_from_db()
    assert event.sequence == 4
    assert account.match.home_goals == 3


def test_only_owner_hands_the_organisation_over_first():
    organisation = build_organisation(name="Riverside Juniors")
    owner = build_member(organisation, Role.OWNER)

    with pytest.raises(CommandError, match="Riverside Juniors"):
        erase(owner.pk)

    build_member(organisation, Role.OWNER)
    erase(owner.pk)
    assert Membership.objects.filter(organisation=organisation).count() == 1


def ask(who, typed, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    out = StringIO()
    call_command("erase_person", str(who), stdout=out)
    return out.getvalue()


def test_name_is_typed_before_anything_goes(monkeypatch):
    account = Account()

    shown = ask(account.user_id, f"{account.username}\n", monkeypatch)

    assert "Goes: 1 device sessions" in shown
    assert "Stays without the person: 2 by matches.MatchEvent.recorded_by" in shown
    assert "Erased." in shown
    assert not User.objects.filter(pk=account.user_id).exists()


def test_player_is_shown_with_what_stays(monkeypatch):
    child = Child()

    shown = ask(child.player.pk, f"{child.name}\n", monkeypatch)

    assert "Loses texts: 3 events." in shown
    assert "Stays without a name: 1 squad memberships" in shown


@pytest.mark.parametrize("typed", ["zanzib\n", ""])
def test_another_name_erases_nothing(typed, monkeypatch):
    user = build_user(username="zanzibar")

    with pytest.raises(CommandError, match="Nothing was erased"):
        ask(user.pk, typed, monkeypatch)

    assert User.objects.filter(pk=user.pk).exists()


def test_nobody_is_refused():
    with pytest.raises(CommandError, match="There is no account"):
        erase("nobody")
