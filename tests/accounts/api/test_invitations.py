from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Invitation, Role
from accounts.proofs import invitation_token
from accounts.queries import role_in
from tests.accounts.api.test_organisations import as_, details, refusal
from tests.accounts.mailbox import deliver, token_in
from tests.factories import build_invitation, build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db
PREVIEW, ACCEPT = "/api/v1/invitations/preview", "/api/v1/invitations/accept"


@pytest.fixture
def organisation():
    return build_organisation(name="Riverside")


@pytest.fixture
def owner(organisation):
    return build_member(organisation, Role.OWNER, username="olive")


@pytest.fixture
def invitations(organisation):
    return f"/api/v1/organisations/{organisation.pk}/invitations"


def test_invited_person_reads_accepts_and_belongs(api, organisation, owner, invitations):
    sent = as_(owner).post(invitations, {"email": "kim@example.org", "role": "scorer"})

    body = sent.json()
    assert sent.status_code == 201
    assert set(body) == {"id", "email", "role", "expires_at", "invited_by", "created_at"}
    assert body["invited_by"] == {"id": str(owner.pk), "username": "olive"}
    token = token_in(deliver()[0])
    preview = api.post(PREVIEW, {"token": token})
    named = {"id": str(organisation.pk), "name": "Riverside"}
    assert preview.json() == {
        "organisation": named,
        "role": "scorer",
        "email": "kim@example.org",
        "expires_at": body["expires_at"],
    }
    kim = build_user(email="kim@example.org")
    accepted = as_(kim).post(ACCEPT, {"token": token})
    assert (accepted.status_code, accepted.json()) == (
        200,
        {"organisation": named, "role": "scorer"},
    )
    assert role_in(kim, organisation.pk) == Role.SCORER
    for address in (PREVIEW, ACCEPT):
        assert refusal(as_(build_user()).post(address, {"token": token})) == (410, "link_gone")
    assert as_(owner).get(invitations).json()["total"] == 0


def test_answers_never_hold_the_token(owner, invitations):
    answer = as_(owner).post(invitations, {"email": "kim@example.org", "role": "scorer"})

    secrets = [invitation_token(Invitation.objects.get()), Invitation.objects.get().token_hash]
    for text in (answer.content.decode(), as_(owner).get(invitations).content.decode()):
        assert not any(secret in text for secret in secrets)


def test_inviting_again_renews_and_mails_again(organisation, owner, invitations):
    body = {"email": "kim@example.org", "role": "scorer"}
    first = as_(owner).post(invitations, body)
    Invitation.objects.update(expires_at=timezone.now())

    again = as_(owner).post(invitations, body | {"email": "KIM@example.org"})

    assert again.status_code == 200
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["expires_at"] > first.json()["expires_at"]
    both = deliver()
    assert len(both) == 2
    assert len({token_in(sent) for sent in both}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "kim@example.org"},
        {"email": "kim", "role": "scorer"},
        {"email": '"kim@example.org><"@example.net', "role": "scorer"},
        {"email": "kim@example.org", "role": "boss"},
        {"email": "kim@example.org\nBcc: all@example.org", "role": "scorer"},
        {"email": f"{'x' * 250}@example.org", "role": "scorer"},
        {"email": ["kim@example.org"], "role": "scorer"},
        {"email": "kim@example.org", "role": "scorer", "token": "x"},
    ],
)
def test_malformed_invitation_is_refused(owner, invitations, body):
    assert refusal(as_(owner).post(invitations, body)) == (400, "validation_error")
    assert not Invitation.objects.exists()


def test_member_is_not_invited(organisation, owner, invitations):
    build_member(organisation, Role.SCORER, email="kim@example.org")

    answer = as_(owner).post(invitations, {"email": "kim@example.org", "role": "admin"})

    assert refusal(answer) == (409, "already_member")
    assert details(answer) == {"role": "scorer"}


def test_admin_invites_no_owner(organisation, invitations):
    admin = build_member(organisation, Role.ADMIN)

    answer = as_(admin).post(invitations, {"email": "kim@example.org", "role": "owner"})

    assert refusal(answer) == (403, "forbidden")


