"""Logs: one event a line with its request id, and never a token, a password or a query string."""

import re
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

from core.api.address import client_address

REDACTED = "[redacted]"
SECRET_NAME = re.compile(
    r"password|passwd|secret|token|authorization|cookie|api_key|dsn|credential", re.IGNORECASE
)
_SECRETS_IN_TEXT: list[tuple[re.Pattern[str], str]] = [
    # A JSON web token, wherever it stands.
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*"), REDACTED),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\1 {REDACTED}"),
    # user:password@ in the address of a database or a cache
    (re.compile(r"(://[^\s:/@]*):[^\s@]+@"), rf"\1:{REDACTED}@"),
    # The query string of a path or an address.
    (re.compile(r"((?:^|[\s\"'(=]|https?:/)/[^\s?\"'<>]*)\?[^\s\"'<>]+"), r"\1"),
    # A share link and a mailed link carry their token behind the #.
    (re.compile(r"(/w|/account/[a-z]+)#[\w-]+"), rf"\1#{REDACTED}"),
]


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last processor before rendering: hides secrets by name, and by shape within texts."""
    return {name: _redacted(name, value) for name, value in event.items()}


def _redacted(name: str, value: Any) -> Any:
    # structlog's own keys hold objects that the renderer needs.
    if name.startswith("_"):
        return value
    if isinstance(value, dict):
        return {key: _redacted(str(key), part) for key, part in value.items()}
    if isinstance(value, str):
        return REDACTED if SECRET_NAME.search(name) else _without_secrets(value)
    if isinstance(value, list | tuple):
        return [_redacted(name, part) for part in value]
    return REDACTED if SECRET_NAME.search(name) and value is not None else value


def _without_secrets(text: str) -> str:
    for pattern, replacement in _SECRETS_IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog's request log, without query strings and with the address we believe."""

    def prepare(self, request: HttpRequest) -> None:
        request.META["touchline.started"] = time.perf_counter()
        super().prepare(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        seconds = time.perf_counter() - request.META["touchline.started"]
        structlog.contextvars.bind_contextvars(milliseconds=round(seconds * 1000, 1))
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=client_address(request))


_SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.UnicodeDecoder(),
]


def configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _console() -> structlog.dev.ConsoleRenderer:
    # The richer traceback of structlog prints local variables, and with them passwords.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: every logger of every library ends in the same line format."""
    rendering = (
        [structlog.processors.format_exc_info, redact, structlog.processors.JSONRenderer()]
        if as_json
        else [redact, _console()]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *rendering,
                ],
                "foreign_pre_chain": _SHARED_PROCESSORS,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": _loggers(level),
    }


def _loggers(level: str) -> dict[str, Any]:
    quiet = {"level": "WARNING", "handlers": [], "propagate": True}
    # Without its own handlers, which print each line twice, and without its DEBUG lines, which show
    # the frames of sockets: tokens, names, notes.
    server = {**quiet, "level": "INFO" if level == "DEBUG" else level}
    return {
        # Our own request log says the same, with ids and without query strings.
        "uvicorn.access": quiet,
        "daphne.access": quiet,
        "django.channels.server": quiet,
        "django.server": quiet,
        # Two lines for every look at the table of tasks; what a task did, it says itself.
        "django_tasks": quiet,
        "django_tasks_db": quiet,
        # A replay on another server sends hundreds of requests.
        "httpx": quiet,
        # Strangers knock under every name; the request log counts them.
        "django.security.DisallowedHost": {**quiet, "level": "CRITICAL"},
        "django.request": {**quiet, "level": "CRITICAL"},
        "uvicorn": server,
        "uvicorn.error": server,
    }
