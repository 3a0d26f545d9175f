"""Counting rules: which runs behind a model count, under each of four texts.

Which role counts is rule data; the shape of each rule is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law, comparison

TEACHER = "teacher_training"
GENERATION = "synthetic_data_generation"


class Treatment(Enum):
    """What a rule says of a run."""

    COUNTED = "counted"
    LEFT_OUT = "left_out"
    UNADDRESSED = "unaddressed"


_SUMS = {
    Treatment.COUNTED: "Counted, in FLOP: {parts}.",
    Treatment.LEFT_OUT: "Left out, in FLOP: {parts}.",
    Treatment.UNADDRESSED: "Not addressed, in FLOP: {parts}.",
}


@dataclass(frozen=True, slots=True)
class CountingRule:
    """Where the rule book says what counts; None where a text has no such provision.

    `threshold`: figure with comparator. `counted`, `left_out`: roles.
    `unless_published`: roles that count while what they made is not public.
    `cut_by_rewrite`: roles that a substantial human rewrite cuts off.
    `generator_share`: share above which one generator's data counts.
    """

    threshold: str
    counted: str
    left_out: str | None = None
    unless_published: str | None = None
    cut_by_rewrite: str | None = None
    generator_share: str | None = None


RULES: Mapping[str, CountingRule] = {
    "kthf": CountingRule(
        threshold="kthf.oversight.registration.training_compute",
        counted="kthf.definitions.counting.counted",
        left_out="kthf.definitions.counting.left_out",
        cut_by_rewrite="kthf.definitions.counting.cut_by_human_rewrite",
    ),
    "us_4e091": CountingRule(
        threshold="us.eccn_4e091.training_compute",
        counted="us.eccn_4e091.counting.counted",
        left_out="us.eccn_4e091.counting.left_out",
        generator_share="us.eccn_4e091.synthetic_data.share",
    ),
    "sb53": CountingRule(
        threshold="us_ca.sb53.frontier_model.training_compute",
        counted="us_ca.sb53.counting.counted",
    ),
    "eu_ai_act": CountingRule(
        threshold="eu.ai_act.systemic_risk.training_compute",
        counted="eu.gpai_guidelines.counting.counted",
        left_out="eu.gpai_guidelines.counting.left_out",
        unless_published="eu.gpai_guidelines.counting.counted_unless_published",
    ),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run that led to a model; `generator` None is one unnamed generator."""

    role: str
    compute: Exact
    generator: str | None
    published: bool
    share: Exact | None
    rewritten: bool

    @classmethod
    def of(cls, facts: Facts) -> Run:
        """Read a run from the facts."""
        return cls(
            facts.text("role"),
            facts.amount("compute"),
            facts.maybe_text("generator"),
            facts.flag("published"),
            facts.maybe_amount("share_of_training"),
            facts.flag("human_substantial_rewrite"),
        )


@dataclass(frozen=True, slots=True)
class Count:
    """What runs add up to under one rule, with a sentence for each part."""

    counted: Exact
    unaddressed: Exact
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """A rule's roles on the day."""

    counted: frozenset[str]
    left_out: frozenset[str]
    unless_published: frozenset[str]
    cut_by_rewrite: frozenset[str]

    @classmethod
    def of(cls, rule: CountingRule, law: Law) -> Roles:
        """Read a rule's roles from the rule book."""

        def listed(parameter: str | None) -> frozenset[str]:
            return frozenset() if parameter is None else frozenset(law.texts(parameter))

        return cls(
            listed(rule.counted),
            listed(rule.left_out),
            listed(rule.unless_published),
            listed(rule.cut_by_rewrite),
        )

    def treatment(self, run: Run) -> Treatment:
        """Say how a run is treated by its role, its publication and its rewriting."""
        if run.rewritten and run.role in self.cut_by_rewrite:
            return Treatment.LEFT_OUT
        if run.role in self.unless_published:
            return Treatment.LEFT_OUT if run.published else Treatment.COUNTED
        if run.role in self.counted:
            return Treatment.COUNTED
        return Treatment.LEFT_OUT if run.role in self.left_out else Treatment.UNADDRESSED


_SHARES = {
    "above": (
        "Unpublished data of {generator} was used in {share:percent} of the training operations,"
        " above {limit:percent} ({reference})."
    ),
    "not_above": (
        "Unpublished data of {generator} was used in {share:percent} of the training operations,"
        " not above {limit:percent} ({reference})."
    ),
    "open": (
        "Unpublished data of {generator} is known for {share:percent} of the training operations;"
        " a share that is not given may bring it above {limit:percent} ({reference})."
    ),
}


@dataclass(frozen=True, slots=True)
class Generator:
    """What one generator adds: its unpublished data, and its training if unpublished."""

    key: str | None
    share: Exact
    share_complete: bool
    generation: Exact
    training: Exact

    @classmethod
    def of(cls, key: str | None, runs: Sequence[Run]) -> Generator:
        """Add up the runs of one generator; published ones add nothing."""
        data = [run for run in runs if run.role == GENERATION and not run.published]
        training = [run for run in runs if run.role == TEACHER and not run.published]
        return cls(
            key,
            _total(run.share for run in data if run.share is not None),
            all(run.share is not None for run in data),
            _total(run.compute for run in data),
            _total(run.compute for run in training),
        )

    def sentence(self, limit: Limit) -> Sentence:
        """Say how the generator's share stands to the limit."""
        if limit.passed_by(self.share):
            stands = "above"
        else:
            stands = "not_above" if self.share_complete else "open"
        return say(
            _SHARES[stands],
            generator=say("an unnamed generator")
            if self.key is None
            else say("generator {key}", key=self.key),
            share=self.share,
            limit=limit.value,
            reference=limit.in_force.dated.reference,
        )


