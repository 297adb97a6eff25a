"""Fan-out: one hub per process reads the feed and writes to every open socket."""

from realtime.hub.hub import Hub
from realtime.hub.process import current_hub, is_draining, lifespan, stop_hub
from realtime.hub.socket import Socket
from realtime.hub.transport import Receive, Scope, Send, Transport

__all__ = [
    "Hub",
    "Receive",
    "Scope",
    "Send",
    "Socket",
    "Transport",
    "current_hub",
    "is_draining",
    "lifespan",
    "stop_hub",
]
