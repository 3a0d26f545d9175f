"""The picture of a case: its compute beside the thresholds that it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sluicegate.adapters.pictures import Bar, Frame, bar_chart
from sluicegate.core.estimates import Estimate
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact
from sluicegate.rules.instruments import Comparator, Title
from sluicegate.services.report import StepState, ThresholdLine, ThresholdStep


@dataclass(frozen=True, slots=True)
class Compared:
    """A subject's compute beside a threshold, in FLOP, as one finding compares them."""

    rule: str
    title: Title
    instrument_title: Title
    comparator: Comparator
    threshold: Exact
    reference: str
    estimate: Estimate
    is_enforced: bool
    is_law: bool


def compared_picture(
    name: str,
    compared: Sequence[Compared],
    frame_texts: tuple[str, str],
    language: Language,
    *,
    stands_alone: bool = False,
) -> str:
    """Draw a bar for each amount of compute, with every threshold across it: an `svg` element.

    `frame_texts` are the title and the description for who does not see it. A
    picture that stands alone brings its own colours, for a file outside the console.
    """
    title, description = frame_texts
    amounts: dict[tuple[Exact, Exact, Exact], Bar] = {}
    for one in compared:
        key = (one.estimate.low, one.estimate.central, one.estimate.high)
        amounts.setdefault(key, Bar(name if not amounts else _title(one, language), one.estimate))
    lines = [_line(one) for one in compared]
    frame = replace(Frame(title, description, name="compared"), stands_alone=stands_alone)
    return bar_chart(tuple(amounts.values()), frame, lines, language.value)


def _line(one: Compared) -> ThresholdLine:
    state = StepState.NOT_LAW
    if one.is_law:
        state = StepState.IN_FORCE if one.is_enforced else StepState.NOT_ENFORCED
    step = ThresholdStep(None, None, one.threshold, state, one.reference)
    return ThresholdLine(one.rule, one.title, one.instrument_title, one.comparator, (step,))


def _title(one: Compared, language: Language) -> str:
    return one.title.zh if language is Language.ZH else one.title.en
