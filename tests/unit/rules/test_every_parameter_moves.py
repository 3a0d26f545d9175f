"""A parameter that can be moved without any answer moving does not carry the law it cites.

For every parameter of the shipped book: its value is moved up and down, and its
date is moved day by day, and an answer, a threshold or a deadline must move.
What survives has to be explained in EXPLAINED; an explanation that is no longer
true fails too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from moved_parameters import (
    Edge,
    Probe,
    Use,
    changed_on,
    edges,
    is_edge,
    joined_values,
    moved,
    moved_values,
    mover,
    probes_near,
    texts_around,
    users,
    worked_probes,
)
from sluicegate.core.calendars import Period
from sluicegate.core.identifiers import FindingId, RuleId
from sluicegate.core.quantities import Exact
from sluicegate.core.trace import Figure
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import (
    Comparator,
    InForce,
    Parameter,
    Status,
    ThresholdRule,
    Title,
)
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.thresholds import Gauge, Level
from sluicegate.services.findings import Certainty, Crossing, Finding, Subject, SubjectKind
from sluicegate.services.obligations import obligations_of

BOOK = shipped_book()
TODAY = date(2026, 11, 21)
LIMITED = {rule.parameter for rule in BOOK.thresholds.values()}
APPROACHED = {rule.approach for rule in BOOK.thresholds.values() if rule.approach}
OWED = {duty.period for duty in BOOK.obligations.values() if duty.period}
TIED = {name for rule in BOOK.moving.values() for name in rule.parameters.values()}
"""Parameters of moving thresholds; tests/unit/frontier/moving moves each of them."""
USES = sorted(users())
ASKED = {use.parameter for use in USES}

SETTING = "a setting of the pass, which no question asks for: "
EXPLAINED = {
    **dict.fromkeys(
        (
            "assess.forecast.developer_orders",
            "assess.forecast.developer_years",
            "assess.forecast.excluded_models",
            "assess.forecast.gradient_least",
            "assess.forecast.gradient_most",
            "assess.forecast.growth_historical",
            "assess.forecast.growth_historical_weight",
            "assess.forecast.growth_measured_from",
            "assess.forecast.growth_sd",
            "assess.forecast.growth_stock",
            "assess.forecast.growth_workload",
            "assess.forecast.known_counts",
            "assess.forecast.known_largest",
            "assess.forecast.largest_share_law",
            "assess.forecast.largest_share_least",
            "assess.forecast.largest_share_most",
            "assess.forecast.largest_share_span",
            "assess.forecast.last_year",
            "assess.forecast.last_year_most",
            "assess.forecast.models_most",
            "assess.forecast.near_largest_at",
            "assess.forecast.near_largest_before",
            "assess.forecast.near_periods",
            "assess.forecast.near_periods_most",
            "assess.forecast.near_record",
            "assess.forecast.near_widths",
            "assess.forecast.paper_ends",
            "assess.forecast.quantiles",
            "assess.forecast.recorded_training_share",
            "assess.forecast.redraws_most",
            "assess.forecast.scenario.baseline",
            "assess.forecast.scenario.free_2024",
            "assess.forecast.scenario.gradient_high",
            "assess.forecast.scenario.gradient_low",
            "assess.forecast.scenario.growth_weight_half",
            "assess.forecast.scenario.growth_weight_tenth",
            "assess.forecast.scenario.growth_weight_third",
            "assess.forecast.scenario.more_training",
            "assess.forecast.scenario.near_as_written",
            "assess.forecast.scenario.recorded_largest",
            "assess.forecast.scenario.uniform_largest",
            "assess.forecast.seed",
            "assess.forecast.simulations",
            "assess.forecast.simulations_most",
            "assess.forecast.size_marks",
            "assess.forecast.size_marks_most",
            "assess.forecast.smallest_size_least",
            "assess.forecast.smallest_size_most",
            "assess.forecast.thresholds",
            "assess.forecast.training_share",
            "assess.forecast.years_left_out",
        ),
        SETTING + "what a forecast assumes: tests/unit/forecast/test_parameters.py moves each",
    ),
    "assess.lab.frontier.share": SETTING + "from where the policy lab sees a model at the frontier",
    "assess.lab.splitting.loss": SETTING + "what the policy lab takes splitting a run to cost",
    "assess.lab.splitting.ways": SETTING + "into how many pieces the policy lab splits runs",
    "assess.lab.uncertainty.confident": SETTING
    + "how far the policy lab trusts a figure labelled confident",
    "assess.lab.uncertainty.likely": SETTING
    + "how far the policy lab trusts a figure labelled likely",
    "assess.lab.uncertainty.speculative": SETTING
    + "how far the policy lab trusts a figure labelled speculative",
    "assess.lab.uncertainty.unlabelled": SETTING
    + "how far the policy lab trusts a figure without such a label",
    "us.bis_affiliates.programmes_that_count": "which entries of the SDN list are handed to the "
    "question as sdn_specified: tests/unit/lists/test_values.py",
    "assess.approach_horizon": SETTING + "how far the forecast of a subject's growth looks",
    "assess.kyc.diligence.evidence_bytes": SETTING + "how large a document of evidence may be",
    "assess.kyc.diligence.purpose.deployment_below": SETTING + "which use counts as no training",
    "assess.kyc.diligence.purpose.least": SETTING
    + "from which compute use is compared with a purpose",
    "assess.kyc.diligence.purpose.training_from": SETTING + "which use counts as training",
    "assess.kyc.diligence.purpose.words.deployment": SETTING + "which words state deployment",
    "assess.kyc.diligence.purpose.words.other": SETTING
    + "which words state work that trains no model",
    "assess.kyc.diligence.purpose.words.training": SETTING + "which words state training",
    "assess.kyc.diligence.rating.high": SETTING + "from which points risk is high",
    "assess.kyc.diligence.rating.medium": SETTING + "from which points risk is medium",
    "assess.kyc.diligence.retention.identity": SETTING + "which rules keep data of identity",
    "assess.kyc.diligence.retention.verification": SETTING
    + "which rules keep records of verification",
    "assess.kyc.diligence.review.high": SETTING + "when a customer of high risk is looked at again",
    "assess.kyc.diligence.review.low": SETTING + "when a customer of low risk is looked at again",
    "assess.kyc.diligence.review.medium": SETTING
    + "when a customer of medium risk is looked at again",
    "assess.kyc.diligence.second_person.decisions": SETTING
    + "which decisions about a customer a second person checks",
    "assess.kyc.diligence.weight.beyond_contract": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.evidence_expired": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.high_risk_profile": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.identity_not_verified": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.items_missing": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.listed_owner": SETTING + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.owners_unknown": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.purpose_differs": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.purpose_not_stated": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.threshold_approaching": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.diligence.weight.threshold_crossed": SETTING
    + "what a factor of the risk rating weighs",
    "assess.kyc.pieces.duration_tolerance": SETTING + "which runs that start together fit",
    "assess.kyc.pieces.gap": SETTING + "which runs that follow one another fit",
    "assess.kyc.pieces.least_threshold": SETTING + "against which thresholds pieces are added up",
    "assess.kyc.pieces.size_tolerance": SETTING + "which runs are alike in size",
    "assess.kyc.pieces.start_window": SETTING + "which runs count as started together",
    "assess.kyc.pieces.window": SETTING + "within which stretch pieces are added up",
    "assess.kyc.profile.far_above": SETTING + "which requests lie far above the frontier",
    "assess.kyc.profile.frontier": SETTING + "which run is the largest that is known",
    "assess.kyc.profile.least_share": SETTING + "of whom the high-risk profile is asked",
    "assess.kyc.profile.weaker_links": SETTING + "which links are strong together",
    "assess.casework.attachment_bytes": SETTING + "how large a file attached to a case may be",
    "assess.casework.opens": SETTING + "which alerts open a case",
    "assess.screening.allowance_lasts": SETTING + "how long the clearing of a match holds",
    "assess.screening.likely_match_score": SETTING + "from which score a match is likely",
    "assess.casework.own_day.high": SETTING + "when a case of high priority should be decided",
    "assess.casework.own_day.low": SETTING + "when a case of low priority should be decided",
    "assess.casework.own_day.normal": SETTING + "when a case of normal priority should be decided",
    "assess.casework.own_day.urgent": SETTING + "when an urgent case should be decided",
    "assess.casework.priority.high": SETTING + "which alerts make a case one of high priority",
    "assess.casework.priority.high_within": SETTING + "which due days give a case high priority",
    "assess.casework.priority.normal": SETTING + "which alerts make a case one of normal priority",
    "assess.casework.priority.urgent_within": SETTING + "which due days make a case urgent",
    "assess.casework.second_person.clear": SETTING + "which clearing a second person checks",
    "assess.casework.second_person.close": SETTING + "which closing a second person checks",
    "assess.casework.second_person.decisions": SETTING + "which decisions a second person checks",
    "assess.casework.snooze_longest": SETTING + "how long a case may rest",
    "assess.growth.least_share": SETTING + "which subjects the forecast looks at",
    "assess.metering.utilisation_low": SETTING + "the low bound of metering without telemetry",
    "assess.metering.utilisation_central": SETTING + "the central figure of metering",
    "assess.metering.utilisation_high": SETTING + "the high bound of metering",
    "assess.runs.gap": SETTING + "which usage is assembled into one run",
    "assess.runs.gang_size": SETTING + "which usage is assembled into one run",
    "assess.runs.steadiness": SETTING + "which usage is assembled into one run",
    "assess.runs.size_factor": SETTING + "which declared run is taken for a metered one",
    "assess.groups.majority_share": SETTING + "who belongs to an affiliate group",
    "assess.groups.beneficial_share": SETTING + "which owners the ownership detector asks about",
    "assess.kyc.rate_alert": "offered to who sets the fact rate_alert; it is no default",
}


UNMOVED: dict[Use, str] = {
    Use(f"us.country_groups.{group}", "nveu_headroom"): "a warning; the cap is the same everywhere"
    for group in ("d5", "macau")
}
"""Uses after which the answer's fields never differ, and why."""

