"""No byte of any page of the admin tells staff of one club about another."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse

from accounts.models import Role
from tests.accounts.admin.clubs import build_club
from tests.accounts.admin.test_roles import REGISTERED, page
from tests.factories import build_user

pytestmark = pytest.mark.django_db

# Searched for by its beginning, because a search box repeats what was typed.
WORD, TYPED = "Zanzibar", "zanz"
ADMINS = {model._meta.label_lower: found for model, found in admin.site._registry.items()}
PICKED = sorted(
    {
        (model._meta.app_label, model._meta.model_name, name)
        for found in ADMINS.values()
        for shown in (found, *found.inlines)
        for model in [shown.model]
        for name in shown.autocomplete_fields
    }
    | {("accounts", "membership", name) for name in ("user", "organisation")}
)


@pytest.fixture
def clubs():
    return build_club("Harbour"), build_club(WORD)


def told(answer):
    content = b"".join(answer) if answer.streaming else answer.content
    return WORD.lower().encode() in content.lower()


@pytest.mark.parametrize("label", REGISTERED)
@pytest.mark.parametrize("who", list(Role.values))
def test_lists_and_pages_name_no_other_club(client, clubs, label, who):
    ours, theirs = clubs
    client.force_login(ours.people[who])
    other = theirs.organisation.pk
    addresses = [
        reverse("admin:index"),
        reverse("admin:app_list", args=[label.split(".")[0]]),
        page(label, "changelist"),
        page(label, "changelist") + f"?q={TYPED}",
        page(label, "changelist") + f"?organisation__id__exact={other}",
        page(label, "changelist") + f"?person={theirs.people['owner'].pk}",
        page(label, "add"),
    ]
    for club in clubs:
        if row := club.rows.get(label):
            names = ("change", "history", "delete")
            addresses += [page(label, name, row.pk) for name in names]

    assert [address for address in addresses if told(client.get(address, follow=True))] == []


@pytest.mark.parametrize("source", PICKED, ids=".".join)
@pytest.mark.parametrize("who", list(Role.values))
def test_nothing_of_another_club_can_be_picked(client, clubs, source, who):
    client.force_login(clubs[0].people[who])
    app_label, model_name, field_name = source

    answer = client.get(
        reverse("admin:autocomplete"),
        {"app_label": app_label, "model_name": model_name, "field_name": field_name, "term": TYPED},
    )

    assert answer.status_code in {200, 403}
    assert not told(answer)


@pytest.mark.parametrize("label", REGISTERED)
def test_ids_put_into_a_form_are_not_given_names(client, clubs, label):
    ours, theirs = clubs
    client.force_login(ours.people["owner"])
    model = ADMINS[label].model
    by_model = {type(row): row.pk for row in theirs.rows.values()}
    foreign = {
        field.name: str(by_model[field.related_model])
        for field in model._meta.fields
        if field.related_model in by_model
    }
    management = {
        f"{prefix}-{figure}_FORMS": 0
        for prefix in ("squad", "squads", "memberships", "scorers", "periods", "lineup", "events")
        for figure in ("TOTAL", "INITIAL")
    }
    links = {"share_links-TOTAL_FORMS": 0, "share_links-INITIAL_FORMS": 0}
    addresses = [page(label, "add")]
    if row := ours.rows.get(label):
        addresses.append(page(label, "change", row.pk))

    for address in addresses:
        assert not told(client.post(address, {**management, **links, **foreign}))


@pytest.mark.parametrize(
    ("prefix", "label"), [("squad", "matches.team"), ("squads", "matches.player")]
)
def test_ids_put_into_the_rows_of_a_page_are_not_given_names(client, clubs, prefix, label):
    ours, theirs = clubs
    client.force_login(ours.people["owner"])
    form = {
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-INITIAL_FORMS": 0,
        f"{prefix}-0-player": str(theirs.rows["matches.player"].pk),
        f"{prefix}-0-team": str(theirs.rows["matches.team"].pk),
        f"{prefix}-0-number": 9,
    }

    answer = client.post(page(label, "change", ours.rows[label].pk), form)

    assert answer.status_code == 200
    assert not told(answer)


def test_person_of_two_clubs_shows_staff_one(client, clubs):
    ours, theirs = clubs
    shared = ours.people["member"]
    theirs.organisation.memberships.create(user=shared)
    client.force_login(ours.people["owner"])

    for address in (
        page("accounts.user", "changelist"),
        page("accounts.user", "changelist") + f"?q={TYPED}",
        page("accounts.user", "change", shared.pk),
        page("accounts.auditentry", "changelist") + f"?person={shared.pk}",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not told(answer)


def test_filter_by_a_role_elsewhere_is_refused(client, clubs):
    client.force_login(clubs[0].people["owner"])

    answer = client.get(page("accounts.user", "changelist"), {"memberships__role__exact": "owner"})

    assert answer.status_code in {302, 400}


def test_links_are_not_found_by_guessing_their_hash(client, clubs):
    link = clubs[0].rows["matches.sharelink"]
    client.force_login(clubs[0].people["member"])

    for text in (link.token_hash[:3], "no"):
        answer = client.get(
            page("matches.sharelink", "changelist"), {"token_hash__startswith": text}
        )
        assert answer.status_code == 400


def test_recent_actions_forget_a_club_one_has_left(client, clubs):
    ours, theirs = clubs
    owner = ours.people["owner"]
    team = theirs.rows["matches.team"]
    LogEntry.objects.log_actions(owner.pk, [team], CHANGE, "Renamed.", single_object=True)
    LogEntry.objects.log_actions(
        owner.pk, [ours.rows["matches.team"]], CHANGE, "Renamed.", single_object=True
    )
    client.force_login(owner)

    answer = client.get(reverse("admin:index"))

    assert "Harbour Spares" in answer.content.decode()
    assert not told(answer)


def test_history_of_a_person_of_two_clubs_is_the_trail_that_staff_may_read(client, clubs):
    ours, theirs = clubs
    shared, chair = ours.people["member"], build_user(is_superuser=True, is_staff=True)
    elsewhere = theirs.organisation.memberships.create(user=shared)
    # As a superuser's edit of the memberships on the person's own page is logged.
    words = [{"changed": {"name": "membership", "object": str(elsewhere), "fields": ["Role"]}}]
    LogEntry.objects.log_actions(chair.pk, [shared], CHANGE, words, single_object=True)
    history = page("accounts.user", "history", shared.pk)
    client.force_login(ours.people["owner"])

    answer = client.get(history, follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain
    assert not told(answer)
    client.force_login(chair)
    assert theirs.organisation.name in client.get(history).content.decode()


@pytest.mark.parametrize(
    ("label", "lookup"),
    [
        ("accounts.user", "memberships__gt"),
        ("accounts.user", "memberships__lt"),
        ("accounts.user", "last_login__gt"),
        ("matches.format", "matches__gt"),
        ("accounts.organisation", "invitations__gt"),
    ],
)
def test_lists_do_not_tell_of_rows_that_refer_to_theirs(client, clubs, label, lookup):
    client.force_login(clubs[0].people["owner"])
    value = "2020-01-01" if "login" in lookup else clubs[1].organisation.pk

    answer = client.get(page(label, "changelist"), {lookup: value})

    assert answer.status_code == 400
