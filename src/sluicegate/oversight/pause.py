"""Does the pause stop a training run?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sluicegate.core.reasons import say
from sluicegate.oversight.spread import Reach, Spread, disordered
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.law import Law, comparison

TIES = ("headquartered_in_us", "does_business_in_us", "uses_us_made_chips")
_ANSWERS: Mapping[Reach, str] = {Reach.ALL: "yes", Reach.SOME: "may_exceed", Reach.NONE: "no"}


def refuse_kthf_pause(facts: Facts, _law: Law) -> Iterable[BadFact]:
    """Refuse estimates that are not in order, and a pause that ends before it begins."""
    yield from disordered(facts)
    lifted = facts.maybe_day("lifted_on")
    if lifted is not None and lifted < facts.day("pause_from"):
        yield BadFact("lifted_on", "is before pause_from; a pause ends after it begins")


def decide_kthf_pause(facts: Facts, law: Law) -> Answer:
    """Say whether the pause stops a run, Keep the Future Human App. B(1).

    It reaches companies with at least one of three ties, and new runs that may
    exceed the cap; exactly the cap does not exceed it. The day asked about is
    held against the pause, of which `lifted_on` is the first day without it; the
    run's start is held against the first day only.
    """
    ties = [tie for tie in TIES if facts.flag(tie)]
    begins, lifted = facts.day("pause_from"), facts.maybe_day("lifted_on")
    started = facts.day("run_started")
    new_run = started >= begins
    lasts = begins <= law.day and (lifted is None or law.day < lifted)
    limit = replace(law.limit("kthf.oversight.training_cap"), value=facts.amount("cap"))
    spread = Spread.of(facts)
    stopped = lasts and new_run and bool(ties)
    reasons = [
        say(
            "The pause lasts from {begins} with no end known; the day asked about is {day}."
            if lifted is None
            else "The pause lasts from {begins} until the day before {lifted}; the day asked about"
            " is {day}.",
            begins=begins,
            lifted=lifted,
            day=law.day,
        ),
        say("Ties to the US: {ties:term}.", ties=ties),
        say(
            "The run starts on {started}, so it is new."
            if new_run
            else "The run starts on {started}, so it is not new.",
            started=started,
        ),
        comparison("The low estimate", spread.low, limit),
        comparison("The high estimate", spread.high, limit),
    ]
    return Answer(
        {
            "ties": ties,
            "new_run": new_run,
            "halted": _ANSWERS[spread.reach(limit)] if stopped else "no",
        },
        reasons,
    )
