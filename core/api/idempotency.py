"""`Idempotency-Key` on POST: the same key gets the first answer again, for a day."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.address import client_address
from core.errors import ConflictError, DomainError, InvalidInputError

logger = structlog.get_logger(__name__)

KEPT_SECONDS = 24 * 60 * 60
# Longer than any operation takes; after that a crashed first try no longer blocks its repetition.
IN_FLIGHT_SECONDS = 60
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_NO_RIGHT = frozenset({401, 403, 404})
_KEPT_HEADERS = ("ETag", "Location")


class IdempotencyInFlightError(ConflictError):
    code = "idempotency_in_flight"
    default_message = "The first request with this Idempotency-Key is still being answered."


class IdempotencyKeyReusedError(DomainError):
    code = "idempotency_key_reused"
    status = 422
    default_message = "This Idempotency-Key was used for something else."


class IdempotentMixin(APIView):
    """Put before the class's handlers: `class StartView(IdempotentMixin): def post(...)`.

    A success is kept for a day, for a caller who could still do it: see `_repeated`. A refusal
    changed nothing and is not kept, so the same key may try again. When the cache is gone the
    request goes ahead: the operations' own rules still hold. Not for answers that carry a secret,
    since the answer lies in the cache.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._claim: str | None = None
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            return
        if not _KEY.fullmatch(key):
            raise InvalidInputError(**{"Idempotency-Key": ["1 to 255 visible ASCII characters."]})
        self._fingerprint = _fingerprint(request)
        slot = _slot(request, key)
        if earlier := _claim_or_earlier(slot, self._fingerprint):
            raise _Answered(self._repeated(earlier, request, *args, **kwargs))
        self._claim = slot

    def _repeated(self, kept: Response, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The kept answer, unless the caller has lost the right to it since.

        Only the handler knows who may do this, so it does the work once more and takes it back.
        A right that is gone refuses now too; a conflict or a limit comes from the first time.
        """
        # Nothing is told by no body, and whoever has left cannot leave once more.
        if kept.data is None:
            return kept
        handler: Callable[..., Response] = self.post  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                fresh = handler(request, *args, **kwargs)
                transaction.set_rollback(True)
        except DomainError as error:
            if error.status in _NO_RIGHT:
                raise
            return kept
        # Whoever names no organisation means the one they belong to, which may be another by now.
        if _organisation(fresh) != _organisation(kept):
            raise IdempotencyKeyReusedError
        return kept

    def handle_exception(self, exc: Exception) -> Response:
        return exc.response if isinstance(exc, _Answered) else super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if getattr(self, "_claim", None):
            _settle(str(self._claim), self._fingerprint, response)
        return response


class _Answered(Exception):  # noqa: N818  not an error: it carries the first answer past the handler
    def __init__(self, response: Response) -> None:
        self.response = response


def _organisation(answer: Response) -> str | None:
    body = answer.data
    found = body.get("organisation_id") if isinstance(body, dict) else None
    return None if found is None else str(found)


def _fingerprint(request: Request) -> str:
    canonical = json.dumps(request.data, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _slot(request: Request, key: str) -> str:
    # By caller, so nobody can read another's answer; by one name for the route and its alias.
    caller = getattr(request.auth, "key", None) or f"address.{client_address(request)}"
    path = re.sub(r"^/api/v\d+/", "/api/", request.path)
    digest = hashlib.sha256(f"{caller}\n{path}\n{key}".encode()).hexdigest()
    return f"idempotency.{digest}"


def _claim_or_earlier(slot: str, fingerprint: str) -> Response | None:
    try:
        if cache.add(slot, {"fingerprint": fingerprint}, IN_FLIGHT_SECONDS):
            return None
        kept = cache.get(slot)
    except (RedisError, OSError) as error:
        logger.warning("idempotency_unavailable", error=str(error))
        return None
    # Gone between the two calls: the first try has just been refused, and this one may ask again.
    if kept is None or (kept["fingerprint"] == fingerprint and "status" not in kept):
        raise IdempotencyInFlightError(retry_after=1)
    if kept["fingerprint"] != fingerprint:
        raise IdempotencyKeyReusedError
    headers = {**kept["headers"], "Idempotency-Replayed": "true"}
    return Response(json.loads(kept["body"]), status=kept["status"], headers=headers)


def _settle(slot: str, fingerprint: str, response: Response) -> None:
    try:
        if not status.is_success(response.status_code):
            cache.delete(slot)
            return
        answer = {
            "fingerprint": fingerprint,
            "status": response.status_code,
            "headers": {name: response[name] for name in _KEPT_HEADERS if name in response},
            "body": (JSONRenderer().render(response.data) or b"null").decode(),
        }
        cache.set(slot, answer, KEPT_SECONDS)
    except (RedisError, OSError) as error:
        logger.warning("idempotency_unavailable", error=str(error))
