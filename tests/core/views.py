"""A small API of its own, so that the edge is tested without the apps that stand on it."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection
from django.http import Http404
from django.urls import path
from rest_framework import exceptions as drf
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organisation
from core.api.idempotency import IdempotentMixin
from core.api.pagination import page
from core.api.serializers import StrictSerializer
from core.errors import ConflictError, DomainError, InvalidInputError, RateLimitedError


class Caller(BaseAuthentication):
    """Takes `Authorization: Caller name` at its word."""

    def authenticate(self, request):
        scheme, _, name = request.headers.get("Authorization", "").partition(" ")
        return (AnonymousUser(), CallerKey(name)) if scheme == "Caller" else None

    def authenticate_header(self, request):
        return "Caller"


class CallerKey:
    def __init__(self, name: str) -> None:
        self.key = name


class OpenView(APIView):
    authentication_classes = [Caller]
    permission_classes = [AllowAny]


class EchoView(OpenView):
    def post(self, request):
        return Response(request.data)


class InnerSerializer(StrictSerializer):
    minute = serializers.IntegerField(min_value=0)
    is_sure = serializers.BooleanField(required=False, allow_null=True)


class FormSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    title = serializers.CharField(max_length=20)
    inner = InnerSerializer(required=False)


class FormView(OpenView):
    def post(self, request):
        form = FormSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(form.validated_data)


class OrganisationsView(OpenView):
    def get(self, request):
        return page(
            Organisation.objects.all(),
            request,
            sorts={"name": "name", "founded": "created_at"},
            default_sort="name",
            serialize=lambda rows: [{"name": row.name} for row in rows],
            filters=["q"],
        )


class CountingView(IdempotentMixin, OpenView):
    """Founds a club with each POST that gets through."""

    def post(self, request, **kwargs):
        refusal = request.data.get("refuse")
        if refusal:
            raise ConflictError
        number = Organisation.objects.count()
        club = Organisation.objects.create(name=f"Club {number}", slug=f"club-{number}")
        if request.data.get("silently"):
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(
            {"name": club.name, "id": club.id, "at": club.created_at},
            status=status.HTTP_201_CREATED,
            headers={"Location": f"/clubs/{number}", "ETag": '"v1"', "X-Other": "not kept"},
        )

    def get(self, request, **kwargs):
        return Response({"clubs": Organisation.objects.count()})


class SilentAPIError(drf.APIException):
    status_code = 418
    default_detail = "Teapot."


def _unauthenticated(code: str) -> type[DomainError]:
    return type("RefusedError", (DomainError,), {"code": code, "status": 401})


def _with_state(sqlstate: str) -> OperationalError:
    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = type("Cause", (Exception,), {"sqlstate": sqlstate})()
    return error


RAISED: dict[str, Any] = {
    "domain": lambda: ConflictError("Two at once.", who="you"),
    "invalid": lambda: InvalidInputError(message=["Too long."]),
    "limited": lambda: RateLimitedError(retry_after=7),
    "limited-vaguely": RateLimitedError,
    "named-like-ours": lambda: InvalidInputError(retry_after=["Unknown parameter."]),
    "password": _unauthenticated("invalid_credentials"),
    "token": _unauthenticated("token_expired"),
    "session": _unauthenticated("session_revoked"),
    "absent": lambda: Http404("secret reason"),
    "denied": lambda: PermissionDenied("secret reason"),
    "too-big": RequestDataTooBig,
    "bad": lambda: BadRequest("secret reason"),
    "django-form": lambda: DjangoValidationError({"name": ["Taken."]}),
    "django-text": lambda: DjangoValidationError("Not like this."),
    "bug": lambda: ZeroDivisionError("secret reason"),
    "down": lambda: OperationalError("connection refused"),
    "gone": lambda: InterfaceError("connection already closed"),
    "locked": lambda: OperationalError("database is locked"),
    "lock-timeout": lambda: _with_state("55P03"),
    "deadlock": lambda: _with_state("40P01"),
    "twice": lambda: IntegrityError("UNIQUE constraint failed: secret reason"),
    "data": lambda: DataError("integer out of range"),
    "drf-list": lambda: drf.ValidationError(["Wrong."]),
    "drf-fields": lambda: drf.ValidationError({"minute": ["Wrong."]}),
    "drf-parse": lambda: drf.ParseError("Not JSON."),
    "drf-throttled": lambda: drf.Throttled(wait=12.4),
    "drf-login": drf.NotAuthenticated,
    "drf-token": drf.AuthenticationFailed,
    "drf-denied": drf.PermissionDenied,
    "drf-accept": drf.NotAcceptable,
    "drf-other": SilentAPIError,
}


class RaisingView(OpenView):
    def get(self, request, what):
        exception = RAISED[what]()
        raise exception


class WritingView(OpenView):
    def get(self, request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")


urlpatterns = [
    path("echo", EchoView.as_view()),
    path("form", FormView.as_view()),
    path("organisations", OrganisationsView.as_view()),
    path("raise/<str:what>", RaisingView.as_view()),
    path("broken-query", WritingView.as_view()),
    path("api/clubs", CountingView.as_view()),
    path("api/v1/clubs", CountingView.as_view()),
    path("api/v1/clubs/<int:number>", CountingView.as_view()),
]
handler404 = "config.errors.not_found"