SHADOWED_GROUPS = {
    "a5": "no member of A:5 is in D:1, D:4 or D:5",
    "a6": "of A:6 only Israel is in D:4",
    "d1": "Belarus is in D:4 and D:5 as well",
    "d4": "Belarus is in D:1 and D:5 as well",
}
SHADOWED: dict[Use, str] = {
    Use(f"us.country_groups.{group}", question): why
    for group, why in SHADOWED_GROUPS.items()
    for question in (
        *("licence_required", "licence_review", "country_allocation"),
        *("lpp_exception", "acm_exception", "aia_exception_chips"),
    )
    if question != "country_allocation" or group in ("a5", "a6")
    if question != "aia_exception_chips" or group in ("d1", "d4")
} | {
    Use("us.country_groups.b", "veu_eligibility"): "the AIA list and D:5 come before Group B",
    Use("us.country_groups.d1", "veu_eligibility"): "D:5 comes before Group D:1",
    Use("us.country_groups.a5", "veu_eligibility"): "every member of A:5 is in B",
    Use("us.country_groups.a6", "veu_eligibility"): "every member of A:6 is in B",
    Use("us.country_groups.d4", "veu_eligibility"): "every member of D:4 is in B, D:1 or D:5",
}
"""Lists of which some member, left out alone, moves no answer, and why; others do, or a new one."""


