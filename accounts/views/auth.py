"""Signing in, staying signed in, signing out."""

from dataclasses import asdict

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import actor_of, reader_of
from accounts.serializers.auth import (
    CredentialsSerializer,
    LoggedOutSerializer,
    LoginSerializer,
    RefreshSerializer,
)
from accounts.serializers.users import ProfileSerializer
from accounts.views.users import PROFILE_EXAMPLE
from core.api.address import client_address
from core.api.schema import errors
from core.api.serializers import ErrorSerializer

CREDENTIALS_EXAMPLE = OpenApiExample(
    "Signed in",
    value={
        "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0eXAiOiJhY2Nlc3MifQ.c2lnbmVk",
        "token_type": "bearer",
        "expires_in": 900,
        "refresh_token": "Vn3uX0kq4mS8hB1tYzJ6cR9wPfE2aLdG7oQiKxNsTvU",
    },
    response_only=True,
)


class LoginView(APIView):
    # No authentication: an expired token in the header must not keep anybody from signing in.
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="auth_login",
        summary="Sign in on a device",
        tags=["auth"],
        auth=[],
        request=LoginSerializer,
        responses={
            200: CredentialsSerializer,
            **errors(400, 413, 415, 429, 503),
            401: OpenApiResponse(ErrorSerializer, "`invalid_credentials`."),
            403: OpenApiResponse(ErrorSerializer, "`user_disabled`."),
        },
        examples=[
            CREDENTIALS_EXAMPLE,
            OpenApiExample(
                "By username",
                value={"username": "robin", "password": "correct horse battery staple"},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        form = LoginSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        credentials = operations.sign_in(**form.validated_data, address=client_address(request))
        return _credentials_response(credentials)


class RefreshView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="auth_refresh",
        summary="Trade a refresh token for the next one and an access token",
        description=(
            "Each refresh token is good for one use. When an answer got lost, sending the same "
            "token again within 30 seconds gets the same answer; any other second use ends the "
            "session with `refresh_reused`."
        ),
        tags=["auth"],
        auth=[],
        request=RefreshSerializer,
        responses={
            200: CredentialsSerializer,
            **errors(400, 413, 415, 503),
            401: OpenApiResponse(
                ErrorSerializer,
                "`token_invalid`, `token_expired`, `refresh_reused` or `session_revoked`.",
            ),
        },
        examples=[CREDENTIALS_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        form = RefreshSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        token = form.validated_data["refresh_token"]
        credentials = operations.refresh(token=token, address=client_address(request))
        return _credentials_response(credentials)


class LogoutView(APIView):
    @extend_schema(
        operation_id="auth_logout",
        summary="End the session of this device at once",
        tags=["auth"],
        request=None,
        responses={200: LoggedOutSerializer, **errors(401, 503)},
        examples=[OpenApiExample("Ended", value={"detail": "Logged out"}, response_only=True)],
    )
    def post(self, request: Request) -> Response:
        operations.sign_out(reader=reader_of(request))
        return Response({"detail": "Logged out"})


class MeView(APIView):
    @extend_schema(
        operation_id="auth_me",
        summary="Who the access token belongs to",
        tags=["auth"],
        responses={200: ProfileSerializer, **errors(401, 503)},
        examples=[PROFILE_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileSerializer(actor_of(request)).data)


def _credentials_response(credentials: operations.Credentials) -> Response:
    body = CredentialsSerializer({**asdict(credentials), "token_type": "bearer"}).data
    # RFC 6749 5.1: no cache may keep a token.
    return Response(body, headers={"Cache-Control": "no-store"})
