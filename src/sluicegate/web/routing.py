"""From a request to a page: who asks, may they, is the form ours, and what if not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message

from sluicegate.core.phrases import Language
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.identity import SessionStage
from sluicegate.web.bar import NavItem
from sluicegate.web.gate import Signed
from sluicegate.web.language import choose_language, language_named
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.security import (
    CSRF_FIELD,
    CookieName,
    Cookies,
    ForgedError,
    check_form,
)
from sluicegate.web.visit import SEE_OTHER, NotSignedInError, Theme, Visit
from sluicegate.wiring.http import Buckets
from sluicegate.wiring.serving import Served

BODY_LIMIT = 1_000_000
"""Bytes of a form without files."""

_MOST_FIELDS = 5000
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps: NUL, and halves of characters."""

_CHARSET = re.compile(r""";\s*charset\s*=\s*"?([^\s;"]*)""", re.IGNORECASE)
_STEPS: Mapping[SessionStage, str] = {
    SessionStage.SECOND_FACTOR: "/sign-in/second-factor",
    SessionStage.ENROL: "/sign-in/enrol",
    SessionStage.CHANGE_PASSWORD: "/sign-in/password",
}

Handler = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """A path with what answers it.

    `action` is what whoever asks must be allowed to do at all, before the handler
    looks at a single thing; None asks only that someone is signed in. An `is_open`
    page is for everyone, a `step` page for who has come so far in signing in. A
    `is_costly` one makes the node work for whoever asks: each address is held to a
    pace. `body_limit` is in bytes.
    """

    path: str
    handler: Handler
    action: Action | None = None
    is_post: bool = False
    is_open: bool = False
    step: SessionStage | None = None
    is_costly: bool = False
    body_limit: int = BODY_LIMIT


def page(path: str, handler: Handler, action: Action | None = None) -> Page:
    """Return a page that is read."""
    return Page(path, handler, action)


def post(
    path: str, handler: Handler, action: Action | None = None, *, body_limit: int = BODY_LIMIT
) -> Page:
    """Return where a form is sent; its token and origin are checked first."""
    return Page(path, handler, action, is_post=True, body_limit=body_limit)


@dataclass(frozen=True)
class Console:
    """What all pages share: the node, who is signed in, and the bar at the top.

    `paces` counts what addresses ask of pages that cost much.
    """

    served: Served
    nav: tuple[NavItem, ...]
    paces: Buckets

    @property
    def cookies(self) -> Cookies:
        """How cookies are kept."""
        return Cookies(self.served.is_https)

    def route(self, one: Page) -> Route:
        """Return the route of a page."""

        async def answer(request: Request) -> Response:
            wait = self.paces.take(_address(request)) if one.is_costly else 0
            if wait:
                return await run_in_threadpool(self.too_often, request, wait)
            if one.body_limit > BODY_LIMIT:
                refused = await run_in_threadpool(self.before_body, one, request)
                if refused is not None:
                    return refused
            form = await _form(request, one.body_limit) if one.is_post else FormData()
            try:
                return await run_in_threadpool(self.answer, one, request, form)
            finally:
                await form.close()

        methods = ["POST"] if one.is_post else ["GET"]
        return Route(one.path, answer, methods=methods, name=f"{methods[0]} {one.path}")

    def too_often(self, request: Request, wait: int) -> Response:
        """Say no to who asks too often, before a byte of a form is read; `wait` is in seconds."""
        response = problem_page(self.visit(request), Problem.TOO_MANY)
        response.headers["Retry-After"] = str(wait)
        return response

    def before_body(self, one: Page, request: Request) -> Response | None:
        """Say no to a large form before a byte of it is read; None where it may be sent."""
        return _stop(one, self.visit(request))

    def answer(self, one: Page, request: Request, form: FormData) -> Response:
        """Answer a request, or say why not."""
        visit = self.visit(request, form)
        if any(map(_NO_TEXT.search, _texts(request, form))):
            return problem_page(visit, Problem.BAD_REQUEST)
        try:
            if one.is_post:
                check_form(request, visit.secret, visit.text(CSRF_FIELD), self.origin(request))
        except ForgedError:
            return problem_page(visit, Problem.FORGED)
        stop = _stop(one, visit)
        if stop is not None:
            return stop
        try:
            return one.handler(visit)
        except _REFUSALS as error:
            return _refusal(one, visit, error)

    def visit(self, request: Request, form: FormData | None = None) -> Visit:
        """Return a request with who made it and how they like to read."""
        cookies = self.cookies
        token = cookies.read(request, CookieName.SESSION)
        who = None if token is None else self.served.identities.session(token)
        signed = None if token is None or who is None else Signed(token, who)
        return Visit(
            request=request,
            served=self.served,
            cookies=cookies,
            language=_language(request, cookies, signed),
            theme=_theme(cookies.read(request, CookieName.THEME)),
            signed=signed,
            form=form or FormData(),
            nav=self.nav,
            has_keys=cookies.read(request, CookieName.KEYS) != "off",
        )

    def origin(self, request: Request) -> str:
        """Return where people reach the console: the address set, or the one asked."""
        if self.served.public_url is not None:
            parts = urlsplit(self.served.public_url)
            return f"{parts.scheme}://{parts.netloc}"
        return f"{request.url.scheme}://{request.url.netloc}"


