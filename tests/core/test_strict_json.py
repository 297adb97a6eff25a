import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api.strict_json import MAX_INTEGER, MalformedJSONError, TooLargeError, loads

MEGABYTE = 1024 * 1024
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(document=DOCUMENTS, escaped=st.booleans())
def test_what_json_can_say_arrives_unchanged(document, escaped):
    raw = json.dumps(document, ensure_ascii=escaped)

    assert loads(raw, max_bytes=MEGABYTE) == document
    assert loads(raw.encode(), max_bytes=MEGABYTE) == document


@given(raw=st.binary(max_size=60))
def test_any_bytes_are_either_read_or_refused(raw):
    with suppress(MalformedJSONError):
        json.dumps(loads(raw, max_bytes=MEGABYTE), allow_nan=False)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} {"b": 2}',
        b"01",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b'"tab\there"',
        b"NaN",
        b"Infinity",
        b"[-Infinity]",
        b"1e999",
        b"-1e999",
        b"9223372036854775808",
        b"-9223372036854775808",
        b"1" * 5000,
        b'"\\u0000"',
        b'{"a\\u0000": 1}',
        b'{"a": ["\\ud800"]}',
        b'"\\udc00\\ud800"',
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"outer": {"a": 1, "b": 2, "a": 3}}',
        b"[" * 33 + b"]" * 33,
        b'{"a":' * 33 + b"1" + b"}" * 33,
        b"[" * 500_000,
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_bytes_that_readers_could_understand_differently_are_refused(raw):
    with pytest.raises(MalformedJSONError) as refused:
        loads(raw, max_bytes=MEGABYTE)

    assert refused.value.code == "malformed_json"
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(
    ("raw", "document"),
    [
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"\\u00e9"', "é"),
        (b'"[[[[{{{{"', "[[[[{{{{"),
        (b"9223372036854775807", MAX_INTEGER),
        (b"-9223372036854775807", -MAX_INTEGER),
        (b"-0.0", 0.0),
        (b" [] \n", []),
    ],
)
def test_unusual_but_valid_documents_are_read(raw, document):
    assert loads(raw, max_bytes=MEGABYTE) == document


def test_32_levels_are_deep_enough():
    raw = "[" * 32 + "]" * 32

    assert json.dumps(loads(raw, max_bytes=MEGABYTE)) == raw


def test_many_brackets_side_by_side_are_not_deep():
    raw = "[" + ",".join(['{"text": "a \\" [ quote"}'] * 500) + "]"

    assert len(loads(raw, max_bytes=MEGABYTE)) == 500


def test_text_with_half_a_surrogate_pair_is_refused():
    with pytest.raises(MalformedJSONError):
        loads('"\ud800"', max_bytes=MEGABYTE)


@pytest.mark.parametrize("raw", [b'"12345678"', '"12345678"', '"éééé"'])
def test_size_counts_in_bytes(raw):
    assert loads(raw, max_bytes=10)
    with pytest.raises(TooLargeError) as refused:
        loads(raw, max_bytes=9)

    assert refused.value.status == 413
    assert refused.value.details == {"max_bytes": 9}


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 40 + b'"' + b'\\"' * 500_000,
        b"[" * 40 + b'"' * 999_999,
        b"{" + b",".join(b'"%d":1' % number for number in range(99_000)) + b',"98999":1}',
        b"[" + b"9" * 999_999 + b"]",
        b"{}" * 500_000,
    ],
    ids=["open string of quotes", "quotes", "late duplicate", "digits", "empty objects"],
)
def test_hostile_documents_are_refused_in_linear_time(raw):
    started = time.process_time()

    with pytest.raises(MalformedJSONError):
        loads(raw, max_bytes=MEGABYTE)

    assert time.process_time() - started < 2
