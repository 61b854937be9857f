"""A proxy that speaks TLS and wants a key, before an engine on loopback: what a remote engine behind https looks like."""
from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from pathlib import Path


class Authority:
    """An authority of the test's own, and the certificates that it signs."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / "ca.pem"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                      "-subj", "/CN=test authority", "-keyout", str(folder / "ca.key"), "-out", str(self.certificate))

    def sign(self, name: str, *names: str) -> ssl.SSLContext:
        """A server's context with a certificate for these subject names, such as DNS:localhost or IP:127.0.0.1."""
        key, request, signed, extra = (self.folder / f"{name}.{end}" for end in ("key", "csr", "pem", "ext"))
        extra.write_text(f"subjectAltName={','.join(names)}\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                      "-keyout", str(key), "-out", str(request))
        self._openssl("x509", "-req", "-in", str(request), "-CA", str(self.certificate), "-CAkey", str(self.folder / "ca.key"),
                      "-CAcreateserial", "-days", "2", "-extfile", str(extra), "-out", str(signed))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(signed, key)
        return context

    def _openssl(self, *words: str) -> None:
        r = subprocess.run(["openssl", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert r.returncode == 0, r.stderr


class TLSDoor:
    """Passes bytes on to an engine, and keeps the head of each request. Whoever shows another key than `key` gets a 401 that repeats
    it, as some engines do."""

    def __init__(self, engine_port: int, context: ssl.SSLContext, key: str, prefix: str = ""):
        self.engine_port, self.key, self.prefix = engine_port, key, prefix
        # The key for what is not only read.
        self.post_key = key
        self.heads: list[str] = []
        self.connections = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))
        self.port = self._server.sockets[0].getsockname()[1]

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    @property
    def open(self) -> int:
        """Connections that are open now."""
        return len(self._open)

    def posts(self) -> list[str]:
        return [head for head in self.heads if head.startswith("POST")]

    def kill(self) -> None:
        """Takes no new connection and cuts all that there are."""
        async def work():
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
        self._run(work())

    def stop(self) -> None:
        self.kill()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        back = None
        try:
            engine, back = await asyncio.open_connection("127.0.0.1", self.engine_port)
            answers = asyncio.create_task(self._copy(engine, writer))
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                body = await reader.readexactly(int(self._header(head, "content-length") or 0))
                self.heads.append(head)
                shown = self._header(head, "authorization")
                if shown != f"Bearer {self.key if head.startswith('GET') else self.post_key}":
                    text = '{"error":{"message":"Incorrect API key provided: %s","code":"invalid_api_key"}}' % shown
                    writer.write(f"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nX-Echo: {shown}\r\n"
                                 f"Content-Length: {len(text)}\r\n\r\n{text}".encode())
                    continue
                method, target, _ = head.split(" ", 2)
                assert target.startswith(self.prefix), target
                rest = head.replace(target, target[len(self.prefix):] or "/", 1)
                back.write(rest.encode() + body)
                await back.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, OSError):
            pass
        finally:
            self._open.discard(writer)
            if back:
                answers.cancel()
                back.close()
            writer.close()

    async def _copy(self, engine: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await engine.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    @staticmethod
    def _header(head: str, name: str) -> str | None:
        for line in head.split("\r\n")[1:]:
            found, _, value = line.partition(":")
            if found.lower() == name:
                return value.strip()
        return None