@pytest.mark.parametrize("role", [Role.SCORER, Role.MEMBER])
def test_invitations_are_for_who_manages_the_members(organisation, invitations, role):
    invitation = build_invitation(organisation)
    api = as_(build_member(organisation, role))

    for answer in (
        api.get(invitations),
        api.post(invitations, {"email": "kim@example.org", "role": "member"}),
        api.delete(f"{invitations}/{invitation.pk}"),
    ):
        assert refusal(answer) == (403, "forbidden")


def test_foreign_invitations_are_not_found(organisation, invitations):
    invitation, other = build_invitation(organisation), build_organisation()
    api = as_(build_member(other, Role.OWNER))

    for answer in (
        api.get(invitations),
        api.post(invitations, {"email": "kim@example.org", "role": "member"}),
        api.delete(f"{invitations}/{invitation.pk}"),
        # Nor by way of one's own organisation.
        api.delete(f"/api/v1/organisations/{other.pk}/invitations/{invitation.pk}"),
        api.delete(f"/api/v1/organisations/{other.pk}/invitations/{uuid4()}"),
    ):
        assert refusal(answer) == (404, "not_found")


def test_list_shows_what_can_still_be_accepted_or_renewed(organisation, owner, invitations):
    now = timezone.now()
    shown = [
        build_invitation(organisation),
        build_invitation(organisation, expires_at=now - timedelta(days=1)),
    ]
    build_invitation(organisation, accepted_at=now)
    build_invitation(organisation, revoked_at=now)
    build_invitation()

    items = as_(owner).get(invitations).json()["items"]

    assert {item["email"] for item in items} == {invitation.email for invitation in shown}


@pytest.mark.parametrize("count", [1, 10])
def test_list_costs_the_same_for_any_length(
    organisation, owner, invitations, count, django_assert_num_queries
):
    for _ in range(count):
        build_invitation(organisation)
    api = as_(owner)

    with django_assert_num_queries(5):
        assert len(api.get(invitations).json()["items"]) == count


def test_withdrawn_invitation_opens_nothing(api, organisation, owner, invitations):
    invitation = build_invitation(organisation)
    address = f"{invitations}/{invitation.pk}"

    assert as_(owner).delete(address).status_code == 204
    assert refusal(as_(owner).delete(address)) == (404, "not_found")
    answer = api.post(PREVIEW, {"token": invitation_token(invitation)})
    assert refusal(answer) == (410, "link_gone")


@pytest.mark.parametrize("token", ["A" * 43, "unknown", "ä"])
def test_unknown_token_is_not_found(api, token):
    assert refusal(api.post(PREVIEW, {"token": token})) == (404, "not_found")
    assert refusal(as_(build_user()).post(ACCEPT, {"token": token})) == (404, "not_found")


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": 5}, {"token": "x" * 257}])
def test_malformed_token_is_refused(api, body):
    assert refusal(api.post(PREVIEW, body)) == (400, "validation_error")


def test_preview_asks_nobody_to_sign_in_and_accepting_does(api, organisation):
    body = {"token": invitation_token(build_invitation(organisation))}
    api.credentials(HTTP_AUTHORIZATION="Bearer expired")

    assert api.post(PREVIEW, body).status_code == 200
    assert api.post(ACCEPT, body).status_code == 401


def test_member_hears_which_role_is_theirs(organisation, owner):
    token = invitation_token(build_invitation(organisation, role=Role.MEMBER))

    answer = as_(owner).post(ACCEPT, {"token": token})

    assert refusal(answer) == (409, "already_member")
    assert details(answer) == {"role": "owner"}


def test_too_many_invitations_are_told_to_wait(organisation, owner, invitations, settings):
    settings.LIMITS = {**settings.LIMITS, "invite": "1/1h"}
    answers = [
        as_(owner).post(invitations, {"email": f"{name}@example.org", "role": "member"})
        for name in ("kim", "robin")
    ]

    assert [answer.status_code for answer in answers] == [201, 429]
    assert int(answers[1]["Retry-After"]) > 0
