"""Organisations, their members and invitations."""

from tests.api.operation import ADD, ANYBODY, LIST, MANAGE, READ, REMOVE, Operation

#                anon view memb scor assi admi owne thei supe disa mast
FOUND = "        401  401  201  201  201  201  201  201  201  401  403"
DELETE = "       401  401  403  403  403  403  204  404  204  401  403"
MAKE_MEMBER = "  401  401  403  403  403  403  403  404  201  401  403"
# A superuser sees the organisation, and is no member who could leave.
LEAVE = "        401  401  204  204  204  204  204  404  409  401  403"
# Who is a member already leaves the invitation as it is.
JOIN = "         401  401  409  409  409  409  409  200  200  401  403"


def _members(side):
    return {"user_ids": [str(side.reader.pk)]}


def _token(side):
    return {"token": side.invitation_token}


OPERATIONS = {
    ("organisations", "GET"): Operation(LIST),
    ("organisations", "POST"): Operation(FOUND, {"name": "Newcomers"}),
    ("organisation", "GET"): Operation(READ),
    ("organisation", "PATCH"): Operation(MANAGE, {"name": "Renamed"}),
    ("organisation", "DELETE"): Operation(
        DELETE, query=lambda side: f"confirm={side.organisation.slug}"
    ),
    ("organisation-leave", "POST"): Operation(LEAVE),
    ("organisation-audit", "GET"): Operation(MANAGE),
    ("members", "GET"): Operation(READ),
    ("members", "POST"): Operation(
        MAKE_MEMBER, lambda side: {"user_id": str(side.outsider.pk), "role": "member"}
    ),
    ("members", "PATCH"): Operation(MANAGE, lambda side: {**_members(side), "role": "scorer"}),
    ("members", "DELETE"): Operation(REMOVE, _members),
    ("member", "GET"): Operation(READ),
    ("member", "PATCH"): Operation(MANAGE, {"role": "scorer"}),
    ("member", "DELETE"): Operation(REMOVE),
    ("invitations", "GET"): Operation(MANAGE),
    ("invitations", "POST"): Operation(ADD, {"email": "new@example.org", "role": "member"}),
    ("invitation", "DELETE"): Operation(REMOVE),
    ("invitation-preview", "POST"): Operation(ANYBODY, _token, is_key=True),
    ("invitation-accept", "POST"): Operation(JOIN, _token, is_key=True),
}
