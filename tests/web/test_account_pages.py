"""What a mailed link leads to, from the mail to the account."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.models import Membership, Role, User
from accounts.operations import invite_member, request_email_change, request_password_reset
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser
NEW_PASSWORD = "seven wet corner flags"


@pytest.fixture
def robin(site):
    return factories.build_user(username="robin", email="robin@example.org", password=PASSWORD)


@pytest.fixture
def mailed(mailoutbox):
    """The path of the link in the mail that was sent last."""

    def path():
        call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
        return re.search(r"https?://[^/]+(/account/\S+)", mailoutbox[-1].body).group(1)

    return path


def test_a_forgotten_password_is_replaced_by_way_of_the_mailbox(site, robin, mailed):
    page = site.open("/account/reset")
    page.get_by_label("E-mail address").fill("Robin@Example.org")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()

    link = mailed()
    page = site.open(link)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change my password").click()

    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    assert "#" not in page.url
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_a_link_that_was_used_offers_another_one(site, robin, mailed):
    request_password_reset(email=robin.email)
    link = mailed()
    for password, heading in (
        (NEW_PASSWORD, "Your password is changed"),
        ("nine dry goal posts", "This link has ended"),
    ):
        site.faults.expected.append("410 (Gone)")
        page = site.open(link)
        page.get_by_label("New password").fill(password)
        page.get_by_role("button", name="Change my password").click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()

    page.get_by_role("button", name="Ask for another link").click()

    expect(page.get_by_label("E-mail address")).to_be_visible()
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_a_weak_password_is_refused_beside_its_field_and_the_link_stays_good(site, robin, mailed):
    request_password_reset(email=robin.email)
    site.faults.expected.append("400 (Bad Request)")
    page = site.open(mailed())
    field = page.get_by_label("New password")

    field.fill("password1234")
    page.get_by_role("button", name="Change my password").click()

    expect(page.locator(".field__error, .form__alert").filter(has_text="common")).to_be_visible()
    field.fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change my password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()


def test_an_address_is_confirmed_by_a_click(site, robin, mailed):
    request_email_change(user=robin, email="rob@example.net", actor=robin)
    page = site.open(mailed())

    page.get_by_role("button", name="Confirm my address").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert User.objects.get().email == "rob@example.net"


def invited(email, role=Role.SCORER):
    organisation = factories.build_organisation(name="Riverside Juniors")
    owner = factories.build_member(organisation, Role.OWNER)
    invite_member(organisation=organisation, email=email, role=role, actor=owner)
    return organisation


def test_a_newcomer_makes_an_account_and_joins_in_one_go(site, mailed):
    organisation = invited("kim@example.org")
    page = site.open(mailed())
    expect(page.get_by_role("heading", name="Join Riverside Juniors")).to_be_visible()
    expect(page.get_by_text("You are invited as a scorer")).to_be_visible()
    form = page.locator("#register-form")
    expect(form.get_by_label("E-mail address")).to_have_value("kim@example.org")

    form.get_by_label("Username").fill("kim")
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button").click()

    expect(page.get_by_role("heading", name="Welcome to Riverside Juniors")).to_be_visible()
    kim = User.objects.get(username="kim")
    assert Membership.objects.get(user=kim).role == Role.SCORER
    assert organisation.memberships.count() == 2
    assert not kim.device_sessions.filter(revoked_at=None).exists()


def test_somebody_with_an_account_signs_in_and_joins(site, robin, mailed):
    organisation = invited(robin.email)
    site.faults.expected.append("401 (Unauthorized)")
    page = site.open(mailed())
    form = page.locator("#sign-in-form")
    form.get_by_label("Username or e-mail address").fill("robin")
    form.get_by_label("Password").fill("not my password")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_have_text("The name or the password is wrong.")

    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button").click()

    expect(page.get_by_role("heading", name="Welcome to Riverside Juniors")).to_be_visible()
    assert organisation.memberships.get(user=robin).role == Role.SCORER


@pytest.mark.parametrize("path", ["/account/invitation", "/account/invitation#made-up"])
def test_an_invitation_that_is_none_says_whom_to_ask(site, path):
    site.faults.expected.append("404 (Not Found)")

    page = site.open(path)

    expect(page.get_by_role("heading", name="This invitation has ended")).to_be_visible()
