"""European Union: AI Act, Chapter V, and the Commission's guidelines on its scope."""

from __future__ import annotations

from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law, comparison

ACT = "eu.ai_act"
GUIDELINES = "eu.gpai_guidelines"

DOCUMENTATION = ("technical_documentation", "downstream_documentation")
ALWAYS_OWED = ("copyright_policy", "training_content_summary")


def _presumption(law: Law) -> Limit:
    return law.limit(f"{ACT}.systemic_risk.training_compute")


def _chapter_sentence(applies: bool) -> Sentence:
    return say("Chapter V applies." if applies else "Chapter V does not apply on this day.")


def decide_eu_systemic_risk(facts: Facts, law: Law) -> Answer:
    """Say whether high-impact capabilities are presumed, and by when the Commission is told.

    Art. 51(2): "greater than". Art. 52(1): within two weeks after the condition
    is met or it becomes known that it will be met, so the earlier of the two
    days counts. The presumption is a definition, answered for any day; the duty
    to notify binds only once Chapter V applies.
    """
    applies = law.in_force(ACT)
    limit = _presumption(law)
    compute = facts.amount("training_compute")
    presumed = limit.passed_by(compute)
    given = (facts.maybe_day("condition_met_on"), facts.maybe_day("known_it_will_be_met_on"))
    days = [day for day in given if day is not None]
    notify_by = None
    reasons = [_chapter_sentence(applies), comparison("Training compute", compute, limit)]
    if not (presumed and applies):
        reasons.append(say("There is nothing to notify."))
    elif days:
        period = law.period(f"{ACT}.systemic_risk.notification_period")
        notify_by = period.after(min(days))
        reasons.append(
            say(
                "The period of {period} after {start} ends on {end}.",
                period=period,
                start=min(days),
                end=notify_by,
            )
        )
    else:
        reasons.append(say("No day is given on which the condition was met or foreseen."))
    return Answer(
        {"chapter_v_applies": applies, "presumed_systemic": presumed, "notify_by": notify_by},
        reasons,
    )


def _exception_sentence(excepted: bool) -> Sentence:
    return say(
        "The open-source exception holds (Arts 53(2), 54(6))."
        if excepted
        else "The open-source exception is lost, as systemic risk is presumed (Art. 53(2))."
    )


def decide_eu_gpai_duties(facts: Facts, law: Law) -> Answer:
    """Say which duties of Chapter V the provider of a model has.

    The criterion of the guidelines, point 17, is strict and asks for language
    or images too; a model outside it has no duty. Arts 53(2) and 54(6) free
    open releases from documentation and representative, never models presumed
    to pose systemic risk. The criterion and the presumption are definitions,
    answered for any day; no duty binds before the chapter applies.
    """
    compute = facts.amount("training_compute")
    applies = law.in_force(ACT)
    criterion = law.limit(f"{GUIDELINES}.indicative.training_compute")
    indicated = criterion.passed_by(compute) and facts.flag("generates_language_or_images")
    presumption = _presumption(law)
    bound = applies and indicated
    presumed = presumption.passed_by(compute)
    is_open = facts.flag("free_open_licence") and facts.flag("parameters_public")
    excepted = is_open and not presumed
    duties = [*(() if excepted else DOCUMENTATION), *ALWAYS_OWED] if bound else []
    represented = bound and not excepted and not facts.flag("provider_in_eu")
    reasons = [
        _chapter_sentence(applies),
        comparison("Training compute", compute, criterion),
        say(
            "The model makes language, or images or video from text."
            if facts.flag("generates_language_or_images")
            else "The model makes neither language nor images or video from text."
        ),
        comparison("Training compute", compute, presumption),
    ]
    if bound and is_open:
        reasons.append(_exception_sentence(excepted))
    return Answer(
        {
            "gpai_indicated": indicated,
            "presumed_systemic": presumed,
            "art53_duties": duties,
            "authorised_representative": represented,
            "art55_duties": bound and presumed,
        },
        reasons,
    )


def decide_eu_modifier_provider(facts: Facts, law: Law) -> Answer:
    """Say whether a modification makes its author the provider of the modified model.

    Guidelines, points 60 and 61: "greater than" one third of the original's
    compute; exactly one third is not greater. When the original's compute is
    not known, one third of the figure of Art. 51(2) stands in for a
    systemic-risk model and one third of the indicative figure for another.
    """
    share = law.limit(f"{GUIDELINES}.modification.share")
    original = facts.maybe_amount("original_compute")
    if original is not None:
        base, name = original, say("the original's compute")
    elif facts.flag("original_systemic"):
        base = _presumption(law).value
        name = say("the systemic-risk figure, as the original's compute is unknown")
    else:
        base = law.amount(f"{GUIDELINES}.indicative.training_compute")
        name = say("the indicative figure, as the original's compute is unknown")
    limit = share.times(base)
    modification = facts.amount("modification_compute")
    becomes = share.comparator.holds(modification, limit)
    return Answer(
        {"limit": limit, "becomes_provider": becomes},
        [
            say(
                "The limit is {share} of {base}: {limit:sci} FLOP.",
                share=str(share.value),
                base=name,
                limit=limit,
            ),
            say(
                "The modification of {modification:sci} FLOP is above it."
                if becomes
                else "The modification of {modification:sci} FLOP is not above it.",
                modification=modification,
            ),
        ],
    )


def decide_eu_gpai_transition(facts: Facts, law: Law) -> Answer:
    """Give the day by which a model complies with Chapter V.

    Art. 111(3): a model placed on the market before the chapter applied has
    until the day named there; any other complies from its placing.
    """
    placed = facts.day("placed_on_market")
    before = not law.in_force(ACT, on=placed)
    comply_by = law.named_day(f"{ACT}.transition.comply_by") if before else placed
    reason = say(
        "The model was placed on {placed}, before Chapter V applied; it must comply by {comply_by}."
        if before
        else "The model was placed on {placed}, when Chapter V applied; it must comply"
        " from {comply_by} on.",
        placed=placed,
        comply_by=comply_by,
    )
    return Answer({"placed_before_application": before, "comply_by": comply_by}, [reason])
