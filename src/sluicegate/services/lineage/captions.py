"""What a picture of a lineage is called and shows, and what is wrong with one, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.accounting import Account
from sluicegate.services.lineage.drawing import DrawnLineage
from sluicegate.services.ports.lineage import InputFault


def title_of(account: Account) -> Sentence:
    """Return what the picture of an account is called."""
    return say(
        "What led to {targets}, and what counts under the rule {rule:term}",
        targets=", ".join(account.targets),
        rule=account.counting_rule,
    )


def sentences_of(account: Account, drawn: DrawnLineage) -> Iterator[Sentence]:
    """Yield what the picture shows: the count, what is open, and what is folded away."""
    if not drawn.nodes:
        yield say("The lineage is empty.")
        return
    counted, total = len(account.counted), drawn.total
    if account.complete:
        yield say(
            "{counted} of {nodes} nodes that lead to it count, {flop:sci} FLOP together.",
            counted=counted,
            nodes=drawn.nodes_in_all,
            flop=total.flop,
        )
    else:
        yield say(
            "{counted} of {nodes} nodes that lead to it count, at least {flop:sci} FLOP"
            " together: not all of them disclose their compute.",
            counted=counted,
            nodes=drawn.nodes_in_all,
            flop=total.flop,
        )
    if account.presumed.nodes:
        yield say(
            "{nodes} of them count by presumption, {flop:sci} FLOP.",
            nodes=len(account.presumed.nodes),
            flop=account.presumed.flop,
        )
    folded = drawn.nodes_in_all - len(drawn.nodes)
    if folded > 0:
        yield say(
            "{drawn} nodes are drawn; the other {folded} are folded into boxes.",
            drawn=len(drawn.nodes),
            folded=folded,
        )


def fault_sentence(fault: InputFault) -> Sentence:
    """Say what is wrong with a lineage, where, and the way out."""
    return say(
        "{place}, {field}: {problem}; {way_out}.",
        place=fault.place,
        field=fault.field,
        problem=fault.problem,
        way_out=fault.way_out,
    )
