"""A console on a loopback port over a small node, who is signed in to it, and their browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page
from starlette.types import ASGIApp

from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.core.phrases import Language
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import Verdict
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource
from sluicegate.web.gate import Signed, Step
from sluicegate.web.visit import Theme
from sluicegate.wiring import OpenNode
from sluicegate.wiring.serving import Served

SESSION = "sluicegate-session"
_START_SECONDS = 20


class AllowAll:
    """Policies that permit everything: for tests of pages that are not about policies."""

    def decide(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        """Permit."""
        return Verdict(is_allowed=True)


class OpenGate:
    """A gate that knows a session for each role: its cookie is the name of the role."""

    def signed(self, token: str) -> Signed | None:
        """Return who is signed in; `nobody` is no one."""
        if token == "nobody":
            return None
        person = Principal(
            f"user:{token}",
            PrincipalKind.PERSON,
            DEFAULT_TENANT,
            "Ines Quillmere",
            frozenset({token}),
        )
        return Signed(token, person, Step.DONE, f"csrf of {token}", None)


def served_over(node: OpenNode) -> Served:
    """Return a node at work, where everyone may do everything."""
    return Served(node, AllowAll(), lambda _tenant: node.store)


@dataclass(frozen=True, slots=True)
class Running:
    """An application that answers at an address."""

    address: str


@contextmanager
def running(app: ASGIApp) -> Iterator[Running]:
    """Serve an application on a free loopback port until the end of the block."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    waited = time.monotonic() + _START_SECONDS
    while not server.started:
        if time.monotonic() > waited:
            raise TimeoutError("the console did not start")
        time.sleep(0.02)
    try:
        yield Running(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
        listening.close()


LANGUAGES = {Language.EN: "en-GB", Language.ZH: "zh-CN"}
"""What a browser asks for in each language."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How someone reads: in which role, language and look, with scripts or without."""

    role: str = "analyst"
    language: Language = Language.EN
    theme: Theme = Theme.LIGHT
    has_scripts: bool = True
    width: int = 1280


@dataclass
class Visits:
    """Opens pages in a browser; `faults` holds what failed or asked in any of them.

    A script that fails, that the policy of the page stops, or that opens a dialog
    is a fault; so is a request to anywhere but the console.
    """

    browser: Browser
    address: str
    faults: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str, reader: Reader | None = None) -> Page:
        """Open a page as a reader; without one as an analyst who reads English."""
        reader = reader or Reader()
        context = self.browser.new_context(
            viewport={"width": reader.width, "height": 900},
            locale=LANGUAGES[reader.language],
            color_scheme="dark" if reader.theme is Theme.DARK else "light",
            java_script_enabled=reader.has_scripts,
            base_url=self.address,
        )
        self._contexts.append(context)
        context.add_cookies([{"name": SESSION, "value": reader.role, "url": self.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        page.on("dialog", self._asked)
        page.on("request", lambda request: self._requested(request.url))
        page.goto(path)
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser says so itself when a page answers with a status of a problem.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(message.text)

    def _asked(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _requested(self, url: str) -> None:
        if not url.startswith(f"{self.address}/"):
            self.faults.append(f"request to {url}")
