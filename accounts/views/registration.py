"""Making an account, and proving that its mailbox is one's own."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import actor_of
from accounts.serializers.registration import (
    DetailSerializer,
    MailedTokenSerializer,
    RegisteredSerializer,
    RegistrationSerializer,
    VerifiedEmailSerializer,
)
from core.api.answers import read_form
from core.api.schema import errors
from core.api.serializers import ErrorSerializer

MAILED_TOKEN = "4mJ0q8Xh2sVwT1yLkPzN6cRbEaGdUf9iOoQxKnSvW3M"  # noqa: S105  an example


class RegisterView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]
    limit = "register"

    @extend_schema(
        operation_id="auth_register",
        summary="Make an account",
        description="Nobody is signed in by it. A link that proves the address is mailed.",
        tags=["auth"],
        auth=[],
        request=RegistrationSerializer,
        responses={
            201: RegisteredSerializer,
            **errors(413, 415, 429, 503),
            400: OpenApiResponse(
                ErrorSerializer,
                "`validation_error`, or `weak_password` with what is wrong in `details.password`.",
            ),
            403: OpenApiResponse(
                ErrorSerializer, "`registration_closed`: only for who is invited."
            ),
            409: OpenApiResponse(ErrorSerializer, "`account_taken`."),
        },
        examples=[
            OpenApiExample(
                "A new account",
                value={
                    "username": "robin",
                    "email": "robin@example.org",
                    "password": "correct horse battery staple",
                },
                request_only=True,
            ),
            OpenApiExample(
                "Made",
                value={
                    "id": "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e",
                    "email": "robin@example.org",
                    "username": "robin",
                    "created_at": "2026-11-21T12:00:00Z",
                },
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        form = read_form(RegistrationSerializer, request)
        user = operations.register(**form.validated_data)
        return Response(RegisteredSerializer(user).data, status=status.HTTP_201_CREATED)


class EmailVerifyView(APIView):
    # Whoever opens the link need not be signed in on that device.
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="auth_email_verify",
        summary="Prove an e-mail address with the mailed link",
        description="An address that was asked for becomes the account's own by this.",
        tags=["auth"],
        auth=[],
        request=MailedTokenSerializer,
        responses={
            200: VerifiedEmailSerializer,
            **errors(400, 404, 413, 415, 429, 503),
            403: OpenApiResponse(ErrorSerializer, "`user_disabled`."),
            409: OpenApiResponse(ErrorSerializer, "`email_taken` by another account meanwhile."),
            410: OpenApiResponse(
                ErrorSerializer, "`link_gone`: used, replaced by a newer one, or expired (72 h)."
            ),
        },
        examples=[
            OpenApiExample("From the link", value={"token": MAILED_TOKEN}, request_only=True),
            OpenApiExample(
                "Verified",
                value={"detail": "The address is verified.", "email": "robin@example.org"},
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        form = read_form(MailedTokenSerializer, request)
        user = operations.verify_email(**form.validated_data)
        return Response({"detail": "The address is verified.", "email": user.email})


class EmailResendView(APIView):
    @extend_schema(
        operation_id="auth_email_resend",
        summary="Mail the link again that proves the address",
        description="Only the newest link works. Nothing is sent when there is nothing to prove.",
        tags=["auth"],
        request=None,
        responses={202: DetailSerializer, **errors(401, 403, 429, 503)},
        examples=[
            OpenApiExample(
                "Taken on",
                value={"detail": "If there is an address to verify, a mail is on its way."},
                response_only=True,
                status_codes=["202"],
            )
        ],
    )
    def post(self, request: Request) -> Response:
        operations.resend_verification(actor=actor_of(request))
        detail = "If there is an address to verify, a mail is on its way."
        return Response({"detail": detail}, status=status.HTTP_202_ACCEPTED)
