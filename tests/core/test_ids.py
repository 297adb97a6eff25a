import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor

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


def test_ids_of_one_moment_differ_and_keep_their_order():
    with time_machine.travel(1_800_000_000, tick=False):
        ids = [uuid7() for _ in range(10_000)]

    assert ids == sorted(set(ids))


def test_ids_of_many_threads_differ():
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: uuid7(), range(10_000)))

    assert len(set(ids)) == 10_000


def test_order_outlives_a_clock_that_is_corrected_by_a_moment():
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        first = uuid7()
        clock.shift(-0.5)
        assert uuid7() > first


def test_clock_that_is_set_back_far_is_followed():
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        uuid7()
        clock.shift(-3600)
        assert uuid7().int >> 80 == 1_799_996_400_000


def test_token_is_256_bits_and_kept_as_its_hash():
    token = new_token()

    assert len(token) == 43
    assert token != new_token()
    assert hash_token(token) == hashlib.sha256(token.encode()).hexdigest()
