"""Runs cut into pieces, use whose speed alone gives it away, and customers of high risk."""

from dataclasses import dataclass
from enum import Enum

from sluicegate.demo.chips import B200, H100, H200
from sluicegate.demo.draft import Draft
from sluicegate.demo.instants import USAGE_DAYS
from sluicegate.demo.patterns.labs import add_lab_customer
from sluicegate.demo.records import PartyKind
from sluicegate.demo.sites import add_cluster
from sluicegate.demo.truth import Pattern, Subject, SubjectKind
from sluicegate.demo.work import Job, make_run, make_small_runs

_PIECES = 4
_PIECE_DAYS = 19
_PIECE = ("4.6e24", "5.4e24")
_SHORT_PAUSE, _LONG_PAUSE = 2, 21  # days: more than ends a run, more than joins pieces
_FAST_DAYS, _SLOW_DAYS = 6, 70
_FAST = ("7e24", "8e24")
_MUCH = ("3e25", "3.6e25")
_ELSEWHERE = "FR"
_CONCERN = ("BY", "RU", "CU")


def add_evasion(draft: Draft) -> None:
    """Add every pattern of this module with its look-alikes."""
    for near_miss in (False, False, True, True):
        _add_pieces(draft, near_miss=near_miss)
        _add_fast_use(draft, near_miss=near_miss)
    for trait in Trait:
        _add_high_risk(draft, trait)


def _add_pieces(draft: Draft, *, near_miss: bool) -> None:
    """One run in equal pieces on one cluster; a look-alike rests longer between its runs."""
    customer_id = add_lab_customer(draft, Pattern.RUN_IN_PIECES)
    cluster = add_cluster(draft, draft.draws.pick((H100, H200)))
    piece, utilisation = draft.draws.flop(*_PIECE), draft.utilisation(percent_reported=50)
    first = draft.draws.whole(20, 60)
    step = _PIECE_DAYS + (_LONG_PAUSE if near_miss else _SHORT_PAUSE)
    flop = 0
    for number in range(_PIECES):
        day = first + number * step
        job = Job(customer_id, cluster, piece, day, _PIECE_DAYS, utilisation)
        flop += make_run(draft, job).flop
    draft.add_pattern(
        Pattern.RUN_IN_PIECES,
        Subject(SubjectKind.CUSTOMER, id=customer_id),
        near_miss=near_miss,
        flop=flop,
        detail={"pieces": str(_PIECES), "pause_days": str(step - _PIECE_DAYS)},
    )


def _add_fast_use(draft: Draft, *, near_miss: bool) -> None:
    """A short run at great speed; a look-alike does as much in more time."""
    customer_id = add_lab_customer(draft, Pattern.FAST_USE)
    cluster = add_cluster(draft, B200)
    days = _SLOW_DAYS if near_miss else _FAST_DAYS
    first = draft.draws.whole(30, 200)
    utilisation = draft.utilisation(percent_reported=50)
    job = Job(customer_id, cluster, draft.draws.flop(*_FAST), first, days, utilisation)
    draft.add_pattern(
        Pattern.FAST_USE,
        Subject(SubjectKind.CUSTOMER, id=customer_id),
        near_miss=near_miss,
        flop=make_run(draft, job).flop,
        detail={"days": str(days)},
    )


class Trait(Enum):
    """What makes a customer one of high risk, or only looks like it."""

    CONTROLLED = "controlled from a country of concern"
    OWNED = "a third held from a country of concern"
    PAID_ELSEWHERE = "paid from a country that is neither its own nor an owner's"
    SMALL_HOLDER = "a tenth held from a country of concern"
    CONTROLLED_ELSEWHERE = "controlled from another country"


@dataclass(frozen=True, slots=True)
class _Owner:
    """An owner from abroad: its share in thousandths, and whether it controls."""

    per_mille: int
    controls: bool
    is_of_concern: bool = True


_OWNERS = {
    Trait.CONTROLLED: _Owner(650, controls=True),
    Trait.OWNED: _Owner(330, controls=False),
    Trait.SMALL_HOLDER: _Owner(100, controls=False),
    Trait.CONTROLLED_ELSEWHERE: _Owner(650, controls=True, is_of_concern=False),
}
_FAR_AWAY = "wire transfer, AE"
_LOOK_ALIKES = (Trait.SMALL_HOLDER, Trait.CONTROLLED_ELSEWHERE)


def _add_high_risk(draft: Draft, trait: Trait) -> None:
    customer_id = draft.add_customer(Pattern.HIGH_RISK, _ELSEWHERE)
    owner = _OWNERS.get(trait)
    if owner is None:
        draft.amend(customer_id, payment_source=_FAR_AWAY)
    else:
        country = draft.draws.pick(_CONCERN) if owner.is_of_concern else "DE"
        party = draft.add_party(PartyKind.ENTITY, country)
        draft.own(party, customer_id, owner.per_mille, controls=owner.controls, role="investor")
    job = Job(
        customer_id=customer_id,
        cluster=add_cluster(draft, draft.draws.pick((H100, H200))),
        target_flop=draft.draws.flop(*_MUCH),
        first_day=0,
        days=USAGE_DAYS,
        utilisation=draft.utilisation(percent_reported=50),
    )
    draft.add_pattern(
        Pattern.HIGH_RISK,
        Subject(SubjectKind.CUSTOMER, id=customer_id),
        near_miss=trait in _LOOK_ALIKES,
        flop=make_small_runs(draft, job),
        detail={"trait": trait.value},
    )
