"""Customers that a model of the batch takes for one another: suggested, never applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sluicegate.core.canonical import digest
from sluicegate.registry.records import Customer
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.screening.linkage import LinkPolicy, normal, shipped_policy
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.linkage.finding import Linked, Registry, find_linked
from sluicegate.services.ports.links import DuplicateFinder, Particulars, Suggestion

LEAST_PER_MILLE = 900
"""Probability in thousandths from which a pair is suggested, unless another is asked for."""

SUGGESTED = "links.suggested"


def suggest(
    desk: Desk,
    book: RuleBook,
    finder: DuplicateFinder,
    *,
    as_of: date | None = None,
    least_per_mille: int = LEAST_PER_MILLE,
) -> Sequence[Suggestion]:
    """Keep and return pairs that may belong together, the most probable first.

    Left out are pairs that stand in one group already, and pairs about which a
    person has decided. Nothing is applied: a person confirms or cuts each pair.
    What was suggested before is forgotten; an act counts what there is now.

    Raises DuplicatesError, RefusedError.
    """
    desk.must(Action.ASSESS_RUN)
    at = desk.now()
    day = as_of or desk.now().date()
    registry = Registry.of(desk.store, day)
    linked = find_linked(registry, desk.store, Law(book, day), as_of=day)
    particulars = list(_particulars(registry, linked, shipped_policy()))
    found = finder.suggest(particulars, least_per_mille=least_per_mille)
    suggested = [one for one in found if _is_open(linked, one)]
    with desk.store.transaction():
        desk.store.links.keep_suggestions(suggested, at=at)
        record = {
            "as_of": day.isoformat(),
            "suggestions": len(suggested),
            "digest": digest([[one.a, one.b, one.per_mille] for one in suggested]),
        }
        reason = f"duplicates as of {day}"
        desk.store.act(SUGGESTED, record, at=at, by=desk.principal.id, reason=reason)
    return suggested


def _is_open(linked: Linked, one: Suggestion) -> bool:
    of = linked.groups.of
    together = one.a in of and of[one.a] == of.get(one.b)
    return not together and (one.a, one.b) not in linked.standing


def _particulars(registry: Registry, linked: Linked, policy: LinkPolicy) -> Iterator[Particulars]:
    for key in sorted({*linked.roots.values()}):
        customer = registry.customers.get(key)
        if customer is not None:
            yield _of(customer, policy)


def _of(customer: Customer, policy: LinkPolicy) -> Particulars:
    box = normal.email(customer.email or "", policy)
    return Particulars(
        customer=str(customer.customer_id),
        name=normal.name(customer.name, policy),
        address=normal.address(customer.address or "", customer.country, policy),
        telephone=normal.telephone(customer.telephone or ""),
        domain=normal.domain(box.rpartition("@")[2], policy),
        birth_date="" if customer.birth_date is None else customer.birth_date.isoformat(),
        country=customer.country,
    )
