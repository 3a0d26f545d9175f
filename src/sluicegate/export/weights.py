"""Model weights: whether they are in ECCN 4E091, 15 CFR 774 Supp. 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.export.status import enforcement_of_2025_rule, practice_said
from sluicegate.lineage.counting import GENERATION, TEACHER, Count, Run, count_generators
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law, comparison

WEIGHTS = "us.eccn_4e091"

AT_OR_ABOVE = "at_or_above_1e26"
"""The one result with which weights are controlled."""


def refuse_weights_4e091(facts: Facts, law: Law) -> Iterable[BadFact]:
    """Refuse a derived model whose allowance is taken of a level that nobody gave."""
    of_level = law.reading("allowance_reference") == "exclusion_level"
    derived = facts.has("published_base_training_flop")
    if of_level and derived and not facts.has("exclusion_level_flop"):
        yield BadFact(
            "exclusion_level_flop",
            "is null, and this reading takes the allowance of it; give the level, or choose the"
            " reading base_model",
        )


@dataclass(frozen=True, slots=True)
class _Allowance:
    """What Note 1 allows in addition on a published model: the greater of two figures."""

    floor: Limit
    share: Limit
    reference: Exact

    @property
    def value(self) -> Exact:
        return whole(max(Fraction(self.floor.value), Fraction(self.share.times(self.reference))))

    def is_exceeded_by(self, additional: Exact) -> bool:
        """Say whether additional operations exceed it; "exceeds": the figure itself does not."""
        return self.floor.comparator.holds(additional, self.value)


def _allowance(facts: Facts, law: Law) -> _Allowance | None:
    """Return the allowance of a derived model, or None for one that is not derived."""
    base = facts.maybe_amount("published_base_training_flop")
    if base is None:
        return None
    of_level = law.reading("allowance_reference") == "exclusion_level"
    return _Allowance(
        law.limit(f"{WEIGHTS}.derived.allowance_floor"),
        law.limit(f"{WEIGHTS}.derived.allowance_share"),
        facts.amount("exclusion_level_flop") if of_level else base,
    )


def _synthetic_data(facts: Facts, law: Law) -> Count:
    """Count the operations that unpublished synthetic data adds, Technical Note 3.

    The records of one generator, variants included, are added up. Its training
    is one fact, however often it is given: the largest figure counts, and only
    that of weights that are not published. Published data adds nothing.
    """
    data, training = [], dict[str, Exact]()
    for record in facts.records("synthetic_data"):
        if record.flag("data_published"):
            continue
        name = record.text("generator")
        share = record.amount("share_of_operations")
        data.append(Run(GENERATION, record.amount("generation_flop"), name, False, share, False))
        if not record.flag("generator_published"):
            given = record.amount("generator_training_flop")
            training[name] = max(training.get(name, 0), given)
    if not data:
        return Count(0, 0, ())
    runs = [Run(TEACHER, flop, name, False, None, False) for name, flop in training.items()]
    return count_generators([*data, *runs], law.limit(f"{WEIGHTS}.synthetic_data.share"))


def decide_weights_4e091(facts: Facts, law: Law) -> Answer:
    """Say whether model weights are controlled; the first test that fits decides.

    Published weights are not. A model derived from a published one is not
    unless its additional operations exceed the allowance; exactly the allowance
    does not. The heading says "or more": exactly its figure is controlled.
    Note 2 says "fewer": exactly the exclusion level is controlled. What counts
    is all training, that of the published base included, and the synthetic data
    that Technical Note 3 adds.
    """
    own = facts.amount("own_training_flop")
    base = facts.maybe_amount("published_base_training_flop") or 0
    synthetic = _synthetic_data(facts, law)
    added = base + synthetic.counted
    counted = whole(own + added) if added else own
    allowance = _allowance(facts, law)
    limit = law.limit(f"{WEIGHTS}.training_compute")
    level = facts.maybe_amount("exclusion_level_flop")
    within = allowance is not None and not allowance.is_exceeded_by(own)
    reason = _first_test(facts.flag("published"), within, limit.passed_by(counted))
    if reason == AT_OR_ABOVE and level is not None and counted < level:
        reason = "below_exclusion_level"
    enforcement = enforcement_of_2025_rule(law, WEIGHTS)
    return Answer(
        {
            "controlled": reason == AT_OR_ABOVE,
            "counted_flop": counted,
            "allowance_flop": None if allowance is None else allowance.value,
            "reason": reason,
            "enforcement": enforcement,
        },
        [
            _publication(facts),
            *([] if allowance is None else _addition(own, allowance)),
            *synthetic.reasons,
            comparison("Counted training compute", counted, limit),
            _against_level(counted, level),
            practice_said(enforcement),
        ],
    )


def _first_test(published: bool, within_allowance: bool, reaches_figure: bool) -> str:
    """Return the first test that settles it, before the exclusion level is looked at."""
    if published:
        return "published"
    if within_allowance:
        return "derived_within_allowance"
    return AT_OR_ABOVE if reaches_figure else "below_1e26"


def _publication(facts: Facts) -> Sentence:
    if facts.flag("published"):
        return say("The weights are published in the sense of 15 CFR 734.7(a).")
    return say("The weights are not published.")


def _addition(own: Exact, allowance: _Allowance) -> list[Sentence]:
    exceeded = allowance.is_exceeded_by(own)
    return [
        say(
            "The model derives from a published one. Note 1 allows the greater of {floor:sci} FLOP"
            " and {share:percent} of {reference:sci} FLOP, which is {allowance:sci} FLOP.",
            floor=allowance.floor.value,
            share=allowance.share.value,
            reference=allowance.reference,
            allowance=allowance.value,
        ),
        say("The additional training of {own:sci} FLOP exceeds that.", own=own)
        if exceeded
        else say("The additional training of {own:sci} FLOP does not exceed that.", own=own),
    ]


def _against_level(counted: Exact, level: Exact | None) -> Sentence:
    if level is None:
        return say("Nobody has assessed what it takes to match the most capable published model.")
    if counted < level:
        return say(
            "That is fewer than the {level:sci} FLOP that match the most capable published model.",
            level=level,
        )
    return say(
        "That is not fewer than the {level:sci} FLOP that match the most capable published model.",
        level=level,
    )
