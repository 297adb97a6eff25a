"""Choosing another password, with the old one or with a mailed link."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import actor_of, reader_of
from accounts.queries import SignedIn
from accounts.serializers.passwords import (
    PasswordChangeSerializer,
    PasswordResetConfirmSerializer,
    PasswordResetSerializer,
)
from accounts.serializers.registration import DetailSerializer
from accounts.views.registration import MAILED_TOKEN
from core.api.address import client_address
from core.api.answers import read_form
from core.api.schema import errors
from core.api.serializers import ErrorSerializer

WEAK = OpenApiResponse(
    ErrorSerializer,
    "`validation_error`, or `weak_password` with what is wrong in `details.password`.",
)
NEW_PASSWORD = "a longer phrase than before"  # noqa: S105  an example


class PasswordChangeView(APIView):
    @extend_schema(
        operation_id="auth_password_change",
        summary="Change one's password",
        description="All other devices are signed out; this one stays. A wrong current password "
        "counts like a sign-in that failed.",
        tags=["auth"],
        request=PasswordChangeSerializer,
        responses={
            200: DetailSerializer,
            **errors(401, 413, 415, 429, 503),
            400: WEAK,
            403: OpenApiResponse(ErrorSerializer, "`wrong_password`, or `forbidden`."),
        },
        examples=[
            OpenApiExample(
                "A new one",
                value={
                    "current_password": "correct horse battery staple",
                    "new_password": NEW_PASSWORD,
                },
                request_only=True,
            ),
            OpenApiExample(
                "Changed", value={"detail": "The password is changed."}, response_only=True
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        actor, reader = actor_of(request), reader_of(request)
        if not isinstance(reader, SignedIn):
            raise NotAuthenticated
        form = read_form(PasswordChangeSerializer, request)
        operations.change_password(
            actor=actor,
            session_id=reader.session_id,
            address=client_address(request),
            **form.validated_data,
        )
        return Response({"detail": "The password is changed."})


class PasswordResetView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]
    limit = "reset-address"

    @extend_schema(
        operation_id="auth_password_reset",
        summary="Ask for a link to choose a new password",
        description="The answer is the same whether or not anybody has the address.",
        tags=["auth"],
        auth=[],
        request=PasswordResetSerializer,
        responses={202: DetailSerializer, **errors(400, 413, 415, 429, 503)},
        examples=[
            OpenApiExample("Whose", value={"email": "robin@example.org"}, request_only=True),
            OpenApiExample(
                "Taken on",
                value={"detail": "If somebody has this address, a mail is on its way."},
                response_only=True,
                status_codes=["202"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        form = read_form(PasswordResetSerializer, request)
        operations.request_password_reset(**form.validated_data)
        detail = "If somebody has this address, a mail is on its way."
        return Response({"detail": detail}, status=status.HTTP_202_ACCEPTED)


class PasswordResetConfirmView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="auth_password_reset_confirm",
        summary="Choose a new password with the mailed link",
        description="All devices are signed out. A weak password leaves the link usable.",
        tags=["auth"],
        auth=[],
        request=PasswordResetConfirmSerializer,
        responses={
            200: DetailSerializer,
            **errors(404, 413, 415, 429, 503),
            400: WEAK,
            403: OpenApiResponse(ErrorSerializer, "`user_disabled`."),
            410: OpenApiResponse(
                ErrorSerializer, "`link_gone`: used, replaced by a newer one, or expired (1 h)."
            ),
        },
        examples=[
            OpenApiExample(
                "From the link",
                value={"token": MAILED_TOKEN, "new_password": NEW_PASSWORD},
                request_only=True,
            ),
            OpenApiExample(
                "Changed", value={"detail": "The password is changed."}, response_only=True
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        form = read_form(PasswordResetConfirmSerializer, request)
        operations.reset_password(**form.validated_data)
        return Response({"detail": "The password is changed."})
