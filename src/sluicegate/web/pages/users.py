"""People: their accounts, roles, jurisdictions and groups, and their sessions."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.services.access.actions import Action
from sluicegate.services.identity import (
    AccountError,
    AccountSource,
    Issued,
    NewPerson,
    Rights,
)
from sluicegate.web.language import language_named
from sluicegate.web.rights_form import places_text, read_rights, rights_shown
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit

_UNFIT = 422


def list_users(visit: Visit) -> Response:
    """List every account of the organisation."""
    text = visit.query.get("text", "").strip().casefold()
    found = [
        account
        for account in visit.identity.people(visit.desk)
        if text in f"{account.login} {account.name}".casefold()
    ]
    return visit.render(
        "people/list.html", accounts=found, text=visit.query.get("text", ""), places=_places(visit)
    )


def _places(visit: Visit) -> object:
    everywhere = visit._("all")
    return lambda codes: places_text(codes, visit.language, everywhere)


def show_new_user(visit: Visit) -> Response:
    """Show the form of a new account."""
    return _new_page(visit, Rights(frozenset()))


def _new_page(visit: Visit, rights: Rights, fault: Sentence | None = None) -> Response:
    return visit.render(
        "people/new.html",
        status=200 if fault is None else _UNFIT,
        rights=rights_shown(visit, rights),
        login=visit.text("login"),
        name=visit.text("name"),
        language=visit.text("language") or visit.language.value,
        fault=fault,
    )


def add_user(visit: Visit) -> Response:
    """Make a local account, and show its first password this once."""
    rights = read_rights(visit)
    language = language_named(visit.text("language")) or visit.language
    person = NewPerson(visit.text("login"), visit.text("name"), rights, language)
    try:
        issued = visit.identity.add_person(visit.desk, person)
    except AccountError as error:
        return _new_page(visit, rights, error.sentence)
    return _issued_page(visit, issued, is_new=True)


def _issued_page(visit: Visit, issued: Issued, *, is_new: bool) -> Response:
    return visit.render("people/issued.html", issued=issued, is_new=is_new)


def show_user(visit: Visit) -> Response:
    """Show one account; the reading is an act."""
    return _user_page(visit)


def _user_page(visit: Visit, fault: Sentence | None = None) -> Response:
    identity, account_id = visit.identity, visit.path["account"]
    account = identity.person(visit.desk, account_id)
    return visit.render(
        "people/show.html",
        status=200 if fault is None else _UNFIT,
        account=account,
        rights=rights_shown(visit, account.rights),
        sessions=identity.sessions_of(visit.desk, account_id),
        is_local=account.source is AccountSource.LOCAL,
        is_own=visit.principal.id == f"user:{account.id}",
        may_manage=visit.may(Action.USER_MANAGE),
        places=_places(visit),
        fault=fault,
    )


def set_rights(visit: Visit) -> Response:
    """Set what a person may do and see."""
    try:
        visit.identity.set_rights(visit.desk, visit.path["account"], read_rights(visit))
    except AccountError as error:
        return _user_page(visit, error.sentence)
    return _back(visit, visit._("The rights count from the next request on."))


def set_state(visit: Visit) -> Response:
    """Disable or enable an account, or end its sessions."""
    identity, desk, account_id = visit.identity, visit.desk, visit.path["account"]
    try:
        match visit.text("state"):
            case "disabled":
                identity.disable(desk, account_id)
                return _back(visit, visit._("The account is disabled and its sessions have ended."))
            case "enabled":
                identity.enable(desk, account_id)
                return _back(visit, visit._("The account may sign in again."))
            case "signed_out":
                ended = identity.end_sessions_of(desk, account_id)
                said = visit.words.ngettext(
                    "%(num)d session has ended.", "%(num)d sessions have ended.", ended
                )
                return _back(visit, said % {"num": ended})
            case _:
                return _back(visit, visit._("Nothing was changed."), NoticeKind.WARNING)
    except AccountError as error:
        return _user_page(visit, error.sentence)


def reset(visit: Visit) -> Response:
    """Give a person a new first password, and show it this once."""
    try:
        issued = visit.identity.reset(
            visit.desk, visit.path["account"], second_factor=visit.text("second_factor") == "yes"
        )
    except AccountError as error:
        return _user_page(visit, error.sentence)
    return _issued_page(visit, issued, is_new=False)


def _back(visit: Visit, said: str, kind: NoticeKind = NoticeKind.DONE) -> Response:
    return visit.redirect(f"/users/{visit.path['account']}", said, kind)


PAGES: tuple[Page, ...] = (
    page("/users", list_users, Action.USER_READ),
    page("/users/new", show_new_user, Action.USER_MANAGE),
    post("/users/new", add_user, Action.USER_MANAGE),
    page("/users/{account}", show_user, Action.USER_READ),
    post("/users/{account}/rights", set_rights, Action.USER_MANAGE),
    post("/users/{account}/state", set_state, Action.USER_MANAGE),
    post("/users/{account}/reset", reset, Action.USER_MANAGE),
)
