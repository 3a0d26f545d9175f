"""One request of one person: what every page is given, and what it may answer with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sluicegate.core.phrases import Language
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Principal
from sluicegate.services.desk import Desk
from sluicegate.services.identity import Identity
from sluicegate.web.bar import NavItem, bar
from sluicegate.web.gate import Signed
from sluicegate.web.language import Words, words_of
from sluicegate.web.rendering import render
from sluicegate.web.security import (
    CookieName,
    Cookies,
    form_token,
    new_visitor,
    open_notice,
    seal_notice,
)
from sluicegate.wiring.serving import Served

SEE_OTHER = 303
_NOTICE_SECONDS = 60


class Theme(Enum):
    """The look of the pages."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class NoticeKind(Enum):
    """What a notice is about."""

    DONE = "done"
    WARNING = "warning"
    FAULT = "fault"


class NotSignedInError(PermissionError):
    """A page that needs someone to be signed in."""


@dataclass
class Visit:
    """A request with who made it, in which language, and a desk to work at.

    `form` holds what was sent; it is empty for a reading. `nav` is what the bar
    at the top offers.
    """

    request: Request
    served: Served
    cookies: Cookies
    language: Language
    theme: Theme
    signed: Signed | None
    form: FormData = field(default_factory=FormData)
    nav: tuple[NavItem, ...] = ()
    has_keys: bool = True

    @property
    def query(self) -> QueryParams:
        """The query string."""
        return self.request.query_params

    @property
    def path(self) -> Mapping[str, Any]:
        """The parts of the path by name."""
        return self.request.path_params

    @property
    def here(self) -> str:
        """The path with its query: where a form may lead back to."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    @property
    def words(self) -> Words:
        """The words of the page's language."""
        return words_of(self.language)

    def _(self, text: str, **values: object) -> str:
        """Return a text of the console in the page's language, with its values."""
        found = self.words.gettext(text)
        return found % values if values else found

    @property
    def principal(self) -> Principal:
        """Who is signed in. Raises NotSignedInError."""
        if self.signed is None:
            raise NotSignedInError("nobody is signed in; sign in first")
        return self.signed.principal

    @property
    def identity(self) -> Identity:
        """Accounts and sessions of the tenant of who is signed in. Raises NotSignedInError."""
        found = self.served.identities.of(self.principal.tenant)
        if found is None:
            raise NotSignedInError("the tenant of this session is not served; sign in again")
        return found

    @cached_property
    def desk(self) -> Desk:
        """The desk of who is signed in. Raises NotSignedInError."""
        return self.served.desk(self.principal)

    def may(self, action: Action) -> bool:
        """Say whether who is signed in may do something at all; a page asks before it offers it."""
        return self.signed is not None and self.desk.may(action).is_allowed

    @cached_property
    def visitor(self) -> str:
        """The random value of who has not signed in: the one of the cookie, or a new one."""
        return self.cookies.read(self.request, CookieName.VISITOR) or new_visitor()

    @property
    def secret(self) -> str:
        """What the forms of the page are tied to."""
        return self.visitor if self.signed is None else self.signed.csrf

    def text(self, name: str) -> str:
        """Return a field of the form as text without spaces around it; "" when it is not there."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return every value of a field of the form."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def render(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Return a page. The frame of the page is added to what the template is given."""
        notice = open_notice(self.secret, self.cookies.read(self.request, CookieName.NOTICE))
        page = render(template, self.language, {**self._frame(notice), **context})
        response = HTMLResponse(page, status_code=status)
        self.keep(response)
        if notice is not None:
            self.cookies.clear(response, CookieName.NOTICE)
        return response

    def keep(self, response: Response) -> None:
        """Give a visitor who has not signed in the value that the forms of the page are tied to."""
        if self.signed is None:
            self.cookies.set(response, CookieName.VISITOR, self.visitor)

    def redirect(
        self, path: str, notice: str | None = None, kind: NoticeKind = NoticeKind.DONE
    ) -> Response:
        """Lead to another page, which shows a notice once."""
        response = RedirectResponse(path, status_code=SEE_OTHER)
        if notice is not None:
            sealed = seal_notice(self.secret, {"kind": kind.value, "text": notice})
            self.cookies.set(response, CookieName.NOTICE, sealed, seconds=_NOTICE_SECONDS)
        return response

    def url(self, **changed: str | None) -> str:
        """Return this page with some parts of its query changed, or left out for None."""
        parts = [
            (name, value) for name, value in self.query.multi_items() if name not in changed
        ] + [(name, value) for name, value in changed.items() if value is not None]
        query = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in parts)
        return f"{self.request.url.path}{'?' if query else ''}{query}"

    def _frame(self, notice: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what the frame of every page needs."""
        signed = self.signed if self.signed is not None and self.signed.is_done else None
        return {
            "visit": self,
            "signed": signed,
            "theme": self.theme.value,
            "notice": notice,
            "here": self.here,
            "csrf": lambda: form_token(self.secret),
            "url": self.url,
            "may": self.may,
            "bar": () if signed is None else bar(self.nav, self.request.url.path, self.may),
        }
