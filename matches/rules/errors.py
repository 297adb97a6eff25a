"""What a rule says when it is broken. Operations translate these into refusals with a status."""

from collections.abc import Iterable


class RuleBrokenError(Exception):
    """`field` names the field of the event or format that is to blame, empty when none is."""

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        self.code = code
        self.message = message
        self.field = field
        super().__init__(message)


class TransitionError(RuleBrokenError):
    """A step that the match cannot take now; `allowed` lists the ones it can, sorted."""

    def __init__(self, message: str, *, allowed: Iterable[str]) -> None:
        self.allowed = sorted(str(step) for step in allowed)
        super().__init__("illegal_transition", message)
