"""Everyone else: small customers, far below everything, and small families of companies."""

from dataclasses import dataclass

from sluicegate.demo import instants
from sluicegate.demo.declarations import INFERENCE, PRETRAINING, Declaration, declare
from sluicegate.demo.draft import COUNTRIES, Draft
from sluicegate.demo.instants import USAGE_DAYS
from sluicegate.demo.records import Channel, Cluster, PartyKind
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import Pattern, RunTruth
from sluicegate.demo.work import Batches, make_batches

_SMALL = ("1.5e18", "2.6e23")
_CUSTOMERS_PER_FAMILY = 75  # one family for so many honest customers
_LARGEST_FAMILY = 5


@dataclass(frozen=True, slots=True)
class _Window:
    first_day: int
    days: int


def add_honest(draft: Draft, sites: Sites) -> None:
    """Fill the world up with honest customers."""
    for _ in range(draft.customers_left // _CUSTOMERS_PER_FAMILY):
        _add_family(draft, sites)
    while draft.customers_left:
        _add_single(draft, sites)


def _add_family(draft: Draft, sites: Sites) -> None:
    """A parent with two to four subsidiaries, all of one country and all small."""
    country = draft.draws.pick(COUNTRIES)
    parent = draft.add_customer(Pattern.HONEST, country)
    _add_owners(draft, parent, country)
    modest_use(draft, sites, parent)
    for _ in range(draft.draws.whole(2, _LARGEST_FAMILY - 1)):
        child = draft.add_customer(Pattern.HONEST, country)
        share = draft.draws.whole(600, 1000)
        draft.own(draft.customer_as_party(parent), child, share, controls=True, role="parent")
        modest_use(draft, sites, child)


def _add_single(draft: Draft, sites: Sites) -> None:
    draws = draft.draws
    kind = PartyKind.INDIVIDUAL if draws.chance(15) else PartyKind.ENTITY
    country = draws.pick(COUNTRIES)
    customer_id = draft.add_customer(Pattern.HONEST, country, kind=kind)
    if kind is PartyKind.ENTITY and draws.chance(60):
        _add_owners(draft, customer_id, country)
    modest_use(draft, sites, customer_id)


def _add_owners(draft: Draft, customer_id: str, country: str) -> None:
    """One person who decides, or three who share; all of the customer's country."""
    if draft.draws.chance(50):
        founder = draft.add_party(PartyKind.INDIVIDUAL, country)
        share = draft.draws.whole(600, 1000)
        draft.own(founder, customer_id, share, controls=True, role="founder")
        return
    for per_mille in (400, 350, 200):
        partner = draft.add_party(PartyKind.INDIVIDUAL, country)
        draft.own(partner, customer_id, per_mille, role="partner")


def modest_use(draft: Draft, sites: Sites, customer_id: str) -> None:
    """Give a customer the use of a small customer on one shared cluster."""
    draws = draft.draws
    window = _window(draft, customer_id)
    pools = (sites.small_focus, sites.small_slurm, *(sites.small,) * 8)
    cluster = draws.pick(draws.pick(pools))
    native = cluster.channel is Channel.NATIVE
    utilisation = draft.utilisation(percent_reported=30 if native else 0)
    account = ""
    if not native:
        account = draft.new_account(cluster.channel)
        draft.map_account(account, customer_id)
    declared = native and draws.chance(6)
    batches = Batches(
        customer_id=customer_id,
        cluster=cluster,
        target_flop=draws.flop_by_octave(*_SMALL),
        first_day=window.first_day,
        days=window.days,
        count=max(6, draws.whole(20, 60) * window.days // USAGE_DAYS),
        utilisation=utilisation,
        account=account,
        run_id=draft.new_run_id() if declared else "",
    )
    before = len(draft.usage)
    flop = make_batches(draft, batches)
    if declared:
        _declare(draft, batches, flop, before)
    else:
        draft.set_own_utilisation(customer_id, utilisation)


def _window(draft: Draft, customer_id: str) -> _Window:
    """The days on which a customer is active; a few of those who stopped have closed."""
    draws = draft.draws
    if not draws.chance(35):
        return _Window(0, USAGE_DAYS)
    first = draws.whole(0, 250)
    days = draws.whole(60, USAGE_DAYS - first)
    end = first + days
    if end < USAGE_DAYS - 60 and draws.chance(30):
        closed = instants.day_of(draft.as_of, end + draws.whole(5, 50))
        draft.amend(customer_id, closed=closed.isoformat())
    return _Window(first, days)


def _declare(draft: Draft, batches: Batches, flop: int, before: int) -> None:
    """Declare all of a customer's jobs as one run, near its true size."""
    cluster: Cluster = batches.cluster
    declaration = Declaration(
        run_id=batches.run_id,
        customer_id=batches.customer_id,
        kind=draft.draws.pick((PRETRAINING, INFERENCE)),
        model_id=f"syn-m-{batches.customer_id[-6:]}",
        cluster=cluster,
        first_day=batches.first_day,
        days=batches.days,
        declared_flop=flop * draft.draws.whole(90, 110) // 100,
    )
    written = declare(draft, declaration)
    made = draft.usage[before:]
    utilisation = batches.utilisation
    draft.run_truths.append(
        RunTruth(
            run_id=batches.run_id,
            customer_id=batches.customer_id,
            cluster_id=cluster.cluster_id,
            start=instants.text(min(u.start for u in made), cluster.offset_minutes),
            end=instants.text(max(u.start + u.seconds for u in made), cluster.offset_minutes),
            flop=flop,
            kind=declaration.kind,
            model_id=declaration.model_id,
            declared_flop=written,
            utilisation_bp=None if utilisation.reported else utilisation.basis_points,
        )
    )
