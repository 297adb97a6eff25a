"""The list of socket paths, and the check of where a page that opens one comes from."""

import re
from dataclasses import dataclass

from django.conf import settings

from accounts.queries import Reader, Service, SignedIn, Viewer
from realtime.consumers import NOWHERE, Entrance, FeedConsumer
from realtime.hub import Receive, Scope, Send, Transport

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class Route:
    """`{id}` in `path` stands for the identifier of a topic of `prefix`."""

    path: str
    readers: tuple[type[Reader], ...]
    prefix: str = ""

    def entrance(self, path: str) -> Entrance | None:
        found = re.fullmatch(self.path.replace("{id}", f"({UUID})"), path)
        if found is None:
            return None
        topic = f"{self.prefix}.{found[1]}" if self.prefix else None
        return Entrance(readers=self.readers, topic=topic)


ROUTES = [
    Route("/ws", (SignedIn, Service)),
    Route("/ws/match/{id}", (SignedIn,), prefix="match"),
    Route("/ws/match/{id}/share", (Viewer,), prefix="match"),
]


async def websocket_application(scope: Scope, receive: Receive, send: Send) -> None:
    """Every socket of the project, on any ASGI server."""
    if not is_origin_allowed(scope):
        await receive()
        await Transport(send).refuse()
        return
    await FeedConsumer(entrance_at(scope["path"]))(scope, receive, send)


def entrance_at(path: str) -> Entrance:
    for route in ROUTES:
        if entrance := route.entrance(path):
            return entrance
    return NOWHERE


def is_origin_allowed(scope: Scope) -> bool:
    """Browsers say where a page comes from; other clients (phones, OBS) say nothing."""
    headers = dict(scope["headers"])
    if b"origin" not in headers:
        return True
    origin = headers[b"origin"].decode("latin-1")
    if origin in settings.WEBSOCKET_ORIGINS:
        return True
    # So that a first start needs no settings, under whatever name the machine is reached.
    host = headers.get(b"host", b"").decode("latin-1")
    is_own = origin in {f"http://{host}", f"https://{host}"}
    return is_own and settings.ENVIRONMENT == "development"
