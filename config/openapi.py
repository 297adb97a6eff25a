"""What the OpenAPI document says beyond the views: which routes, and how callers authenticate."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from core.api.schema import MEANINGS

Endpoint = tuple[str, str, str, Any]


def canonical_routes(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Keep /api/v1; the unversioned alias and the probes' other names would only repeat it."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


# Each route but those of probes is counted against the limits (core.api.throttling), and needs the
# database to know its caller.
EVERYWHERE = (429, 503)
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


def refusals_everywhere(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What every operation may answer, so that no view has to say it."""
    for route in result["paths"].values():
        for operation in route.values():
            for code in EVERYWHERE if "system" not in operation["tags"] else ():
                refusal = {"content": ERROR, "description": MEANINGS[code]}
                operation["responses"].setdefault(str(code), refusal)
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def shared_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say each refusal once and refer to it: most routes refuse in the same eight ways."""
    shared: dict[str, Any] = result["components"].setdefault("responses", {})
    for route in result["paths"].values():
        for operation in route.values():
            for code, response in operation["responses"].items():
                # One with words of its own stays where it is.
                if response.get("description") == MEANINGS.get(int(code)):
                    shared[f"Refusal{code}"] = response
                    operation["responses"][code] = {"$ref": f"#/components/responses/Refusal{code}"}
    shared["Refusal429"] = _too_many()
    return result


def _too_many() -> dict[str, Any]:
    return {
        "description": MEANINGS[429],
        "headers": {
            name: {"description": description, "schema": {"type": kind}}
            for name, kind, description in (
                ("Retry-After", "integer", "Seconds until the next try."),
                ("RateLimit", "string", 'What is left and for how long: `"writes";r=0;t=42`.'),
                ("RateLimit-Policy", "string", 'The limit itself: `"writes";q=1200;w=60`.'),
            )
        },
        "content": ERROR,
    }


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.BearerAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access_token of POST /api/v1/auth/login.",
        }


class ReaderTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.ReaderAuthentication"
    name = "readerToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token, or the viewer token of POST /api/v1/share/exchange.",
        }
