"""Giving members a single match, on its admin page."""

from django.contrib.auth.models import Permission

from accounts.models import Membership, Role
from matches.models import MatchScorer
from matches.operations.scorers import assign_scorer
from tests.factories import build_match, build_member, build_organisation
from tests.matches.admin.test_editing import match_form


def url_of(match):
    return f"/admin/matches/match/{match.pk}/change/"


def chosen(match, *memberships, **fields):
    rows = {f"scorers-{index}-membership": row.pk for index, row in enumerate(memberships)}
    return match_form(match, **{"scorers-TOTAL_FORMS": len(memberships), **rows, **fields})


def test_member_is_given_the_match_by_who_is_signed_in(staff, superuser, club):
    match = build_match(organisation=club)
    member = build_member(club)

    staff.post(url_of(match), chosen(match, member.memberships.get()))

    scorer = match.scorers.get()
    assert (scorer.membership.user, scorer.assigned_by) == (member, superuser)


def test_match_is_taken_back(staff, superuser, club):
    match = build_match(organisation=club)
    member = build_member(club)
    scorer, _ = assign_scorer(match=match, actor=superuser, user=member)
    fields = {
        "scorers-INITIAL_FORMS": 1,
        "scorers-0-id": scorer.pk,
        "scorers-0-match": match.pk,
        "scorers-0-DELETE": "on",
    }

    staff.post(url_of(match), chosen(match, scorer.membership, **fields))

    assert not match.scorers.exists()


def test_page_offers_the_members_of_the_club_and_nobody_else(staff, club):
    match = build_match(organisation=club)
    build_member(club, username="ours")
    build_member(build_organisation(), username="theirs")

    page = staff.get(url_of(match)).content.decode()

    assert "ours is member" in page
    assert "theirs" not in page


def test_member_of_another_club_is_refused_on_the_form(staff, club):
    match = build_match(organisation=club)
    stranger = build_member(build_organisation()).memberships.get()

    answer = staff.post(url_of(match), chosen(match, stranger))

    assert "Select a valid choice" in answer.content.decode()
    assert not MatchScorer.objects.exists()


def test_staff_without_the_role_gives_nobody_the_match(client, club):
    match = build_match(organisation=club)
    scorer = build_member(club, Role.SCORER, is_staff=True)
    scorer.user_permissions.set(Permission.objects.filter(content_type__app_label="matches"))
    client.force_login(scorer)

    answer = client.post(url_of(match), chosen(match, Membership.objects.get(user=scorer)))

    assert not MatchScorer.objects.exists()
    assert answer.status_code == 403


def test_new_match_has_no_scorers_yet(staff):
    assert b"scorers-TOTAL_FORMS" not in staff.get("/admin/matches/match/add/").content
