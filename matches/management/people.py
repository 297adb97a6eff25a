"""Whom a command means by a word: somebody with an account, or a player."""

from uuid import UUID

from django.core.management.base import CommandError

from accounts.models import User
from accounts.queries import user_named
from matches.models import Player

WHO_HELP = "Username, e-mail address or id of an account; or the id of a player."


def person_called(who: str) -> User | Player:
    """Raises CommandError for nobody."""
    person = user_named(who) or _with_id(who)
    if person is None:
        raise CommandError(
            f"There is no account with the username, e-mail address or id {who!r}, and no player "
            "with this id."
        )
    return person


def _with_id(text: str) -> User | Player | None:
    try:
        key = UUID(text)
    except ValueError:
        return None
    return User.objects.filter(pk=key).first() or Player.objects.filter(pk=key).first()
