"""Fields that take one spelling of a value, where DRF's own would guess."""

import re
import unicodedata
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from rest_framework import serializers

# Controls, formats such as the marks that turn the direction of writing, and line ends.
_UNFIT: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
# Joiners spell Persian and Indic words and compound emoji.
_JOINERS: Final = "\u200c\u200d"
# The flags of England, Scotland and Wales, spelt with tags (UTS #51, Annex C).
_FLAG: Final = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{1,30}\U000e007f")
# Letters and a symbol by category, and yet nothing to see.
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")


class IdField(serializers.UUIDField):
    """A UUID as its 36 characters (RFC 9562 4); DRF alone takes integers and URNs too."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or len(data) != 36:
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class MomentField(serializers.DateTimeField):
    """A moment with its offset (RFC 3339); DRF alone takes "10:00" and a mere date as UTC, and the
    match of whoever forgot the offset kicks off an hour late."""

    default_error_messages = {"no_offset": "Say the offset from UTC, like 2026-09-12T10:00:00Z."}

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("no_offset")
        return super().enforce_timezone(value)


class NameField(serializers.CharField):
    """A name that shows what it is: one line, in Unicode's form C, with something to see in it and
    nothing that hides, such as controls, zero-width spaces and marks of writing direction."""

    default_error_messages = {
        "hidden_characters": "Characters that cannot be seen are not allowed.",
        "nothing_to_see": "A name has at least one character that can be seen.",
    }

    def to_internal_value(self, data: Any) -> str:
        name = unicodedata.normalize("NFC", super().to_internal_value(data))
        if any(_is_hidden(character) for character in _FLAG.sub("", name)):
            self.fail("hidden_characters")
        if name and not any(_is_visible(character) for character in name):
            self.fail("nothing_to_see")
        return name


def _is_hidden(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in _UNFIT


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANKS
