"""Reading JSON with the place of every value at hand, so that a complaint can name it."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from matches.files.errors import FileError

Choice = TypeVar("Choice", bound=StrEnum)


class Node:
    """A JSON object at a place of the file. A missing or null field is its default, or an error."""

    def __init__(self, value: Any, where: str = "") -> None:
        if not isinstance(value, dict):
            raise FileError("an object is expected here.", where=where)
        self.value: dict[str, Any] = value
        self.where = where

    def at(self, field: str) -> str:
        return f"{self.where}.{field}" if self.where else field

    def only(self, *fields: str) -> None:
        """Refuse what nobody would read, because it is probably a slip of the pen."""
        if unknown := sorted(self.value.keys() - set(fields)):
            raise FileError(
                f"unknown: {', '.join(unknown)}. Known are {', '.join(fields)}.", where=self.where
            )

    def has(self, field: str) -> bool:
        return self.value.get(field) is not None

    def text(self, field: str, default: str | None = None, *, limit: int = 500) -> str:
        value: str = self._get(field, str, "a text", default)
        if len(value) > limit:
            raise FileError(f"at most {limit} characters.", where=self.at(field))
        if "\x00" in value:
            raise FileError("a NUL character is no text.", where=self.at(field))
        return value.strip()

    def name(self, field: str, *, limit: int) -> str:
        if not (value := self.text(field, limit=limit)):
            raise FileError("this must not be empty.", where=self.at(field))
        return value

    def integer(self, field: str, default: int | None = None, *, low: int, high: int) -> int:
        value: int = self._get(field, int, "a whole number", default)
        if not low <= value <= high:
            raise FileError(f"use {low} to {high}.", where=self.at(field))
        return value

    def optional_integer(self, field: str, *, low: int, high: int) -> int | None:
        return self.integer(field, low=low, high=high) if self.has(field) else None

    def percent(self, field: str) -> float | None:
        if not self.has(field):
            return None
        value = self._get(field, (int, float), "a number", None)
        if not 0 <= value <= 100:
            raise FileError("use 0 to 100.", where=self.at(field))
        return float(value)

    def flag(self, field: str, *, default: bool = False) -> bool:
        value = self.value.get(field, default)
        if not isinstance(value, bool):
            raise FileError("use true or false.", where=self.at(field))
        return value

    def choice(self, field: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        value = self._get(field, str, "a text", default)
        try:
            return choices(value)
        except ValueError:
            known = ", ".join(choices)
            raise FileError(f"{value!r} is none of {known}.", where=self.at(field)) from None

    def optional_choice(self, field: str, choices: type[Choice]) -> Choice | None:
        return self.choice(field, choices) if self.has(field) else None

    def moment(self, field: str) -> datetime:
        value = self.text(field)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise FileError("use a time with its zone, like 2026-09-12T10:00:00Z.",
                            where=self.at(field))  # fmt: skip
        return moment

    def optional_moment(self, field: str) -> datetime | None:
        return self.moment(field) if self.has(field) else None

    def day(self, field: str) -> date:
        value = self.text(field)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise FileError("use a date like 2026-09-12.", where=self.at(field)) from None

    def optional_day(self, field: str) -> date | None:
        return self.day(field) if self.has(field) else None

    def child(self, field: str) -> "Node":
        return Node(self.value.get(field), self.at(field))

    def children(self, field: str) -> Iterator["Node"]:
        """The objects of a list; a missing list is empty."""
        for index, value in enumerate(self._get(field, list, "a list", [])):
            yield Node(value, f"{self.at(field)}[{index}]")

    def pair(self, field: str, *, high: int = 99) -> tuple[int, int] | None:
        """Two figures, home and away; None when the field is missing."""
        if not self.has(field):
            return None
        value = self.value[field]
        if not isinstance(value, list) or len(value) != 2 or not _are_counts(value, high):
            raise FileError("use two whole numbers, like [2, 1].", where=self.at(field))
        return value[0], value[1]

    def _get(self, field: str, kind: Any, expected: str, default: Any) -> Any:
        value = self.value.get(field)
        if value is None:
            if default is None:
                raise FileError("this is missing.", where=self.at(field))
            return default
        # True is an int to Python, and never meant as one.
        if not isinstance(value, kind) or isinstance(value, bool):
            raise FileError(f"{expected} is expected here.", where=self.at(field))
        return value


def _are_counts(values: Collection[Any], high: int) -> bool:
    return all(type(value) is int and 0 <= value <= high for value in values)
