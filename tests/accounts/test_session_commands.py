import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.management.commands import hash_master_password
from accounts.models import AuditEntry, DeviceSession, EmailToken, Invitation, RefreshToken
from accounts.operations import refreshing
from accounts.rules import is_argon2id
from core.ids import hash_token, new_token
from tests.config.loading import settings_with
from tests.factories import build_organisation, build_session, build_user

pytestmark = pytest.mark.django_db
MASTER = "seventeen geese over the harbour"


def run(*arguments, **options):
    out = io.StringIO()
    call_command(*arguments, stdout=out, no_color=True, **options)
    return out.getvalue()


@pytest.fixture
def robin():
    return build_user(username="robin")


@pytest.fixture
def dashboard(settings):
    settings.MASTER_PASSWORD_HASH = make_password(MASTER)
    return DeviceSession.objects.create(
        master_key=hash_token(settings.MASTER_PASSWORD_HASH),
        device_name="OBS",
        expires_at=timezone.now() + timedelta(days=1),
    )


class TestList:
    def test_shows_who_is_signed_in_where(self, robin, dashboard):
        session = build_session(robin, device_name="phone", address="192.0.2.1")
        build_session(robin, revoked_at=timezone.now(), device_name="lost")

        lines = run("list_sessions").splitlines()

        assert lines[0].split() == ["id", "who", "device", "address", "last", "seen", "state"]
        assert len(lines) == 3
        row = next(line for line in lines if str(session.pk) in line)
        assert row.split()[1:4] == ["robin", "phone", "192.0.2.1"]
        assert any("master" in line and "OBS" in line for line in lines)

    def test_of_one_person_with_what_is_over(self, robin):
        now = timezone.now()
        build_session(robin)
        build_session(robin, revoked_at=now)
        build_session(robin, expires_at=now)
        build_session()

        rows = json.loads(run("list_sessions", "robin@example.org", "--all", "--json"))

        assert sorted(row["state"] for row in rows) == ["ended", "expired", "open"]
        assert {row["who"] for row in rows} == {"robin"}

    def test_shows_who_is_shut_out(self, dashboard, settings):
        build_session(build_user(is_active=False))
        settings.MASTER_PASSWORD_HASH = ""

        rows = json.loads(run("list_sessions", "--all", "--json"))

        assert [row["state"] for row in rows] == ["shut out", "shut out"]

    def test_says_so_when_there_is_none(self, robin):
        assert run("list_sessions") == "Nobody is signed in.\n"
        assert run("list_sessions", "robin") == "No sessions.\n"
        assert run("list_sessions", "--json") == "[]\n"

    def test_says_who_is_unknown(self):
        with pytest.raises(CommandError, match="Nobody has the username"):
            run("list_sessions", "nobody")

    @pytest.mark.parametrize("sessions", [1, 10])
    def test_costs_the_same_for_any_length(self, sessions, django_assert_num_queries):
        for _ in range(sessions):
            build_session()

        with django_assert_num_queries(1):
            run("list_sessions")


class TestRevoke:
    @pytest.mark.parametrize(
        ("arguments", "left"),
        [
            (["--user", "robin"], {"other", "OBS"}),
            (["--master"], {"phone", "laptop", "other"}),
            (["--all"], set()),
        ],
        ids=["user", "master", "all"],
    )
    def test_ends_what_was_chosen(self, robin, dashboard, arguments, left):
        build_session(robin, device_name="phone")
        build_session(robin, device_name="laptop")
        build_session(device_name="other")

        answer = run("revoke_sessions", *arguments, "--no-input")

        count = 4 - len(left)
        assert answer == f"Ended {count} session{'s' * (count != 1)}.\n"
        kept = DeviceSession.objects.filter(revoked_at=None)
        assert set(kept.values_list("device_name", flat=True)) == left
        assert set(AuditEntry.objects.values_list("action", "actor_kind")) == {
            ("sessions_ended", "operator")
        }

    def test_ends_one_by_its_id(self, robin):
        session, kept = build_session(robin), build_session(robin)

        assert run("revoke_sessions", "--session", str(session.pk), "--no-input").startswith("End")

        assert list(DeviceSession.objects.filter(revoked_at=None)) == [kept]

    @pytest.mark.parametrize(("answer", "is_ended"), [("y", True), ("", False), ("no", False)])
    def test_asks_first(self, robin, monkeypatch, answer, is_ended):
        session = build_session(robin)
        monkeypatch.setattr("builtins.input", lambda _: answer)

        if is_ended:
            assert "This ends 1 session." in run("revoke_sessions", "--all")
        else:
            with pytest.raises(CommandError, match="Nothing was ended"):
                run("revoke_sessions", "--all")
        session.refresh_from_db()
        assert (session.revoked_at is not None) == is_ended

    def test_says_when_there_is_nobody_to_ask(self, robin, monkeypatch):
        build_session(robin)
        monkeypatch.setattr("sys.stdin", io.StringIO(""))

        with pytest.raises(CommandError, match="--no-input"):
            run("revoke_sessions", "--all")

    def test_says_when_there_is_nothing_to_end(self):
        assert "Nothing to do" in run("revoke_sessions", "--all")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--user", "nobody"], "Nobody has the username"),
            (["--session", "7"], "is no id of a session"),
            ([], "required"),
            (["--all", "--master"], "not allowed with"),
        ],
        ids=["unknown user", "no id", "nothing chosen", "two chosen"],
    )
    def test_says_what_is_wrong(self, arguments, message):
        with pytest.raises(CommandError, match=message):
            run("revoke_sessions", *arguments, "--no-input")


