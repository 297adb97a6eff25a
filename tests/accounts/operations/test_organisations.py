import pytest
from django.db import IntegrityError, connection

from accounts.errors import ConfirmationRequiredError, SlugTakenError
from accounts.models import (
    ActorKind,
    AuditEntry,
    Invitation,
    Membership,
    NamePolicy,
    Organisation,
    Role,
)
from accounts.operations import create_organisation, delete_organisation, update_organisation
from accounts.queries import role_in
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.ids import uuid7
from matches.models import Match, MatchEvent, Player, Team
from matches.operations.events import record_event
from matches.rules.kinds import EventKind
from realtime.models import FeedEntry
from tests.accounts.side_by_side import side_by_side
from tests.factories import (
    build_invitation,
    build_lineup,
    build_live_match,
    build_match,
    build_member,
    build_organisation,
    build_player,
    build_season,
    build_team,
    build_user,
)
from tests.matches.builders import draft, log

pytestmark = pytest.mark.django_db


def build_actor(kind, organisation):
    """Somebody who is `kind` in the organisation, or on the platform."""
    if kind == "operator":
        return None
    if kind == "superuser":
        return build_user(is_superuser=True)
    return build_user() if kind == "stranger" else build_member(organisation, Role(kind))


def test_founder_is_the_first_owner_and_the_trail_says_so():
    founder = build_user()

    organisation = create_organisation(name="Riverside Juniors", owner=founder, actor=founder)

    assert (organisation.name, organisation.slug) == ("Riverside Juniors", "riverside-juniors")
    assert organisation.name_policy == NamePolicy.NUMBER
    assert role_in(founder, organisation.pk) == Role.OWNER
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.organisation) == ("organisation_created", organisation)
    assert (entry.actor, entry.subject, entry.actor_kind) == (founder, founder, ActorKind.PERSON)


def test_operator_founds_for_somebody_else():
    create_organisation(name="Riverside Juniors", owner=build_user())

    assert AuditEntry.objects.get().actor_kind == ActorKind.OPERATOR


def test_founder_chooses_what_viewers_learn_of_names():
    organisation = create_organisation(
        name="Seniors", owner=build_user(), name_policy=NamePolicy.INITIALS
    )

    organisation.refresh_from_db()
    assert organisation.name_policy == NamePolicy.INITIALS


@pytest.mark.parametrize(
    ("name", "start"),
    [("Riverside", "riverside-"), ("東京", "organisation-"), ("x" * 120, "x" * 50 + "-")],
)
def test_two_organisations_of_one_name_have_two_slugs(name, start):
    first = create_organisation(name=name, owner=build_user())
    second = create_organisation(name=name, owner=build_user())

    assert first.slug == start.rstrip("-")
    assert second.slug.startswith(start)
    assert len(second.slug) == len(start) + 8


def test_disabled_user_founds_nothing():
    with pytest.raises(ForbiddenError):
        create_organisation(name="Riverside", owner=build_user(is_active=False))

    assert not Organisation.objects.exists()


@pytest.mark.parametrize(("is_superuser", "allowed"), [(True, True), (False, False)])
def test_only_superusers_found_for_somebody_else(is_superuser, allowed):
    actor = build_user(is_superuser=is_superuser)

    if allowed:
        create_organisation(name="Riverside", owner=build_user(), actor=actor)
    else:
        with pytest.raises(ForbiddenError):
            create_organisation(name="Riverside", owner=build_user(), actor=actor)

    assert Organisation.objects.exists() is allowed


MAY_CHANGE = {
    "operator": True,
    "superuser": True,
    "owner": True,
    "admin": True,
    "scorer": False,
    "member": False,
    "stranger": False,
}


@pytest.mark.parametrize(("kind", "allowed"), MAY_CHANGE.items())
def test_organisation_is_changed_by_those_who_manage_it(kind, allowed):
    organisation = build_organisation(name="Riverside")
    actor = build_actor(kind, organisation)

    if allowed:
        update_organisation(organisation=organisation, changes={"name": "Lakeside"}, actor=actor)
    else:
        with pytest.raises(ForbiddenError):
            update_organisation(
                organisation=organisation, changes={"name": "Lakeside"}, actor=actor
            )

    organisation.refresh_from_db()
    assert organisation.name == ("Lakeside" if allowed else "Riverside")
    assert AuditEntry.objects.filter(action="organisation_changed").exists() is allowed


def test_trail_tells_which_fields_changed_and_nothing_of_their_values():
    organisation = build_organisation(name="Riverside")
    changes = {"name": "Lakeside", "name_policy": "full", "slug": organisation.slug}

    update_organisation(organisation=organisation, changes=changes)
    update_organisation(organisation=organisation, changes=changes)

    assert AuditEntry.objects.get().details == {"fields": ["name", "name_policy"]}


def test_slug_of_another_organisation_is_taken():
    organisation, other = build_organisation(), build_organisation()

    with pytest.raises(SlugTakenError):
        update_organisation(organisation=organisation, changes={"slug": other.slug})

    organisation.refresh_from_db()
    assert organisation.slug != other.slug


MAY_DELETE = {**MAY_CHANGE, "admin": False}


