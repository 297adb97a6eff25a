"""Answers HTTP from a few threads that live as long as the process.

Django's own ASGI handler gives every request a fresh thread, and with it a fresh database
connection, and changes threads at each middleware. Here a request changes threads once. What an
operation does on commit (a doorbell through the channel layer) still reaches the server's loop.
"""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, cast

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.http.response import StreamingHttpResponse
from django.urls import set_script_prefix

from core.api.envelope import refusal
from core.api.exceptions import MalformedRequestError
from core.api.request_id import HEADER, adopt_request_id
from core.api.strict_json import TooLargeError
from core.errors import DomainError

logger = structlog.get_logger(__name__)
_END = object()
# The largest body at the pace of a bad mobile network. Who needs longer only holds memory.
JSON_SECONDS = 60.0
UPLOAD_SECONDS = 300.0


class TooSlowError(DomainError):
    code = "request_timeout"
    status = 408
    default_message = "The body did not arrive in time."


class ThreadedHandler(ASGIHandler):
    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(settings.HTTP_THREADS, thread_name_prefix="http")
        self._in_thread = sync_to_async(_call, thread_sensitive=False, executor=self._threads)

    def close(self) -> None:
        """Wait for the requests that are being answered, then end the threads."""
        self._threads.shutdown()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await _read_body(scope, receive)
        except RequestAborted:
            return
        except DomainError as error:
            await self.send_response(_refused(scope, error), send)
            return
        with body:
            response = await self._in_thread(self._answer, scope, body)
            if isinstance(response, StreamingHttpResponse):
                await self._send_stream(response, send)
            else:
                await self.send_response(response, send)

    def _answer(self, scope: Any, body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, _ = self.create_request(scope, body)
        if request is None:
            return _refused(scope, MalformedRequestError())
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            # The stream may last; this thread's connection must not wait for its end.
            close_old_connections()
        else:
            # In this thread, because closing gives back the connection of the thread it runs in.
            response.close()
        return response

    async def _send_stream(self, response: StreamingHttpResponse, send: Any) -> None:
        if not response.is_async:
            chunks = cast("Iterator[bytes]", response.streaming_content)
            response.streaming_content = self._chunks(chunks)
        try:
            await self.send_response(response, send)
        finally:
            await self._in_thread(response.close)

    async def _chunks(self, chunks: Iterator[bytes]) -> Any:
        while (chunk := await self._in_thread(next, chunks, _END)) is not _END:
            yield chunk


def _call(function: Any, *arguments: Any) -> Any:
    return function(*arguments)


async def _read_body(scope: Mapping[str, Any], receive: Any) -> IO[bytes]:
    """The body, refused as soon as it is known to be too large rather than after reading it."""
    headers = dict(scope["headers"])
    is_upload = headers.get(b"content-type", b"").startswith(b"multipart/")
    max_bytes = settings.MAX_UPLOAD_BYTES if is_upload else settings.MAX_JSON_BYTES
    if int(headers.get(b"content-length", 0)) > max_bytes:
        raise TooLargeError(max_bytes=max_bytes)
    body = tempfile.SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115
    try:
        async with asyncio.timeout(UPLOAD_SECONDS if is_upload else JSON_SECONDS):
            await _copy_body(receive, body, max_bytes)
    except TimeoutError as error:
        body.close()
        raise TooSlowError from error
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


async def _copy_body(receive: Any, body: IO[bytes], max_bytes: int) -> None:
    is_complete = False
    while not is_complete:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestAborted
        body.write(message.get("body", b""))
        if body.tell() > max_bytes:
            raise TooLargeError(max_bytes=max_bytes)
        is_complete = not message.get("more_body", False)


def _refused(scope: Mapping[str, Any], error: DomainError) -> HttpResponse:
    """For requests that never reach the middleware."""
    offered = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    request_id = adopt_request_id(offered)
    body, status, headers = refusal(error)
    if isinstance(error, TooSlowError):
        headers["Connection"] = "close"
    logger.info("request_refused", code=status, request=f"{scope['method']} {scope['path']}")
    response = JsonResponse(body, status=status, headers={**headers, HEADER: request_id})
    response["Content-Length"] = str(len(response.content))
    return response