_REFUSALS = (NotSignedInError, RefusedError, NotFoundError)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _texts(request: Request, form: FormData) -> Iterator[str]:
    """Yield every text that a request brings."""
    yield request.scope["path"]
    for name, text in request.query_params.multi_items():
        yield from (name, text)
    for name, value in form.multi_items():
        yield name
        yield (value.filename or "") if isinstance(value, UploadFile) else value


def _stop(one: Page, visit: Visit) -> Response | None:
    """Say why a page goes no further with whoever asks; None where it may."""
    try:
        elsewhere = _next_step(one, visit)
        if elsewhere is None and one.action is not None:
            visit.desk.must(one.action)
    except _REFUSALS as error:
        return _refusal(one, visit, error)
    return elsewhere


def _refusal(one: Page, visit: Visit, error: Exception) -> Response:
    if isinstance(error, NotSignedInError):
        there = "" if one.is_post else f"?next={quote(visit.here, safe='')}"
        return RedirectResponse(f"/sign-in{there}", status_code=SEE_OTHER)
    if isinstance(error, RefusedError):
        return problem_page(visit, Problem.REFUSED, reasons=error.reasons)
    return problem_page(visit, Problem.NOT_FOUND)


def _next_step(one: Page, visit: Visit) -> Response | None:
    """Return where a person has to go first: to sign in, or to the next step of it."""
    signed = visit.signed
    if one.is_open:
        return None
    if signed is None:
        raise NotSignedInError("nobody is signed in; sign in first")
    if one.step is not None:
        if signed.stage is one.step:
            return None
        return RedirectResponse(_STEPS.get(signed.stage, "/"), status_code=SEE_OTHER)
    if signed.is_done:
        return None
    return RedirectResponse(_STEPS[signed.stage], status_code=SEE_OTHER)


def _language(request: Request, cookies: Cookies, signed: Signed | None) -> Language:
    account = None if signed is None else signed.language
    cookie = cookies.read(request, CookieName.LANGUAGE)
    return choose_language(
        account,
        None if language_named(cookie) is None else cookie,
        request.headers.get("accept-language"),
    )


def _theme(value: str | None) -> Theme:
    return next((theme for theme in Theme if theme.value == value), Theme.SYSTEM)


async def _form(request: Request, limit: int) -> FormData:
    """Read a form; one that is too large is refused while it is read.

    Raises:
        HTTPException: 413 for too many bytes, 400 for what is no form, or not UTF-8.
    """
    charset = _CHARSET.search(request.headers.get("content-type", ""))
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8"):
        raise HTTPException(400)
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > limit:
        raise HTTPException(413)
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413)
        return message

    bounded = Request(request.scope, receive)
    try:
        return await bounded.form(
            max_files=_MOST_FIELDS, max_fields=_MOST_FIELDS, max_part_size=limit
        )
    except MultiPartException as error:
        raise HTTPException(400) from error
