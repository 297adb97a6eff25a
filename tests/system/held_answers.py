"""The project's application, whose answers to logged events are held back after the commit.

Killing it while it holds an answer is the crash a phone fears most: done, but never told.
"""

import asyncio
from typing import Any

from config.asgi import application as project

HELD_SECONDS = 30


async def application(scope: Any, receive: Any, send: Any) -> None:
    async def hold(message: Any) -> None:
        await asyncio.sleep(HELD_SECONDS)
        await send(message)

    is_event = scope["type"] == "http" and scope["method"] == "POST"
    await project(scope, receive, hold if is_event else send)
