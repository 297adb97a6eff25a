"""JSON as RFC 8259 and I-JSON (RFC 7493) mean it: one reading of every document, or none.

Python's decoder accepts what other readers of the same bytes would understand differently:
duplicate keys, NaN, lone surrogates, numbers no database column holds. All are refused here.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

from core.errors import DomainError

MAX_DEPTH = 32
MAX_INTEGER = 2**63 - 1
LONGEST_INTEGER = len(str(-MAX_INTEGER))


class MalformedJSONError(DomainError):
    code = "malformed_json"
    status = 400
    default_message = "The body is not valid JSON."


class TooLargeError(DomainError):
    """`details["max_bytes"]` says how much would have been accepted."""

    code = "too_large"
    status = 413
    default_message = "The body is too large."


def loads(raw: bytes | str, *, max_bytes: int) -> Any:
    """Decode one document; raises `MalformedJSONError` or `TooLargeError`."""
    text = _text(raw, max_bytes)
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise MalformedJSONError(f"The body is nested deeper than {MAX_DEPTH} levels.")
    try:
        document = _DECODER.decode(text)
    except ValueError as error:
        raise MalformedJSONError(_reason(error)) from error
    # Only an escape can smuggle in a NUL or half of a surrogate pair: raw control characters are
    # refused by the decoder, raw surrogates by UTF-8.
    if "\\u" in text:
        _refuse_unstorable_text(document)
    return document


def _text(raw: bytes | str, max_bytes: int) -> str:
    try:
        encoded = raw if isinstance(raw, bytes) else raw.encode()
        if len(encoded) > max_bytes:
            raise TooLargeError(max_bytes=max_bytes)
        return encoded.decode() if isinstance(raw, bytes) else raw
    except UnicodeError as error:
        raise MalformedJSONError("The body is not valid UTF-8.") from error


# An unclosed string swallows the rest: trying again inside it would take quadratic time.
_BRACKETS_AND_STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _depth(text: str) -> int:
    depth = deepest = 0
    for found in _BRACKETS_AND_STRINGS.finditer(text):
        if found[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif found[0] in "]}":
            depth -= 1
    return deepest


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"The body is not valid JSON: {error.msg} at character {error.pos}."
    return f"The body is not valid JSON: {error}"


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {twice[:40]!r} appears twice.")
    return found


def _integer(digits: str) -> int:
    # The length first: reading thousands of digits is itself slow.
    if len(digits) > LONGEST_INTEGER or abs(value := int(digits)) > MAX_INTEGER:
        raise ValueError("an integer does not fit into 64 bits.")
    return value


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON.")


def _refuse_unstorable_text(value: Any) -> None:
    if isinstance(value, str):
        if found := _UNSTORABLE.search(value):
            what = "a NUL character" if found[0] == "\0" else "half of a surrogate pair"
            raise MalformedJSONError(f"The body contains {what}.")
    elif isinstance(value, dict):
        for name, part in value.items():
            _refuse_unstorable_text(name)
            _refuse_unstorable_text(part)
    elif isinstance(value, list):
        for part in value:
            _refuse_unstorable_text(part)


_pairs: Callable[[list[tuple[str, Any]]], dict[str, Any]] = _without_duplicates
_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=_integer,
    parse_float=_finite,
    parse_constant=_refuse_constant,
)
