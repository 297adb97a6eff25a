from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.errors import AlreadyMemberError, LinkGoneError
from accounts.models import AuditEntry, Invitation, Membership, Role
from accounts.operations import (
    accept_invitation,
    change_role,
    invite_member,
    remove_member,
    revoke_invitation,
)
from accounts.operations.invitations import invitation_behind
from accounts.proofs import invitation_token
from accounts.queries import role_in
from core.errors import ForbiddenError, NotFoundError, RateLimitedError
from core.ids import hash_token
from tests.accounts.mailbox import deliver, token_in
from tests.accounts.side_by_side import side_by_side
from tests.factories import build_invitation, build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return build_organisation(name="Riverside")


@pytest.fixture
def owner(organisation):
    return build_member(organisation, Role.OWNER)


def actions():
    return list(AuditEntry.objects.order_by("at", "id").values_list("action", flat=True))


def test_invitation_is_mailed_with_the_only_copy_of_its_token(organisation, owner):
    invitation, is_new = invite_member(
        organisation=organisation, email="kim@example.org", role=Role.SCORER, actor=owner
    )

    assert is_new
    assert invitation.expires_at - timezone.now() > timedelta(days=6, hours=23)
    (sent,) = deliver()
    token = invitation_token(invitation)
    assert sent.to == ["kim@example.org"]
    assert token_in(sent) == token
    invitation.refresh_from_db()
    assert invitation.token_hash == hash_token(token)
    assert token not in str(vars(invitation))


def test_trail_tells_that_somebody_was_invited_but_no_address(organisation, owner):
    invitation, _ = invite_member(
        organisation=organisation, email="kim@example.org", role=Role.SCORER, actor=owner
    )

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("invitation_sent", owner)
    assert (entry.target, entry.details) == (f"invitation {invitation.pk}", {"role": "scorer"})


def test_inviting_again_renews_the_same_link_and_sends_it_again(organisation, owner):
    earlier = build_invitation(
        organisation, email="Kim@example.org", expires_at=timezone.now() - timedelta(days=1)
    )

    invitation, is_new = invite_member(
        organisation=organisation, email="kim@example.org", role=Role.ADMIN, actor=owner
    )

    assert (invitation, is_new) == (earlier, False)
    assert invitation_behind(invitation_token(earlier)).role == Role.ADMIN
    assert len(deliver()) == 1


# Who invites whom: as what the roles above them say.
MAY_INVITE = {
    ("owner", Role.OWNER): True,
    ("owner", Role.ADMIN): True,
    ("admin", Role.OWNER): False,
    ("admin", Role.ADMIN): True,
    ("admin", Role.MEMBER): True,
    ("scorer", Role.MEMBER): False,
    ("member", Role.MEMBER): False,
    ("stranger", Role.MEMBER): False,
    ("superuser", Role.OWNER): True,
}


def build_actor(kind, organisation):
    if kind in ("stranger", "superuser"):
        return build_user(is_superuser=kind == "superuser")
    return build_member(organisation, Role(kind))


@pytest.mark.parametrize(("case", "allowed"), MAY_INVITE.items())
def test_people_invite_to_the_roles_that_are_theirs_to_give(organisation, case, allowed):
    kind, role = case
    said = {"organisation": organisation, "email": "kim@example.org", "role": role}
    actor = build_actor(kind, organisation)

    if allowed:
        invite_member(**said, actor=actor)
    else:
        with pytest.raises(ForbiddenError):
            invite_member(**said, actor=actor)

    assert Invitation.objects.exists() is allowed
    assert len(deliver()) == allowed


@pytest.mark.parametrize(("case", "allowed"), MAY_INVITE.items())
def test_people_withdraw_what_they_could_have_sent(organisation, case, allowed):
    kind, role = case
    invitation = build_invitation(organisation, role=role)
    actor = build_actor(kind, organisation)

    if allowed:
        revoke_invitation(invitation=invitation, actor=actor)
    else:
        with pytest.raises(ForbiddenError):
            revoke_invitation(invitation=invitation, actor=actor)

    invitation.refresh_from_db()
    assert (invitation.revoked_at is not None) is allowed
    assert actions() == ["invitation_revoked"] * allowed


