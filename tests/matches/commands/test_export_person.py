import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, User
from matches.models import Player
from tests.factories import build_player, build_user
from tests.matches.planting import Account, Child, Planter, every_relation_to

pytestmark = pytest.mark.django_db


def export(who, **options):
    out = StringIO()
    call_command("export_person", str(who), stdout=out, **options)
    return out.getvalue()


def relations_to(model):
    return [
        pytest.param(other, field, id=f"{other._meta.label}.{field.name}")
        for other, field in every_relation_to(model)
    ]


def assert_found(document, row, field):
    """In whole where the row goes with the person, by its id where it stays."""
    rows = document["rows"].get(type(row)._meta.label, [])
    reference = document["references"].get(f"{type(row)._meta.label}.{field.name}", {})
    keys = [found[row._meta.pk.attname] for found in rows] + reference.get("ids", [])
    assert str(row.pk) in [str(key) for key in keys]


@pytest.mark.parametrize("name", ["zanzibár", Account.email.upper(), "id"])
def test_export_says_all_of_an_account_but_its_secrets(name):
    account = Account()

    text = export(account.user_id if name == "id" else name)

    document = json.loads(text)
    assert document["schema"] == "touchline.person/1"
    assert document["person"]["kind"] == "user"
    assert not [canary for canary in account.personal if canary.casefold() not in text.casefold()]
    assert account.user.password not in text
    assert account.user.get_session_auth_hash() not in text
    assert "f" * 64 not in text
    assert "e" * 64 not in text
    assert {"accounts.DeviceSession", "accounts.Membership", "items.Item"} <= set(document["rows"])
    assert document["references"]["matches.MatchEvent.recorded_by"]["count"] == 2
    assert set(document["mentions"]) == {
        "accounts.AuditEntry",
        "accounts.Invitation",
        "admin.LogEntry",
        "django_tasks_db.DBTaskResult",
        "sessions.Session",
    }


def test_export_says_all_of_a_player():
    child = Child()

    text = export(child.player.pk)

    document = json.loads(text)
    assert document["person"]["kind"] == "player"
    assert not [word for word in child.words if word not in text.casefold()]
    assert "Quetzal's mother said so" in text
    assert len(document["mentions"]["matches.MatchEvent"]) == 3
    assert "Well done, Else" not in text
    assert set(document["rows"]) == {"matches.LineupPlayer", "matches.SquadMembership"}


@pytest.mark.parametrize(("model", "field"), relations_to(User))
def test_export_finds_whatever_refers_to_an_account(model, field):
    user = build_user()
    row = Planter().plant(model, **{field.name: user})

    assert_found(json.loads(export(user.pk)), row, field)


@pytest.mark.parametrize(("model", "field"), relations_to(Player))
def test_export_finds_whatever_refers_to_a_player(model, field):
    planter = Planter()
    player = build_player(organisation=planter.match.organisation)
    row = planter.plant(model, **{field.name: player})

    assert_found(json.loads(export(player.pk)), row, field)


def test_others_are_not_in_the_export():
    account = Account()
    stranger = build_user(username="Stranger")

    text = export("Stranger")

    assert str(stranger.pk) in text
    assert not [canary for canary in account.personal if canary in text]


def test_where_others_were_is_theirs():
    user = build_user()
    AuditEntry.objects.create(
        action="role_changed",
        actor_kind="person",
        actor=build_user(),
        subject=user,
        address="198.51.100.4",
    )

    text = export(user.pk)

    assert "role_changed" in text
    assert "198.51.100.4" not in text


def test_same_data_makes_the_same_export():
    account = Account()
    first = export(account.user_id)
    AuditEntry.objects.filter(action="person_exported").delete()

    assert export(account.user_id) == first


def test_export_is_noted_in_the_trail():
    user, player = build_user(), build_player()

    export(user.pk)
    export(player.pk)

    of_user, of_player = AuditEntry.objects.filter(action="person_exported").order_by("at")
    assert (of_user.actor_kind, of_user.subject, of_user.target) == ("operator", user, "user")
    assert (of_player.organisation, of_player.target) == (
        player.organisation,
        f"player {player.pk}",
    )


def test_file_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "person.json"

    export(build_user(username="robin").pk, output=path)

    assert json.loads(path.read_text())["person"]["username"] == "robin"
    assert path.stat().st_mode & 0o777 == 0o600


def test_file_that_exists_is_not_overwritten(tmp_path):
    path = tmp_path / "person.json"
    path.write_text("mine")

    with pytest.raises(CommandError, match="exists already"):
        export(build_user().pk, output=path)

    assert path.read_text() == "mine"
    assert not AuditEntry.objects.exists()


def test_file_in_no_folder_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        export(build_user().pk, output=tmp_path / "none" / "person.json")


@pytest.mark.parametrize("who", ["nobody", "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e"])
def test_nobody_is_refused(who):
    with pytest.raises(CommandError, match="There is no account"):
        export(who)
