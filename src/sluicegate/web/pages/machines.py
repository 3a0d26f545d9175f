"""Machines: programs that use the API with keys of their own."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.identity import AccountError, Client, Rights
from sluicegate.web.rights_form import places_text, read_rights, rights_shown
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_UNFIT = 422


def list_machines(visit: Visit) -> Response:
    """List every machine of the organisation."""
    everywhere = visit._("all")
    return visit.render(
        "machines/list.html",
        clients=visit.identity.clients(visit.desk),
        places=lambda codes: places_text(codes, visit.language, everywhere),
    )


def show_new_machine(visit: Visit) -> Response:
    """Show the form of a new machine."""
    return _new_page(visit, Rights(frozenset()))


def _new_page(visit: Visit, rights: Rights, fault: Sentence | None = None) -> Response:
    return visit.render(
        "machines/new.html",
        status=200 if fault is None else _UNFIT,
        rights=rights_shown(visit, rights),
        name=visit.text("name"),
        keys=visit.text("keys"),
        fault=fault,
    )


def add_machine(visit: Visit) -> Response:
    """Make a machine known by its public keys."""
    rights = read_rights(visit)
    try:
        client = visit.identity.add_client(
            visit.desk, visit.text("name"), visit.text("keys"), rights
        )
    except AccountError as error:
        return _new_page(visit, rights, error.sentence)
    return visit.redirect(f"/machines/{client.id}", visit._("The machine may sign in now."))


def show_machine(visit: Visit) -> Response:
    """Show one machine, with the forms that replace its keys or revoke it."""
    return _machine_page(visit)


def _machine_page(visit: Visit, fault: Sentence | None = None) -> Response:
    client = _client(visit)
    everywhere = visit._("all")
    return visit.render(
        "machines/show.html",
        status=200 if fault is None else _UNFIT,
        client=client,
        places=places_text(client.rights.jurisdictions, visit.language, everywhere),
        fault=fault,
    )


def _client(visit: Visit) -> Client:
    wanted = visit.path["client"]
    found = next((one for one in visit.identity.clients(visit.desk) if one.id == wanted), None)
    if found is None:
        raise NotFoundError("client", wanted[:100])
    return found


def rotate(visit: Visit) -> Response:
    """Give a machine new public keys."""
    try:
        visit.identity.rotate_client(
            visit.desk,
            _client(visit).id,
            visit.text("keys"),
            keep_old=visit.text("keep_old") == "yes",
        )
    except AccountError as error:
        return _machine_page(visit, error.sentence)
    return visit.redirect(f"/machines/{visit.path['client']}", visit._("The new keys count now."))


def revoke(visit: Visit) -> Response:
    """Accept a machine no more."""
    try:
        visit.identity.revoke_client(visit.desk, _client(visit).id)
    except AccountError as error:
        return _machine_page(visit, error.sentence)
    return visit.redirect("/machines", visit._("The machine is accepted no more."))


PAGES: tuple[Page, ...] = (
    page("/machines", list_machines, Action.CLIENT_MANAGE),
    page("/machines/new", show_new_machine, Action.CLIENT_MANAGE),
    post("/machines/new", add_machine, Action.CLIENT_MANAGE),
    page("/machines/{client}", show_machine, Action.CLIENT_MANAGE),
    post("/machines/{client}/keys", rotate, Action.CLIENT_MANAGE),
    post("/machines/{client}/revoke", revoke, Action.CLIENT_MANAGE),
)
