from accounts.models import User
from core.errors import NotFoundError


def locked_user(user: User, *, with_key: bool = False) -> User:
    """The account as it stands now, locked until the end of the transaction.

    With its key, nothing new can begin to refer to it. NotFoundError when it was erased.
    """
    found = User.objects.select_for_update(no_key=not with_key).filter(pk=user.pk).first()
    if found is None:
        raise NotFoundError
    return found
