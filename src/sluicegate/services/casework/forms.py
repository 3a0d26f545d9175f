"""The forms that can be filed: those that come with the product, and a node's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sluicegate.cases.case import Case, Clock
from sluicegate.cases.filings.form import Form
from sluicegate.cases.filings.reading import Grounds, read_forms
from sluicegate.core.canonical import digest
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import read_folder, shipped_book
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.casework.prefilling import PREFILLS


@lru_cache(maxsize=1)
def shipped_forms() -> Mapping[str, Form]:
    """Return the forms that come with the product, by id."""
    folder = Path(str(files("sluicegate") / "data" / "filings"))
    return read_forms(read_folder(folder), Grounds(shipped_book(), PREFILLS))


def with_own_forms(texts: Iterable[tuple[str, str]], book: RuleBook) -> Mapping[str, Form]:
    """Return the shipped forms and a node's own, given as (file name, text).

    Raises:
        RuleFilesError: every fault with its file and line; also an own form that
            takes the id of another.
    """
    return read_forms(texts, Grounds(book, PREFILLS), base=shipped_forms(), local=True)


def form_named(form_id: str, forms: Mapping[str, Form] | None = None) -> Form:
    """Return a form by its id.

    Raises:
        NotFoundError: there is none.
    """
    found = (shipped_forms() if forms is None else forms).get(form_id)
    if found is None:
        raise NotFoundError("form", form_id)
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """A form that suits a case.

    `duty` is the duty that filing it meets; `obligation` and `due` are what the
    case owes, "" and None where it is offered because of the rule or text alone.
    """

    form: Form
    duty: str
    obligation: str = ""
    due: date | None = None


def offers(case: Case, forms: Mapping[str, Form] | None = None) -> tuple[Offer, ...]:
    """Return the forms that suit a case: what is owed first, the nearest due day first.

    A sealed form is offered in a sealed case only. Then come forms named for a
    rule of the case's findings, then those of its texts.
    """
    found: list[tuple[int, date, str, Offer]] = []
    for form in (shipped_forms() if forms is None else forms).values():
        if form.is_sealed and case.sealed_for is None:
            continue
        if form.subjects and case.subject_kind and case.subject_kind not in form.subjects:
            continue
        owed = _owed(case, form)
        if owed is not None:
            found.append((0, owed.due or date.max, form.id, owed))
            continue
        rules = {one.rule for one in case.alerts}
        texts = {one.instrument for one in case.alerts}
        rank = 1 if form.is_sealed or rules & set(form.rules) else 2
        if rank == 1 or texts & set(form.instruments):
            duty = _duty_of(case, form)
            found.append((rank, date.max, form.id, Offer(form, duty)))
    return tuple(offer for *_, offer in sorted(found, key=lambda item: item[:3]))


def owed_in_sealed(case: Case, forms: Mapping[str, Form] | None = None) -> tuple[Form, ...]:
    """Return the forms of what an ordinary case owes that are filled in a sealed case only.

    They follow from the case alone, whether a sealed file is there or not.
    """
    if case.sealed_for is not None:
        return ()
    found = (shipped_forms() if forms is None else forms).values()
    return tuple(one for one in found if one.is_sealed and _owed(case, one) is not None)


def offer_of(case: Case, form: Form) -> Offer:
    """Return what filing a form in a case would meet, offered or not."""
    return _owed(case, form) or Offer(form, _duty_of(case, form))


def obligation_id(finding_id: str, duty: str) -> str:
    """Return the id of what is owed under a duty because of a finding, as a pass makes it."""
    return "o-" + digest([finding_id, duty])[:16]


def _owed(case: Case, form: Form) -> Offer | None:
    """Return the obligation of the case that a form meets, the nearest due one."""
    clocks: dict[str, Clock] = {one.obligation: one for one in case.clocks if one.obligation}
    owed = [
        Offer(form, duty, clock.obligation, clock.due)
        for duty in form.duties
        for alert in case.alerts
        if (clock := clocks.get(obligation_id(alert.alert_id, duty))) is not None
    ]
    return min(owed, key=lambda one: one.due or date.max, default=None)


def _duty_of(case: Case, form: Form) -> str:
    """Return the first duty of a text of the case, else the form's first."""
    texts = {one.instrument for one in case.alerts}
    near = [duty for duty in form.duties if any(duty.startswith(f"{one}.") for one in texts)]
    return next(iter(near or form.duties), "")
