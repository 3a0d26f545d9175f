"""How a customer's due diligence stands: what is held, verified, declared, seen and rated."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.core.quantities import Exact, flop_text
from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.diligence.file import DiligenceFile, Purpose, Verification
from sluicegate.kyc.diligence.items import Held, Item, held_items, placeholders
from sluicegate.kyc.diligence.purpose import PurposeView, compare, declared_purpose
from sluicegate.kyc.diligence.rating import Factor, Reckoned, reckon
from sluicegate.kyc.diligence.settings import DiligenceRules
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.asking import ask_question
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.customer import (
    Customers,
    central_of,
    open_findings,
    use_of,
)
from sluicegate.services.diligence.writing import (
    file_of,
    must_know,
    resource_of,
    today,
)
from sluicegate.services.ports.diligence import StandingFilter, StandingRow

MOST_LISTED = 10_000
"""Customers of one list at most."""

US = "US"


@dataclass(frozen=True)
class Opening:
    """Whether the account may be opened with what is held, as the proposal would have it.

    `scope` says whether the proposal's programme reaches the account at all,
    `answer` what is missing. `blocks` is true where both say that it may not be
    opened; `is_enforced` says whether the text binds anybody on the day.
    """

    scope: Asked
    answer: Asked
    blocks: bool
    is_enforced: bool
    missing: tuple[Item, ...]


@dataclass(frozen=True)
class DiligenceStatus:
    """Everything that due diligence knows of a customer on a day.

    `placeholders` are items for which a source states a value that stands for
    none. `unverified` are parties whose identity does not count as verified:
    the customer, or a beneficial owner by id. `reckoned` is the rating as it
    would come out now; `is_stale` says that the recorded one differs.
    """

    customer_id: str
    name: str
    as_of: date
    file: DiligenceFile
    held: tuple[Held, ...]
    placeholders: tuple[Item, ...]
    opening: Opening
    owners: Asked
    unverified: tuple[str, ...]
    expired: tuple[Verification, ...]
    purpose: PurposeView
    reckoned: Reckoned
    is_stale: bool
    review_is_due: bool


def status(
    desk: Desk, customer_id: str, *, book: RuleBook, as_of: date | None = None
) -> DiligenceStatus:
    """Return how a customer's due diligence stands; the reading is an act.

    Raises:
        NotFoundError: no source names the customer.
        RefusedError: this may not be read.
    """
    must_know(desk, Action.DILIGENCE_READ, customer_id)
    desk.read(Action.DILIGENCE_READ, resource_of(desk, customer_id))
    return status_of(desk, customer_id, book=book, as_of=as_of)


def status_of(
    desk: Desk, customer_id: str, *, book: RuleBook, as_of: date | None = None
) -> DiligenceStatus:
    """Return how a customer's due diligence stands, for use cases that have asked for leave."""
    law = Law(book, as_of or today(desk))
    rules = DiligenceRules(law)
    file = file_of(desk, customer_id)
    about = Customers.of(desk, law, customer_id)
    owners = _ask(law, "beneficial_owners", regime="iaas_proposal", holders=about.holders())
    named = tuple(owners.answer_json()["beneficial_owners"])
    hides = about.may_hide_an_owner(law.amount("assess.groups.beneficial_share"))
    all_named = about.all_named(named, law.amount("assess.groups.beneficial_share"))
    held = held_items(about.holds, all_named, file.items)
    unverified = about.unverified(file, named, law.day)
    opening = _opening(law, about, named, {one.item for one in held}, not unverified)
    stated = file.purpose or declared_purpose(
        None if about.holds is None else about.holds.stated_purpose, rules.words
    )
    use = use_of(desk, customer_id)
    purpose = compare(stated, file.contract, use, rules)
    found = [
        *_factors_of_identity(opening, file, unverified, law.day, hides=hides),
        *_factors_of_use(desk, law, customer_id, central_of(use.total)),
        *_factors_of_purpose(purpose),
    ]
    reckoned = reckon(found, rules, law.day)
    return DiligenceStatus(
        customer_id=customer_id,
        name=customer_id if about.holds is None else about.holds.name,
        as_of=law.day,
        file=file,
        held=held,
        placeholders=placeholders(about.holds),
        opening=opening,
        owners=owners,
        unverified=unverified,
        expired=tuple(one for one in file.verifications if one.has_expired(law.day)),
        purpose=purpose,
        reckoned=reckoned,
        is_stale=_differs(file, reckoned),
        review_is_due=file.review_by is not None and file.review_by <= law.day,
    )


