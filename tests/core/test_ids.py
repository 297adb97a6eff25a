import hashlib
import uuid

import time_machine

from core.ids import hash_token, new_token, uuid7


def test_uuid7_has_version_variant_and_milliseconds():
    with time_machine.travel(1_800_000_000, tick=False):
        made = uuid7()

    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == 1_800_000_000_000


def test_later_ids_sort_later():
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        ids = []
        for _ in range(50):
            ids.append(uuid7())
            clock.shift(0.001)

    assert ids == sorted(ids)


def test_ids_of_one_moment_differ():
    with time_machine.travel(1_800_000_000, tick=False):
        assert len({uuid7() for _ in range(1000)}) == 1000


def test_token_is_256_bits_and_kept_as_its_hash():
    token = new_token()

    assert len(token) == 43
    assert token != new_token()
    assert hash_token(token) == hashlib.sha256(token.encode()).hexdigest()
