from dataclasses import asdict

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of
from accounts.policies import can_change_platform
from accounts.queries.statistics import user_statistics
from accounts.serializers.users import UserStatisticsSerializer
from core.api.schema import errors
from core.errors import ForbiddenError

EXAMPLE = OpenApiExample(
    "A town's clubs",
    value={
        "total": 412,
        "active": 405,
        "disabled": 7,
        "staff": 3,
        "superusers": 2,
        "verified": 377,
        "registered_last_7_days": 5,
        "registered_last_30_days": 31,
        "signed_in_last_24_hours": 64,
        "signed_in_last_7_days": 203,
        "signed_in_last_30_days": 311,
        "open_sessions": 518,
        "by_role": {"owner": 14, "admin": 22, "scorer": 95, "member": 280},
        "organisations": 12,
        "without_organisation": 9,
    },
    response_only=True,
)


class UserStatisticsView(APIView):
    @extend_schema(
        operation_id="users_statistics",
        summary="How many people use the platform, for superusers",
        tags=["users"],
        responses={200: UserStatisticsSerializer, **errors(401, 403, 503)},
        examples=[EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        if not can_change_platform(actor_of(request)):
            raise ForbiddenError
        return Response(asdict(user_statistics()))
