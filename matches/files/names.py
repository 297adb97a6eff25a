"""Names as files write them, and as the same person is found again under another spelling."""

import unicodedata

# Letters that are no base letter with an accent, as printed without them.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


def folded(name: str) -> str:
    """ "Ángel Di María" and "Angel DI MARIA" become the same key."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    letters = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(letters.split())


def written(name: str) -> str:
    """A surname in capitals, as team sheets print it, becomes "Angel Di Maria"."""
    words = (word.title() if word.isupper() and len(word) > 1 else word for word in name.split())
    return " ".join(words)
