"""uvicorn as the sockets need it, started alike by `manage.py serve`, tests and benchmarks."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

# Far more than any proxy lets through, and more than one piece that a socket is read in.
MAX_HEAD_BYTES = 512 * 1024
# A client only says hello, subscribe and pong; a larger frame is a mistake or an attack.
MAX_CLIENT_FRAME_BYTES = 16 * 1024


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything slow happens; raises OSError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


class BoundedProtocol(HttpToolsProtocol):
    """Refuses a request line or header that does not end; httptools would keep all of it."""

    _head_bytes: int | None = 0

    def on_message_begin(self) -> None:
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_bytes = None
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_bytes is None or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self.send_400_response("The head of the request is too large.")


def server_config(**options: Any) -> uvicorn.Config:
    defaults: dict[str, Any] = {
        "app": "config.asgi:application",
        "http": BoundedProtocol,
        # Compressing the same frame for every viewer again costs more than it saves.
        "ws_per_message_deflate": False,
        "ws_max_size": MAX_CLIENT_FRAME_BYTES,
        # The hub has a heartbeat of its own, which also tells a client what it has missed.
        "ws_ping_interval": None,
        # Longer than a proxy keeps its connections, so that the proxy is the one to close them.
        "timeout_keep_alive": 75,
        "timeout_graceful_shutdown": 5,
        # Django has configured logging, and its request log knows request ids.
        "log_config": None,
        "access_log": False,
        "server_header": False,
        # Whom to believe about the caller's address is decided in core.api.address.
        "proxy_headers": False,
    }
    return uvicorn.Config(**{**defaults, **options})


class Server(uvicorn.Server):
    """Calls `on_start` once it answers, in the server's own thread."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], object]) -> None:
        super().__init__(config)
        self.on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.on_start()


def run(listener: socket.socket, *, on_start: Callable[[], object], workers: int = 1) -> None:
    """Serve until Ctrl-C or SIGTERM, then let requests and sockets finish for a few seconds."""
    config = server_config(workers=workers)
    # uvicorn ends by raising the signal again that ended it.
    with suppress(KeyboardInterrupt):
        if workers == 1:
            Server(config, on_start).run(sockets=[listener])
        else:
            on_start()
            Multiprocess(config, sockets=[listener]).run()
