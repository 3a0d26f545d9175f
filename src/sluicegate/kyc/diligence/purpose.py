"""Use that was declared against use that was seen: simple measures, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import Exact, Flop
from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.diligence.file import Purpose
from sluicegate.kyc.diligence.settings import DiligenceRules


@dataclass(frozen=True, slots=True)
class Use:
    """What a customer used, as the last pass measured it.

    `total` is all compute in FLOP, None where nothing was measured. `training`
    is the central figure, in FLOP, of the part in runs that are declared as
    training or were put together from many accelerators that ran steadily; runs
    declared as inference are left out. `declared` adds up, in FLOP, what runs
    were declared to need.
    """

    total: Estimate | None
    training: Exact
    runs: int
    declared: Exact


@dataclass(frozen=True, slots=True)
class PurposeView:
    """What was declared, what was seen, and whether the two differ.

    `differs` is None where they cannot be compared.
    """

    declared: Purpose | None
    seen: Purpose | None
    share: Fraction | None
    differs: bool | None
    beyond_contract: bool | None
    reasons: tuple[Sentence, ...]


def declared_purpose(text: str | None, words: Mapping[Purpose, tuple[str, ...]]) -> Purpose | None:
    """Read a stated purpose by its words; None where none is stated.

    A word of Latin letters counts as a whole word, any other wherever it
    stands. A text without any of the words is unclear.
    """
    if text is None or not text.strip():
        return None
    lower = text.casefold()
    parts = "".join(sign if sign.isalnum() or sign == "-" else " " for sign in lower).split()
    for purpose, known in words.items():
        for word in known:
            low = word.casefold()
            if low in parts or (not low.isascii() and low in lower):
                return purpose
    return Purpose.UNCLEAR


def compare(
    declared: Purpose | None, contract: Flop | None, use: Use, rules: DiligenceRules
) -> PurposeView:
    """Compare a declared purpose and a contract with what was used."""
    seen, share, said = _seen(use, rules)
    differs, why = _differs(declared, seen)
    beyond, told = _beyond(contract, use)
    return PurposeView(declared, seen, share, differs, beyond, (*said, why, *told))


def _seen(
    use: Use, rules: DiligenceRules
) -> tuple[Purpose | None, Fraction | None, tuple[Sentence, ...]]:
    least = rules.share("least")
    if use.total is None or not use.total.central or not least.passed_by(use.total.central):
        return None, None, (say("Too little use was measured to tell what it is for."),)
    share = Fraction(use.training) / Fraction(use.total.central)
    seen = Purpose.UNCLEAR
    if rules.share("training_from").passed_by(share):
        seen = Purpose.TRAINING
    elif rules.share("deployment_below").passed_by(share):
        seen = Purpose.DEPLOYMENT
    said = say(
        "{share:percent} of {total:sci} FLOP used lie in {runs} runs that look like training:"
        " {seen:term}.",
        share=share,
        total=use.total.central,
        runs=use.runs,
        seen=seen.code,
    )
    return seen, share, (said,)


def _differs(declared: Purpose | None, seen: Purpose | None) -> tuple[bool | None, Sentence]:
    if declared is None:
        return None, say("Nobody stated a purpose of use.")
    if declared is Purpose.UNCLEAR:
        return None, say("The stated purpose does not tell whether models are trained.")
    if seen is None or seen is Purpose.UNCLEAR:
        return None, say("The use does not tell whether it fits the stated purpose.")
    stated_training = declared is Purpose.TRAINING
    differs = stated_training is not (seen is Purpose.TRAINING)
    return differs, say(
        "Stated is {declared:term}, seen is {seen:term}: the two differ."
        if differs
        else "Stated is {declared:term}, seen is {seen:term}: the two do not differ.",
        declared=declared.code,
        seen=seen.code,
    )


def _beyond(contract: Flop | None, use: Use) -> tuple[bool | None, tuple[Sentence, ...]]:
    if contract is None:
        return None, (say("No amount of compute by contract is entered."),)
    said = []
    used = Fraction(0) if use.total is None else Fraction(use.total.central)
    if used > contract:
        said.append(
            say(
                "Compute used of {used:sci} FLOP is above the contract's {contract:sci} FLOP.",
                used=used,
                contract=contract,
            )
        )
    if use.declared > contract:
        said.append(
            say(
                "Runs were declared to need {declared:sci} FLOP, above the contract's"
                " {contract:sci} FLOP.",
                declared=use.declared,
                contract=contract,
            )
        )
    if said:
        return True, tuple(said)
    return False, (
        say(
            "Neither use nor declared runs are above the contract's {contract:sci} FLOP.",
            contract=contract,
        ),
    )
