import threading
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role
from config.asgi import application
from matches.models import Match
from tests import factories
from tests.live import live_server
from tests.matches.files.samples import DEMO
from tests.matches.replaying.played import facts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organisation():
    return factories.build_organisation()


@pytest.fixture(autouse=True)
def superuser(organisation):
    return factories.build_user(is_superuser=True, username="boss")


@pytest.fixture
def final(organisation):
    call_command("import_matches", str(DEMO))
    return Match.objects.get()


def run(*options, speed="3600"):
    call_command("replay_match", *map(str, options), "--speed", speed)


def test_match_is_replayed_and_the_score_told(final, superuser, capsys):
    run(final.pk)

    assert "Argentina - France: 3-3 (4-2 p)\n" in capsys.readouterr().out
    copy = final.replays.get()
    assert copy.created_by == superuser
    assert facts(copy) == facts(final)


def test_all_means_every_completed_match(final, capsys):
    factories.build_match()

    run("all")

    assert Match.objects.exclude(replay_of=None).get().replay_of == final


def test_match_of_another_server_is_replayed_through_its_api(final, superuser, tmp_path, capsys):
    token = tmp_path / "token"
    token.write_text(factories.build_access_token(superuser) + "\n")

    with live_server(application) as server:
        run(final.pk, "--server", server.url, "--token-file", token)

    assert "Argentina - France: 3-3 (4-2 p)\n" in capsys.readouterr().out
    assert facts(final.replays.get()) == facts(final)


def test_replay_that_fails_is_told(final, organisation, capsys):
    factories.build_member(organisation, Role.SCORER, username="sam")

    with pytest.raises(CommandError, match="1 of 1 replays failed"):
        run(final.pk, "--as", "sam")

    assert "Argentina - France: 0-0, not played to its end: Your role" in capsys.readouterr().err


def test_interrupted_replay_says_how_far_it_got(final, capsys, monkeypatch):
    # Ctrl-C while the match is played.
    interrupted = threading.Event()

    def interrupt(self, timeout=None):
        if not interrupted.is_set() and final.replays.exclude(periods=None).exists():
            interrupted.set()
            raise KeyboardInterrupt
        join(self, timeout)

    join = threading.Thread.join
    monkeypatch.setattr(threading.Thread, "join", interrupt)
    run(final.pk, speed="1")

    assert capsys.readouterr().out.endswith("Argentina - France: 0-0, stopped\n")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["nonsense"], "Give the id of a match"),
        ([uuid4()], "There is no match"),
        (["all"], "No match is completed yet"),
        ([uuid4(), "--token", "x"], "A token is for a --server"),
        ([uuid4(), "--server", "http://127.0.0.1:9"], "needs --token"),
        ([uuid4(), "--server", "http://127.0.0.1:9", "--token", "x", "--as", "boss"], "--as is"),
        (
            [uuid4(), "--server", "http://127.0.0.1:9", "--token-file", "/nowhere"],
            "/nowhere cannot be read",
        ),
    ],
)
def test_options_that_make_no_sense_are_told(options, complaint):
    with pytest.raises(CommandError, match=complaint):
        run(*options)


@pytest.mark.parametrize("speed", ["0", "3601"])
def test_speed_has_its_limits(speed):
    with pytest.raises(CommandError, match="--speed takes 1 to 3600"):
        run(uuid4(), speed=speed)


def test_progress_is_shown_on_a_terminal(final, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")

    run(final.pk)

    shown = capsys.readouterr().err
    assert "Argentina - France" in shown
    assert "100%" in shown