def a_mover(use: Use) -> tuple[Any, Probe]:
    """Return the first other value of a parameter that moves an answer, and that probe."""
    parameter = BOOK.parameters[use.parameter]
    value = parameter.first().value
    others = [*moved_values(parameter, value), *joined_values(value)]
    found = ((other, mover(use, other)) for other in others)
    return next((other, probe) for other, probe in found if probe is not None)


def parameters(ids: set[str]) -> list[Any]:
    return [pytest.param(BOOK.parameters[name], id=name) for name in sorted(ids)]


def uses(*, limits: bool = False) -> list[Any]:
    """Return every use of a parameter in a question, or of one with a comparator."""
    return [
        pytest.param(use, id=str(use))
        for use in USES
        if use not in UNMOVED and (not limits or BOOK.parameters[use.parameter].comparator)
    ]


def test_every_parameter_is_asked_for_compared_owed_or_explained() -> None:
    carried = ASKED | LIMITED | APPROACHED | OWED | TIED
    assert set(BOOK.parameters) - carried - set(EXPLAINED) == set()


def test_no_explanation_is_stale() -> None:
    assert set(EXPLAINED) <= set(BOOK.parameters)
    assert set(EXPLAINED) & (ASKED | LIMITED | APPROACHED | OWED | TIED) == set()


@pytest.mark.parametrize("use", uses())
def test_an_answer_moves_with_the_value(use: Use) -> None:
    parameter = BOOK.parameters[use.parameter]
    values = moved_values(parameter, parameter.first().value)
    assert values
    still = [value for value in values if mover(use, value) is None]
    if use in SHADOWED:
        assert still, "the explanation is stale"
        assert a_mover(use)
    else:
        assert still == [], "these values instead move no answer"


