"""The least a server can do, to compare with: the same uvicorn, the same bytes, one INSERT.

It knows no users, no rules, no order and no history, so it shows what the machine allows.
"""

import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

import uvicorn

from config.server import listen, server_config


class BareServer:
    def __init__(self, folder: Path) -> None:
        # As long as what Touchline answers to the same requests.
        self.recorded = (folder / "recorded.json").read_bytes()
        self.live = (folder / "live.json").read_bytes()
        self.frame = (folder / "frame.json").read_text()
        self.viewers: set[Any] = set()
        self.database = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
        self.database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE event (id INTEGER PRIMARY KEY, body TEXT);"
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._watch(receive, send)
        elif scope["type"] == "http":
            is_write = scope["method"] == "POST"
            body = self.recorded if is_write else self.live
            if is_write:
                await self._record(receive)
            headers = [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
            ]
            status = 201 if is_write else 200
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def _record(self, receive: Any) -> None:
        event = json.loads((await receive())["body"])
        self.database.execute("INSERT INTO event (body) VALUES (?)", [json.dumps(event)])
        for send in list(self.viewers):
            await send({"type": "websocket.send", "text": self.frame})

    async def _watch(self, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.viewers.add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        self.viewers.discard(send)


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    config = server_config(app=BareServer(folder), lifespan="off")
    uvicorn.Server(config).run(sockets=[listen("127.0.0.1", port)])


if __name__ == "__main__":
    main()
