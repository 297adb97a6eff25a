"""What a secret must look like; pure."""

import re
from typing import Final

_ARGON2ID: Final = re.compile(
    r"argon2\$argon2id\$v=19\$m=[1-9][0-9]{3,6},t=[1-9][0-9]?,p=[1-9][0-9]?"
    # Salt and hash, 256 bits, in base64 without padding.
    r"\$(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2,3})?\$[A-Za-z0-9+/]{43}"
)


def is_argon2id(encoded: str) -> bool:
    """Whether this is a whole hash as Django stores it, rather than a password or a part of one."""
    return _ARGON2ID.fullmatch(encoded) is not None
