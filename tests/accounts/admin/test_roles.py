"""Every page of the admin by every role; a new ModelAdmin without a row in the table fails."""

from uuid import uuid4

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Role
from tests.accounts.admin.clubs import build_club, platform_rows
from tests.factories import build_member, build_organisation, build_user
from tests.realtime import toys

pytestmark = pytest.mark.django_db

# What the list, the page of a row (GET, POST), the page for a new one, and the deletion answer.
NOTHING = (403, 403, 403, 403, 403)
READ = (200, 200, 403, 403, 403)
CHANGE = (200, 200, 200, 403, 403)
KEEP = (200, 200, 200, 403, 200)
EDIT = (200, 200, 200, 200, 200)
# Sessions of others are hidden, as if they were not there.
OWN = (200, 302, 403, 403, 403)

# By the model: members, scorers, admins, owners, superusers.
TABLE = {
    "accounts.auditentry": (NOTHING, NOTHING, READ, READ, READ),
    "accounts.devicesession": (OWN, OWN, OWN, READ, READ),
    "accounts.invitation": (NOTHING, NOTHING, READ, READ, READ),
    "accounts.membership": (READ, READ, KEEP, KEEP, EDIT),
    "accounts.organisation": (READ, READ, CHANGE, CHANGE, EDIT),
    "accounts.user": (NOTHING, NOTHING, READ, READ, (200, 200, 200, 200, 403)),
    "auth.group": (NOTHING, NOTHING, NOTHING, NOTHING, EDIT),
    "django_tasks_database.dbtaskresult": (NOTHING, NOTHING, NOTHING, NOTHING, READ),
    "items.item": (READ, READ, EDIT, EDIT, EDIT),
    "matches.format": (READ, READ, READ, READ, EDIT),
    "matches.match": (READ, READ, EDIT, EDIT, EDIT),
    "matches.matchevent": (READ, READ, READ, READ, READ),
    "matches.player": (READ, READ, EDIT, EDIT, EDIT),
    "matches.season": (READ, READ, EDIT, EDIT, EDIT),
    "matches.sharelink": (READ, READ, READ, READ, READ),
    "matches.team": (READ, READ, EDIT, EDIT, EDIT),
    "realtime.feedentry": (NOTHING, NOTHING, NOTHING, NOTHING, READ),
    "realtime.feedhead": (NOTHING, NOTHING, NOTHING, NOTHING, READ),
}
WHO = ["member", "scorer", "admin", "owner", "superuser"]
REGISTERED = sorted(model._meta.label_lower for model in admin.site._registry)
# What a role shows of itself or of all, so that another club's page is none of its own.
SHARED = {"matches.format"}


def page(label, name, *args):
    return reverse(f"admin:{label.replace('.', '_')}_{name}", args=args)


def refusal_of(answer, pk):
    """The status, and where to, but for the id asked for; what a page says does not count."""
    return answer.status_code, answer.get("Location", "").replace(str(pk), "")


@pytest.fixture
def club():
    return build_club("Harbour")


def rows_of(club):
    toys.say("toy.first", "one")
    feed = {
        f"realtime.{name}": admin_class.model.objects.get(topic="toy.first")
        for name, admin_class in (
            (model._meta.model_name, model_admin)
            for model, model_admin in admin.site._registry.items()
            if model._meta.app_label == "realtime"
        )
    }
    return {**club.rows, **platform_rows(), **feed}


def sign_in(client, club, who):
    person = club.people.get(who) or build_user(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def test_table_names_every_page_of_the_admin():
    assert set(REGISTERED) <= TABLE.keys()


@pytest.mark.parametrize("label", REGISTERED)
@pytest.mark.parametrize("who", WHO)
def test_role_opens_what_the_table_says(client, club, label, who):
    row = rows_of(club)[label]
    sign_in(client, club, who)

    answers = (
        client.get(page(label, "changelist")),
        client.get(page(label, "change", row.pk)),
        client.post(page(label, "change", row.pk), {"_popup": "1"}),
        client.get(page(label, "add")),
        client.get(page(label, "delete", row.pk)),
    )

    assert tuple(answer.status_code for answer in answers) == TABLE[label][WHO.index(who)]


@pytest.mark.parametrize("label", sorted(set(REGISTERED) - SHARED))
@pytest.mark.parametrize("who", WHO[:-1])
def test_row_of_another_club_answers_as_one_that_never_was(client, club, label, who):
    foreign = rows_of(build_club("Zanzibar"))[label]
    unknown = uuid4() if isinstance(foreign.pk, type(uuid4())) else 10**9
    sign_in(client, club, who)

    def answers(pk):
        addresses = [page(label, name, pk) for name in ("change", "history", "delete")]
        return [
            *(refusal_of(client.get(address), pk) for address in addresses),
            *(refusal_of(client.post(address, {"post": "yes"}), pk) for address in addresses),
        ]

    assert answers(foreign.pk) == answers(unknown)
    assert all(status in {302, 403} for status, _ in answers(foreign.pk))
    assert type(foreign).objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize("label", sorted(REGISTERED))
def test_staff_without_a_club_find_nothing(client, club, label):
    row = rows_of(club)[label]
    client.force_login(build_user(is_staff=True))

    assert client.get(page(label, "changelist")).status_code == 403
    assert client.get(page(label, "change", row.pk)).status_code == 403


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_role_in_one_club_is_no_role_in_another(client, club, who):
    other = build_club("Lakeside")
    person = club.people[who]
    other.organisation.memberships.create(user=person, role=Role.MEMBER)
    client.force_login(person)

    for label in ("accounts.organisation", "matches.team", "matches.match", "accounts.membership"):
        address = page(label, "change", other.rows[label].pk)
        assert client.get(address).status_code == 200
        assert client.post(address, {}).status_code == 403
        assert client.get(page(label, "delete", other.rows[label].pk)).status_code == 403
    for label in ("accounts.invitation", "accounts.auditentry", "accounts.user"):
        assert client.get(page(label, "change", other.rows[label].pk)).status_code == 302


def test_roles_open_nothing_for_those_who_are_no_staff(client):
    client.force_login(build_member(build_organisation(), Role.OWNER))

    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(page("matches.team", "changelist")).status_code == 302


def test_disabled_owner_has_no_rights():
    owner = build_member(build_organisation(), Role.OWNER, is_staff=True, is_active=False)

    assert not owner.has_perm("matches.change_team")


@pytest.mark.parametrize(("who", "is_offered"), [("member", False), ("scorer", True)])
def test_scorers_run_matches_they_cannot_arrange(client, club, who, is_offered):
    sign_in(client, club, who)

    answer = client.get(page("matches.match", "changelist")).content.decode()

    assert ('value="end_period"' in answer) is is_offered
    assert 'value="cancel_match"' not in answer
    assert 'value="delete_selected"' not in answer


def test_scorer_ends_a_period(client, club):
    match = club.rows["matches.match"]
    sign_in(client, club, "scorer")

    client.post(
        page("matches.match", "changelist"),
        {"action": "end_period", "_selected_action": [str(match.pk)]},
    )

    assert match.periods.get().ended_at is not None


def test_own_sessions_are_all_that_staff_see_of_sessions(client, club):
    owner, session = club.people["owner"], club.rows["accounts.devicesession"]
    sign_in(client, club, "owner")

    answer = client.get(page("accounts.devicesession", "changelist"))

    assert [row.pk for row in answer.context["cl"].result_list] == [session.pk]
    assert session.user == owner
