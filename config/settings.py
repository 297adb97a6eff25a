"""All settings, read from the environment (twelve-factor); `.env.example` explains each."""

import logging
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from config.document import SPECTACULAR_SETTINGS  # noqa: F401
from config.headers import content_security_policy
from config.logs import configure_structlog, logging_settings

# Makes ModelAdmin[...] and QuerySet[...] subscriptable at run time, as typed code writes them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()


def _number(name: str, default: int) -> int:
    text = str(env.str(name, str(default)))
    try:
        return int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {text!r}; set it to a whole number.") from None


# `.env.local` wins over `.env`; a real environment variable wins over both.
for env_file in (BASE_DIR / ".env.local", BASE_DIR / ".env"):
    if env_file.is_file():
        env.read_env(env_file)

VERSION = "0.1.0"
ENVIRONMENT: str = env.str("ENVIRONMENT", "development")
IS_DEVELOPMENT = ENVIRONMENT == "development"
DEBUG: bool = env.bool("DEBUG", False)

# A known secret keeps the first start free of set-up, and lets an image be built without one;
# config.checks refuses to serve with it outside development.
DEVELOPMENT_SECRET = "development-only-secret-key-never-use-it-in-production"  # noqa: S105
SECRET_KEY: str = env.str("SECRET_KEY", "") or DEVELOPMENT_SECRET
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["*"] if IS_DEVELOPMENT else [])
PORT: int = _number("PORT", 8000)
# Threads of one process that answer HTTP requests; sockets need none.
HTTP_THREADS: int = _number("HTTP_THREADS", 4)

INSTALLED_APPS = [
    "daphne",
    "config.apps.TouchlineAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "corsheaders",
    "csp",
    "django_structlog",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
    "config",
    "accounts",
    "realtime",
    "settings_app",
    "items",
    "matches",
    "tournaments",
    "graphics",
    "web",
]

MIDDLEWARE = [
    # First, so that everything below it, refusals too, carries the id.
    "core.api.request_id.request_id_middleware",
    "config.logs.RequestLogMiddleware",
    "config.edge.proxy_middleware",
    "django.middleware.security.SecurityMiddleware",
    # Above whatever may refuse by itself, so that refusals carry the headers, too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.edge.edge_middleware",
    "corsheaders.middleware.CorsMiddleware",
    "core.api.throttling.limits_middleware",
    "config.edge.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
# The API has no trailing slashes; the admin, which has, mends its own addresses.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

REDIS_URLS: list[str] = [url for url in env.list("REDIS_URL", default=[]) if url]
IS_DATABASE_CHOSEN = bool(env.str("DATABASE_URL", "") or env.str("POSTGRES_HOST", ""))


def _database() -> dict[str, Any]:
    """DATABASE_URL, else the POSTGRES_* parts, else SQLite beside the code."""
    if env.str("DATABASE_URL", ""):
        database = dict(env.db_url("DATABASE_URL"))
    elif env.str("POSTGRES_HOST", ""):
        database = {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": env.str("POSTGRES_HOST"),
            "PORT": env.str("POSTGRES_PORT", "5432"),
            "NAME": env.str("POSTGRES_DB", "touchline"),
            "USER": env.str("POSTGRES_USER", "touchline"),
            "PASSWORD": env.str("POSTGRES_PASSWORD", ""),
        }
    else:
        database = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(BASE_DIR / "touchline.sqlite3"),
        }
    is_sqlite = database["ENGINE"].endswith("sqlite3")
    return {**database, **(_sqlite() if is_sqlite else _postgresql(database))}


