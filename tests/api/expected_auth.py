"""Signing in, staying signed in and signing out; the session in the address is our scorer's."""

from accounts.models import EmailToken
from tests import factories
from tests.api.operation import ANYBODY, OWN, Operation

#             anon view memb scor assi admi owne thei supe disa mast
SESSION = "   401  401  200  200  200  200  200  200  200  401  200"
DEVICE = "    401  401  404  200  404  404  404  404  404  401  403"
END = "       401  401  404  204  404  404  404  404  404  401  403"
REGISTER = "  201  201  201  201  201  201  201  201  201  201  201"
RESEND = "    401  401  202  202  202  202  202  202  202  401  403"
RESET = "     202  202  202  202  202  202  202  202  202  202  202"
NEW_PASSWORD = "a longer phrase than before"


def _credentials(side):
    return {"email": side.reader.email, "password": factories.PASSWORD}


def _mailed(kind, **fields):
    return lambda side: {"token": side.mailed[kind], **fields}


OPERATIONS = {
    ("auth-login", "POST"): Operation(ANYBODY, _credentials, is_key=True),
    ("auth-refresh", "POST"): Operation(
        ANYBODY, lambda side: {"refresh_token": side.refresh_token}, is_key=True
    ),
    ("auth-logout", "POST"): Operation(SESSION),
    ("auth-logout-all", "POST"): Operation(OWN),
    ("auth-verify", "GET"): Operation(SESSION),
    ("auth-verify", "POST"): Operation(SESSION),
    ("auth-me", "GET"): Operation(OWN),
    ("auth-sessions", "GET"): Operation(OWN),
    ("auth-session", "GET"): Operation(DEVICE),
    ("auth-session", "DELETE"): Operation(END),
    ("auth-register", "POST"): Operation(
        REGISTER,
        {"username": "newcomer", "email": "new@example.org", "password": NEW_PASSWORD},
    ),
    ("auth-email-verify", "POST"): Operation(
        ANYBODY, _mailed(EmailToken.Kind.VERIFY_EMAIL), is_key=True
    ),
    ("auth-email-resend", "POST"): Operation(RESEND),
    ("auth-password-change", "POST"): Operation(
        OWN, {"current_password": factories.PASSWORD, "new_password": NEW_PASSWORD}
    ),
    ("auth-password-reset", "POST"): Operation(RESET, lambda side: {"email": side.reader.email}),
    ("auth-password-reset-confirm", "POST"): Operation(
        ANYBODY,
        _mailed(EmailToken.Kind.RESET_PASSWORD, new_password=NEW_PASSWORD),
        is_key=True,
    ),
}
