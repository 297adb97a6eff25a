import pytest

from accounts.models import Membership, Role
from core.errors import ForbiddenError, InvalidInputError, NotFoundError, VersionConflictError
from items.models import Item
from items.operations import create_item, delete_item, update_item
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return factories.build_item(title="Lift")


def person(item, who):
    """Somebody by what they are to the item."""
    if who in set(Role):
        return factories.build_member(item.organisation, Role(who))
    return {
        "author": lambda: item.owner,
        "outsider": factories.build_user,
        "superuser": lambda: factories.build_user(is_superuser=True),
        "foreign owner": lambda: factories.build_member(factories.build_organisation(), Role.OWNER),
        "disabled owner": lambda: factories.build_member(
            item.organisation, Role.OWNER, is_active=False
        ),
    }[who]()


WRITERS = {
    "author": True,
    "owner": True,
    "admin": True,
    "superuser": True,
    "scorer": False,
    "member": False,
    "outsider": False,
    "foreign owner": False,
    "disabled owner": False,
}


@pytest.mark.parametrize(("who", "may"), WRITERS.items())
def test_author_and_managers_write(item, who, may):
    actor = person(item, who)

    for write in (
        lambda: update_item(item=item, actor=actor, changes={"title": who}),
        lambda: delete_item(item=item, actor=actor),
    ):
        if may:
            write()
        else:
            with pytest.raises(ForbiddenError):
                write()

    assert Item.objects.exists() is not may


@pytest.mark.parametrize("who", WRITERS)
def test_every_member_posts_and_nobody_else(item, who):
    actor = person(item, who)

    if who in {"outsider", "foreign owner", "disabled owner"}:
        with pytest.raises(ForbiddenError):
            create_item(actor=actor, organisation=item.organisation, title="Lift")
    else:
        made = create_item(actor=actor, organisation=item.organisation, title="Lift")
        assert made.owner == actor


def test_author_who_left_writes_no_more(item):
    Membership.objects.filter(user=item.owner).delete()

    with pytest.raises(ForbiddenError):
        update_item(item=item, actor=item.owner, changes={"title": "x"})
    with pytest.raises(ForbiddenError):
        delete_item(item=item, actor=item.owner)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"description": "x" * 10_001}, "description"),
        ({"description": "\x1b[0m"}, "description"),
        ({"owner": None}, "owner"),
        ({"version": 9}, "version"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_invalid_value_is_named_and_changes_nothing(item, changes, field):
    with pytest.raises(InvalidInputError) as refused:
        update_item(item=item, actor=item.owner, changes=changes)

    assert list(refused.value.details) == [field]
    assert Item.objects.get().version == 1


def test_line_ends_of_every_system_become_one(item):
    changed = update_item(item=item, actor=item.owner, changes={"description": "a\r\nb\rc\n"})

    assert changed.description == "a\nb\nc"


def test_version_counts_changes_and_not_attempts(item):
    for title in ("Lift", "Lift home", "Lift home"):
        update_item(item=item, actor=item.owner, changes={"title": title})

    assert Item.objects.get().version == 2


def test_stale_writers_learn_the_current_version(item):
    update_item(item=item, actor=item.owner, changes={"title": "x"}, base_version=1)

    for write in (
        lambda: update_item(item=item, actor=item.owner, changes={"title": "y"}, base_version=1),
        lambda: delete_item(item=item, actor=item.owner, base_version=1),
    ):
        with pytest.raises(VersionConflictError) as refused:
            write()
        assert refused.value.details == {"current_version": 2}


def test_item_that_is_gone_is_not_found(item):
    delete_item(item=Item.objects.get(), actor=item.owner)

    with pytest.raises(NotFoundError):
        update_item(item=item, actor=item.owner, changes={"title": "x"})


def test_board_goes_with_its_organisation_and_items_with_their_owner(item):
    other = factories.build_item(organisation=item.organisation)
    other.owner.delete()
    assert Item.objects.count() == 1

    item.organisation.delete()

    assert not Item.objects.exists()
