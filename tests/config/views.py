"""Odd views for the handler: slow, streaming, broken."""

import threading
from collections.abc import AsyncIterator, Iterator

from csp.decorators import csp_replace
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, re_path
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from config import errors


def thread_name(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


@csrf_exempt
def size(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.read())))


def lines() -> Iterator[bytes]:
    for number in range(3):
        yield f"{number} in {threading.current_thread().name}\n".encode()


def stream(request: HttpRequest) -> StreamingHttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return StreamingHttpResponse(lines())


async def async_lines() -> AsyncIterator[bytes]:
    yield b"one\n"
    yield b"two\n"


async def async_stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(async_lines())


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret reason")


def address(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.build_absolute_uri("/x"))


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["https://studio.test"]})
def framed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("May stand in a frame of that site.")


urlpatterns = [
    path("framed", framed),
    path("thread", thread_name),
    path("size", size),
    path("stream", stream),
    path("async-stream", async_stream),
    path("broken", broken),
    path("api/broken", broken),
    path("address", address),
    re_path(r"^api/", errors.not_found),
]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
