from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, NamePolicy, Organisation, Role, User
from accounts.queries import role_in
from tests.factories import PASSWORD, build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, no_color=True)
    return out.getvalue()


@pytest.fixture
def configured(settings):
    settings.FIRST_SUPERUSER_EMAIL = "chair@example.org"
    settings.FIRST_SUPERUSER_PASSWORD = PASSWORD
    return settings


def test_ensure_superuser_may_run_at_every_start(configured):
    assert run("ensure_superuser") == "Created the superuser chair.\n"
    assert run("ensure_superuser") == "There is a superuser already: chair.\n"

    assert User.objects.count() == 1


def test_ensure_superuser_says_what_to_set(settings):
    settings.FIRST_SUPERUSER_EMAIL = settings.FIRST_SUPERUSER_PASSWORD = ""

    message = run("ensure_superuser")

    assert "No superuser was created" in message
    assert "FIRST_SUPERUSER_EMAIL and FIRST_SUPERUSER_PASSWORD are not set" in message


def test_ensure_superuser_refuses_half_a_configuration(configured):
    configured.FIRST_SUPERUSER_PASSWORD = ""

    with pytest.raises(CommandError, match="FIRST_SUPERUSER_PASSWORD is not set"):
        run("ensure_superuser")


def test_ensure_superuser_refuses_a_weak_password_in_production(configured):
    configured.ENVIRONMENT = "production"
    configured.FIRST_SUPERUSER_PASSWORD = "short"

    with pytest.raises(CommandError, match=r"too weak.*at least 12 characters"):
        run("ensure_superuser")


def test_organisation_is_founded_for_its_owner():
    owner = build_user(username="robin")

    message = run("create_organisation", " Riverside Juniors ", "--owner", "Robin@Example.org")

    organisation = Organisation.objects.get()
    assert "Founded Riverside Juniors, owned by robin." in message
    assert "riverside-juniors" in message
    assert str(organisation.pk) in message
    assert role_in(owner, organisation.pk) == Role.OWNER
    assert organisation.name_policy == NamePolicy.NUMBER


def test_name_policy_of_a_new_organisation_can_be_chosen():
    build_user(username="robin")

    run("create_organisation", "Seniors", "--owner", "robin", "--name-policy", "full")

    assert Organisation.objects.get().name_policy == NamePolicy.FULL


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Club", "--owner", "nobody"], "Nobody has the username or e-mail address 'nobody'"),
        (["Club"], "--owner"),
        (["Club", "--owner", "robin", "--name-policy", "all"], "invalid choice: 'all'"),
        ([" ", "--owner", "robin"], "1 to 120 characters"),
        (["x" * 121, "--owner", "robin"], "1 to 120 characters"),
        (["River\u200bside", "--owner", "robin"], "cannot be seen"),
        (["Club", "--owner", "gone"], "Your role does not allow this"),
    ],
)
def test_mistakes_in_founding_are_explained(arguments, message):
    build_user(username="robin")
    build_user(username="gone", is_active=False)

    with pytest.raises(CommandError, match=message):
        run("create_organisation", *arguments)

    assert not Organisation.objects.exists()


@pytest.mark.parametrize("by", ["slug", "id"])
def test_role_is_granted_and_changed(by):
    organisation, user = build_organisation(name="Riverside"), build_user(username="robin")
    where = organisation.slug if by == "slug" else str(organisation.pk)

    assert run("grant_role", "robin", where, "scorer") == "robin is scorer of Riverside.\n"
    assert run("grant_role", "robin", where, "scorer") == "robin is scorer of Riverside.\n"
    assert run("grant_role", "robin", where, "admin") == "robin is admin of Riverside.\n"

    assert role_in(user, organisation.pk) == Role.ADMIN


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody", "riverside", "scorer"], "Nobody has the username or e-mail address 'nobody'"),
        (["robin", "lakeside", "scorer"], "slug or id 'lakeside'. Some there are: riverside."),
        (["robin", "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e", "scorer"], "No organisation"),
        (["robin", "riverside", "boss"], "invalid choice: 'boss'"),
        (["chair", "riverside", "member"], "keeps at least one owner"),
    ],
)
def test_mistakes_in_granting_are_explained(arguments, message):
    build_user(username="robin")
    build_member(build_organisation(slug="riverside"), Role.OWNER, username="chair")

    with pytest.raises(CommandError, match=message):
        run("grant_role", *arguments)


def test_trail_tells_what_the_operator_did():
    robin = build_user(username="robin")
    build_user(username="kim")
    run("create_organisation", "Riverside", "--owner", "robin")
    run("grant_role", "kim", "riverside", "scorer")
    run("grant_role", "kim", "riverside", "admin")

    entries = AuditEntry.objects.order_by("at", "id")
    assert [entry.action for entry in entries] == [
        "organisation_created",
        "member_added",
        "role_changed",
    ]
    assert {(entry.actor, entry.actor_kind) for entry in entries} == {(None, "operator")}
    assert entries[0].subject == robin


def test_granting_before_any_organisation_says_what_to_do_first():
    build_user(username="robin")

    with pytest.raises(CommandError, match="There is none yet: create_organisation"):
        run("grant_role", "robin", "riverside", "scorer")


@pytest.mark.parametrize("command", ["ensure_superuser", "create_organisation", "grant_role"])
def test_commands_explain_themselves(command, capsys):
    with pytest.raises(SystemExit):
        call_command(command, "--help")

    assert len(capsys.readouterr().out) > 400