@pytest.mark.parametrize("use", uses(limits=True))
def test_the_edge_of_an_answer_lies_at_the_limit_and_moves_with_it(use: Use) -> None:
    """Just below, at and just above, before and after the limit is moved either way."""
    parameter = BOOK.parameters[use.parameter]
    comparator, value = parameter.comparator, parameter.first().value
    assert comparator is not None
    assert isinstance(value, int | Fraction)
    others = [
        other for other in moved_values(parameter, value) if isinstance(other, int | Fraction)
    ]
    assert len(others) == 2

    def follows(edge: Edge, other: Exact) -> bool:
        book = moved(BOOK, parameter.id, other)
        there, here = texts_around(edge, book, other), texts_around(edge, book, value)
        return is_edge(there, comparator) and not is_edge(here, comparator)

    found = (edge for edge in edges(use, BOOK) if all(follows(edge, o) for o in others))
    assert next(found, None) is not None, "no worked case leads to the edge of this limit"


@pytest.mark.parametrize("use", uses())
def test_an_answer_moves_on_the_day_on_which_the_value_changes(use: Use) -> None:
    """The day is that asked about, or one that the facts name, and the change counts from it on."""
    parameter = BOOK.parameters[use.parameter]
    value, probe = a_mover(use)
    old, new = probe.fields(BOOK), probe.fields(moved(BOOK, parameter.id, value))

    def is_new(day: date) -> bool:
        fields = probe.fields(changed_on(BOOK, parameter.id, value, day))
        assert fields in (old, new)
        return fields == new

    first, last = date.min + timedelta(days=1), date.max
    assert is_new(first)
    assert not is_new(last)
    while last - first > timedelta(days=1):
        middle = first + (last - first) // 2
        first, last = (middle, last) if is_new(middle) else (first, middle)
    assert first.isoformat() in {probe.as_of, *days_in(probe.facts)}


def days_in(held: Any) -> Iterator[str]:
    """Yield every text of ten characters or more in facts, cut to a day."""
    if isinstance(held, dict):
        for inner in held.values():
            yield from days_in(inner)
    elif isinstance(held, list):
        for inner in held:
            yield from days_in(inner)
    elif isinstance(held, str) and len(held) >= 10:
        yield held[:10]


@pytest.mark.parametrize("use", uses())
def test_an_answer_says_from_when_its_parameter_is_in_force(use: Use) -> None:
    parameter = BOOK.parameters[use.parameter]
    day = date(2026, 1, 15)

    def shown(start: date) -> list[InForce]:
        values = [replace(parameter.first(), start=start, known_from=None)]
        book = BOOK.with_values(parameter.id, values)
        answers = (probe.ask(book, day.isoformat()) for probe in users()[use])
        asked = next(one for one in answers if one and parameter.id in used_by(one.parameters))
        return [used for used in asked.parameters if used.id == parameter.id]

    (on_the_day,), (a_day_later,) = shown(day), shown(day + timedelta(days=1))
    assert (on_the_day.early, a_day_later.early) == (False, True)


def used_by(parameters: tuple[InForce, ...]) -> set[str]:
    return {used.id for used in parameters}


@pytest.mark.parametrize("rule", BOOK.thresholds.values(), ids=lambda rule: rule.id)
def test_a_threshold_moves_with_its_limit_and_its_approach(rule: ThresholdRule) -> None:
    for name, level in ((rule.parameter, Level.PASSED), (rule.approach, Level.APPROACHING)):
        if name is None:
            continue
        parameter = BOOK.parameters[name]
        value = parameter.first().value
        for other in [value, *moved_values(parameter, value)]:
            gauge = Gauge.of(rule, Law(moved(BOOK, name, other), TODAY))
            edge = gauge.limit if level is Level.PASSED else gauge.approach
            assert edge is not None
            assert_edge(gauge, Fraction(edge), level)
            assert Fraction(edge) == edge_of(rule, name, other)


def edge_of(rule: ThresholdRule, name: str, value: Any) -> Fraction:
    """Return where a level begins when one parameter of a rule has this value."""
    if name == rule.parameter:
        return Fraction(value)
    limit = BOOK.parameters[rule.parameter].on(TODAY) or BOOK.parameters[rule.parameter].first()
    assert isinstance(limit.value, int | Fraction)
    return Fraction(limit.value) * Fraction(value)


