"""People's accounts; the person in the address is a member of ours."""

from tests import factories
from tests.api.operation import LIST, OWN, PLATFORM, READ, Operation

#              anon view memb scor assi admi owne thei supe disa mast
FOUND = "      401  401  403  403  403  403  403  403  201  401  403"
ERASE_OWN = "  401  401  204  204  204  204  204  204  204  401  403"
CHANGE = "     401  401  403  403  403  403  403  404  200  401  403"
ERASE = "      401  401  403  403  403  403  403  404  204  401  403"

OPERATIONS = {
    ("users-me", "GET"): Operation(OWN),
    ("users-me", "PATCH"): Operation(OWN, {"username": "renamed"}),
    ("users-me", "DELETE"): Operation(ERASE_OWN, {"password": factories.PASSWORD}),
    ("users", "GET"): Operation(LIST),
    ("users", "POST"): Operation(FOUND, {"username": "newcomer", "email": "new@example.org"}),
    ("users-statistics", "GET"): Operation(PLATFORM),
    ("user", "GET"): Operation(READ),
    ("user", "PATCH"): Operation(CHANGE, {"is_active": False}),
    ("user", "DELETE"): Operation(ERASE, query=lambda side: f"confirm={side.reader.username}"),
}
