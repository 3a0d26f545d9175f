"""My account: who I am here, password, second factor, sessions, language and look."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.services.identity import AccountSource, IdentityError
from sluicegate.web.gate import Signed
from sluicegate.web.pages.sign_in import keep_session
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NotSignedInError, Visit

_UNFIT = 422


def show_account(visit: Visit) -> Response:
    """Show the own account."""
    return _account_page(visit)


def _signed(visit: Visit) -> Signed:
    if visit.signed is None:
        raise NotSignedInError("nobody is signed in; sign in first")
    return visit.signed


def _account_page(visit: Visit, *, part: str = "", fault: Sentence | str | None = None) -> Response:
    who = _signed(visit).who
    is_local = who.source is AccountSource.LOCAL
    return visit.render(
        "account/show.html",
        status=200 if fault is None else _UNFIT,
        who=who,
        is_local=is_local,
        sessions=visit.identity.own_sessions(who),
        codes_left=visit.identity.recovery_codes_left(who) if who.has_second_factor else 0,
        part=part,
        fault=fault,
    )


def change_password(visit: Visit) -> Response:
    """Change the own password; other sessions end."""
    new, again = _raw(visit, "new"), _raw(visit, "again")
    if new != again:
        fault = visit._("The two passwords differ; type the same one twice.")
        return _account_page(visit, part="password", fault=fault)
    try:
        started = visit.identity.change_password(_signed(visit).token, new, old=_raw(visit, "old"))
    except IdentityError as error:
        return _account_page(visit, part="password", fault=error.sentence)
    response = visit.redirect("/account")
    keep_session(visit, response, started)
    return response


def _raw(visit: Visit, name: str) -> str:
    """Return a field as it was typed: a password may begin or end with a space."""
    value = visit.form.get(name)
    return value if isinstance(value, str) else ""


def set_second_factor(visit: Visit) -> Response:
    """Begin to set up an authenticator app, or take its first code."""
    token, code = _signed(visit).token, visit.text("code")
    try:
        if not code:
            enrolment = visit.identity.begin_enrolment(token, password=_raw(visit, "password"))
            return visit.render("account/enrol.html", enrolment=enrolment, fault=None)
        enrolled = visit.identity.confirm_enrolment(token, code)
    except IdentityError as error:
        if code:
            return visit.render(
                "account/enrol.html", status=_UNFIT, enrolment=None, fault=error.sentence
            )
        return _account_page(visit, part="second_factor", fault=error.sentence)
    response = visit.render("account/codes.html", codes=enrolled.recovery_codes, is_first=False)
    keep_session(visit, response, enrolled.started)
    return response


def make_codes(visit: Visit) -> Response:
    """Make new recovery codes, and show them this once."""
    try:
        codes = visit.identity.new_recovery(_signed(visit).token, _raw(visit, "password"))
    except IdentityError as error:
        return _account_page(visit, part="codes", fault=error.sentence)
    return visit.render("account/codes.html", codes=codes, is_first=False)


def end_session(visit: Visit) -> Response:
    """End one of the own sessions."""
    ended = visit.identity.end_own_session(_signed(visit).who, visit.text("session"))
    said = visit._("The session has ended.") if ended else visit._("It had ended already.")
    return visit.redirect("/account", said)


PAGES: tuple[Page, ...] = (
    page("/account", show_account),
    post("/account/password", change_password),
    post("/account/second-factor", set_second_factor),
    post("/account/codes", make_codes),
    post("/account/sessions/end", end_session),
)
