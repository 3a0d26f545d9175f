"""A console on a loopback port over a small node, who is signed in to it, and their browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page
from starlette.types import ASGIApp

from principals import NAMES
from sluicegate.core.phrases import Language
from sluicegate.services.access.roles import SHIPPED_ROLES
from sluicegate.services.identity import NewPerson, Rights, SessionStage
from sluicegate.services.identity.sessions import start
from sluicegate.web.visit import Theme
from sluicegate.wiring.identity import operator_desk
from sluicegate.wiring.serving import Served

SESSION = "sluicegate-session"
_START_SECONDS = 20


EVERY_ROLE = "every role"
"""A reader with all roles, for tests that go through all pages."""


@dataclass(frozen=True)
class Running:
    """A console that answers at an address, with a session for each role and language."""

    address: str
    served: Served
    tokens: Mapping[tuple[str, Language], str]


def sessions_for_everyone(served: Served) -> Mapping[tuple[str, Language], str]:
    """Make an account of each role in each language, and return the values of their sessions."""
    identity = served.identities.of(served.tenant)
    assert identity is not None
    operator = operator_desk(served.node)
    tokens: dict[tuple[str, Language], str] = {}
    for role in (*SHIPPED_ROLES, EVERY_ROLE):
        roles = frozenset(SHIPPED_ROLES if role == EVERY_ROLE else (role,))
        for language in Language:
            login = f"{role.replace(' ', '.')}.{language.value}"
            person = NewPerson(login, NAMES.get(role, "Nils Abara"), Rights(roles), language)
            account = identity.add_person(operator, person).account
            started = start(identity.parts, account, SessionStage.COMPLETE, agent="a test")
            tokens[role, language] = started.token
    return tokens


@contextmanager
def listening_at(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free loopback port until the end of the block; give the address."""
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
        yield f"http://127.0.0.1:{port}"
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
    console: Running
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
            base_url=self.console.address,
        )
        self._contexts.append(context)
        self.sign_in(context, reader)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        page.on("dialog", self._asked)
        page.on("request", lambda request: self._requested(request.url))
        page.goto(path)
        return page

    def sign_in(self, context: BrowserContext, reader: Reader) -> None:
        """Give a browser the session of a reader's role; none for the role ""."""
        token = self.console.tokens.get((reader.role, reader.language))
        if token is not None:
            url = self.console.address
            context.add_cookies([{"name": SESSION, "value": token, "url": url}])

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
        if not url.startswith(f"{self.console.address}/"):
            self.faults.append(f"request to {url}")
