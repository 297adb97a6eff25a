import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password


def test_passwords_are_kept_as_argon2id():
    assert make_password("a long enough phrase").startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("typed", "typed_later", "is_same"),
    [
        ("caf\u00e9 on grass", "cafe\u0301 on grass", True),
        ("cafe\u0301 on grass", "caf\u00e9 on grass", True),
        ("a phrase \ufb01ne", "a phrase fine", False),
        ("a phrase ", "a phrase", False),
        ("A phrase", "a phrase", False),
        ("p" * 1024, "p" * 1023, False),
    ],
    ids=["composed", "decomposed", "ligature", "space", "case", "length"],
)
def test_one_password_is_typed_in_two_ways_only_by_accents(typed, typed_later, is_same):
    assert check_password(typed_later, make_password(typed)) is is_same


def test_hashes_are_not_made_again_at_each_sign_in():
    encoded = make_password("a long enough phrase")

    assert not identify_hasher(encoded).must_update(encoded)
