"""What a table of expected codes says of one method of one route."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

COLUMNS = (
    "anonymous",
    "viewer",
    "member",
    "scorer",
    "assigned",
    "admin",
    "owner",
    "theirs",
    "superuser",
    "disabled",
    "master",
)
# Callers of one column: who is given another match of the club is a mere member elsewhere, and in
# another club all roles are alike.
ALIKE = {
    "assigned elsewhere": "member",
    "their member": "theirs",
    "their scorer": "theirs",
    "their admin": "theirs",
    "their owner": "theirs",
}
CALLERS = (*(column for column in COLUMNS if column != "theirs"), *ALIKE)
# Who must never learn of the other club.
OURS = tuple(
    caller for caller in CALLERS if not caller.startswith("their ") and caller != "superuser"
)

# What many routes have in common, in the order of COLUMNS: `theirs` is somebody of another club.
#          anon view memb scor assi admi owne thei supe disa mast
LIST = "    401  401  200  200  200  200  200  200  200  401  403"
READ = "    401  401  200  200  200  200  200  404  200  401  403"
FOLLOW = "  401  200  200  200  200  200  200  404  200  401  403"
ADD = "     401  401  403  403  403  201  201  404  201  401  403"
MANAGE = "  401  401  403  403  403  200  200  404  200  401  403"
REMOVE = "  401  401  403  403  403  204  204  404  204  401  403"
LOG = "     401  401  403  201  201  201  201  404  201  401  403"
SCORE = "   401  401  403  200  200  200  200  404  200  401  403"
UNDO = "    401  401  403  204  204  204  204  404  204  401  403"
OWN = "     401  401  200  200  200  200  200  200  200  401  403"
PLATFORM = "401  401  403  403  403  403  403  403  200  401  403"
ANYBODY = " 200  200  200  200  200  200  200  200  200  200  200"


@dataclass(frozen=True)
class Operation:
    """`body` and `query` are made from the side whose rows are meant.

    `rows` says which row of the side a name in the address is, when it is not the usual one.
    `is_key`: the body opens what it names to whoever holds it, as a mailed link does.
    """

    expected: str
    body: Callable[[Any], Any] | dict[str, Any] | None = None
    query: Callable[[Any], str] | None = None
    rows: Mapping[str, str] = field(default_factory=dict)
    is_key: bool = False

    def code_for(self, caller):
        codes = dict(zip(COLUMNS, map(int, self.expected.split()), strict=True))
        return codes[ALIKE.get(caller, caller)]

    def body_from(self, side):
        return self.body(side) if callable(self.body) else self.body

    def query_from(self, side):
        return f"?{self.query(side)}" if self.query else ""
