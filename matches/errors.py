"""The refusals of matches; each code is part of the API."""

from core.errors import ConflictError, DomainError


class MatchNotLiveError(ConflictError):
    """`details["status"]` says what the match is instead."""

    code = "match_not_live"
    default_message = "Events are logged while the match is live."


class IdReusedError(ConflictError):
    """The same answer for an event of this match and of any other, so that it tells nothing."""

    code = "id_reused"
    default_message = "This id belongs to another event. Make a new one."


class EventVoidedError(ConflictError):
    code = "event_voided"
    default_message = "This event was deleted and cannot be changed any more."


class IllegalTransitionError(ConflictError):
    """`details["allowed"]` lists the actions that are possible now."""

    code = "illegal_transition"
    default_message = "The match does not allow this now."


class MatchStartedError(ConflictError):
    """`details["fields"]` names what can no longer be changed."""

    code = "match_started"
    default_message = "The match has started, so its teams and format stay."


class MatchNotFinishedError(ConflictError):
    """`details["status"]` says what the match is instead."""

    code = "match_not_finished"
    default_message = "Only a completed match can be replayed."


class InUseError(ConflictError):
    code = "in_use"
    default_message = "Something else still needs this."


class AlreadyExistsError(ConflictError):
    code = "already_exists"
    default_message = "This exists already."


class ShareLinkGoneError(DomainError):
    code = "share_link_gone"
    status = 410
    default_message = "This link has expired or was withdrawn."


class ShareTokenNotKeptError(DomainError):
    """Only its holders know the token of a link that is not listed."""

    code = "share_token_not_kept"
    status = 410
    default_message = "The QR code of this link was shown when it was made, and only then."