def test_admin_does_not_renew_the_invitation_of_an_owner_as_another_role(organisation):
    invitation = build_invitation(organisation, role=Role.OWNER)
    admin = build_member(organisation, Role.ADMIN)

    with pytest.raises(ForbiddenError):
        invite_member(
            organisation=organisation, email=invitation.email, role=Role.MEMBER, actor=admin
        )

    invitation.refresh_from_db()
    assert invitation.role == Role.OWNER


def test_address_of_a_member_is_not_invited(organisation, owner):
    build_member(organisation, Role.SCORER, email="kim@example.org")

    with pytest.raises(AlreadyMemberError) as refusal:
        invite_member(
            organisation=organisation, email="KIM@example.org", role=Role.MEMBER, actor=owner
        )

    assert refusal.value.details == {"role": "scorer"}
    assert deliver() == []


def test_invitations_of_one_organisation_are_limited_and_refused_ones_do_not_count(
    organisation, owner, settings
):
    settings.LIMITS = {**settings.LIMITS, "invite": "2/1h"}
    said = {"organisation": organisation, "role": Role.MEMBER}
    for number in range(5):
        with pytest.raises(ForbiddenError):
            invite_member(**said, email=f"a{number}@example.org", actor=build_user())
    for number in range(2):
        invite_member(**said, email=f"b{number}@example.org", actor=owner)

    with pytest.raises(RateLimitedError):
        invite_member(**said, email="c@example.org", actor=owner)

    other = build_organisation()
    invite_member(
        organisation=other,
        email="c@example.org",
        role=Role.MEMBER,
        actor=build_member(other, Role.OWNER),
    )
    assert organisation.invitations.count() == 2


def test_holder_becomes_a_member_once(organisation):
    invitation = build_invitation(organisation, role=Role.SCORER)
    token, user = invitation_token(invitation), build_user()

    membership = accept_invitation(token=token, actor=user)

    assert (membership.user, membership.role) == (user, Role.SCORER)
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    assert actions() == ["invitation_accepted"]
    for someone in (user, build_user()):
        with pytest.raises(LinkGoneError):
            accept_invitation(token=token, actor=someone)
    assert Membership.objects.filter(organisation=organisation, role=Role.SCORER).count() == 1


@pytest.mark.parametrize(
    ("email", "is_verified"), [("KIM@example.org", True), ("other@example.org", False)]
)
def test_own_address_is_verified_by_it_and_no_other(organisation, email, is_verified):
    user = build_user(email=email)

    accept_invitation(
        token=invitation_token(build_invitation(organisation, email="kim@example.org")), actor=user
    )

    user.refresh_from_db()
    assert (user.email_verified_at is not None) is is_verified
    assert actions() == ["invitation_accepted", *["email_verified"] * is_verified]


def test_address_verified_before_keeps_its_date(organisation):
    verified_at = timezone.now() - timedelta(days=30)
    user = build_user(email="kim@example.org", email_verified_at=verified_at)

    accept_invitation(
        token=invitation_token(build_invitation(organisation, email=user.email)), actor=user
    )

    user.refresh_from_db()
    assert user.email_verified_at == verified_at


def test_member_keeps_the_role_and_the_link_stays_good(organisation):
    token = invitation_token(build_invitation(organisation, role=Role.ADMIN))
    member = build_member(organisation, Role.SCORER)

    with pytest.raises(AlreadyMemberError) as refusal:
        accept_invitation(token=token, actor=member)

    assert refusal.value.details == {"role": "scorer"}
    assert role_in(member, organisation.pk) == Role.SCORER
    assert accept_invitation(token=token, actor=build_user()).role == Role.ADMIN


@pytest.mark.parametrize("what", ["expired", "withdrawn", "accepted"])
def test_link_that_is_used_up_is_gone(organisation, what):
    now = timezone.now()
    fields = {
        "expired": {"expires_at": now},
        "withdrawn": {"revoked_at": now},
        "accepted": {"accepted_at": now},
    }
    token = invitation_token(build_invitation(organisation, **fields[what]))

    with pytest.raises(LinkGoneError):
        invitation_behind(token)
    with pytest.raises(LinkGoneError):
        accept_invitation(token=token, actor=build_user())

    assert actions() == []


