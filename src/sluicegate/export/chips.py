"""Chips: what a circuit, a computer with it, or memory is classified as (ECCN 3A090, 4A090)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.export.items import Eccn
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.law import Law, comparison

CHIPS = "us.eccn_3a090"
NOT_CLASSIFIED = "none"


@dataclass(frozen=True, slots=True)
class Performance:
    """Total processing performance, and its density in TPP per mm2.

    The density is None when no die is on a non-planar process: then every test
    that asks for a density fails.
    """

    tpp: Exact
    density: Exact | None

    @classmethod
    def of(cls, facts: Facts) -> Performance:
        """Return the highest product of dense peak and bit length, and its density; exact."""
        peaks = facts.mapping("peak_tops_by_bit_length")
        stated = max(Fraction(peak) * bits for bits, peak in peaks.items())
        tpp = stated / facts.amount("sparsity_factor")
        area = facts.maybe_amount("applicable_die_area_mm2")
        return cls(whole(tpp), None if area is None else whole(tpp / area))

    def meets(self, test: str, law: Law) -> bool:
        """Say whether a test of performance and density, such as `b1`, is met."""
        return law.limit(f"{CHIPS}.{test}.tpp").passed_by(self.tpp) and self.is_dense(test, law)

    def is_dense(self, test: str, law: Law) -> bool:
        """Say whether there is a density that meets the one of a test."""
        limit = law.limit(f"{CHIPS}.{test}.performance_density")
        return self.density is not None and limit.passed_by(self.density)

    def is_a(self, law: Law) -> bool:
        """Say whether the figures are those of 3A090.a."""
        return law.limit(f"{CHIPS}.a.tpp").passed_by(self.tpp) or self.meets("a.dense", law)

    def is_b(self, law: Law) -> bool:
        """Say whether the figures are those of 3A090.b, which ends where those of .a begin."""
        below_a = not law.limit(f"{CHIPS}.a.tpp").passed_by(self.tpp)
        first = self.meets("b1", law) and below_a
        second = self.meets("b2", law)
        return (first or second) and not self.is_dense("a.dense", law)


def refuse_classify_chip(facts: Facts, _law: Law) -> Iterator[BadFact]:
    """Refuse a chip without peaks, and a bit length below one."""
    peaks = facts.mapping("peak_tops_by_bit_length")
    if not peaks:
        yield BadFact("peak_tops_by_bit_length", "is empty; give a peak for a bit length")
    if any(bits < 1 for bits in peaks):
        yield BadFact("peak_tops_by_bit_length", "has a bit length below 1; give it in bits")


def decide_classify_chip(facts: Facts, law: Law) -> Answer:
    """Classify a circuit, or a computer that contains it, by performance and density.

    .a is tested before .b. Note 2: neither applies to an item that is not
    designed or marketed for data centres and has a TPP below its figure; the
    answer says so whether or not the figures are those of .a or .b. Every
    figure of the entry is met by itself ("or more").
    """
    chip = Performance.of(facts)
    for_data_centres = facts.flag("data_centre")
    note_2 = law.limit(f"{CHIPS}.note_2.tpp")
    left_out = not for_data_centres and note_2.passed_by(chip.tpp)
    is_a = chip.is_a(law)
    is_classified = (is_a or chip.is_b(law)) and not left_out
    computer = facts.text("form") == "computer"
    entry_a, entry_b = (
        (Eccn.COMPUTER_A, Eccn.COMPUTER_B) if computer else (Eccn.CHIP_A, Eccn.CHIP_B)
    )
    eccn = (entry_a if is_a else entry_b).value if is_classified else NOT_CLASSIFIED
    return Answer(
        {
            "tpp": chip.tpp,
            "performance_density": chip.density,
            "eccn": eccn,
            "note_2_excluded": left_out,
            "nac_aca_candidate": is_classified and not (is_a and for_data_centres),
        },
        list(_reasons(chip, left_out, facts, law)),
    )


def _reasons(chip: Performance, left_out: bool, facts: Facts, law: Law) -> Iterator[Sentence]:
    yield comparison("Total processing performance", chip.tpp, law.limit(f"{CHIPS}.a.tpp"))
    if chip.density is None:
        yield say("No die area counts, so every test that asks for a density fails.")
    else:
        limit = law.limit(f"{CHIPS}.a.dense.performance_density")
        yield comparison("Performance density", chip.density, limit)
        if chip.is_b(law) and not chip.is_a(law):
            yield say("The figures are those of 3A090.b.")
    if facts.flag("data_centre"):
        yield say("It is designed or marketed for data centres, so Note 2 leaves nothing out.")
        return
    yield comparison("Total processing performance", chip.tpp, law.limit(f"{CHIPS}.note_2.tpp"))
    if left_out:
        yield say("It is not for data centres either, so neither .a nor .b applies (Note 2).")
    else:
        yield say(
            "It is not for data centres, but Note 2 leaves out only what is below its figure."
        )


def decide_classify_hbm(facts: Facts, law: Law) -> Answer:
    """Say whether high-bandwidth memory is in 3A090.c: a density greater than its figure."""
    density = facts.amount("memory_bandwidth_density")
    limit = law.limit(f"{CHIPS}.c.memory_bandwidth_density")
    return Answer(
        {"eccn": "3A090.c" if limit.passed_by(density) else NOT_CLASSIFIED},
        [comparison("Memory bandwidth density", density, limit)],
    )