def assert_edge(gauge: Gauge, edge: Fraction, level: Level) -> None:
    """Check the level just below, at and just above an edge."""
    tiny = Fraction(1, 10**6)
    inclusive = level is Level.APPROACHING or gauge.comparator is Comparator.AT_LEAST
    below, at, above = (gauge.level(edge + side * tiny) for side in (-1, 0, 1))
    assert below is not level
    assert (at is level) == inclusive
    assert above is level


def finding_of(as_of: date, instrument: str) -> Finding:
    """Return a finding of an invented run that passed something of an instrument on a day."""
    return Finding(
        id=FindingId("f-1"),
        subject=Subject.of(SubjectKind.RUN, "r-1"),
        rule=RuleId("rule"),
        rule_title=Title("Rule", "规则"),
        instrument=instrument,
        instrument_title=Title("Instrument", "文书"),
        legal_status="law",
        question="question",
        as_of=as_of,
        facts={},
        facts_by_bound={},
        readings={},
        answer={},
        assumptions=(),
        level=Level.PASSED,
        certainty=Certainty.CERTAIN,
        as_written=True,
        as_enforced=True,
        reasons=(),
        citations=(),
        parameters=(),
        trace=Figure("finding"),
        rules_digest="",
        crossing=Crossing(as_of, as_of, as_of),
    )


@pytest.mark.parametrize("parameter", parameters(OWED))
def test_a_deadline_moves_with_its_period_and_its_date(parameter: Parameter) -> None:
    duties = tuple(duty.id for duty in BOOK.obligations.values() if duty.period == parameter.id)
    value = parameter.first().value
    assert isinstance(value, Period)

    def said(book: RuleBook, day: date = TODAY) -> list[tuple[date | None, str]]:
        owed = obligations_of(finding_of(day, parameter.instrument), duties, book)
        return [(one.due, one.calculation) for one in owed]

    before = said(BOOK)
    assert len(before) == len(duties)
    for other in moved_values(parameter, value):
        after = said(moved(BOOK, parameter.id, other))
        assert all(old != new for old, new in zip(before, after, strict=True))
        for (old_due, _), (new_due, _) in zip(before, after, strict=True):
            assert old_due is None or new_due != old_due or value.unit.value == "hour"
    longer = moved_values(parameter, value)[0]
    changed = changed_on(BOOK, parameter.id, longer, TODAY)
    assert said(changed) == said(moved(BOOK, parameter.id, longer))
    eve = TODAY - timedelta(days=1)
    assert said(changed, eve) == said(BOOK, eve)


def status_dates() -> list[Any]:
    """Return every dated status of every instrument that a question rests on."""
    rests_on = {name for probe in worked_probes() for name in probe.question.spec.instruments}
    return [
        pytest.param(name, number, id=f"{name}-{status.start}")
        for name in sorted(rests_on)
        for number, status in enumerate(BOOK.instrument(name).statuses)
        if status.start is not None
    ]


@pytest.mark.parametrize(("instrument", "number"), status_dates())
def test_an_answer_or_its_citations_move_on_the_day_of_a_status(
    instrument: str, number: int
) -> None:
    statuses = list(BOOK.instrument(instrument).statuses)
    status: Status = statuses[number]
    assert status.start is not None
    statuses[number] = replace(status, start=status.start + timedelta(days=1))
    later = [one for one in statuses if one is statuses[number] or one not in statuses[number:]]
    later += [one for one in statuses[number + 1 :] if one.start and one.start > status.start]
    book = BOOK.with_statuses(instrument, later)
    day = status.start.isoformat()
    resting = [p for p in worked_probes() if instrument in p.question.spec.instruments]
    moves = any(shown(probe, BOOK, day) != shown(probe, book, day) for probe in resting)
    assert moves or asks_no_status(resting, instrument, day), f"{day} moves no answer"


def shown(probe: Probe, book: RuleBook, day: str) -> Any:
    asked = probe.ask(book, day)
    return None if asked is None else (asked.answer_json(), asked.citations)


def asks_no_status(probes: list[Probe], instrument: str, day: str) -> bool:
    """Say whether no answer changes even when the instrument has no status at all."""
    bare = BOOK.with_statuses(instrument, [])
    return all(shown(probe, BOOK, day) == shown(probe, bare, day) for probe in probes)


def test_the_search_looks_at_every_question() -> None:
    assert {probe.question.name for probe in worked_probes()} >= {
        probe.question.name for probes in users().values() for probe in probes
    }
    assert all(any(True for _ in probes_near(use, BOOK)) for use in USES)
