"""What people enter and decide in due diligence, and the legal holds that they set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.kyc.diligence.file import (
    Band,
    Decision,
    Document,
    Ground,
    Method,
    Outcome,
    Purpose,
)
from sluicegate.kyc.diligence.items import Item
from sluicegate.kyc.diligence.retention import Records
from sluicegate.rules.facts import BadFactsError
from sluicegate.services.access.actions import Action
from sluicegate.services.diligence import collecting, deciding, holding, rating
from sluicegate.services.diligence.writing import DiligenceRefusedError, today
from sluicegate.services.ports.diligence import DiligenceChangedError
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import dossier_words
from sluicegate.web.dossier_views import names_of_customers
from sluicegate.web.entered import FaultsError, all_needed, code, day, flop, needed
from sluicegate.web.faults import fault_text
from sluicegate.web.pages.diligence import Typed, address_of, customer_page
from sluicegate.web.pages.sources import UPLOAD_LIMIT
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_UNFIT = 422


def act_on_customer(visit: Visit) -> Response:
    """Enter or decide something about a customer, as the form says."""
    name = visit.text("act")
    act = _ACTS.get(name)
    if act is None:
        return problem_page(visit, Problem.BAD_REQUEST)
    there = address_of(visit.path["customer"])
    try:
        said = act(visit, visit.path["customer"])
    except FaultsError as error:
        return customer_page(visit, Typed(name, error.faults))
    except DiligenceRefusedError as error:
        return customer_page(visit, Typed(name, refusal=error.reason))
    except BadFactsError as error:
        faults = {"factors": "; ".join(fault_text(visit, one) for one in error.faults)}
        return customer_page(visit, Typed(name, faults))
    except DiligenceChangedError:
        return problem_page(visit, Problem.CONFLICT, back=there)
    return visit.redirect(there, said)


def _collect(visit: Visit, customer: str) -> str:
    item = code(visit, "item", Item)
    collecting.collect(visit.desk, customer, item, needed(visit, "value"), visit.text("reason"))
    return visit._("The item is entered.")


def _drop(visit: Visit, customer: str) -> str:
    item = code(visit, "item", Item)
    collecting.drop(visit.desk, customer, item, needed(visit, "reason"))
    return visit._("The item is taken back.")


def _verify(visit: Visit, customer: str) -> str:
    given = visit.form.get("content")
    has_file = isinstance(given, UploadFile) and bool(given.filename)
    evidence = collecting.Evidence(
        party=visit.text("party") or customer,
        method=code(visit, "method", Method),
        document=code(visit, "document", Document),
        outcome=code(visit, "outcome", Outcome),
        checked_on=day(visit, "checked_on") or today(visit.desk),
        expires=day(visit, "expires"),
        note=visit.text("note"),
        content=given.file.read() if has_file and isinstance(given, UploadFile) else None,
    )
    collecting.verify(visit.desk, customer, evidence, book=visit.served.book)
    return visit._("The verification is entered.")


def _contract(visit: Visit, customer: str) -> str:
    compute = flop(visit, "compute")
    collecting.enter_contract(visit.desk, customer, compute, visit.text("reason"))
    return visit._("The contract is entered.")


def _purpose(visit: Visit, customer: str) -> str:
    purpose = code(visit, "purpose", Purpose)
    collecting.state_purpose(visit.desk, customer, purpose, visit.text("reason"))
    return visit._("The purpose is entered.")


def _rate(visit: Visit, customer: str) -> str:
    raise_to = code(visit, "raise_to", Band) if visit.text("raise_to") else None
    if raise_to is not None:
        needed(visit, "reason")
    rating.rate(
        visit.desk,
        customer,
        book=visit.served.book,
        raise_to=raise_to,
        reason=visit.text("reason"),
    )
    return visit._("The rating is recorded.")


def _review(visit: Visit, customer: str) -> str:
    rating.review(
        visit.desk,
        customer,
        needed(visit, "reason"),
        book=visit.served.book,
        next_by=day(visit, "next_by"),
    )
    return visit._("The review is recorded.")


def _decide(visit: Visit, customer: str) -> str:
    made = deciding.decide(
        visit.desk,
        customer,
        code(visit, "decision", Decision),
        code(visit, "ground", Ground),
        needed(visit, "reason"),
        book=visit.served.book,
        on=day(visit, "on"),
    )
    if made.waits is not None:
        return visit._("The decision is proposed. Another person checks it.")
    return visit._("The decision holds.")


def _check(visit: Visit, customer: str) -> str:
    is_approved = visit.text("verdict") == "approve"
    reason = visit.text("reason") if is_approved else needed(visit, "reason")
    proposal = visit.text("proposal")
    deciding.check(visit.desk, customer, proposal, is_approved=is_approved, reason=reason)
    if is_approved:
        return visit._("The decision holds.")
    return visit._("The proposal is rejected.")


def _take_back(visit: Visit, customer: str) -> str:
    deciding.take_back(visit.desk, customer, visit.text("proposal"))
    return visit._("The proposal is taken back.")


def _serve(visit: Visit, customer: str) -> str:
    if visit.text("provided") not in ("yes", "no"):
        raise FaultsError({"provided": visit._("Choose one.")})
    asked = deciding.Request(
        flop(visit, "compute"), visit.text("provided") == "yes", tuple(visit.texts("factors"))
    )
    found = deciding.record_served(
        visit.desk, customer, asked, needed(visit, "reason"), book=visit.served.book
    )
    return visit._("It is recorded. %(outcome)s", outcome=found.outcome.text(visit.language))


_ACTS: Mapping[str, Callable[[Visit, str], str]] = {
    "collect": _collect,
    "drop": _drop,
    "verify": _verify,
    "contract": _contract,
    "purpose": _purpose,
    "rate": _rate,
    "review": _review,
    "decide": _decide,
    "check": _check,
    "take_back": _take_back,
    "serve": _serve,
}


def list_holds(visit: Visit) -> Response:
    """List the legal holds, those that stand in front, with the form of a new one."""
    return _holds_page(visit)


def _holds_page(
    visit: Visit, faults: Mapping[str, str] | None = None, refusal: Sentence | None = None
) -> Response:
    found = holding.holds(visit.desk)
    rows = sorted(found, key=lambda one: one.released_at is not None)
    people = [who for one in rows for who in (one.added_by, one.released_by)]
    return visit.render(
        "diligence/holds.html",
        status=_UNFIT if faults or refusal is not None else 200,
        holds=rows,
        records=[(one.value, one.code) for one in Records],
        name=names_of_customers(visit, [one for hold in rows for one in sorted(hold.customers)]),
        person=people_named(visit, people),
        may_manage=visit.may(Action.HOLD_MANAGE),
        given=visit.text,
        ticked=visit.texts,
        faults=faults or {},
        refusal=refusal,
        customer_at=address_of,
        **dossier_words(visit),
    )


def act_on_holds(visit: Visit) -> Response:
    """Add a legal hold, or release one."""
    try:
        if visit.text("act") == "release":
            holding.release_hold(visit.desk, visit.text("hold"), needed(visit, "reason"))
            return visit.redirect("/diligence/holds", visit._("The hold is released."))
        all_needed(visit, "matter", "ground")
        holding.add_hold(
            visit.desk,
            visit.text("matter"),
            visit.text("ground"),
            customers=visit.text("customers").split(),
            records=[one for one in Records if one.value in visit.texts("records")],
            reason=visit.text("why"),
        )
    except FaultsError as error:
        return _holds_page(visit, error.faults)
    except DiligenceRefusedError as error:
        return _holds_page(visit, refusal=error.reason)
    except DiligenceChangedError:
        return problem_page(visit, Problem.CONFLICT, back="/diligence/holds")
    return visit.redirect("/diligence/holds", visit._("The hold stands."))


PAGES: tuple[Page, ...] = (
    page("/diligence/holds", list_holds, Action.DILIGENCE_READ),
    post("/diligence/holds", act_on_holds, Action.HOLD_MANAGE),
    post(
        "/diligence/customers/{customer:path}",
        act_on_customer,
        Action.DILIGENCE_READ,
        body_limit=UPLOAD_LIMIT,
    ),
)