def _sqlite() -> dict[str, Any]:
    # A file for tests too, because the hub and the server read from threads of their own.
    test_file = Path(tempfile.gettempdir()) / f"touchline-test-{os.getpid()}.sqlite3"
    return {
        "OPTIONS": {
            # IMMEDIATE takes the write lock at BEGIN: two writers wait, none deadlocks on upgrade.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        "TEST": {"NAME": str(test_file)},
    }


def _postgresql(database: dict[str, Any]) -> dict[str, Any]:
    pool_size: int = _number("DB_POOL_SIZE", 4)
    return {
        # Ours looks at each connection before a request gets it, so that a restart of PostgreSQL
        # costs nobody an answer.
        "ENGINE": database["ENGINE"].replace("django.db.backends.postgresql", "config.postgresql"),
        # The pool keeps the connections open, so Django must give each back after its request.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "connect_timeout": 5,
            # Nobody waits for ever: a lock not granted in time becomes 503 `busy`.
            "options": "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
            **database.get("OPTIONS", {}),
            "pool": {
                "min_size": 1,
                "max_size": pool_size + _number("DB_MAX_OVERFLOW", 8),
                "timeout": 5,
            },
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URLS:
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                "hosts": [
                    # redis-py gives up reading after five seconds unless told otherwise, and a
                    # process that hears no doorbell for that long would lose its subscription.
                    {"address": url, "socket_timeout": None, "socket_connect_timeout": 2}
                    for url in REDIS_URLS
                ]
            },
        }
    }
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "config.cache.ProcessRedisCache",
            "LOCATION": REDIS_URLS[0],
            "KEY_PREFIX": "touchline",
            # A cache that hangs must not hang the request that asked it.
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            # The default of 300 would let a stranger push the counters of the limits out.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }


# The address people reach this server under, for links in mails. Never taken from a request:
# whoever writes its Host header would decide where the link of somebody else leads.
def _public_url() -> str:
    names = [name.lstrip(".") for name in ALLOWED_HOSTS if name != "*"]
    if names and not IS_DEVELOPMENT:
        return f"https://{names[0]}"
    return f"http://localhost:{PORT}"


PUBLIC_URL: str = (env.str("PUBLIC_URL", "") or _public_url()).rstrip("/")

# Mails go to the console unless EMAIL_URL names a server; config.checks refuses other schemes.
EMAIL_URL: str = env.str("EMAIL_URL", "")
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
_mail_scheme = EMAIL_URL.partition("://")[0]
_mail = env.email_url_config(EMAIL_URL if _mail_scheme in MAIL_PORTS else "consolemail://")
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail["EMAIL_HOST"] or "localhost"
EMAIL_PORT: int = _mail["EMAIL_PORT"] or MAIL_PORTS.get(_mail_scheme, 25)
EMAIL_HOST_USER: str = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail_scheme == "smtp+tls"
EMAIL_USE_SSL = _mail_scheme == "smtp+ssl"
# Seconds that a mail server may take for each answer; the worker tries again later.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = (
    env.str("DEFAULT_FROM_EMAIL", "") or f"Touchline <noreply@{urlsplit(PUBLIC_URL).hostname}>"
)

# Work that starts after the commit: its row is written in the same transaction, and a worker
# (`manage.py db_worker`) takes it from there. `manage.py serve` may bring a worker of its own.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
TASK_WORKER_IN_SERVER: bool = env.bool("TASK_WORKER_IN_SERVER", IS_DEVELOPMENT)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.NameBackend"]
PASSWORD_HASHERS = ["accounts.hashers.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
REGISTRATION_OPEN: bool = env.bool("REGISTRATION_OPEN", True)
ALGORITHM: str = env.str("ALGORITHM", "HS256")
ACCESS_TOKEN_EXPIRE_MINUTES: int = _number("ACCESS_TOKEN_EXPIRE_MINUTES", 15)
REFRESH_TOKEN_EXPIRE_DAYS: int = _number("REFRESH_TOKEN_EXPIRE_DAYS", 7)
# Argon2 hash that `manage.py hash_master_password` prints; without it there is no such sign-in.
MASTER_PASSWORD_HASH: str = env.str("MASTER_PASSWORD_HASH", "")
FIRST_SUPERUSER_EMAIL: str = env.str("FIRST_SUPERUSER_EMAIL", "")
FIRST_SUPERUSER_PASSWORD: str = env.str("FIRST_SUPERUSER_PASSWORD", "")

# At most so many in each period, by name; `.env.example` says what each counts.
LIMITS: dict[str, str] = {
    "reads": env.str("LIMIT_READS", "6000/1m"),
    "writes": env.str("LIMIT_WRITES", "1200/1m"),
    "login-address": env.str("LIMIT_LOGIN_ADDRESS", "60/5m"),
    "login-account": env.str("LIMIT_LOGIN_ACCOUNT", "10/15m"),
    "master-address": env.str("LIMIT_MASTER_ADDRESS", "5/15m"),
    "master-all": env.str("LIMIT_MASTER_ALL", "20/1h"),
    "register": env.str("LIMIT_REGISTER", "60/1h"),
    "reset-address": env.str("LIMIT_RESET_ADDRESS", "60/1h"),
    "reset-account": env.str("LIMIT_RESET_ACCOUNT", "5/1h"),
    "share-exchange": env.str("LIMIT_SHARE_EXCHANGE", "6000/1m"),
    "invite": env.str("LIMIT_INVITE", "200/1h"),
    "organisation-create": env.str("LIMIT_ORGANISATION_CREATE", "10/1d"),
    "refused-audit": env.str("LIMIT_REFUSED_AUDIT", "60/1h"),
}
# Tries of one address at the admin's sign-in page, in django-ratelimit's notation.
ADMIN_LOGIN_RATE = "30/5m"

CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/(api|auth|health|openapi)"
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
    *("etag", "idempotency-replayed", "link", "location", "ratelimit", "ratelimit-policy"),
    *("retry-after", "www-authenticate", "x-request-id"),
]
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])

