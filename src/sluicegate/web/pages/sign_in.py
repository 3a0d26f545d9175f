"""Signing in: password, second factor, first steps, and the organisation's provider."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from sluicegate.core.identifiers import TenantId
from sluicegate.core.reasons import Sentence
from sluicegate.services.identity import (
    CALLBACK,
    Identity,
    IdentityError,
    ProviderError,
    SessionStage,
    Started,
)
from sluicegate.web.language import language_named
from sluicegate.web.routing import Page
from sluicegate.web.security import CookieName, safe_path
from sluicegate.web.visit import SEE_OTHER, NotSignedInError, Visit

_PROVIDER_SECONDS = 900
_UNFIT = 422


def show_sign_in(visit: Visit) -> Response:
    """Show the sign-in; who is signed in already goes on."""
    if visit.signed is not None and visit.signed.is_done:
        return visit.redirect(safe_path(visit.query.get("next")))
    return _sign_in_page(visit, following=visit.query.get("next", ""))


def sign_in(visit: Visit) -> Response:
    """Take a login and a password."""
    login, following = visit.text("login"), visit.text("next")
    identity = _identity(visit, visit.text("tenant"))
    try:
        started = identity.sign_in(login, _raw(visit, "password"), agent=_agent(visit))
    except IdentityError as error:
        return _sign_in_page(visit, following=following, login=login, fault=error.sentence)
    return _go_on(visit, started, following)


def _sign_in_page(
    visit: Visit, *, following: str, login: str = "", fault: Sentence | str | None = None
) -> Response:
    identities = visit.served.identities.by_tenant
    return visit.render(
        "sign_in/password.html",
        status=200 if fault is None else _UNFIT,
        login=login,
        fault=fault,
        following=safe_path(following),
        tenants=list(identities) if len(identities) > 1 else [],
        tenant=visit.text("tenant"),
        providers=[name for name, one in identities.items() if one.has_provider],
    )


def _identity(visit: Visit, tenant: str) -> Identity:
    """Return the identity of a tenant, or of the node's own for one that is not served."""
    identities = visit.served.identities
    found = identities.of(TenantId(tenant)) or identities.of(visit.served.tenant)
    if found is None:
        raise NotSignedInError("the node serves no tenant; check its settings")
    return found


def _raw(visit: Visit, name: str) -> str:
    """Return a field as it was typed: a password may begin or end with a space."""
    value = visit.form.get(name)
    return value if isinstance(value, str) else ""


def _agent(visit: Visit) -> str:
    return visit.request.headers.get("user-agent", "")


def _go_on(visit: Visit, started: Started, following: str) -> Response:
    """Give the session's new value to the browser, and lead to the next step or the page."""
    response = RedirectResponse(safe_path(following), status_code=SEE_OTHER)
    keep_session(visit, response, started)
    return response


def keep_session(visit: Visit, response: Response, started: Started) -> None:
    """Give the session's value to the browser; a language that was chosen goes to the account."""
    visit.cookies.set(response, CookieName.SESSION, started.token)
    visit.cookies.clear(response, CookieName.VISITOR)
    chosen = language_named(visit.cookies.read(visit.request, CookieName.LANGUAGE))
    who = started.signed_in
    if chosen is not None and who.is_complete and chosen is not who.language:
        identity = visit.served.identities.of_session(started.token)
        if identity is not None:
            identity.set_language(who, chosen)


def sign_out(visit: Visit) -> Response:
    """End the session, here and at the provider where it offers that."""
    elsewhere = None
    if visit.signed is not None:
        elsewhere = visit.identity.sign_out(visit.signed.token)
    if elsewhere is None:
        response = visit.redirect("/sign-in")
    else:
        response = visit.render("sign_in/signed_out.html", elsewhere=elsewhere)
    visit.cookies.clear(response, CookieName.SESSION)
    return response


def go_to_provider(visit: Visit) -> Response:
    """Send the browser to the organisation's provider."""
    identity = _identity(visit, visit.query.get("tenant", ""))
    try:
        sent = identity.send_out(path=safe_path(visit.query.get("next")), language=visit.language)
    except (IdentityError, ProviderError) as error:
        return _sign_in_page(visit, following="", fault=_said(error))
    response = RedirectResponse(sent.address, status_code=SEE_OTHER)
    keep = f"{quote(identity.tenant, safe='')}|{sent.keep}"
    visit.cookies.set(response, CookieName.PROVIDER, keep, seconds=_PROVIDER_SECONDS)
    return response


