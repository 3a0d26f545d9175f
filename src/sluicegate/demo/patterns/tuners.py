"""Customers that change the model of another: much, or only a little."""

from dataclasses import dataclass

from sluicegate.demo.declarations import FINETUNE, PRETRAINING, Declaration, declare
from sluicegate.demo.draft import Draft
from sluicegate.demo.patterns.labs import add_lab_customer, declared_job, run_subject
from sluicegate.demo.records import Cluster
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import Pattern, RunTruth
from sluicegate.demo.work import Job, make_run


@dataclass(frozen=True, slots=True)
class _Training:
    """A declared run to be made for a new customer."""

    kind: str
    model_id: str
    flop: int
    first_day: int
    days: int


def add_fine_tuners(draft: Draft, sites: Sites) -> None:
    """Add makers of models, and customers that fine-tune those or unknown open models."""
    for number in range(1, 4):
        _add_known(draft, sites, f"syn-m-open-{number}")
    for number in range(1, 4):
        _add_unknown(draft, sites, f"syn-m-elsewhere-{number}", ("6e22", "3e23"), near_miss=False)
    for number in range(4, 7):
        _add_unknown(draft, sites, f"syn-m-elsewhere-{number}", ("4e21", "1.9e22"), near_miss=True)


def _add_known(draft: Draft, sites: Sites, model_id: str) -> None:
    """A model trained in this world, one customer that remakes it, one that adjusts it."""
    draws = draft.draws
    size = draws.flop("6e23", "4e24")
    training = _Training(PRETRAINING, model_id, size, draws.whole(0, 20), draws.whole(40, 80))
    original = _train(draft, sites, training)
    for near_miss, low, high in ((False, 46, 89), (True, 11, 21)):
        flop = original.flop * draws.whole(low, high) // 100
        tuning = _Training(FINETUNE, model_id, flop, draws.whole(120, 250), draws.whole(10, 60))
        made = _train(draft, sites, tuning)
        draft.add_pattern(
            Pattern.FINE_TUNER,
            run_subject(made),
            near_miss=near_miss,
            flop=made.flop,
            detail={
                "model_id": model_id,
                "base": "trained in this world",
                "original_run_id": original.run_id or "",
                "original_flop": str(original.flop),
            },
        )


def _add_unknown(
    draft: Draft, sites: Sites, model_id: str, size: tuple[str, str], *, near_miss: bool
) -> None:
    draws = draft.draws
    flop = draws.flop(*size)
    tuning = _Training(FINETUNE, model_id, flop, draws.whole(5, 300), draws.whole(6, 30))
    made = _train(draft, sites, tuning)
    draft.add_pattern(
        Pattern.FINE_TUNER,
        run_subject(made),
        near_miss=near_miss,
        flop=made.flop,
        detail={"model_id": model_id, "base": "an open model that no run here made"},
    )


def _train(draft: Draft, sites: Sites, training: _Training) -> RunTruth:
    """Make a declared run of a new customer on a shared cluster."""
    cluster: Cluster = draft.draws.pick(sites.large)
    declaration = Declaration(
        run_id=draft.new_run_id(),
        customer_id=add_lab_customer(draft, Pattern.FINE_TUNER),
        kind=training.kind,
        model_id=training.model_id,
        cluster=cluster,
        first_day=training.first_day,
        days=training.days,
        declared_flop=training.flop * draft.draws.whole(98, 102) // 100,
        with_tokens=training.kind == PRETRAINING,
    )
    job = Job(
        customer_id=declaration.customer_id,
        cluster=cluster,
        target_flop=training.flop,
        first_day=training.first_day,
        days=training.days,
        utilisation=draft.utilisation(),
    )
    return make_run(draft, declared_job(job, declaration, declare(draft, declaration)))
