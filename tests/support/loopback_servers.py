"""Servers on this machine that remember what they were sent: HTTP, and a little SMTP."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Page:
    """What an HTTP server gives to who gets it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Received:
    """What an HTTP server was sent: (path, headers in small letters, body); `pages` it gives."""

    port: int = 0
    messages: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    status: int = 204
    answer: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """Return the address of a page."""
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}/in"


@contextmanager
def http_server(prepare: Callable[[ThreadingHTTPServer], None] | None = None) -> Iterator[Received]:
    """Run an HTTP server on a free port of this machine."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received.messages.append((self.path, headers, body))
            self.send_response(received.status)
            for name, value in received.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(received.answer)))
            self.end_headers()
            self.wfile.write(received.answer)

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            received.messages.append((self.path, headers, b""))
            page = received.pages.get(self.path)
            if page is None:
                self.send_error(404)
                return
            self.send_response(page.status)
            for name, value in {"content-length": str(len(page.body)), **page.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if prepare is not None:
            prepare(server)
        received.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield received
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def slow_server(send: bytes, *, every_seconds: float) -> Iterator[int]:
    """Run a server that takes a connection and sends one byte after each pause; give its port."""
    stop = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            taken: socket.socket = self.request
            for byte in send:
                if stop.wait(every_seconds):
                    return
                try:
                    taken.sendall(bytes([byte]))
                except OSError:
                    return
            stop.wait()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            stop.set()
            server.shutdown()
            thread.join()


@dataclass
class Mailbox:
    """What a mail server took, and how it answers the recipient and the login."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    recipient_answer: str = "250 fine"
    login_answer: str = "235 fine"


class _MailHandler(socketserver.StreamRequestHandler):
    """One connection of the mail server."""

    @property
    def box(self) -> Mailbox:
        return self.server.box  # type: ignore[attr-defined,no-any-return]

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 loopback")
        for raw in self.rfile:
            line = raw.decode().strip()
            word = line.upper().partition(" ")[0]
            self.answer_to(word, line)
            if word == "QUIT":
                return

    def answer_to(self, word: str, line: str) -> None:
        match word:
            case "EHLO":
                self.say("250-loopback")
                self.say("250 AUTH PLAIN")
            case "AUTH":
                self.box.logins.append(line)
                self.say(self.box.login_answer)
            case "RCPT":
                self.box.recipients.append(line)
                self.say(self.box.recipient_answer)
            case "DATA":
                self.say("354 go on")
                self.box.mails.append(self.mail())
                self.say("250 taken")
            case "QUIT":
                self.say("221 bye")
            case "MAIL" | "RSET" | "NOOP":
                self.say("250 fine")
            case _:
                self.say("502 not known")

    def mail(self) -> str:
        lines = []
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            lines.append(raw.decode())
        return "".join(lines)


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, box: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), _MailHandler)
        self.box = box


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run a small SMTP server without TLS on a free port of this machine."""
    box = Mailbox()
    with _MailServer(box) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
