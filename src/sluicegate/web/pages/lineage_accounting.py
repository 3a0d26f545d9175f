"""A form that accounts for a lineage given to it; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.quantities import Exact, parse_decimal
from sluicegate.core.reasons import Sentence
from sluicegate.lineage.accounting import Account, Options
from sluicegate.lineage.comparing import Comparison
from sluicegate.lineage.document import GraphError, Lineage, Quantity
from sluicegate.services.access.actions import Action
from sluicegate.services.lineage.asking import Asking, account_all, built, queries_of
from sluicegate.services.lineage.bounding import TooMuchBehindError, refuse_too_much
from sluicegate.services.lineage.captions import fault_sentence
from sluicegate.services.lineage.importing import graph_fault
from sluicegate.services.ports.lineage import LineageInputError
from sluicegate.web.lineage_views import (
    TargetShown,
    compared_of,
    law_of,
    lineage_words,
    rule_chosen,
    target_shown,
)
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.lineage import read_lineage_content

BODY = 8_000_000
"""Bytes of a lineage that the form takes; a larger one goes in by the command line."""
_UNFIT = 422
_MOST_ASKED = 100
_MOST_PASTED = 400_000
"""Characters of a file that are put back into the form, to be asked again."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What the form holds: the text of a lineage, and what to ask of it."""

    content: bytes
    asking: Asking


@dataclass(frozen=True, slots=True)
class _Answered:
    """A lineage with the answers to what is asked of it, and all about one of them."""

    lineage: Lineage
    accounts: Sequence[Account]
    asked: int
    shown: TargetShown
    compared: Comparison | None


class _FormError(ValueError):
    """A field of the form that does not fit: which, and why."""

    def __init__(self, field: str, said: Sentence | str) -> None:
        self.field, self.said = field, said
        super().__init__(field)


def ask_account(visit: Visit) -> Response:
    """Show the empty form."""
    visit.desk.must(Action.LINEAGE_READ)
    return _form_page(visit)


def account_given(visit: Visit) -> Response:
    """Account for the lineage of the form and show all about the target asked for."""
    visit.desk.must(Action.LINEAGE_READ)
    try:
        given = _given(visit)
        answered = _answered(visit, given)
    except _FormError as error:
        return _form_page(visit, {error.field: error.said})
    return _form_page(visit, answered=answered, content=given.content)


def _form_page(
    visit: Visit,
    faults: Mapping[str, Sentence | str] | None = None,
    answered: _Answered | None = None,
    content: bytes = b"",
) -> Response:
    text = visit.text("text") or content.decode("utf-8", "replace")
    return visit.render(
        "lineages/account.html",
        status=_UNFIT if faults else 200,
        faults=faults or {},
        given=visit.text,
        presume=not visit.text("asked") or visit.text("presume") == "yes",
        text=text if len(text) <= _MOST_PASTED else "",
        answered=answered,
        quantities=[(one.value, one.value) for one in Quantity],
        **lineage_words(visit),
    )


def _given(visit: Visit) -> _Given:
    file = visit.form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        content = file.file.read()
    else:
        content = visit.text("text").encode("utf-8")
    if not content.strip():
        raise _FormError("text", visit._("Paste a lineage, or choose its file."))
    quantity = visit.text("quantity")
    return _Given(
        content,
        Asking(
            tuple(visit.text("target").split()),
            Quantity(quantity) if quantity in {one.value for one in Quantity} else None,
            rule_chosen(visit.text("rule")),
            _seconds(visit),
            Options(presume=visit.text("presume") == "yes"),
        ),
    )


def _seconds(visit: Visit) -> Exact | None:
    text = visit.text("seconds_between")
    try:
        seconds: Exact | None = parse_decimal(text) if text else None
    except ValueError:
        seconds = 0
    if seconds is not None and seconds <= 0:
        raise _FormError("seconds_between", visit._("This is no time; give seconds above 0."))
    return seconds


def _answered(visit: Visit, given: _Given) -> _Answered:
    """Answer what is asked. Raises _FormError for whatever cannot be answered."""
    try:
        stated = read_lineage_content(given.content).lineages[0]
        lineage = built(stated)
        queries = list(queries_of(lineage, stated.queries, given.asking))
        if not queries:
            said = visit._("It has no model and no output; name a node to account for.")
            raise _FormError("target", said)
        asked, options = queries[:_MOST_ASKED], given.asking.options
        refuse_too_much(lineage, asked, options)
        accounts = account_all(lineage, asked, law_of(visit), options)
        shown = target_shown(visit, lineage, asked[0], options)
        single = len(asked[0].targets) == 1
        target = asked[0].targets[0]
        compared = compared_of(visit, lineage, target, options) if single else None
    except LineageInputError as error:
        raise _FormError("text", fault_sentence(error.faults[0])) from error
    except TooMuchBehindError as error:
        raise _FormError("target", error.sentence) from error
    except GraphError as error:
        raise _FormError("text", fault_sentence(graph_fault(error))) from error
    except _FormError:
        raise
    except ValueError as error:
        raise _FormError("target", str(error)) from error
    return _Answered(lineage, accounts, len(queries), shown, compared)


PAGES: tuple[Page, ...] = (
    page("/lineages/account", ask_account, Action.LINEAGE_READ),
    post("/lineages/account", account_given, Action.LINEAGE_READ, body_limit=BODY),
)
