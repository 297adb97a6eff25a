import pytest
from django.contrib.auth.hashers import make_password

from accounts.rules import is_argon2id

HASH = make_password("seventeen geese over the harbour")


def test_hash_that_django_makes_is_one():
    assert is_argon2id(HASH)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "seventeen geese over the harbour",
        "argon2",
        HASH.removeprefix("argon2"),
        HASH.rpartition("$")[0],
        HASH[:-10],
        HASH.replace("argon2id", "argon2i"),
        HASH.replace("m=", "m=x"),
        f"'{HASH}'",
        HASH + "\n",
        "pbkdf2_sha256$870000$salt$hash",
        "!",
    ],
    ids=[
        *("empty", "a password", "a word", "bare", "without its end", "cut off", "another variety"),
        *("no memory", "quoted", "with a line end", "another kind", "unusable"),
    ],
)
def test_anything_else_is_none(text):
    assert not is_argon2id(text)
