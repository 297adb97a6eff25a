from matches.models import MatchEvent, ShareLink
from matches.operations.sharing import create_share_link
from tests.factories import build_live_match, build_match
from tests.matches.admin.test_changelists import build_event


def run_action(staff, model, action, *rows, **form):
    selected = {"_selected_action": [str(row.pk) for row in rows]}
    return staff.post(
        f"/admin/matches/{model}/", {"action": action, **selected, **form}, follow=True
    )


def messages_of(answer):
    return [str(message) for message in answer.context["messages"]]


def test_match_is_taken_from_kick_off_to_full_time(staff):
    match = build_match()
    steps = [
        "start_match",
        "pause_match",
        "resume_match",
        "end_period",
        "start_period",
        "end_period",
        "complete_match",
    ]

    seen = []
    for step in steps:
        run_action(staff, "match", step, match)
        match.refresh_from_db()
        seen.append(match.status)

    assert seen == ["live", "paused", "live", "live", "live", "live", "completed"]


def test_illegal_step_is_told_and_does_not_stop_the_others(staff):
    live, scheduled = build_live_match(), build_match()

    answer = run_action(staff, "match", "start_match", live, scheduled)

    scheduled.refresh_from_db()
    assert scheduled.status == "live"
    assert "Kick off: 1" in messages_of(answer)
    assert any(str(live) in text for text in messages_of(answer))


def test_cancelling_asks_for_a_reason_first(staff):
    match = build_match()

    page = run_action(staff, "match", "cancel_match", match)

    match.refresh_from_db()
    assert match.status == "scheduled"
    assert 'name="reason"' in page.content.decode()

    run_action(staff, "match", "cancel_match", match, reason="Frozen pitch")

    match.refresh_from_db()
    assert (match.status, match.status_reason) == ("cancelled", "Frozen pitch")


def test_empty_reason_is_asked_for_again(staff):
    match = build_match()

    page = run_action(staff, "match", "postpone_match", match, reason=" ")

    match.refresh_from_db()
    assert match.status == "scheduled"
    assert "This field is required" in page.content.decode()


def test_event_is_voided_and_the_score_follows(staff, superuser):
    match = build_live_match()
    event = build_event(match)

    run_action(staff, "matchevent", "void", event)

    event.refresh_from_db()
    assert event.voided_at is not None
    assert event.voided_by == superuser
    page = staff.get(f"/admin/matches/matchevent/{event.pk}/change/").content.decode()
    assert "voided in admin" in page


def test_event_without_a_time_says_so(staff):
    event = build_event(build_live_match())
    MatchEvent.objects.update(clock_ms=None)

    page = staff.get("/admin/matches/matchevent/").content.decode()

    assert "not noted" in page
    assert event.kind in page.lower()


def test_share_link_is_revoked_and_shown_as_such(staff, superuser):
    match = build_match()
    create_share_link(match=match, actor=superuser)
    live_page = staff.get("/admin/matches/sharelink/").content.decode()

    run_action(staff, "sharelink", "revoke", ShareLink.objects.get())

    page = staff.get("/admin/matches/sharelink/").content.decode()
    assert '<td class="field-state">live</td>' in live_page
    assert '<td class="field-state">revoked</td>' in page


def test_shootout_is_shown_beside_the_score(staff):
    match = build_match()
    type(match).objects.update(
        home_goals=3, away_goals=3, home_shootout_goals=4, away_shootout_goals=2
    )

    assert "3-3 (4-2 p)" in staff.get("/admin/matches/match/").content.decode()
