"""What customers declare about their runs, true or not."""

from dataclasses import dataclass
from decimal import Decimal
from math import isqrt

from sluicegate.demo import instants
from sluicegate.demo.draft import Draft
from sluicegate.demo.records import Cluster, Run

OPERATIONS_PER_PARAMETER_AND_TOKEN = 6
BILLION = 10**9
PRETRAINING = "pretraining"
FINETUNE = "finetune"
INFERENCE = "inference"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A run as its customer describes it before it is made."""

    run_id: str
    customer_id: str
    kind: str
    model_id: str
    cluster: Cluster
    first_day: int
    days: int
    declared_flop: int
    with_tokens: bool = False


def three_digits(flop: int) -> str:
    """A count of FLOP as a customer would write it.

    >>> three_digits(23_456 * 10**21)
    '2.35e25'
    """
    return f"{Decimal(flop):.2e}".replace("e+", "e")


def declare(draft: Draft, declaration: Declaration) -> str:
    """Add a row of runs.csv and return the declared FLOP as written."""
    flop = declaration.declared_flop
    written = three_digits(flop)
    parameters = tokens = ""
    if declaration.with_tokens:
        per_parameter = OPERATIONS_PER_PARAMETER_AND_TOKEN * draft.draws.whole(15, 60)
        count = max(isqrt(flop // per_parameter) // BILLION, 1) * BILLION
        parameters = str(count)
        tokens = str(flop // (OPERATIONS_PER_PARAMETER_AND_TOKEN * count))
    first = instants.day_of(draft.as_of, declaration.first_day)
    last = instants.day_of(draft.as_of, declaration.first_day + declaration.days)
    draft.runs.append(
        Run(
            run_id=declaration.run_id,
            customer_id=declaration.customer_id,
            kind=declaration.kind,
            model_id=declaration.model_id,
            planned_start=first.isoformat(),
            planned_end=last.isoformat(),
            declared_flop=written,
            parameters=parameters,
            active_parameters=parameters,
            tokens=tokens,
            hardware=declaration.cluster.chip.names[0],
            site=declaration.cluster.facility_id,
        )
    )
    return written
