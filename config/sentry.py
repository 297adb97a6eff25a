"""Error reports to Sentry, when SENTRY_DSN is set: what went wrong, not who or with which token."""

from typing import Any

import sentry_sdk

from config.logs import REDACTED, SECRET_NAME


def start(*, dsn: str, environment: str, release: str) -> None:
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        before_send=without_secrets,
    )


def without_secrets(event: Any, _hint: dict[str, Any]) -> Any:
    """Sentry's own filter keeps query strings and unknown headers; we send neither."""
    request = event.get("request")
    if request:
        for part in ("query_string", "cookies", "data", "env"):
            request.pop(part, None)
        request["url"] = str(request.get("url", "")).partition("?")[0]
        headers = request.get("headers", {})
        request["headers"] = {
            name: REDACTED if SECRET_NAME.search(name) else value for name, value in headers.items()
        }
    return event
