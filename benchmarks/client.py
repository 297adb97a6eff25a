"""A client light enough that it measures the server: HTTP/1.1 over one open connection."""

import asyncio
from typing import NamedTuple


class Answer(NamedTuple):
    status: int
    body: bytes


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def request(self, method: str, path: str, body: bytes = b"", token: str = "") -> Answer:
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        if body:
            head += "Content-Type: application/json\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        self._writer.write(head.encode() + b"\r\n" + body)
        status, *fields = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        lengths = [
            int(value)
            for name, _, value in (field.partition(":") for field in fields)
            if name.lower() == "content-length"
        ]
        content = await self._reader.readexactly(lengths[0]) if lengths else b""
        return Answer(int(status.split()[1]), content)

    def close(self) -> None:
        self._writer.close()
