"""Why an account or an organisation refuses."""

from core.errors import ConflictError, DomainError, ForbiddenError


class InvalidCredentialsError(DomainError):
    """The same answer for an unknown user and a wrong password."""

    code = "invalid_credentials"
    status = 401
    default_message = "The name or the password is wrong."


class UserDisabledError(ForbiddenError):
    """Only said to somebody who knew the password."""

    code = "user_disabled"
    default_message = "This account is disabled. Ask the person who runs this server."


class SessionRevokedError(DomainError):
    """The session was ended, has expired, or its user is disabled or gone."""

    code = "session_revoked"
    status = 401
    default_message = "You are signed out. Sign in again."


class RefreshReusedError(DomainError):
    """A refresh token came back after its successor: somebody else may hold one of the two."""

    code = "refresh_reused"
    status = 401
    default_message = "This refresh token was used before. The session is ended: sign in again."


class WrongPasswordError(ForbiddenError):
    """Not 401: whoever is asked for their password again is signed in, and stays so."""

    code = "wrong_password"
    default_message = "Your current password is another one."


class RegistrationClosedError(ForbiddenError):
    code = "registration_closed"
    default_message = "This server takes nobody in who is not invited."


class WeakPasswordError(DomainError):
    code = "weak_password"
    status = 400
    default_message = "This password is too weak."


class AlreadyMemberError(ConflictError):
    code = "already_member"
    default_message = "This person is already a member, with another role."


class NotMemberError(ConflictError):
    code = "not_a_member"
    default_message = "This person is not a member."


class LastOwnerError(ConflictError):
    code = "last_owner"
    default_message = "An organisation keeps at least one owner."


class LastSuperuserError(ConflictError):
    code = "last_superuser"
    default_message = "The platform keeps at least one superuser who can sign in."


class SlugTakenError(ConflictError):
    code = "slug_taken"
    default_message = "Another organisation has this slug."


class ConfirmationRequiredError(ConflictError):
    """`details["would_lose"]` counts what goes; `details["confirm"]` is what to confirm it with."""

    code = "confirmation_required"
    default_message = "This cannot be undone. Confirm it."


class LinkGoneError(DomainError):
    """A mailed link was used, withdrawn or replaced, or has expired."""

    code = "link_gone"
    status = 410
    default_message = "This link was used already or has expired."


class EmailTakenError(ConflictError):
    code = "email_taken"
    default_message = "Another account has this e-mail address."


class AccountTakenError(ConflictError):
    code = "account_taken"
    default_message = "Another account has this username or e-mail address."


class SuperuserUnsetError(DomainError):
    """`details["missing"]` names the settings that are empty."""

    code = "superuser_unset"
    status = 400
    default_message = "The first superuser is not configured."