class TestHash:
    def given(self, monkeypatch, text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    @pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
    def test_prints_the_line_that_the_settings_read(self, monkeypatch, tmp_path, ending):
        self.given(monkeypatch, MASTER + ending)

        line = run("hash_master_password").strip()

        (tmp_path / ".env").write_text(line + "\n")
        loaded = settings_with(tmp_path).MASTER_PASSWORD_HASH
        assert is_argon2id(loaded)
        assert check_password(MASTER, loaded)
        assert MASTER not in line

    def test_asks_twice_at_a_terminal(self, monkeypatch):
        typed = iter([MASTER, MASTER, MASTER, MASTER + "!"])
        monkeypatch.setattr(hash_master_password, "getpass", lambda _: next(typed))
        terminal = io.StringIO()
        terminal.isatty = lambda: True
        monkeypatch.setattr("sys.stdin", terminal)

        assert run("hash_master_password").startswith("MASTER_PASSWORD_HASH='argon2$argon2id$")
        with pytest.raises(CommandError, match="not the same"):
            run("hash_master_password")

    @pytest.mark.parametrize(
        ("password", "message"),
        [
            ("", "16 to 1024 characters"),
            ("fifteen letters", "16 to 1024 characters"),
            ("x" * 1025, "16 to 1024 characters"),
            ("aaaaaaaaaaaaaaaabbbb", "same few characters"),
            ("1q2w3e4r5t6y7u8i9o0p", "too common"),
        ],
        ids=["empty", "short", "long", "repeated", "common"],
    )
    def test_refuses_a_weak_one(self, monkeypatch, password, message):
        self.given(monkeypatch, password + "\n")

        with pytest.raises(CommandError, match=message):
            run("hash_master_password")

    def test_takes_no_password_as_an_argument(self):
        with pytest.raises(CommandError, match="unrecognized"):
            run("hash_master_password", MASTER)


class TestPrune:
    def test_deletes_what_has_long_been_over_and_says_how_much(self, robin):
        now = timezone.now()
        old, recent, later = (now + timedelta(days=days) for days in (-31, -29, 1))
        for fields in ({"revoked_at": old}, {"expires_at": old}):
            session = build_session(robin, **fields)
            refreshing._store(session, new_token(), now)
        kept_sessions = [
            build_session(robin),
            build_session(robin, revoked_at=recent),
            build_session(robin, expires_at=recent),
        ]
        self.email_token(robin, expires_at=old)
        self.email_token(robin, expires_at=later, used_at=old)
        kept_tokens = [
            self.email_token(robin, expires_at=later),
            self.email_token(robin, expires_at=recent, used_at=recent),
        ]
        for fields in ({"expires_at": old}, {"accepted_at": old}, {"revoked_at": old}):
            self.invitation(**{"expires_at": later, **fields})
        kept_invitations = [self.invitation(expires_at=later), self.invitation(expires_at=recent)]

        said = run("prune_sessions")

        assert said == "Deleted 2 sessions, 2 mailed links and 3 invitations.\n"
        assert set(DeviceSession.objects.all()) == set(kept_sessions)
        assert not RefreshToken.objects.exists()
        assert set(EmailToken.objects.all()) == set(kept_tokens)
        assert set(Invitation.objects.all()) == set(kept_invitations)

    def email_token(self, user, **fields):
        return EmailToken.objects.create(
            kind="reset_password", user=user, token_hash=hash_token(new_token()), **fields
        )

    def invitation(self, **fields):
        return Invitation.objects.create(
            organisation=build_organisation(),
            email="sam@example.org",
            token_hash=hash_token(new_token()),
            **fields,
        )

    def test_goes_in_steps_and_can_tell_of_each(self, robin):
        gone = timezone.now() - timedelta(days=3)
        DeviceSession.objects.bulk_create(
            DeviceSession(user=robin, expires_at=gone) for _ in range(250)
        )

        lines = run("prune_sessions", "--days", "2", verbosity=2).splitlines()

        assert lines[:3] == ["100 so far ...", "200 so far ...", "250 so far ..."]
        assert lines[3].startswith("Deleted 250 sessions, 0 mailed links")

    @pytest.mark.parametrize("days", ["0", "-1", "x", "40000"])
    def test_says_what_a_number_of_days_is(self, days):
        with pytest.raises(CommandError, match="a whole number of days"):
            run("prune_sessions", f"--days={days}")


@pytest.mark.parametrize(
    "command", ["list_sessions", "revoke_sessions", "hash_master_password", "prune_sessions"]
)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit):
        call_command(command, "--help")

    assert len(capsys.readouterr().out) > 300
