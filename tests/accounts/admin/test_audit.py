"""The audit trail in the admin: found, read, taken away as a file, and never changed."""

import csv
import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.admin.audit_export import harmless
from accounts.models import ActorKind, AuditEntry, Role
from accounts.operations import record_audit
from tests.accounts.admin.test_pages import changelist
from tests.factories import build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db
EXPORT = "/admin/accounts/auditentry/export/"
CSV, XLSX, JSON = "0", "1", "2"


@pytest.fixture
def superuser():
    return build_user(username="chair", is_staff=True, is_superuser=True)


@pytest.fixture
def staff_client(client, superuser):
    client.force_login(superuser)
    return client


@pytest.fixture
def trail(superuser):
    club = build_organisation(name="Riverside")
    robin = build_member(club, username="robin")
    record_audit(
        action="role_changed",
        actor=superuser,
        organisation=club,
        subject=robin,
        target="organisation riverside",
        role="scorer",
    )
    record_audit(action="sign_in_refused", actor_kind=ActorKind.ANONYMOUS)
    AuditEntry.objects.filter(action="sign_in_refused").update(
        address="192.0.2.7", request_id="request-of-a-stranger"
    )
    return club, robin


def found(answer):
    return [entry.action for entry in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("question", "actions"),
    [
        ({"action": "role_changed"}, ["role_changed"]),
        ({"actor_kind__exact": "anonymous"}, ["sign_in_refused"]),
        ({"q": "robin"}, ["role_changed"]),
        ({"q": "chair"}, ["role_changed"]),
        ({"q": "riverside"}, ["role_changed"]),
        ({"q": "192.0.2.7"}, ["sign_in_refused"]),
        ({"q": "request-of-a-stranger"}, ["sign_in_refused"]),
        ({"at__gte": "2999-01-01 00:00:00+00:00", "at__lt": "2999-02-01 00:00:00+00:00"}, []),
    ],
)
def test_entries_are_found_by_what_is_known(staff_client, trail, question, actions):
    assert found(staff_client.get(changelist("auditentry"), question)) == actions


def test_entries_are_narrowed_to_an_organisation_and_a_person(staff_client, trail):
    club, robin = trail
    record_audit(action="role_changed", organisation=build_organisation())

    of_club = staff_client.get(changelist("auditentry"), {"organisation__id__exact": str(club.pk)})
    of_robin = staff_client.get(changelist("auditentry"), {"person": str(robin.pk)})

    assert found(of_club) == found(of_robin) == ["role_changed"]


@pytest.mark.parametrize("person", ["nobody", "01890000-0000-7000-8000-000000000000"])
def test_link_to_an_unknown_person_shows_the_whole_trail(staff_client, trail, person):
    assert len(found(staff_client.get(changelist("auditentry"), {"person": person}))) == 2


def test_page_of_a_person_leads_to_their_trail(staff_client, trail):
    _, robin = trail

    page = staff_client.get(reverse("admin:accounts_user_change", args=[robin.pk]))

    assert f"{changelist('auditentry')}?person={robin.pk}" in page.content.decode()


def test_page_of_an_entry_links_to_who_and_where_and_spells_the_details(staff_client, trail):
    club, robin = trail
    entry = AuditEntry.objects.get(action="role_changed")

    page = staff_client.get(reverse("admin:accounts_auditentry_change", args=[entry.pk]))

    content = page.content.decode()
    assert f"/admin/accounts/user/{robin.pk}/change/" in content
    assert f"/admin/accounts/organisation/{club.pk}/change/" in content
    assert "&quot;role&quot;: &quot;scorer&quot;" in content


def test_nobody_writes_the_trail(staff_client, trail):
    entry = AuditEntry.objects.get(action="role_changed")
    row = [entry.pk]

    answers = [
        staff_client.get(reverse("admin:accounts_auditentry_add")),
        staff_client.post(reverse("admin:accounts_auditentry_change", args=row), {"action": "x"}),
        staff_client.post(reverse("admin:accounts_auditentry_delete", args=row), {"post": "yes"}),
    ]
    form = {"action": "delete_selected", "post": "yes", "_selected_action": [str(entry.pk)]}
    staff_client.post(changelist("auditentry"), form)

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert AuditEntry.objects.get(pk=entry.pk).action == "role_changed"


