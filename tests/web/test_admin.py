"""The admin in a real browser, under the strict policy: no inline script or style, no fault."""

import csv

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from accounts.operations import record_audit
from tests.factories import build_member, build_organisation, build_user
from tests.web.site import DESKTOP

pytestmark = pytest.mark.browser


def open_as(site, client, user, path, **options):
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    place = {"domain": "127.0.0.1", "path": "/", "expires": -1, "secure": False}
    flags = {"httpOnly": True, "sameSite": "Strict"}
    state = {"cookies": [{**cookie, **place, **flags}], "origins": []}
    return site.open(path, storage_state=state, viewport=DESKTOP, **options)


@pytest.fixture
def owner():
    club = build_organisation(name="Riverside")
    person = build_member(club, Role.OWNER, username="robin", is_staff=True)
    record_audit(action="role_changed", actor=person, organisation=club, subject=person)
    record_audit(action="member_added", actor=person, organisation=club, subject=person)
    return person


def test_trail_is_filtered_and_taken_away_as_a_file(site, client, owner, tmp_path):
    page = open_as(site, client, owner, "/admin/accounts/auditentry/")
    page.get_by_role("link", name="role_changed", exact=True).first.click()
    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.get_by_role("heading", name="Export")).to_be_visible()
    page.get_by_label("Format").select_option("csv")

    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()

    file = tmp_path / "trail.csv"
    download.value.save_as(file)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [row["action"] for row in rows] == ["role_changed"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_person_is_erased_in_two_steps(site, client, scheme):
    superuser = build_user(username="chair", is_staff=True, is_superuser=True)
    robin = build_user(username="robin")

    page = open_as(site, client, superuser, "/admin/accounts/user/", color_scheme=scheme)
    page.locator(f"input[name=_selected_action][value='{robin.pk}']").check()
    page.locator("select[name=action]").first.select_option("erase")
    page.get_by_role("button", name="Go").first.click()
    page.get_by_label("Username").fill("robin")
    page.get_by_role("button", name="Erase").click()

    expect(page.locator(".messagelist")).to_have_text("The person is erased.")
    expect(page.get_by_text("robin", exact=True)).to_have_count(0)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/accounts/user/",
        "/admin/accounts/devicesession/",
        "/admin/accounts/invitation/",
        "/admin/accounts/membership/",
        "/admin/matches/match/add/",
    ],
)
def test_pages_of_staff_open_without_a_fault(site, client, owner, path):
    page = open_as(site, client, owner, path)

    expect(page.locator("#content h1").first).to_be_visible()
