"""What the OpenAPI document says about the whole, and how its two readers are set up."""

from typing import Any

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Touchline",
    "DESCRIPTION": (
        "Log a match on a phone, follow it on a link.\n\n"
        "Every refusal is `{error: {code, message, details, request_id}}`. Live data comes over "
        "the sockets described in docs/realtime.md; what they say stands in docs/feed.md."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVERS": [{"url": "/", "description": "This server"}],
    "TAGS": [
        {"name": "auth", "description": "Sign in, stay signed in, sign out."},
        {"name": "users", "description": "Your own account; for superusers, everybody's."},
        {"name": "organisations", "description": "Organisations, their members and invitations."},
        {"name": "items", "description": "The notice board of an organisation."},
        {"name": "teams", "description": "Teams, their squads and seasons."},
        {"name": "players", "description": "People who play; never shown to viewers by name."},
        {"name": "matches", "description": "Matches, their line-ups and their life."},
        {"name": "events", "description": "What happened in a match."},
        {"name": "live", "description": "The live document, score and timeline."},
        {"name": "share", "description": "Links that let family and friends follow."},
        {"name": "system", "description": "Is this server well?"},
    ],
    "PREPROCESSING_HOOKS": ["config.openapi.canonical_routes"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.refusals_everywhere",
        "config.openapi.shared_refusals",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "EventKind": "matches.models.event.EVENT_KINDS",
        "EventOutcome": "matches.models.event.OUTCOMES",
        "LineupRole": "matches.models.lineup.LINEUP_ROLES",
        "MatchStatus": "matches.models.match.STATUSES",
        "NamePolicy": "accounts.models.NamePolicy",
        "PeriodKind": "matches.models.match.PERIOD_KINDS",
        "Position": "matches.models.roster.POSITIONS",
        "Role": "accounts.models.Role",
        "Side": "matches.serializers.events.SIDES",
    },
    "PATH_CONVERTER_OVERRIDES": {"id": {"type": "string", "format": "uuid"}},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False},
}
