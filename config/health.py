"""Is this server well? For people and monitors, and for whoever restarts or feeds the process."""

import time
from datetime import UTC, datetime
from functools import cache as remember
from typing import Any

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from drf_spectacular.utils import OpenApiExample, extend_schema
from redis import Redis
from redis.exceptions import RedisError
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.schema import errors
from core.errors import ServiceUnavailableError
from realtime.hub import is_draining

logger = structlog.get_logger(__name__)
_STARTED = time.monotonic()
OK = "ok"
DOWN = "down"


class HealthSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(
        choices=[OK, "degraded"], help_text="Degraded: works, but without Redis."
    )
    uptime_seconds = serializers.FloatField()
    db = serializers.ChoiceField(choices=[OK])
    version = serializers.CharField()
    environment = serializers.CharField()
    timestamp = serializers.DateTimeField()
    checks = serializers.DictField(child=serializers.CharField())


class ProbeView(APIView):
    """Nobody signs in to ask whether the server is well."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()


class HealthView(ProbeView):
    @extend_schema(
        operation_id="health",
        summary="Health of this server",
        tags=["system"],
        auth=[],
        responses={200: HealthSerializer, **errors(503)},
        examples=[
            OpenApiExample(
                "Well",
                response_only=True,
                status_codes=["200"],
                value={
                    "status": OK,
                    "uptime_seconds": 86_400.5,
                    "db": OK,
                    "version": "0.1.0",
                    "environment": "production",
                    "timestamp": "2026-11-21T15:00:00Z",
                    "checks": {"database": OK, "redis": OK},
                },
            )
        ],
    )
    def get(self, request: Request) -> Response:
        checks = {"database": database_state(), "redis": redis_state()}
        _require_database(checks)
        return Response(
            {
                "status": "degraded" if DOWN in checks.values() else OK,
                "uptime_seconds": round(time.monotonic() - _STARTED, 3),
                "db": OK,
                "version": settings.VERSION,
                "environment": settings.ENVIRONMENT,
                "timestamp": datetime.now(UTC),
                "checks": checks,
            }
        )


class LiveView(ProbeView):
    """The process answers. A database that is away is no reason to restart it."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response({"status": OK})


class ReadyView(ProbeView):
    """Requests may be sent here: the database answers and the process is not about to end.

    Redis is not asked: without it news travels later, and every process would be unready at once.
    """

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        if is_draining():
            raise ServiceUnavailableError("This process is about to end.", retry_after=1)
        _require_database({"database": database_state()})
        return Response({"status": OK})


def _require_database(checks: dict[str, str]) -> None:
    if checks["database"] == DOWN:
        raise ServiceUnavailableError("The database does not answer.", retry_after=5, checks=checks)


def database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.warning("health_database_down", error=str(error))
        return DOWN
    return OK


def redis_state() -> str:
    """Of all shards together; they carry the doorbells, the first one also limits and cache."""
    if not settings.REDIS_URLS:
        return "not used"
    try:
        for url in settings.REDIS_URLS:
            _client(url).ping()
    except (RedisError, OSError) as error:
        logger.warning("health_redis_down", error=str(error))
        return DOWN
    return OK


@remember
def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