# HTTPS ends at the proxy, which says so in a header; nobody else is believed to.
HTTPS_ONLY: bool = env.bool("HTTPS_ONLY", not IS_DEVELOPMENT)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS_ONLY
# Sockets: this server's own pages, by each of its names, and those of the sites listed.
# In development every address of this server is its own, whichever port it listens on.
_names = [] if IS_DEVELOPMENT else [host for host in ALLOWED_HOSTS if host[:1] not in {"*", "."}]
_scheme = "https" if HTTPS_ONLY else "http"
WEBSOCKET_ORIGINS: list[str] = [
    *(f"{_scheme}://{name}" for name in _names),
    *env.list("WEBSOCKET_ORIGINS", default=[]),
]
# Of each process; realtime.hub.tuning lists what else may be set here.
REALTIME: dict[str, Any] = {
    "sockets_a_user": _number("SOCKETS_PER_USER", 10),
    "viewers_a_link": _number("VIEWERS_PER_LINK", 5_000),
}
# Probes ask the process itself, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^health"]
SECURE_HSTS_SECONDS: int = _number("HSTS_SECONDS", 365 * 24 * 60 * 60) if HTTPS_ONLY else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
# Of the admin, the one place with a cookie: a working day, then the password again.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
# HSTS for sub-domains and preloading bind names that are not ours: the owner's decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

CSP_MODE: str = env.str("CSP_MODE", "strict")
if CSP_MODE != "disabled":
    CONTENT_SECURITY_POLICY = content_security_policy(CSP_MODE)

MAX_JSON_BYTES = 1024 * 1024
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_JSON_BYTES

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.CallerThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "core.api.autoschema.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.refusals.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Who may read /openapi.json, /docs and /redoc: public, staff (signed in to the admin) or off.
_docs_words = {"true": "public", "false": "off", "": "public" if IS_DEVELOPMENT else "staff"}
_docs: str = env.str("API_DOCS", "").lower()
API_DOCS: str = _docs_words.get(_docs, _docs)

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Outside development, files carry their hash in the name and `collectstatic` has compressed them.
_static_storage = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if IS_DEVELOPMENT
    else "config.static.HashedStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

LOG_LEVEL: str = env.str("LOG_LEVEL", "INFO").upper()
LOGGING = logging_settings(
    # An unknown level is refused by config.checks, which needs logging to say so.
    level=LOG_LEVEL if LOG_LEVEL in logging.getLevelNamesMapping() else "INFO",
    as_json=not IS_DEVELOPMENT,
)
configure_structlog()
# Ours has checked the id and written it back by the time django-structlog reads it.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
SENTRY_DSN: str = env.str("SENTRY_DSN", "")
