"""A server that speaks PostgreSQL's protocol (version 3) and misbehaves, and a proxy that changes a real server's answers."""

import asyncio
import socket
import struct
import threading

#: The request for TLS, and the one for GSSAPI.
SSL_REQUEST, GSS_REQUEST = 80_877_103, 80_877_104
READY = b"Z\x00\x00\x00\x05I"


def message(kind: bytes, body: bytes = b"", length: int | None = None) -> bytes:
    """`length` is what the message says of itself, if not the truth."""
    return kind + struct.pack("!I", (len(body) + 4 if length is None else length) & 0xFFFF_FFFF) + body


def authentication(number: int, rest: bytes = b"") -> bytes:
    return message(b"R", struct.pack("!i", number) + rest)


def error(code: bytes = b"XX000", text: bytes = b"no", **fields: bytes) -> bytes:
    parts = [b"SERROR\0", b"VERROR\0", b"C" + code + b"\0", b"M" + text + b"\0"]
    parts += [name.encode() + value + b"\0" for name, value in fields.items()]
    return message(b"E", b"".join(parts) + b"\0")


def notice(text: bytes) -> bytes:
    return message(b"N", b"SNOTICE\0C00000\0M" + text + b"\0\0")


def description(columns: int) -> bytes:
    one = b"?column?\0" + struct.pack("!IhIhih", 0, 0, 25, -1, -1, 0)
    return message(b"T", struct.pack("!h", columns) + one * columns)


def row(*values: bytes | None) -> bytes:
    fields = [struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value for value in values]
    return message(b"D", struct.pack("!h", len(values)) + b"".join(fields))


def answer(*rows: tuple) -> bytes:
    """What a statement with these rows is answered with."""
    begin = message(b"1") + message(b"2")
    middle = description(len(rows[0])) + b"".join(row(*each) for each in rows) if rows else message(b"n")
    return begin + middle + message(b"C", b"SELECT %d\0" % len(rows)) + READY


WELCOME = authentication(0) + message(b"S", b"server_version\x0015.0\0") + message(b"K", struct.pack("!II", 1, 2)) + READY


class Loop:
    """An event loop on a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    async def _end(self):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def close(self):
        self.do(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(30)


class HostilePostgreSQL:
    """`greet` answers what a client says first, `reply` each of its statements; both are coroutines with (client, text). The first may return
    False to end the connection without looking for statements."""

    def __init__(self, greet=None, reply=None, context=None):
        #: With it, a client that asks for TLS gets it.
        self.context = context
        self.greet = greet or self._welcome
        self.reply = reply or self._empty
        self.connections = 0
        self.statements: list[str] = []
        #: What clients sent as passwords.
        self.passwords: list[bytes] = []
        self._loop = Loop()
        self._server = self._loop.do(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]

    async def _listen(self):
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    @staticmethod
    async def _welcome(client, text):
        await client.send(WELCOME)

    @staticmethod
    async def _empty(client, text):
        await client.send(answer())

    async def _serve(self, reader, writer):
        self.connections += 1
        client = HostileClient(reader, writer)
        try:
            while True:
                start = await client.read_start()
                if struct.unpack("!I", start[:4])[0] not in (SSL_REQUEST, GSS_REQUEST):
                    break
                if self.context:
                    await client.send(b"S")
                    await writer.start_tls(self.context)
                else:
                    await client.send(b"N")
            if await self.greet(client, start[4:].decode(errors="replace")) is False:
                return
            statement = ""
            while True:
                kind, body = await client.read()
                if kind == b"p":
                    self.passwords.append(body.rstrip(b"\0"))
                elif kind == b"P":
                    statement = body.split(b"\0")[1].decode()
                elif kind in (b"S", b"Q"):
                    if kind == b"Q":
                        statement = body.rstrip(b"\0").decode()
                    self.statements.append(statement)
                    await self.reply(client, statement)
                elif kind == b"X":
                    return
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def url(self, user: str = "hssgw_gateway", parameters: str = "") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/postgres{parameters}"

    def close(self):
        self._loop.loop.call_soon_threadsafe(self._server.close)
        self._loop.close()


class HostileClient:
    """The server's end of a connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def read_start(self) -> bytes:
        length = struct.unpack("!I", await self.reader.readexactly(4))[0]
        return await self.reader.readexactly(length - 4)

    async def read(self) -> tuple[bytes, bytes]:
        kind = await self.reader.readexactly(1)
        length = struct.unpack("!I", await self.reader.readexactly(4))[0]
        return kind, await self.reader.readexactly(length - 4)

    async def send(self, data: bytes):
        self.writer.write(data)
        await self.writer.drain()

    def reset(self):
        """Ends the connection with a reset instead of an orderly end."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class ChangingProxy:
    """Forwards connections to a server on this machine. `change(statement, rows)` gets each answer's rows, lists of bytes or None, and returns
    others; it may return bytes to be sent instead of the whole answer."""

    def __init__(self, port: int, change=None):
        self.target = port
        self.change = change
        self._loop = Loop()
        self._server = self._loop.do(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]

    async def _listen(self):
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _serve(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        statements: list[str] = []
        near, far = HostileClient(reader, writer), HostileClient(far_reader, far_writer)
        tasks = [asyncio.create_task(self._forward(near, far, statements)), asyncio.create_task(self._answer(far, near, statements))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        far_writer.close()
        writer.close()

    async def _forward(self, near, far, statements):
        while True:
            start = await near.read_start()
            if struct.unpack("!I", start[:4])[0] not in (SSL_REQUEST, GSS_REQUEST):
                break
            await near.send(b"N")
        await far.send(struct.pack("!I", len(start) + 4) + start)
        while True:
            kind, body = await near.read()
            if kind == b"P":
                statements.append(body.split(b"\0")[1].decode())
            elif kind == b"Q":
                statements.append(body.rstrip(b"\0").decode())
            await far.send(message(kind, body))

    async def _answer(self, far, near, statements):
        isGreeted = False
        held: list[tuple[bytes, bytes]] = []
        while True:
            kind, body = await far.read()
            if not isGreeted or (kind in (b"A", b"N", b"S") and not held):
                await near.send(message(kind, body))
                isGreeted = isGreeted or kind == b"Z"
                continue
            held.append((kind, body))
            if kind == b"Z":
                await near.send(self._changed(statements.pop(0) if statements else "", held))
                held = []

    def _changed(self, statement, held) -> bytes:
        if self.change is not None and any(kind == b"T" for kind, _ in held):
            before = [self._values(body) for kind, body in held if kind == b"D"]
            after = self.change(statement, [list(values) for values in before])
            if isinstance(after, bytes):
                return after
            if after is not None and after != before:
                return answer(*after) if after else answer((b"",)).replace(row(b""), b"")
        return b"".join(message(kind, body) for kind, body in held)

    @staticmethod
    def _values(body) -> list:
        values, place = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            length = struct.unpack("!i", body[place:place + 4])[0]
            place += 4
            values.append(None if length < 0 else body[place:place + length])
            place += max(0, length)
        return values

    def close(self):
        self._loop.loop.call_soon_threadsafe(self._server.close)
        self._loop.close()
