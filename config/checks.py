"""What an installation must have set before it may serve anybody, each as a sentence that helps.

`refuse_unsafe_start` is called where a server loads the application, so neither uvicorn nor daphne
nor any other server starts on a default secret; `manage.py` says the same through system checks.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from accounts.rules import is_argon2id
from core.limits import parse_rate

ENVIRONMENTS = ("development", "staging", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
CSP_MODES = ("strict", "relaxed", "disabled")
API_DOCS_MODES = ("public", "staff", "off")
# Symmetric only: one party signs and reads, and "none" or a key of another kind can never slip in.
ALGORITHMS = ("HS256", "HS384", "HS512")
PLACEHOLDER = re.compile(
    r"change.?me|insecure|development|example|placeholder|secret.?key", re.IGNORECASE
)
GUESSABLE = {"postgres", "password", "touchline", "admin", "root", "secret"}
ENGINES = ("config.postgresql", "django.db.backends.sqlite3")
MAKE_SECRET = "python -c 'import secrets; print(secrets.token_urlsafe(64))'"  # noqa: S105


def refuse_unsafe_start() -> None:
    """Raise `ImproperlyConfigured` with one line for everything that is missing."""
    if found := list(refusals(settings)):
        raise ImproperlyConfigured("Touchline does not start:\n- " + "\n- ".join(found))


def refusals(values: Any) -> Iterator[str]:
    """The sentences that keep these settings from being served; none when all is well."""
    yield from _impossible_values(values)
    if values.ENVIRONMENT != "development":
        yield from _unsafe_values(values)


def _impossible_values(values: Any) -> Iterator[str]:
    choices: dict[str, tuple[str, ...]] = {
        "ENVIRONMENT": ENVIRONMENTS,
        "LOG_LEVEL": LOG_LEVELS,
        "CSP_MODE": CSP_MODES,
        "API_DOCS": API_DOCS_MODES,
        "ALGORITHM": ALGORITHMS,
    }
    for name, allowed in choices.items():
        if (value := getattr(values, name)) not in allowed:
            yield f"{name} is {value!r}; set it to one of {', '.join(allowed)}."
    ranges = {
        "PORT": (1, 65_535),
        "ACCESS_TOKEN_EXPIRE_MINUTES": (1, 24 * 60),
        "REFRESH_TOKEN_EXPIRE_DAYS": (1, 90),
        "HTTP_THREADS": (1, 64),
    }
    for name, (least, most) in ranges.items():
        if not least <= getattr(values, name) <= most:
            yield f"{name} is {getattr(values, name)}; set it to a number from {least} to {most}."
    if values.DATABASES["default"]["ENGINE"] not in ENGINES:
        yield "DATABASE_URL must begin with postgresql:// or sqlite:///."
    yield from _impossible_lists(values)
    yield from _impossible_mail(values)


def _impossible_lists(values: Any) -> Iterator[str]:
    for name in ("CORS_ALLOWED_ORIGINS", "WEBSOCKET_ORIGINS"):
        for origin in getattr(values, name):
            if not re.fullmatch(r"https?://[^/*\s]+", origin):
                yield (
                    f"{name.replace('_ALLOWED', '')} contains {origin!r}; list exact origins such "
                    "as https://club.example, without a path or a wildcard."
                )
    for network in values.TRUSTED_PROXIES:
        try:
            ip_network(network, strict=False)
        except ValueError:
            yield f"TRUSTED_PROXIES contains {network!r}; list addresses or networks (10.0.0.0/8)."
    for name, rate in values.LIMITS.items():
        try:
            parse_rate(rate)
        except ValueError:
            variable = f"LIMIT_{name.replace('-', '_').upper()}"
            yield f"{variable} is {rate!r}; set it to a count and a period such as 60/5m or 20/1h."


def _impossible_mail(values: Any) -> Iterator[str]:
    if not re.fullmatch(r"https?://[^/?#\s]+", values.PUBLIC_URL):
        yield (
            f"PUBLIC_URL is {values.PUBLIC_URL!r}; set it to the address people open, such as "
            "https://club.example, without a path."
        )
    if values.EMAIL_URL and values.EMAIL_URL.partition("://")[0] not in values.MAIL_PORTS:
        # Not the value itself: it holds a password.
        yield "EMAIL_URL must begin with smtp+tls://, smtp+ssl:// or smtp://."


def _unsafe_values(values: Any) -> Iterator[str]:
    secret = values.SECRET_KEY
    if len(secret) < 50 or len(set(secret)) < 10 or PLACEHOLDER.search(secret):
        yield f"SECRET_KEY is missing, short or a placeholder; set it to what {MAKE_SECRET} prints."
    if values.DEBUG:
        yield "DEBUG is on; remove it, or every error page shows the source code to strangers."
    if not values.ALLOWED_HOSTS or "*" in values.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS must list the names this server answers to, such as club.example."
    elif values.HTTPS_ONLY and not values.PUBLIC_URL.startswith("https://"):
        yield "PUBLIC_URL must begin with https://, or the links in mails travel in the open."
    if not values.IS_DATABASE_CHOSEN:
        yield "DATABASE_URL is not set; set it to postgresql://user:password@host/name."
    yield from _weak_passwords(values)


def _weak_passwords(values: Any) -> Iterator[str]:
    database = values.DATABASES["default"]
    password = str(database.get("PASSWORD") or "")
    if password in GUESSABLE or PLACEHOLDER.search(password):
        yield "The password of the database is a placeholder; set a random one in DATABASE_URL."
    if (master := values.MASTER_PASSWORD_HASH) and not is_argon2id(master):
        # Not told back: it may be the password itself.
        yield (
            "MASTER_PASSWORD_HASH is no Argon2id hash; set it to the line that "
            "`manage.py hash_master_password` prints, or remove it."
        )
    first = values.FIRST_SUPERUSER_PASSWORD
    if first and (len(first) < 12 or PLACEHOLDER.search(first)):
        yield "FIRST_SUPERUSER_PASSWORD must have 12 characters or more, or be removed."


@checks.register(checks.Tags.security)
def check_settings(**_: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(sentence, id=f"touchline.E{number:03}")
        for number, sentence in enumerate(refusals(settings), start=1)
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_deployment(**_: Any) -> list[checks.CheckMessage]:
    """Works, but not as well as it should in production."""
    found: list[checks.CheckMessage] = []
    if not settings.REDIS_URLS:
        found.append(
            checks.Warning(
                "REDIS_URL is not set: limits count per process, and viewers on another process "
                "learn of a goal at the next sweep, up to two seconds later.",
                hint="Set REDIS_URL=redis://host:6379/0.",
                id="touchline.W001",
            )
        )
    if settings.HTTPS_ONLY and not settings.TRUSTED_PROXIES:
        found.append(
            checks.Warning(
                "TRUSTED_PROXIES is not set: nobody is believed that a request came over HTTPS, so "
                "every one is redirected there, in a circle.",
                hint="Set TRUSTED_PROXIES to the address or network of the proxy that ends HTTPS.",
                id="touchline.W002",
            )
        )
    if not settings.EMAIL_URL:
        found.append(
            checks.Warning(
                "EMAIL_URL is not set: nobody gets mail. Whoever reads what the worker prints, "
                "reads the links that reset passwords.",
                hint="Set EMAIL_URL=smtp+tls://user:password@host.",
                id="touchline.W003",
            )
        )
    return found
