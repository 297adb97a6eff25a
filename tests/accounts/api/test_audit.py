from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import AuditEntry, Role
from accounts.operations import change_role, create_organisation, record_audit
from tests.accounts.api.test_organisations import as_, refusal
from tests.factories import build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return build_organisation()


@pytest.fixture
def owner(organisation):
    return build_member(organisation, Role.OWNER, username="olive")


@pytest.fixture
def audit(organisation):
    return f"/api/v1/organisations/{organisation.pk}/audit"


def items(answer):
    return answer.json()["items"]


def test_entry_tells_who_did_what_to_whom_from_where(organisation, owner, audit):
    user = build_member(organisation, username="kim")
    as_(owner).patch(
        f"/api/v1/organisations/{organisation.pk}/members/{user.pk}", {"role": "admin"}
    )

    (entry,) = items(as_(owner).get(audit))

    assert entry == {
        "id": entry["id"],
        "at": entry["at"],
        "action": "role_changed",
        "actor": {"id": str(owner.pk), "username": "olive"},
        "actor_kind": "person",
        "subject": {"id": str(user.pk), "username": "kim"},
        "target": "",
        "address": "127.0.0.1",
        "details": {"before": "member", "after": "admin"},
    }


def test_operator_has_no_name_and_an_erased_person_none_any_more(organisation, owner, audit):
    user = build_member(organisation)
    change_role(organisation=organisation, user=user, role=Role.SCORER)
    user.delete()

    (entry,) = items(as_(owner).get(audit))

    assert (entry["actor"], entry["actor_kind"], entry["subject"]) == (None, "operator", None)


def test_newest_comes_first_and_nothing_of_other_organisations(organisation, owner, audit):
    create_organisation(name="Other", owner=owner)
    for action in ("member_added", "role_changed", "member_left"):
        record_audit(action=action, organisation=organisation)

    assert [entry["action"] for entry in items(as_(owner).get(audit))] == [
        "member_left",
        "role_changed",
        "member_added",
    ]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("owner", 200),
        ("admin", 200),
        ("superuser", 200),
        ("scorer", 403),
        ("member", 403),
        ("stranger", 404),
    ],
)
def test_trail_is_for_who_manages_the_organisation(organisation, audit, kind, code):
    if kind in ("stranger", "superuser"):
        reader = build_user(is_superuser=kind == "superuser")
    else:
        reader = build_member(organisation, Role(kind))

    assert as_(reader).get(audit).status_code == code


def test_trail_is_narrowed_by_action_people_and_time(organisation, owner, audit):
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    user = build_user()
    for hour, fields in enumerate([{"actor": owner}, {"subject": user}, {}]):
        entry = record_audit(action=f"hour_{'abc'[hour]}", organisation=organisation, **fields)
        AuditEntry.objects.filter(pk=entry.pk).update(at=noon + timedelta(hours=hour))

    def found(**filters):
        return "".join(entry["action"][-1] for entry in items(as_(owner).get(audit, filters)))

    assert found() == "cba"
    assert found(action="hour_b") == "b"
    assert found(action="unheard_of") == ""
    assert found(actor_id=owner.pk) == "a"
    assert found(subject_id=user.pk) == "b"
    assert found(actor_id=uuid4()) == ""
    assert found(**{"from": "2026-11-21T13:00:00Z"}) == "cb"
    assert found(**{"from": "2026-11-21T13:00:00Z", "to": "2026-11-21T14:00:00Z"}) == "b"
    assert found(sort="at", limit=1, offset=1) == "b"


@pytest.mark.parametrize(
    "query",
    [
        "action=DROP",
        "actor_id=me",
        "subject_id=1",
        "from=yesterday",
        "to=2026-11-21T13:00:00",
        "sort=action",
        "address=127.0.0.1",
    ],
)
def test_odd_filters_are_refused(owner, audit, query):
    assert refusal(as_(owner).get(f"{audit}?{query}")) == (400, "validation_error")


@pytest.mark.parametrize("count", [1, 10])
def test_trail_costs_the_same_for_any_length(
    organisation, owner, audit, count, django_assert_num_queries
):
    for _ in range(count):
        record_audit(
            action="role_changed",
            organisation=organisation,
            actor=build_user(),
            subject=build_user(),
        )
    api = as_(owner)

    with django_assert_num_queries(5):
        assert len(items(api.get(audit))) == count