@pytest.mark.parametrize(("kind", "allowed"), MAY_DELETE.items())
def test_organisation_is_deleted_by_its_owners(kind, allowed):
    organisation = build_organisation()
    actor = build_actor(kind, organisation)

    if allowed:
        delete_organisation(organisation=organisation, confirmation=organisation.slug, actor=actor)
    else:
        with pytest.raises(ForbiddenError):
            delete_organisation(
                organisation=organisation, confirmation=organisation.slug, actor=actor
            )

    assert Organisation.objects.exists() is not allowed


def build_full_organisation():
    """One row and more of all that hangs on an organisation."""
    organisation = build_organisation()
    owner = build_member(organisation, Role.OWNER)
    build_invitation(organisation, invited_by=owner)
    match = build_live_match(
        organisation=organisation, season=build_season(organisation=organisation)
    )
    build_lineup(match, match.home_team, starters=2, bench=1)
    log(match, owner, EventKind.GOAL, team=match.home_team)
    build_player(organisation=organisation)
    return organisation, owner


@pytest.mark.parametrize("confirmation", ["", "riverside", " CLUB"])
def test_deletion_says_first_what_would_be_lost(confirmation):
    organisation, owner = build_full_organisation()

    with pytest.raises(ConfirmationRequiredError) as refusal:
        delete_organisation(organisation=organisation, confirmation=confirmation, actor=owner)

    assert refusal.value.details == {
        "confirm": organisation.slug,
        "would_lose": {
            "invitations": 1,
            "matches": 1,
            "memberships": 1,
            "players": 4,
            "seasons": 1,
            "teams": 2,
        },
    }
    assert Organisation.objects.exists()
    assert not AuditEntry.objects.filter(action="organisation_deleted").exists()


def test_confirmed_deletion_takes_all_of_it_and_nothing_else():
    organisation, owner = build_full_organisation()
    other, _ = build_full_organisation()
    audited = AuditEntry.objects.filter(organisation=organisation).count()
    key = organisation.pk

    delete_organisation(organisation=organisation, confirmation=organisation.slug, actor=owner)

    assert Organisation.objects.get() == other
    for model, left in [(Team, 2), (Match, 1), (MatchEvent, 1), (Player, 4), (Invitation, 1)]:
        assert model.objects.count() == left
    assert Membership.objects.get().organisation == other
    entry = AuditEntry.objects.get(action="organisation_deleted")
    assert (entry.target, entry.actor) == (f"organisation {key}", owner)
    assert entry.details["lost"]["matches"] == 1
    assert AuditEntry.objects.filter(organisation=None).count() == audited + 1


def test_feeds_keep_nothing_of_an_organisation_that_is_gone():
    organisation, owner = build_full_organisation()
    other, _ = build_full_organisation()

    delete_organisation(organisation=organisation, confirmation=organisation.slug, actor=owner)

    assert {entry.topic for entry in FeedEntry.objects.all()} == {other.matches.get().topic}


def test_what_is_deleted_already_is_not_found():
    organisation = build_organisation()
    Organisation.objects.all().delete()

    with pytest.raises(NotFoundError):
        delete_organisation(organisation=organisation, confirmation=organisation.slug)
    with pytest.raises(NotFoundError):
        update_organisation(organisation=organisation, changes={"name": "Ghosts"})


def test_deletion_costs_the_same_for_any_number_of_matches(django_assert_max_num_queries):
    costs = []
    for matches in (1, 10):
        organisation = build_organisation()
        home, away = (build_team(organisation=organisation) for _ in range(2))
        for _ in range(matches):
            match = build_live_match(organisation=organisation, home_team=home, away_team=away)
            match.events.create(kind=EventKind.GOAL, team=home, period=1, sequence=1, id=uuid7())
        with django_assert_max_num_queries(80) as queries:
            delete_organisation(organisation=organisation, confirmation=organisation.slug)
        costs.append(len(queries))

    assert costs[0] == costs[1]


on_postgresql = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers"),
]


class TestRaces:
    pytestmark = on_postgresql

    def test_event_logged_while_the_organisation_goes_is_saved_or_refused(self):
        organisation = build_organisation()
        owner = build_member(organisation, Role.OWNER)
        match = build_live_match(organisation=organisation)
        events = [draft(match, clock_ms=number) for number in range(20)]

        def log_all():
            for event in events:
                record_event(match=match, actor=owner, event=event)

        answers = side_by_side(
            log_all,
            lambda: delete_organisation(
                organisation=organisation, confirmation=organisation.slug, actor=owner
            ),
        )

        assert answers[1] is None
        assert isinstance(answers[0], NotFoundError | ForbiddenError | None)
        assert not MatchEvent.objects.exists()

    def test_team_added_while_the_organisation_goes_leaves_nothing_behind(self):
        organisation = build_organisation()
        build_match(organisation=organisation)

        side_by_side(
            lambda: delete_organisation(organisation=organisation, confirmation=organisation.slug),
            *[lambda: build_or_refused(organisation)] * 3,
        )

        assert not Organisation.objects.exists()
        assert not Team.objects.exists()


def build_or_refused(organisation):
    try:
        return build_team(organisation=organisation)
    except IntegrityError as error:
        raise ConflictError from error