def come_back(visit: Visit) -> Response:
    """Take the answer of the organisation's provider."""
    tenant, _, keep = (visit.cookies.read(visit.request, CookieName.PROVIDER) or "").partition("|")
    identity = _identity(visit, tenant)
    try:
        returned = identity.take_back(dict(visit.query), keep, agent=_agent(visit))
    except (IdentityError, ProviderError) as error:
        return _sign_in_page(visit, following="", fault=_said(error))
    response = _go_on(visit, returned.started, returned.path)
    visit.cookies.clear(response, CookieName.PROVIDER)
    return response


def _said(error: IdentityError | ProviderError) -> Sentence | str:
    return error.sentence if isinstance(error, IdentityError) else str(error)


def show_second_factor(visit: Visit) -> Response:
    """Ask for a code of the authenticator app."""
    return visit.render("sign_in/second_factor.html", fault=None)


def take_second_factor(visit: Visit) -> Response:
    """Take a code of the authenticator app, or a recovery code."""
    return _step(
        visit,
        lambda token: visit.identity.second_factor(token, visit.text("code")),
        lambda fault: visit.render("sign_in/second_factor.html", status=_UNFIT, fault=fault),
    )


def show_new_password(visit: Visit) -> Response:
    """Ask for a new password in place of one that an administrator gave."""
    return visit.render("sign_in/new_password.html", fault=None)


def take_new_password(visit: Visit) -> Response:
    """Take the new password, which is typed twice."""
    new = _raw(visit, "new")

    def ask_again(fault: Sentence | str) -> Response:
        return visit.render("sign_in/new_password.html", status=_UNFIT, fault=fault)

    if new != _raw(visit, "again"):
        return ask_again(visit._("The two passwords differ; type the same one twice."))
    return _step(visit, lambda token: visit.identity.change_password(token, new), ask_again)


def _step(
    visit: Visit,
    take: Callable[[str], Started],
    ask_again: Callable[[Sentence | str], Response],
) -> Response:
    """Take a step of the sign-in, or ask again with what was wrong."""
    if visit.signed is None:
        raise NotSignedInError("the sign-in has ended; begin again")
    try:
        return _go_on(visit, take(visit.signed.token), "/")
    except IdentityError as error:
        return ask_again(error.sentence)


def show_enrolment(visit: Visit) -> Response:
    """Say that a second factor is needed, and how it is set up."""
    return visit.render("sign_in/enrol.html", enrolment=None, fault=None, is_begun=False)


def enrol(visit: Visit) -> Response:
    """Show the secret of a new authenticator app, or take its first code."""
    if visit.signed is None:
        raise NotSignedInError("the sign-in has ended; begin again")
    token, code = visit.signed.token, visit.text("code")
    try:
        if not code:
            enrolment = visit.identity.begin_enrolment(token)
            return visit.render(
                "sign_in/enrol.html", enrolment=enrolment, fault=None, is_begun=True
            )
        enrolled = visit.identity.confirm_enrolment(token, code)
    except IdentityError as error:
        return visit.render(
            "sign_in/enrol.html",
            status=_UNFIT,
            enrolment=None,
            fault=error.sentence,
            is_begun=True,
        )
    response = visit.render("account/codes.html", codes=enrolled.recovery_codes, is_first=True)
    keep_session(visit, response, enrolled.started)
    return response


def _open(path: str, handler: Callable[[Visit], Response], *, is_post: bool = False) -> Page:
    return Page(path, handler, is_post=is_post, is_open=True)


def _steps(
    path: str,
    stage: SessionStage,
    show: Callable[[Visit], Response],
    take: Callable[[Visit], Response],
) -> tuple[Page, Page]:
    return Page(path, show, step=stage), Page(path, take, is_post=True, step=stage)


PAGES: tuple[Page, ...] = (
    _open("/sign-in", show_sign_in),
    Page("/sign-in", sign_in, is_post=True, is_open=True, is_costly=True),
    _open("/sign-in/organisation", go_to_provider),
    _open(CALLBACK, come_back),
    _open("/sign-out", sign_out, is_post=True),
    *_steps(
        "/sign-in/second-factor",
        SessionStage.SECOND_FACTOR,
        show_second_factor,
        take_second_factor,
    ),
    *_steps(
        "/sign-in/password", SessionStage.CHANGE_PASSWORD, show_new_password, take_new_password
    ),
    *_steps("/sign-in/enrol", SessionStage.ENROL, show_enrolment, enrol),
)
