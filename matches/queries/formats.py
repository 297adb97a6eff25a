from uuid import UUID

from core.errors import InvalidInputError
from matches.models import Format

# Made by the migration `0002_formats` under this key; staff may rename it.
DEFAULT_FORMAT_ID = UUID("019ab000-0000-7000-8000-000000000001")


def default_format() -> Format:
    """What a match is played in when nobody says: two halves of 45 minutes, eleven a side.

    Raises InvalidInputError when staff deleted it.
    """
    found = Format.objects.filter(pk=DEFAULT_FORMAT_ID).first()
    if found is None:
        raise InvalidInputError(format_id=["Choose a format; the default one was deleted."])
    return found
