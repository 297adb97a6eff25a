"""The notice board; the items are the scorer's."""

from tests.api.operation import LIST, READ, Operation

#                anon view memb scor assi admi owne thei supe disa mast
PIN = "          401  401  201  201  201  201  201  404  201  401  403"
CHANGE_OWN = "   401  401  403  200  403  200  200  404  200  401  403"
REMOVE_OWN = "   401  401  403  204  403  204  204  404  204  401  403"
CHANGES = {"title": "Another", "private": False}
PRIVATE = {"item_id": "private_item"}

OPERATIONS = {
    ("items", "GET"): Operation(LIST),
    ("items", "POST"): Operation(
        PIN, lambda side: {"title": "Lift", "organisation_id": str(side.organisation.pk)}
    ),
    ("item", "GET"): Operation(READ),
    ("item", "PUT"): Operation(CHANGE_OWN, CHANGES),
    ("item", "PATCH"): Operation(CHANGE_OWN, CHANGES),
    ("item", "DELETE"): Operation(REMOVE_OWN),
    ("item", "GET", "private"): Operation(CHANGE_OWN, rows=PRIVATE),
    ("item", "PUT", "private"): Operation(CHANGE_OWN, CHANGES, rows=PRIVATE),
    ("item", "PATCH", "private"): Operation(CHANGE_OWN, CHANGES, rows=PRIVATE),
    ("item", "DELETE", "private"): Operation(REMOVE_OWN, rows=PRIVATE),
}
