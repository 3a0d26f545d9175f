"""Labs with one very large training run: declared, declared too low, or not declared."""

from dataclasses import dataclass, replace
from enum import Enum

from sluicegate.demo.chips import B200, H100, H200, MI300X
from sluicegate.demo.declarations import PRETRAINING, Declaration, declare
from sluicegate.demo.draft import COUNTRIES, Draft
from sluicegate.demo.records import Channel, PartyKind
from sluicegate.demo.sites import add_cluster
from sluicegate.demo.truth import Pattern, RunTruth, Subject, SubjectKind
from sluicegate.demo.work import Job, make_run


class Declared(Enum):
    """How a lab describes its run to the provider."""

    NEAR_TRUTH = "declared near the truth"
    TOO_LOW = "declared far too low"
    NOT_AT_ALL = "not declared and without a run id"


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab to be made: the size of its run, how it declares it, and where its use is seen."""

    size: tuple[str, str]
    declared: Declared
    channel: Channel = Channel.NATIVE
    above: tuple[Pattern, ...] = ()
    near: Pattern | None = None


_TEN_25, _TEN_26 = Pattern.RUN_ABOVE_1E25, Pattern.RUN_ABOVE_1E26
_LARGE = ("1.4e25", "7e25")
_LABS = (
    Lab(_LARGE, Declared.NEAR_TRUTH, above=(_TEN_25,)),
    Lab(_LARGE, Declared.NEAR_TRUTH, above=(_TEN_25,)),
    Lab(_LARGE, Declared.NEAR_TRUTH, above=(_TEN_25,)),
    Lab(("1.6e25", "4e25"), Declared.TOO_LOW, above=(_TEN_25,)),
    Lab(("1.6e25", "4e25"), Declared.TOO_LOW, above=(_TEN_25,)),
    Lab(_LARGE, Declared.NOT_AT_ALL, above=(_TEN_25,)),
    Lab(_LARGE, Declared.NOT_AT_ALL, Channel.SLURM, above=(_TEN_25,)),
    Lab(("6e24", "9e24"), Declared.NEAR_TRUTH, near=_TEN_25),
    Lab(("6e24", "9e24"), Declared.NEAR_TRUTH, near=_TEN_25),
    Lab(("6e24", "9e24"), Declared.NEAR_TRUTH, near=_TEN_25),
    Lab(("1.5e26", "3e26"), Declared.NEAR_TRUTH, above=(_TEN_25, _TEN_26)),
    Lab(("1.5e26", "3e26"), Declared.NEAR_TRUTH, above=(_TEN_25, _TEN_26)),
    Lab(("6e25", "9e25"), Declared.NEAR_TRUTH, above=(_TEN_25,), near=_TEN_26),
    Lab(("6e25", "9e25"), Declared.NEAR_TRUTH, above=(_TEN_25,), near=_TEN_26),
)


def add_labs(draft: Draft) -> None:
    """Add every lab with its run."""
    for lab in _LABS:
        customer_id = add_lab_customer(draft, (lab.above or (lab.near or _TEN_25,))[-1])
        truth = _add_run(draft, lab, customer_id)
        subject = run_subject(truth)
        detail = {"declaration": lab.declared.value, "declared_flop": truth.declared_flop or ""}
        for pattern in lab.above:
            draft.add_pattern(pattern, subject, near_miss=False, flop=truth.flop, detail=detail)
        if lab.near is not None:
            draft.add_pattern(lab.near, subject, near_miss=True, flop=truth.flop, detail=detail)


def add_lab_customer(draft: Draft, pattern: Pattern) -> str:
    """Add an entity held by three people of its own country, none of whom decides alone."""
    country = draft.draws.pick(COUNTRIES)
    customer_id = draft.add_customer(pattern, country)
    for per_mille in (340, 330, 210):
        holder = draft.add_party(PartyKind.INDIVIDUAL, country)
        draft.own(holder, customer_id, per_mille, role="founder")
    return customer_id


def _add_run(draft: Draft, lab: Lab, customer_id: str) -> RunTruth:
    draws = draft.draws
    cluster = add_cluster(
        draft,
        draws.pick((H100, H200, B200, MI300X) if lab.channel is Channel.NATIVE else (H100, H200)),
        channel=lab.channel,
    )
    days = draws.whole(70, 150)
    job = Job(
        customer_id=customer_id,
        cluster=cluster,
        target_flop=draws.flop(*lab.size),
        first_day=draws.whole(10, 140),
        days=days,
        utilisation=draft.utilisation(percent_reported=40 if lab.channel is Channel.NATIVE else 0),
        pools=draws.whole(1, 3),
    )
    if lab.channel is Channel.SLURM:
        account = draft.new_account(lab.channel)
        draft.map_account(account, customer_id)
        job = replace(job, account=account, pools=1)
    if lab.declared is Declared.NOT_AT_ALL:
        return make_run(draft, job)
    percent = draws.whole(96, 104) if lab.declared is Declared.NEAR_TRUTH else draws.whole(18, 22)
    declaration = Declaration(
        run_id=draft.new_run_id(),
        customer_id=customer_id,
        kind=PRETRAINING,
        model_id=f"syn-m-{customer_id[-6:]}",
        cluster=cluster,
        first_day=job.first_day,
        days=days,
        declared_flop=job.target_flop * percent // 100,
        with_tokens=True,
    )
    return make_run(draft, declared_job(job, declaration, declare(draft, declaration)))


def declared_job(job: Job, declaration: Declaration, written: str) -> Job:
    """The same job under its declaration."""
    return replace(
        job,
        run_id=declaration.run_id,
        kind=declaration.kind,
        model_id=declaration.model_id,
        declared_flop=written,
    )


def run_subject(truth: RunTruth) -> Subject:
    """A run as a subject; customer, cluster and start name it where it has no id."""
    return Subject(
        SubjectKind.RUN,
        id=truth.run_id,
        customer_id=truth.customer_id,
        cluster_id=truth.cluster_id,
        start=truth.start,
    )