def reviews_due(desk: Desk, by: date, *, limit: int = MOST_LISTED) -> Sequence[StandingRow]:
    """Return the customers whose review falls due on or before a day, the earliest first.

    Raises:
        RefusedError: due diligence may not be read.
    """
    desk.must(Action.DILIGENCE_READ, desk.of("diligence"))
    return desk.store.diligence.standings(StandingFilter(review_by=by), limit=limit)


def _opening(
    law: Law, about: Customers, owners: Collection[str], held: Collection[Item], is_verified: bool
) -> Opening:
    countries = [about.graph.parties[one].country for one in about.graph.parties if one in owners]
    scope = _ask(
        law,
        "iaas_customer_scope",
        customer_is_us_person=about.holds is not None and about.holds.country == US,
        beneficial_owners_are_us_persons=[country == US for country in countries],
    )
    answer = _ask(
        law,
        "iaas_account_opening",
        customer_kind=about.kind.value,
        collected=[one.value for one in Item if one in held],
        identity_verified=is_verified,
    )
    said = answer.answer_json()
    is_reached = bool(scope.answer_json()["identification_required"])
    return Opening(
        scope=scope,
        answer=answer,
        blocks=is_reached and not said["may_open"],
        is_enforced=law.enforced("us.iaas_proposal"),
        missing=tuple(Item(one) for one in said["missing"]),
    )


def _factors_of_identity(
    opening: Opening,
    file: DiligenceFile,
    unverified: Collection[str],
    day: date,
    *,
    hides: bool,
) -> list[tuple[Factor, Sentence]]:
    found = []
    if unverified:
        said = say("Not verified: {parties}.", parties=list(unverified))
        found.append((Factor.IDENTITY_NOT_VERIFIED, said))
    expired = [one for one in file.verifications if one.has_expired(day)]
    if expired:
        said = say("Evidence that has expired: {count}.", count=len(expired))
        found.append((Factor.EVIDENCE_EXPIRED, said))
    if opening.missing:
        missing = [one.value for one in opening.missing]
        found.append((Factor.ITEMS_MISSING, say("Missing: {items:term}.", items=missing)))
    if hides:
        said = say("A beneficial owner may stand behind what is not known of the holdings.")
        found.append((Factor.OWNERS_UNKNOWN, said))
    return found


def _factors_of_use(
    desk: Desk, law: Law, customer_id: str, used: Exact | None
) -> list[tuple[Factor, Sentence]]:
    found: list[tuple[Factor, Sentence]] = []
    for question, factor in (
        ("kyc_high_risk", Factor.HIGH_RISK_PROFILE),
        ("kyc_risk_profile", Factor.HIGH_RISK_PROFILE),
        ("ownership_50_percent", Factor.LISTED_OWNER),
    ):
        ids = open_findings(desk, customer_id, question)
        if ids:
            found.append((factor, say("Open findings: {findings}.", findings=list(ids))))
    if used is None:
        return found
    asked = _ask(
        law,
        "kyc_trigger",
        compute_used=flop_text(used),
        threshold=flop_text(law.amount("assess.kyc.threshold")),
        approach_share=law.share("assess.kyc.approach_share"),
    )
    state = asked.answer_json()["state"]
    if state == "crossed":
        found.append((Factor.THRESHOLD_CROSSED, asked.reasons[0]))
    elif state == "approaching":
        found.append((Factor.THRESHOLD_APPROACHING, asked.reasons[0]))
    return found


def _factors_of_purpose(view: PurposeView) -> list[tuple[Factor, Sentence]]:
    found = []
    if view.declared is None or view.declared is Purpose.UNCLEAR:
        said = say("No purpose is stated that tells whether models are trained.")
        found.append((Factor.PURPOSE_NOT_STATED, said))
    if view.differs:
        said = say("The use differs from the stated purpose.")
        found.append((Factor.PURPOSE_DIFFERS, said))
    if view.beyond_contract:
        said = say("Compute goes beyond the contract.")
        found.append((Factor.BEYOND_CONTRACT, said))
    return found


def _differs(file: DiligenceFile, reckoned: Reckoned) -> bool:
    if file.rating is None:
        return True
    now = {one.factor.value: one.points for one in reckoned.factors}
    return dict(file.rating.factors) != now or file.rating.band is not reckoned.band


def _ask(law: Law, question: str, **facts: object) -> Asked:
    return ask_question(question, facts, as_of=law.day, book=law.book)
