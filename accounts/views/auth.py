"""Signing in, staying signed in, signing out."""

from dataclasses import asdict
from typing import Final

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import HasSession, actor_of, seconds_left, session_of
from accounts.queries import SERVICE_SCOPES, Service
from accounts.serializers.auth import (
    CredentialsSerializer,
    LoggedOutEverywhereSerializer,
    LoggedOutSerializer,
    LoginSerializer,
    RefreshSerializer,
    VerifiedSerializer,
)
from accounts.serializers.users import ProfileSerializer
from accounts.views.users import PROFILE_EXAMPLE
from core.api.address import client_address
from core.api.answers import read_form
from core.api.schema import errors
from core.api.serializers import ErrorSerializer

# Who signed in with the master password.
MASTER: Final = "master"

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


VERIFIED_EXAMPLES = [
    OpenApiExample(
        "Of a person",
        value={"valid": True, "username": "robin", "scopes": [], "expires_in": 840},
        response_only=True,
    ),
    OpenApiExample(
        "Of the graphics dashboard",
        value={
            "valid": True,
            "username": MASTER,
            "scopes": sorted(SERVICE_SCOPES),
            "expires_in": 840,
        },
        response_only=True,
    ),
]


class LoginView(APIView):
    # No authentication: an expired token in the header must not keep anybody from signing in.
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="auth_login",
        summary="Sign in on a device",
        description=(
            "With a username or an e-mail address and the password; or, for the graphics "
            "dashboard, with the master password alone, which opens a session for graphics and "
            "tournaments only. A name that nobody has is refused like a wrong password."
        ),
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
            OpenApiExample(
                "By master password",
                value={"master_password": "seventeen geese over the harbour"},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        fields = dict(read_form(LoginSerializer, request).validated_data)
        fields["address"] = client_address(request)
        if "master_password" in fields:
            password = fields.pop("master_password")
            credentials = operations.sign_in_with_master_password(password=password, **fields)
        else:
            credentials = operations.sign_in(**fields)
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
        token = read_form(RefreshSerializer, request).validated_data["refresh_token"]
        credentials = operations.refresh(token=token, address=client_address(request))
        return _credentials_response(credentials)


class LogoutView(APIView):
    permission_classes = [HasSession]

    @extend_schema(
        operation_id="auth_logout",
        summary="End the session of this device at once",
        tags=["auth"],
        request=None,
        responses={200: LoggedOutSerializer, **errors(401, 503)},
        examples=[OpenApiExample("Ended", value={"detail": "Logged out"}, response_only=True)],
    )
    def post(self, request: Request) -> Response:
        operations.sign_out(reader=session_of(request))
        return Response({"detail": "Logged out"})


class LogoutAllView(APIView):
    @extend_schema(
        operation_id="auth_logout_all",
        summary="End all your sessions at once, this one too",
        tags=["auth"],
        request=None,
        responses={200: LoggedOutEverywhereSerializer, **errors(401, 403, 503)},
        examples=[
            OpenApiExample(
                "Ended", value={"detail": "Logged out everywhere", "ended": 3}, response_only=True
            )
        ],
    )
    def post(self, request: Request) -> Response:
        ended = operations.sign_out_everywhere(actor=actor_of(request))
        return Response({"detail": "Logged out everywhere", "ended": ended})


class VerifyView(APIView):
    permission_classes = [HasSession]

    @extend_schema(
        operation_id="auth_verify",
        summary="Is this access token still good, and for whom",
        description="The token in `Authorization`, as everywhere; a body is not looked at.",
        tags=["auth"],
        responses={200: VerifiedSerializer, **errors(401, 503)},
        examples=VERIFIED_EXAMPLES,
    )
    def get(self, request: Request) -> Response:
        return _verified(request)

    @extend_schema(
        operation_id="auth_verify_post",
        summary="The same, for clients that post",
        tags=["auth"],
        request=None,
        responses={200: VerifiedSerializer, **errors(401, 503)},
        examples=VERIFIED_EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        return _verified(request)


class MeView(APIView):
    @extend_schema(
        operation_id="auth_me",
        summary="Who the access token belongs to",
        tags=["auth"],
        responses={200: ProfileSerializer, **errors(401, 403, 503)},
        examples=[PROFILE_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileSerializer(actor_of(request)).data)


def _verified(request: Request) -> Response:
    reader = session_of(request)
    if isinstance(reader, Service):
        username, scopes = MASTER, sorted(reader.scopes)
    else:
        username, scopes = actor_of(request).username, []
    left = seconds_left(request)
    return Response({"valid": True, "username": username, "scopes": scopes, "expires_in": left})


def _credentials_response(credentials: operations.Credentials) -> Response:
    body = CredentialsSerializer({**asdict(credentials), "token_type": "bearer"}).data
    # RFC 6749 5.1: no cache may keep a token.
    return Response(body, headers={"Cache-Control": "no-store"})