@pytest.mark.parametrize("token", ["", "A" * 43, "ä"])
def test_token_that_never_was_is_not_found(token):
    with pytest.raises(NotFoundError):
        accept_invitation(token=token, actor=build_user())


@pytest.mark.parametrize("how", ["removed", "demoted", "disabled", "erased"])
def test_invitation_outlives_nobodys_rights(organisation, owner, how):
    sender = build_member(organisation, Role.ADMIN)
    token = invitation_token(build_invitation(organisation, invited_by=sender))
    if how == "removed":
        remove_member(organisation=organisation, user=sender, actor=owner)
    elif how == "demoted":
        change_role(organisation=organisation, user=sender, role=Role.SCORER, actor=owner)
    elif how == "disabled":
        type(sender).objects.filter(pk=sender.pk).update(is_active=False)
    else:
        sender.delete()

    with pytest.raises(LinkGoneError):
        accept_invitation(token=token, actor=build_user())


def test_owner_who_is_admin_now_makes_no_owner_by_an_old_link(organisation, owner):
    sender = build_member(organisation, Role.OWNER)
    as_owner = build_invitation(organisation, role=Role.OWNER, invited_by=sender)
    as_scorer = build_invitation(organisation, role=Role.SCORER, invited_by=sender)
    change_role(organisation=organisation, user=sender, role=Role.ADMIN, actor=owner)

    with pytest.raises(LinkGoneError):
        accept_invitation(token=invitation_token(as_owner), actor=build_user())
    accept_invitation(token=invitation_token(as_scorer), actor=build_user())


def test_renewed_by_another_manager_the_link_is_good_again(organisation, owner):
    invitation = build_invitation(organisation, invited_by=build_user())
    with pytest.raises(LinkGoneError):
        invitation_behind(invitation_token(invitation))

    invite_member(organisation=organisation, email=invitation.email, role=Role.MEMBER, actor=owner)

    assert invitation_behind(invitation_token(invitation)) == invitation


def test_withdrawn_twice_is_not_found(organisation, owner):
    invitation = build_invitation(organisation)
    revoke_invitation(invitation=invitation, actor=owner)

    with pytest.raises(NotFoundError):
        revoke_invitation(invitation=invitation, actor=owner)

    assert actions() == ["invitation_revoked"]


def test_withdrawn_address_can_be_invited_anew_with_another_link(organisation, owner):
    earlier = build_invitation(organisation)
    revoke_invitation(invitation=earlier, actor=owner)

    invitation, is_new = invite_member(
        organisation=organisation, email=earlier.email, role=Role.MEMBER, actor=owner
    )

    assert is_new
    assert invitation_token(invitation) != invitation_token(earlier)


class TestRaces:
    pytestmark = [
        pytest.mark.postgres,
        pytest.mark.django_db(transaction=True),
        pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers"),
    ]

    @pytest.mark.parametrize("round_", range(5))
    def test_of_several_who_hold_one_link_one_gets_in(self, organisation, round_):
        token = invitation_token(build_invitation(organisation))
        users = [build_user() for _ in range(4)]

        answers = side_by_side(
            *[lambda user=user: accept_invitation(token=token, actor=user) for user in users]
        )

        assert sorted(type(answer).__name__ for answer in answers) == [
            *["LinkGoneError"] * 3,
            "Membership",
        ]
        assert organisation.memberships.filter(role=Role.SCORER).count() == 1

    @pytest.mark.parametrize("round_", range(5))
    def test_withdrawn_or_accepted_but_never_both(self, organisation, owner, round_):
        invitation, user = build_invitation(organisation), build_user()
        token = invitation_token(invitation)

        withdrawn, accepted = side_by_side(
            lambda: revoke_invitation(invitation=invitation, actor=owner),
            lambda: accept_invitation(token=token, actor=user),
        )

        assert (withdrawn is None) is isinstance(accepted, LinkGoneError)
        assert (role_in(user, organisation.pk) is None) is (withdrawn is None)

    def test_one_address_invited_twice_at_once_has_one_link(self, organisation, owner):
        def invite():
            return invite_member(
                organisation=organisation, email="kim@example.org", role=Role.MEMBER, actor=owner
            )

        answers = side_by_side(invite, invite, invite)

        assert sorted(is_new for _, is_new in answers) == [False, False, True]
        assert Invitation.objects.count() == 1
