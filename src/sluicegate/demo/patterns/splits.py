"""Use that is large only together: behind one owner, or over the accounts of one customer."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sluicegate.demo.draft import COUNTRIES, Draft
from sluicegate.demo.instants import USAGE_DAYS
from sluicegate.demo.patterns.labs import add_lab_customer
from sluicegate.demo.records import Channel, Cluster, PartyKind
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import Pattern, Subject, SubjectKind
from sluicegate.demo.work import Job, make_small_runs


class Tie(Enum):
    """What joins the customers of a group, in fact or only in looks."""

    ONE_SHELL = "owner holds each customer through one shell company"
    TWO_SHELLS = "owner holds each customer through a holding and shell companies"
    CONTROL = "owner controls each customer without shares"
    MIXED = "owner holds some customers directly and some through a shell company"
    ADDRESS = "same address, separate owners"
    NAME = "similar names, separate owners"
    MINORITY = "one investor with a fifth of each, separate owners of the rest"


_GROUPS = (
    *((Tie.ONE_SHELL, False), (Tie.TWO_SHELLS, False), (Tie.CONTROL, False), (Tie.MIXED, False)),
    *((Tie.ADDRESS, True), (Tie.NAME, True), (Tie.MINORITY, True)),
)
_TOGETHER = ("1.9e26", "2.2e26")


def add_split_customers(draft: Draft, sites: Sites) -> None:
    """Add groups under one control, and look-alikes without it, with the same volumes."""
    for tie, near_miss in _GROUPS:
        total = draft.draws.flop(*_TOGETHER)
        country = draft.draws.pick(COUNTRIES)
        stem = draft.names.stem() if tie is Tie.NAME else None
        members = [_add_member(draft, country, stem) for _ in range(draft.draws.whole(6, 8))]
        controller = _JOIN[tie](draft, members, country)
        flop = use_apart(draft, members, draft.draws.shuffled(sites.large), total)
        subject = Subject(SubjectKind.GROUP, id=controller, members=tuple(sorted(members)))
        draft.add_pattern(
            Pattern.SPLIT_CUSTOMER,
            subject,
            near_miss=near_miss,
            flop=flop,
            detail={"tie": tie.value},
        )


def _add_member(draft: Draft, country: str, stem: str | None) -> str:
    name = None if stem is None else draft.names.organisation(country, stem)
    return draft.add_customer(Pattern.SPLIT_CUSTOMER, country, name=name)


def use_apart(draft: Draft, members: list[str], clusters: list[Cluster], total: int) -> int:
    """Share the total out, each member on a cluster of its own, as undeclared small runs."""
    made = 0
    for member, cluster in zip(members, clusters, strict=False):
        percent = draft.draws.whole(94, 106)
        job = Job(
            customer_id=member,
            cluster=cluster,
            target_flop=total * percent // (100 * len(members)),
            first_day=0,
            days=USAGE_DAYS,
            utilisation=draft.utilisation(percent_reported=35),
        )
        made += make_small_runs(draft, job)
    return made


def _most(draft: Draft) -> int:
    """A controlling share, in thousandths."""
    return draft.draws.whole(780, 1000)


def _one_shell(draft: Draft, members: list[str], country: str) -> str:
    owner = draft.add_party(PartyKind.INDIVIDUAL, country)
    for member in members:
        shell = draft.add_party(PartyKind.ENTITY, country)
        draft.own(owner, shell.party_id, _most(draft), controls=True)
        draft.own(shell, member, _most(draft), controls=True)
    return owner.party_id


def _two_shells(draft: Draft, members: list[str], country: str) -> str:
    owner = draft.add_party(PartyKind.INDIVIDUAL, country)
    holding = draft.add_party(PartyKind.ENTITY, country)
    draft.own(owner, holding.party_id, draft.draws.whole(870, 1000), controls=True)
    shells = [draft.add_party(PartyKind.ENTITY, country) for _ in range(3)]
    for shell in shells:
        draft.own(holding, shell.party_id, draft.draws.whole(870, 1000), controls=True)
    for number, member in enumerate(members):
        draft.own(shells[number % len(shells)], member, _most(draft), controls=True)
    return owner.party_id


def _control(draft: Draft, members: list[str], country: str) -> str:
    owner = draft.add_party(PartyKind.INDIVIDUAL, country)
    for member in members:
        draft.own(
            owner,
            member,
            None,
            controls=True,
            without_shares=True,
            role="decides under a management contract",
        )
        _spread(draft, member, country)
    return owner.party_id


def _mixed(draft: Draft, members: list[str], country: str) -> str:
    owner = draft.add_party(PartyKind.ENTITY, country)
    shell = draft.add_party(PartyKind.ENTITY, country)
    draft.own(owner, shell.party_id, _most(draft), controls=True)
    for number, member in enumerate(members):
        draft.own(owner if number % 2 else shell, member, _most(draft), controls=True)
    return owner.party_id


def _spread(draft: Draft, customer_id: str, country: str) -> None:
    """Shares in many hands, none near control."""
    for per_mille in (240, 230, 220):
        holder = draft.add_party(PartyKind.INDIVIDUAL, country)
        draft.own(holder, customer_id, per_mille, role="nominee")


def _own_owner(draft: Draft, customer_id: str, country: str, per_mille: int) -> None:
    founder = draft.add_party(PartyKind.INDIVIDUAL, country)
    draft.own(founder, customer_id, per_mille, controls=True, role="founder")


def _same_address(draft: Draft, members: list[str], country: str) -> None:
    address = draft.names.address(country)
    for member in members:
        draft.amend(member, address=address)
        _own_owner(draft, member, country, 1000)


def _similar_names(draft: Draft, members: list[str], country: str) -> None:
    for member in members:
        _own_owner(draft, member, country, draft.draws.whole(800, 1000))


def _minority(draft: Draft, members: list[str], country: str) -> None:
    investor = draft.add_party(PartyKind.ENTITY, country)
    for member in members:
        draft.own(investor, member, 200, role="investor")
        _own_owner(draft, member, country, 800)


_JOIN: dict[Tie, Callable[[Draft, list[str], str], str | None]] = {
    Tie.ONE_SHELL: _one_shell,
    Tie.TWO_SHELLS: _two_shells,
    Tie.CONTROL: _control,
    Tie.MIXED: _mixed,
    Tie.ADDRESS: _same_address,
    Tie.NAME: _similar_names,
    Tie.MINORITY: _minority,
}


@dataclass(frozen=True, slots=True)
class Spread:
    """A customer to be made that uses many accounts: how they are known, and how much."""

    accounts_as: str
    channel: Channel
    total: tuple[str, str]
    near_miss: bool


_SPREADS = (
    Spread("customer rows that say account_of", Channel.NATIVE, ("1.6e26", "2.2e26"), False),
    Spread("billing accounts in account_map", Channel.FOCUS, ("1.6e26", "2.2e26"), False),
    Spread("scheduler accounts in account_map", Channel.SLURM, ("1.6e26", "2.2e26"), False),
    Spread("customer rows that say account_of", Channel.NATIVE, ("4e25", "6e25"), True),
    Spread("billing accounts in account_map", Channel.FOCUS, ("4e25", "6e25"), True),
)


def add_split_accounts(draft: Draft, sites: Sites) -> None:
    """Add customers whose use lies on many accounts."""
    clusters_of = {
        Channel.NATIVE: sites.large,
        Channel.FOCUS: sites.large_focus,
        Channel.SLURM: sites.large_slurm,
    }
    for spread in _SPREADS:
        customer_id = add_lab_customer(draft, Pattern.SPLIT_ACCOUNTS)
        clusters = draft.draws.shuffled(clusters_of[spread.channel])
        total = draft.draws.flop(*spread.total)
        count = draft.draws.whole(6, 8)
        accounts = []
        made = 0
        for cluster in clusters[:count]:
            account = _add_account(draft, customer_id, spread.channel)
            accounts.append(account)
            native = spread.channel is Channel.NATIVE
            job = Job(
                customer_id=account if native else customer_id,
                cluster=cluster,
                target_flop=total // count,
                first_day=0,
                days=USAGE_DAYS,
                utilisation=draft.utilisation(percent_reported=35 if native else 0),
                account="" if native else account,
            )
            made += make_small_runs(draft, job)
        draft.add_pattern(
            Pattern.SPLIT_ACCOUNTS,
            Subject(SubjectKind.CUSTOMER, id=customer_id, members=tuple(sorted(accounts))),
            near_miss=spread.near_miss,
            flop=made,
            detail={"accounts_as": spread.accounts_as},
        )


def _add_account(draft: Draft, customer_id: str, channel: Channel) -> str:
    """Add an account row of the customer, or an account name mapped to it."""
    if channel is not Channel.NATIVE:
        account = draft.new_account(channel)
        draft.map_account(account, customer_id)
        return account
    holder = draft.customers[customer_id]
    number = 1 + sum(row.account_of == customer_id for row in draft.customers.values())
    account_id = draft.add_customer(
        Pattern.SPLIT_ACCOUNTS, holder.country, name=f"{holder.name} account {number}"
    )
    draft.amend(account_id, account_of=customer_id, registration_number="", lei="")
    return account_id