def test_list_and_export_cost_the_same_for_any_length(staff_client, trail):
    def cost(act):
        with CaptureQueriesContext(connection) as queries:
            assert act().status_code == 200
        return len(queries)

    def ask():
        return cost(lambda: staff_client.get(changelist("auditentry")))

    def take():
        return cost(lambda: staff_client.post(EXPORT, {"resource": "0", "format": CSV}))

    before = [ask(), take()]
    for _ in range(10):
        club = build_organisation()
        record_audit(action="role_changed", actor=build_member(club), organisation=club)

    assert [ask(), take()] == before


def test_export_as_csv_holds_what_the_list_shows(staff_client, trail):
    answer = staff_client.post(f"{EXPORT}?action=role_changed", {"resource": "0", "format": CSV})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"] == "text/csv"
    assert [row["action"] for row in rows] == ["role_changed"]
    assert rows[0]["actor_username"] == "chair"
    assert rows[0]["subject_username"] == "robin"
    assert rows[0]["organisation_name"] == "Riverside"
    assert json.loads(rows[0]["details"]) == {"role": "scorer"}


def test_export_as_xlsx_opens_as_a_workbook(staff_client, trail):
    answer = staff_client.post(EXPORT, {"resource": "0", "format": XLSX})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[:3] == ("id", "at", "action")
    assert {row[2] for row in rows} == {"role_changed", "sign_in_refused"}


def test_export_as_json_keeps_every_value(staff_client, trail):
    answer = staff_client.post(EXPORT, {"resource": "0", "format": JSON})

    assert {row["action"] for row in json.loads(answer.content)} == {
        "role_changed",
        "sign_in_refused",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cell_never_begins_a_formula(start):
    assert harmless(f"{start}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("file_format", [CSV, XLSX])
def test_name_that_is_a_formula_calculates_nothing(staff_client, file_format):
    club = build_organisation(name="=1+1")
    record_audit(action="role_changed", actor=build_user(username="@SUM"), organisation=club)

    answer = staff_client.post(EXPORT, {"resource": "0", "format": file_format})

    if file_format == CSV:
        row = next(csv.DictReader(io.StringIO(answer.content.decode())))
        assert (row["actor_username"], row["organisation_name"]) == ("'@SUM", "'=1+1")
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert [cell.value for cell in sheet[2] if cell.data_type == "f"] == []


def test_export_of_a_superuser_is_noted_once(staff_client, superuser, trail):
    staff_client.post(EXPORT, {"resource": "0", "format": CSV})

    noted = AuditEntry.objects.get(action="audit_exported")
    assert (noted.actor, noted.organisation) == (superuser, None)
    assert noted.details == {"rows": 2, "format": "csv"}


def test_export_of_an_owner_holds_their_clubs_and_is_noted_there(client, trail):
    club, _ = trail
    foreign = build_organisation(name="Far Away")
    record_audit(action="role_changed", organisation=foreign)
    client.force_login(build_member(club, Role.OWNER, is_staff=True))

    answer = client.post(EXPORT, {"resource": "0", "format": CSV})

    assert "Far Away" not in answer.content.decode()
    assert AuditEntry.objects.get(action="audit_exported").organisation == club


@pytest.mark.parametrize("role", [Role.SCORER, Role.MEMBER])
def test_others_neither_read_nor_export_it(client, trail, role):
    client.force_login(build_member(trail[0], role, is_staff=True))

    assert client.get(changelist("auditentry")).status_code == 403
    assert client.get(EXPORT).status_code == 403
    assert client.post(EXPORT, {"resource": "0", "format": CSV}).status_code == 403
    assert not AuditEntry.objects.filter(action="audit_exported").exists()


@pytest.mark.parametrize("form", [{}, {"format": "9"}, {"format": CSV, "export_items": ["x"]}])
def test_wrong_form_exports_nothing(staff_client, trail, form):
    answer = staff_client.post(EXPORT, {"resource": "0", **form})

    assert answer.status_code == 200
    assert "text/html" in answer["Content-Type"]
    assert not AuditEntry.objects.filter(action="audit_exported").exists()
