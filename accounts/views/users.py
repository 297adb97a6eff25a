"""People's accounts."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of
from accounts.serializers.users import ProfileSerializer
from core.api.schema import errors

PROFILE_EXAMPLE = OpenApiExample(
    "A scorer",
    value={
        "id": "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e",
        "username": "robin",
        "email": "robin@example.org",
        "is_active": True,
        "roles": ["user"],
        "organisations": [
            {
                "id": "019343f2-9a10-7b4f-8e21-5c7d9e0f1a2b",
                "name": "Riverside Juniors",
                "role": "scorer",
            }
        ],
    },
    response_only=True,
)


class ProfileView(APIView):
    @extend_schema(
        operation_id="users_me",
        summary="One's own account",
        tags=["users"],
        responses={200: ProfileSerializer, **errors(401, 503)},
        examples=[PROFILE_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileSerializer(actor_of(request)).data)