def _total(figures: Iterable[Exact]) -> Exact:
    return whole(sum((Fraction(figure) for figure in figures), Fraction(0)))


def count_runs(runs: Sequence[Run], rule: CountingRule, law: Law) -> Count:
    """Add up what a rule counts and what it does not address; exact, in any order."""
    roles = Roles.of(rule, law)
    apart = () if rule.generator_share is None else (TEACHER, GENERATION)
    by_generator = [run for run in runs if run.role in apart]
    by_role = [run for run in runs if run.role not in apart]
    sums: dict[Treatment, dict[str, Exact]] = {treatment: {} for treatment in Treatment}
    for run in by_role:
        part = sums[roles.treatment(run)]
        part[run.role] = part.get(run.role, 0) + run.compute
    counted = _total(sums[Treatment.COUNTED].values())
    unaddressed = _total(sums[Treatment.UNADDRESSED].values())
    reasons = [sum_sentence(treatment, part) for treatment, part in sums.items() if part]
    if rule.generator_share is None or not by_generator:
        return Count(counted, unaddressed, tuple(reasons))
    added = count_generators(by_generator, law.limit(rule.generator_share))
    return Count(
        whole(counted + added.counted),
        whole(unaddressed + added.unaddressed),
        (*reasons, *added.reasons),
    )


def sum_sentence(treatment: Treatment, by_role: Mapping[str, Exact]) -> Sentence:
    """Say what runs of each role add up to, by how a rule treats them."""
    parts = [say("{role:term} {flop:sci}", role=role, flop=flop) for role, flop in by_role.items()]
    return say(_SUMS[treatment], parts=parts)


def count_generators(runs: Sequence[Run], limit: Limit) -> Count:
    """Count synthetic data by generator, ECCN 4E091 Technical Note 3.

    "More than" the share: exactly the share adds nothing. Of several generators
    above it only the largest training counts, and the generation of each. What
    hangs on a share that is not given is not settled, and is kept apart.
    """
    keys = dict.fromkeys(run.generator for run in runs)
    generators = [Generator.of(key, [r for r in runs if r.generator == key]) for key in keys]
    above = [one for one in generators if limit.passed_by(one.share)]
    unsettled = [one for one in generators if one not in above and not one.share_complete]
    largest = max((one.training for one in above), default=0)
    possible = max((one.training for one in (*above, *unsettled)), default=0)
    counted = _total(one.generation for one in above) + largest
    apart = _total(one.generation for one in unsettled) + possible - largest
    reasons = [one.sentence(limit) for one in generators]
    if above:
        reasons.append(
            say(
                "Synthetic data adds {counted:sci} FLOP, of which {largest:sci} FLOP for the"
                " largest unpublished generator's training.",
                counted=counted,
                largest=largest,
            )
        )
    return Count(whole(counted), whole(apart), tuple(reasons))


def decide_training_compute(facts: Facts, law: Law) -> Answer:
    """Say what runs count under a rule, and whether its threshold is passed.

    Yes when the counted part alone passes; no when it would not even with all
    that the rule does not address; otherwise undetermined.
    """
    rule = RULES[facts.text("counting_rule")]
    count = count_runs([Run.of(record) for record in facts.records("runs")], rule, law)
    limit = law.limit(rule.threshold)
    if limit.passed_by(count.counted):
        over = "yes"
    else:
        over = "undetermined" if limit.passed_by(count.counted + count.unaddressed) else "no"
    reasons = [*count.reasons, comparison("The counted part", count.counted, limit)]
    if count.unaddressed:
        total = count.counted + count.unaddressed
        reasons.append(comparison("With the unaddressed part added, a total", total, limit))
    return Answer(
        {
            "counted_compute": count.counted,
            "unaddressed_compute": count.unaddressed,
            "threshold": limit.value,
            "over_threshold": over,
        },
        reasons,
    )


def decide_inference_rate(facts: Facts, law: Law) -> Answer:
    """Give the rate of inference compute and compare it with the cap.

    A cluster that serves one network steadily: about its speed. Otherwise:
    compute for the next output over the time between outputs. Exactly the cap
    is not above it.
    """
    if facts.text("method") == "steady_cluster":
        rate = facts.amount("cluster_rate")
        how = say("The cluster serves one network steadily, so its speed is the rate.")
    else:
        compute = facts.amount("compute_for_next_output")
        seconds = facts.amount("seconds_between_outputs")
        rate = whole(Fraction(compute) / Fraction(seconds))
        how = say(
            "The next output takes {compute:sci} FLOP in {seconds:sci} s.",
            compute=compute,
            seconds=seconds,
        )
    cap = replace(law.limit("kthf.oversight.inference_cap"), value=facts.amount("cap"))
    return Answer(
        {"rate": rate, "over_cap": cap.passed_by(rate)},
        [how, comparison("The inference rate", rate, cap)],
    )
