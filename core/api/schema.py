"""Helpers for the OpenAPI document, so that every view names its refusals the same way."""

from http import HTTPStatus

from drf_spectacular.utils import OpenApiResponse

from core.api.serializers import ErrorSerializer

MEANINGS = {
    400: "Malformed, or a field is not valid.",
    401: "No valid access token.",
    403: "Your role does not allow this.",
    404: "Unknown, or not yours to see.",
    405: "This address does not know the method.",
    409: "Conflicts with the current state.",
    410: "Gone: expired or revoked.",
    412: "Somebody changed it in the meantime.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The Idempotency-Key was used with another body.",
    429: "Too many requests; see Retry-After.",
    503: "Busy or not available; see Retry-After.",
}


def errors(*codes: int) -> dict[int, OpenApiResponse]:
    """The refusals of an operation, for `extend_schema(responses={..., **errors(404)})`."""
    return {
        code: OpenApiResponse(ErrorSerializer, MEANINGS.get(code, HTTPStatus(code).phrase))
        for code in codes
    }
