from core.errors import NotFoundError
from matches.models import Match


def locked(match: Match) -> Match:
    """The match as it stands now, locked until the end of the transaction.

    The lock makes the changes of one match happen one after another, so that each sees all before
    it. It leaves room for rows that merely refer to the match. NotFoundError when it was deleted.
    """
    # Joined rows would be as old as the start of the wait, so teams and format are read later.
    found = Match.objects.select_for_update(no_key=True).filter(pk=match.pk).first()
    if found is None:
        raise NotFoundError
    return found
