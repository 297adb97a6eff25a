import threading

import pytest
from django.db import OperationalError, connection

from accounts.models import Role
from core.errors import ConflictError, ForbiddenError
from matches.operations import lifecycle
from matches.operations.events import void_event
from matches.operations.matches import delete_match
from matches.queries.clocks import period_rows, period_times
from matches.replaying import run_replays
from matches.replaying.local import LocalReplay
from matches.replaying.runner import Runner, UnreachableError
from matches.rules.clock import elapsed_ms
from matches.rules.replay import StepKind
from realtime import feed
from tests import factories
from tests.matches.replaying.played import facts

FASTEST = 3600


def replay(*matches, actor):
    return run_replays(matches, speed=FASTEST, loop=False, actor=actor, stop=threading.Event())


def test_replay_of_the_final_equals_the_final(final, manager):
    [playback] = replay(final, actor=manager)

    copy = final.replays.get()
    assert playback.problem == ""
    assert facts(copy) == facts(final)
    assert facts(copy)["score"] == (3, 3)
    assert facts(copy)["shootout"] == (4, 2)


def test_replay_is_logged_as_it_happened(final, manager):
    replay(final, actor=manager)

    copy = final.replays.get()
    kinds = [entry.kind for entry in feed.entries(copy.topic, since=0, limit=1000)]
    assert kinds[0] == "period_started"
    assert kinds[-2:] == ["period_ended", "match_finished"]
    assert kinds.count("period_started") == 5
    assert kinds.count("event_logged") + kinds.count("substitution") == copy.events.count()


def test_clock_of_the_replay_agrees_with_its_events(final, manager):
    replay(final, actor=manager)

    copy = final.replays.get()
    periods = {period.number: period for period in period_times(copy, period_rows(copy))}
    for event in copy.events.exclude(clock_ms=None):
        period = periods[event.period]
        # The event comes when the clock shows its time, never before.
        assert elapsed_ms(period, event.received_at) >= event.clock_ms
    for period in periods.values():
        assert elapsed_ms(period, period.ended_at) >= period.length_ms


def test_deleted_events_are_not_replayed(tie, manager):
    goal = tie.events.get(kind="goal")
    void_event(event=goal, actor=manager, base_version=1, reason="Offside")

    replay(tie, actor=manager)

    copy = tie.replays.get()
    assert facts(copy)["score"] == (0, 1)
    assert copy.events.get(kind="assist").linked_event is None


def test_matches_are_replayed_side_by_side(final, tie, manager):
    playbacks = replay(final, tie, actor=manager)

    assert [playback.problem for playback in playbacks] == ["", ""]
    assert facts(final.replays.get()) == facts(final)
    assert facts(tie.replays.get()) == facts(tie)


def test_loop_plays_the_same_copy_again(tie, manager):
    stop = threading.Event()
    performer = LocalReplay(tie, actor=manager, speed=FASTEST)
    runner = Runner([performer], speed=FASTEST, stop=stop, loop=True, rest_seconds=0.1)
    epochs = set()

    def watch(playbacks):
        for copy in tie.replays.all():
            epochs.add(feed.head(copy.topic).epoch)
        if len(epochs) == 3:
            stop.set()

    runner.run(watch)

    assert tie.replays.count() == 1


def test_somebody_without_the_role_replays_nothing(tie, organisation):
    scorer = factories.build_member(organisation, Role.SCORER)

    [playback] = replay(tie, actor=scorer)

    assert playback.problem == ForbiddenError.default_message
    assert not tie.replays.exists()


def test_step_done_by_somebody_else_is_no_problem(tie, manager):
    performer = LocalReplay(tie, actor=manager, speed=FASTEST)
    steps = performer.prepare()
    copy = tie.replays.get()

    for step in steps:
        # A scorer's phone was faster with every step of the clock.
        match step.kind:
            case StepKind.START_PERIOD if step.period == 1:
                lifecycle.start_match(match=copy, actor=manager)
            case StepKind.START_PERIOD:
                lifecycle.start_period(match=copy, actor=manager)
            case StepKind.END_PERIOD:
                lifecycle.end_period(match=copy, actor=manager)
            case StepKind.COMPLETE:
                lifecycle.complete_match(match=copy, actor=manager)
        performer.perform(step)

    assert facts(copy) == facts(tie)


def test_step_done_twice_changes_nothing(tie, manager):
    performer = LocalReplay(tie, actor=manager, speed=FASTEST)
    steps = performer.prepare()

    for step in steps:
        performer.perform(step)
        head = feed.head(performer.match.topic)
        performer.perform(step)
        assert feed.head(performer.match.topic) == head

    assert facts(performer.match) == facts(tie)


def test_match_that_was_ended_meanwhile_gives_up(tie, manager):
    performer = LocalReplay(tie, actor=manager, speed=FASTEST)
    start, event, *rest = performer.prepare()
    performer.perform(start)
    lifecycle.abandon_match(match=performer.match, actor=manager, reason="Thunderstorm")

    with pytest.raises(ConflictError):
        performer.perform(event)
    with pytest.raises(ConflictError):
        performer.perform(rest[-1])


def test_unreachable_database_is_told_apart(tie, manager):
    performer = LocalReplay(tie, actor=manager, speed=FASTEST)
    steps = performer.prepare()

    def refuse(execute, sql, params, many, context):
        raise OperationalError("the connection is lost")

    with connection.execute_wrapper(refuse):
        with pytest.raises(UnreachableError, match="connection is lost"):
            performer.perform(steps[0])
        with pytest.raises(UnreachableError):
            LocalReplay(tie, actor=manager, speed=FASTEST).prepare()


def test_deleted_copy_is_made_anew(tie, manager):
    performer = LocalReplay(tie, actor=manager, speed=FASTEST)
    performer.prepare()
    delete_match(match=tie.replays.get(), actor=manager)

    performer.prepare()

    assert tie.replays.count() == 1
