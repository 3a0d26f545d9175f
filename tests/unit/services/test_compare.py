"""The regimes side by side: one subject under every regime on a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawn_facts import DAYS, JUNK, right_value
from sluicegate.core.phrases import Language
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import DatedValue
from sluicegate.rules.provisions import Provision, SubjectKind, Topic
from sluicegate.rules.specifications import specifications
from sluicegate.services.compare import Comparison, compare
from sluicegate.services.conflicts import MarkKind
from sluicegate.services.regime_facts import provisions_of
from sluicegate.services.regime_rows import RegimeRow
from small_worlds import AS_OF, BOOK, limit_of

RUN = {"training_compute": "2e26", "revenue_previous_year": 0}
DEVELOPER = {"training_compute": "2e26", "revenue_previous_year": 600_000_000}
MODEL = {
    **DEVELOPER,
    "generates_language_or_images": True,
    "provider_in_eu": False,
    "original_compute": "1e26",
    "modification_compute": "1e25",
    "site": "NO",
    "autonomy": "strong",
    "generality": "strong",
    "intelligence": "strong",
    "inference_rate": "1e21",
}
CUSTOMER: dict[str, Any] = {
    "compute_used": "1e27",
    "customer_is_us_person": False,
    "covered_model": True,
    "transaction_date": "2026-09-01",
    "account_closed": "2026-06-30",
    "record_made": "2024-03-01",
    "edges": [{"owner": "Listed Co", "owned": "Kite", "share": 1}],
    "listed": [
        {"party": "Listed Co", "list": "sdn"},
        {"party": "Listed Co", "list": "entity_list"},
    ],
}
SHIPMENT: dict[str, Any] = {
    "peak_tops_by_bit_length": {8: 1979},
    "applicable_die_area_mm2": 814,
    "data_centre": True,
    "destination": "IN",
    "consignee_hq": "IN",
    "shipment_tpp": 900_000_000,
    "licensed_tpp_since_2025": 0,
    "received_tpp": 1000,
    "transaction": "export",
    "shipment_date": "2026-03-02",
}
CJK = re.compile(r"[\u4e00-\u9fff]")


def compared(
    facts: Mapping[str, Any], day: date | str = AS_OF, *, book: RuleBook = BOOK, **more: Any
) -> Comparison:
    as_of = date.fromisoformat(day) if isinstance(day, str) else day
    return compare(facts, as_of=as_of, book=book, **more)


def rows(facts: Mapping[str, Any], day: date | str = AS_OF, **more: Any) -> dict[str, RegimeRow]:
    return {row.rule: row for row in compared(facts, day, **more).rows}


def document(row: RegimeRow, language: Language = Language.EN) -> dict[str, Any]:
    return row.as_json(language)


def test_a_subject_stands_under_every_provision_about_its_kind_and_no_other() -> None:
    for kind in SubjectKind:
        about = {one.id for one in provisions_of(BOOK) if kind in one.subjects}
        found = compared(RUN, subject=kind)
        assert found.subjects == (kind,)
        assert {row.rule for row in found.rows} == about


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        (RUN, [SubjectKind.RUN]),
        (MODEL, [SubjectKind.MODEL]),
        (CUSTOMER, [SubjectKind.CUSTOMER]),
        (SHIPMENT, [SubjectKind.SHIPMENT]),
        ({**RUN, "compute_used": "1e20"}, [SubjectKind.RUN, SubjectKind.CUSTOMER]),
    ],
)
def test_the_facts_tell_what_they_are_about(
    facts: dict[str, Any], kinds: list[SubjectKind]
) -> None:
    assert list(compared(facts).subjects) == kinds


def test_a_row_gives_trigger_margin_duties_recipients_and_deadlines() -> None:
    row = document(rows(RUN)["eu.ai_act.systemic_risk"])
    duties = [BOOK.obligations[one] for one in BOOK.thresholds[row["rule"]].obligations]
    expected = {
        "instrument": BOOK.instrument("eu.ai_act").title.en,
        "status": "law: in_force, enforced",
        "status_reference": "Art. 113(b)",
        "topic": "notification",
        "effect": "requires",
        "trigger": "> 1e25 FLOP",
        "trigger_value": "10000000000000000000000000",
        "trigger_unit": "FLOP",
        "trigger_reference": "Regulation (EU) 2024/1689 Art. 51(2)",
        "margin": "20",
        "distance": "1.9e26 FLOP above it",
        "applies": "yes",
        "passed": True,
        "as_written": True,
        "binding": True,
        "duties": [one.duty.en for one in duties],
        "deadlines": ["2 weeks from the day on which the condition was met or foreseen"],
        "due": None,
        "needs": [],
    }
    assert {name: row[name] for name in expected} == expected
    assert row["recipients"][0] == "European Commission"
    assert "systemic risk is presumed" in row["outcome"]
    assert len(row["reasons"]) > 1


def test_exactly_at_a_threshold_the_comparators_of_the_texts_differ() -> None:
    exactly = rows({**RUN, "training_compute": "1e26"})
    assert exactly["us_ca.sb53.frontier_developer"].passed is False
    assert exactly["us.eccn_4e091.operations"].passed is True
    at = document(exactly["us_ca.sb53.frontier_developer"])
    assert (at["margin"], at["distance"]) == ("1", "exactly at it")


@pytest.mark.parametrize(
    ("facts", "rule", "day", "applies", "binding"),
    [
        (RUN, "us_ca.sb53.frontier_developer", "2025-12-31", "no", False),
        (RUN, "us_ca.sb53.frontier_developer", "2026-01-01", "yes", True),
        (RUN, "us.eccn_4e091.operations", "2026-06-30", "yes", False),
        (RUN, "us.nprm_702.run", "2026-06-30", "yes", False),
        (RUN, "us.eo_14110.model", "2025-01-19", "yes", True),
        (RUN, "us.eo_14110.model", "2025-01-20", "no", False),
        (DEVELOPER, "us_ny.raise_2026.framework", "2026-12-31", "no", False),
        (DEVELOPER, "us_ny.raise_2026.framework", "2027-01-01", "yes", True),
        (MODEL, "eu.ai_act.systemic_risk_duties", "2025-08-01", "no", False),
        (MODEL, "eu.ai_act.systemic_risk_duties", "2025-08-02", "yes", True),
        (CUSTOMER, "us.bis_affiliates.affiliates", "2025-09-28", "no", False),
        (CUSTOMER, "us.bis_affiliates.affiliates", "2025-10-01", "yes", True),
        (CUSTOMER, "us.bis_affiliates.affiliates", "2026-01-01", "yes", False),
        (CUSTOMER, "us.ofac_50_percent.blocked_owners", "2026-01-01", "yes", True),
        (CUSTOMER, "us.iaas_proposal.identification", "2026-01-01", "yes", False),
        (SHIPMENT, "us.ai_diffusion.licence", "2025-01-14", "yes", False),
        (SHIPMENT, "us.advanced_computing_2023.licence", "2026-03-01", "no", False),
        (SHIPMENT, "us.ai_diffusion.allocation_crossed", "2026-03-01", "yes", False),
    ],
)
def test_a_provision_applies_and_binds_by_its_text_and_its_enforcement(
    facts: dict[str, Any], rule: str, day: str, applies: str, binding: bool
) -> None:
    row = rows(facts, day)[rule]
    assert (row.applies, row.binding) == (applies, binding)


def test_what_was_known_on_a_day_decides_what_stands() -> None:
    facts, rule = CUSTOMER, "us.bis_affiliates.affiliates"
    later = compared(facts, "2026-12-01", known_on=date(2026, 12, 1))
    assert later.known_on == date(2026, 12, 1)
    assert {row.rule for row in later.rows} >= {rule}
    before = rows({"training_compute": "2e26"}, known_on=date(2024, 1, 1))
    assert before["us.nprm_702.run"].stands is False


def test_facts_that_are_missing_are_named_and_the_row_stays_open_and_last() -> None:
    bare = compared({"training_compute": "2e26"})
    row = {one.rule: one for one in bare.rows}["kthf.oversight.registration"]
    told = rows({"training_compute": "2e26", "operating_in_us": True})[row.rule]
    assert (row.passed, row.applies, row.needs) == (None, "unknown", ("operating_in_us",))
    assert (told.passed, told.needs) == (True, ())
    assert document(told)["trigger"] == document(row)["trigger"]
    assert document(row)["margin"] == "20"
    judged = [one.is_judged for one in bare.rows]
    assert judged == sorted(judged, reverse=True)
    assert all(one.needs or one.refused for one in bare.rows if not one.is_judged)


def test_a_fact_that_another_name_gives_is_asked_for_by_that_name() -> None:
    row = rows(SHIPMENT)["us.data_center_veu.eligible"]
    assert row.needs == ("veu_kind",)
    assert rows({**SHIPMENT, "veu_kind": "universal"})[row.rule].needs == ()


def test_an_earlier_answer_feeds_a_later_question_unless_the_fact_is_given() -> None:
    fed = rows(SHIPMENT, "2026-03-01")
    assert fed["us.ai_diffusion.licence"].applies == "yes"
    told = rows({**SHIPMENT, "eccn": "3A090.b"}, "2026-03-01")
    assert told["us.ai_diffusion.licence"].applies == "no"
    small = rows({**SHIPMENT, "peak_tops_by_bit_length": {8: 1}}, "2026-03-01")
    row = small["us.ai_diffusion.licence"]
    assert (row.passed, row.needs) == (False, ())
    assert "none" in str(row.outcome)
    crossed = document(fed["us.ai_diffusion.denial"])
    assert "denied" in crossed["outcome"]


def test_what_an_estimate_leaves_open_is_neither_yes_nor_no() -> None:
    facts = {
        "estimate_low": "1e24",
        "estimate_central": "2e24",
        "estimate_high": "2e26",
        "operating_in_us": True,
    }
    row = rows(facts)["kthf.oversight.registration"]
    assert (row.applies, row.needs) == ("unknown", ())
    assert row.is_judged
    unsettled = {**MODEL, "autonomy": "undetermined", "inference_rate": "1"}
    tier = rows({**unsettled, "training_compute": "1e24"})["kthf.risk_tiers.safety_plan"]
    assert tier.applies == "unknown"


def test_a_deadline_is_a_day_when_the_facts_say_from_when() -> None:
    dated = rows({**RUN, "passed_on": "2026-06-01"})["eu.ai_act.systemic_risk"]
    assert document(dated)["due"] == "2026-06-15"
    incident = {"discovered": "2027-02-01T09:00:00+00:00", "imminent_risk": False}
    found = rows({**DEVELOPER, **incident}, "2027-03-01")
    assert document(found["us_ca.sb53.incident"])["deadlines"] == ["2027-02-16"]
    assert document(found["us_ny.raise_2026.incident"])["due"] == "2027-02-04T09:00:00+00:00"
    missed = rows({**RUN, "training_compute": "1", "passed_on": "2026-06-01"})
    assert document(missed["eu.ai_act.systemic_risk"])["due"] is None


def test_conflicts_and_differences_of_shipped_texts_are_marked() -> None:
    incident = {"discovered": "2027-02-01T09:00:00+00:00", "imminent_risk": False}
    found = compared({**DEVELOPER, **incident}, "2027-03-01")
    incidents = [one for one in found.conflicts if one.topic is Topic.INCIDENT_REPORT]
    [deadline] = [one for one in incidents if one.kind is MarkKind.DEADLINE]
    assert "earliest is 2027-02-04T09:00:00+00:00 (RAISE Act" in str(deadline.sentence)
    kept = [one for one in compared(CUSTOMER).conflicts if one.topic is Topic.RECORD_RETENTION]
    assert any("the latest, 2031-06-30" in str(one.sentence) for one in kept)
    barred = compared(MODEL, "2026-11-21")
    prohibited = [one for one in barred.conflicts if one.kind is MarkKind.PROHIBITION]
    assert ("kthf.risk_tiers.training_prohibited", "us.data_center_veu.fine_tuning") in [
        one.rules for one in prohibited
    ]
    shipped = compared(SHIPMENT, "2026-03-01")
    assert MarkKind.PROHIBITION in {
        one.kind for one in shipped.conflicts if one.topic is Topic.ALLOCATION
    }
    row = {one.rule: one for one in barred.rows}["kthf.risk_tiers.training_prohibited"]
    assert [one for one in row.conflicts if one in prohibited]


def test_gaps_of_shipped_texts_are_marked_with_their_reason() -> None:
    found = compared(RUN)
    row = {one.rule: one for one in found.rows}["us.eo_14110.model"]
    assert [one.kind for one in row.gaps] == [MarkKind.NOT_IN_FORCE]
    below = compared({**MODEL, "training_compute": "2e25"}, "2026-11-21")
    korea = {one.rule: one for one in below.rows}["kr.ai_basic_act.safety"]
    assert [one.kind for one in korea.gaps] == [MarkKind.NOT_REACHED]
    silent = [one for one in found.gaps if one.kind is MarkKind.ABSENT]
    assert any("European Union" not in str(one.sentence) for one in silent)
    assert all("Settings" not in str(one.sentence) for one in silent)


def test_clusters_and_customers_have_their_own_measures() -> None:
    rate = rows({"peak_rate": str(limit_of("kthf.oversight.cluster_verification.peak_rate"))})
    linked = {"high_speed_interconnect": True, "numeric_format": "bf16_dense"}
    told = rows({"peak_rate": "1e18", **linked})
    assert rate["kthf.oversight.cluster_verification"].needs == tuple(linked)
    assert told["kthf.oversight.cluster_verification"].passed is True
    used = rows({"compute_used": "1e27"})
    assert used["assess.kyc.compute_used"].passed is True
    assert used["assess.kyc.group_compute_used"].passed is True


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({}, "facts"),
        ([], "facts"),
        ({"operating_in_us": True}, "facts"),
        ({"training_compute": "much"}, "training_compute"),
        ({"training_compute": None}, "training_compute"),
        ({"training_compute": "-1"}, "training_compute"),
        ({"peak_rate": "1e18x"}, "peak_rate"),
        ({**RUN, "passed_on": "soon"}, "passed_on"),
        ({**CUSTOMER, "holders": [{"holder": "Mira", "share": 3}]}, "holders.share"),
    ],
)
def test_a_fact_that_no_question_can_read_is_refused(facts: Any, path: str) -> None:
    with pytest.raises(BadFactsError) as refused:
        rows(facts)
    assert list(refused.value.paths) == [path]


def test_facts_that_nobody_asks_for_are_named() -> None:
    assert compared({**RUN, "colour": "red", "name": "r-17"}).ignored == ("colour",)


def test_a_day_that_a_question_does_not_know_leaves_its_row_open() -> None:
    row = rows(SHIPMENT, "2024-06-01")["us.ai_diffusion.allocation_crossed"]
    assert (row.passed, row.needs) == (None, ())
    assert "2025-01-13" in row.reasons(Language.EN)[0]


@pytest.mark.parametrize("facts", [RUN, MODEL, CUSTOMER, SHIPMENT])
def test_all_that_is_said_is_said_in_chinese(facts: dict[str, Any]) -> None:
    found = compared(facts, "2026-03-01")
    shown = found.as_json(Language.ZH)
    plain = found.as_json()
    texts = [("title", True), ("instrument", True), ("standing", True), ("outcome", False)]
    for row, other in zip(shown["regimes"], plain["regimes"], strict=True):
        for name, needed in texts:
            assert (row[name] is None and not needed) or CJK.search(row[name]), (row["rule"], name)
        for name in ("duties", "recipients", "gaps", "conflicts"):
            assert len(row[name]) == len(other[name])
            assert all(CJK.search(text) for text in row[name]), (row["rule"], name, row[name])
        assert row["trigger"] == other["trigger"]
    marks = [*shown["conflicts"], *shown["gaps"]]
    assert all(CJK.search(mark["text"]) for mark in marks)


LIMITED = [one for one in provisions_of(BOOK) if one.trigger is not None]


@pytest.mark.parametrize("one", LIMITED, ids=lambda one: one.id)
def test_a_parameter_that_moves_moves_trigger_and_margin(one: Provision) -> None:
    assert one.trigger is not None
    facts: dict[str, Any] = {**MODEL, **CUSTOMER, **SHIPMENT, **MEASURES}
    parameter = BOOK.parameter(one.trigger.parameter)
    moved = [_doubled(dated) for dated in parameter.values]
    other = BOOK.with_values(parameter.id, moved)
    kind = one.subjects[0]
    before = document(rows(facts, "2026-03-01", subject=kind)[one.id])
    after = document(rows(facts, "2026-03-01", subject=kind, book=other)[one.id])
    assert before["trigger"] != after["trigger"]
    assert before["margin"] is not None
    assert before["margin"] != after["margin"] or before["margin"] == "0"


MEASURES: dict[str, Any] = {
    "peak_rate": "1e21",
    "cluster_max_rate": "1e21",
    "amount": 9000,
    "suspect_known": True,
    "initial_detection": "2026-02-01",
    "published": False,
    "memory_bandwidth_density": 3,
    "consignee_cumulative_tpp": 1000,
    "ultimate_parent": "Kite",
    "owned_tpp": {"US": 50, "NO": 25, "IN": 25},
    "operating_in_us": True,
    "run_started": "2026-02-01",
    "headquartered_in_us": True,
    "does_business_in_us": True,
    "uses_us_made_chips": True,
    "method": "steady_cluster",
    "cluster_rate": "1e21",
}


def _doubled(dated: DatedValue) -> DatedValue:
    assert isinstance(dated.value, int | Fraction)
    return replace(dated, value=dated.value * 2)


@pytest.mark.parametrize("one", provisions_of(BOOK), ids=lambda one: one.id)
@settings(max_examples=3, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_every_provision_can_be_answered_for_some_drawn_facts(
    one: Provision, data: st.DataObject
) -> None:
    spec = specifications()[one.question]
    fixed = {name for name, _ in one.facts}
    aliases = dict(one.from_fact)
    facts = {}
    for field in spec.facts:
        wanted = field.required or field.name in one.needs or bool(field.needed_when)
        if wanted and field.name not in fixed:
            drawn = data.draw(right_value(field).filter(lambda value: value is not None))
            facts[aliases.get(field.name, field.name)] = drawn
    if one.trigger is not None and one.trigger.field in {field.name for field in spec.facts}:
        field = next(field for field in spec.facts if field.name == one.trigger.field)
        drawn = data.draw(right_value(field).filter(lambda value: value is not None))
        facts.setdefault(aliases.get(field.name, field.name), drawn)
    row = _row_or_faults(facts, one)
    if isinstance(row, BadFactsError):
        assert not [fault for fault in row.faults if fault.message.startswith("is missing")]
        return
    assert row.needs == ()
    assert row.asked is not None or row.refused or row.passed is False


def _row_or_faults(facts: dict[str, Any], one: Provision) -> RegimeRow | BadFactsError:
    try:
        return rows(facts, "2026-03-01", subject=one.subjects[0])[one.id]
    except BadFactsError as error:
        return error


FIELDS = {field.name: field for spec in specifications().values() for field in spec.facts}
OTHER_NAMES = ("passed_on", "veu_kind", "compute_used", "peak_rate", "colour")


@st.composite
def any_facts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw facts of many questions, most of them right, some of them junk."""
    names = st.lists(st.sampled_from([*FIELDS, *OTHER_NAMES]), max_size=25, unique=True)
    facts = {}
    for name in draw(names):
        is_right = name in FIELDS and draw(st.integers(0, 60))
        values = right_value(FIELDS[name]) if is_right else JUNK | DAYS.map(str)
        facts[name] = draw(values)
    return facts


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(facts=any_facts(), day=DAYS, known_on=st.none() | DAYS, kind=st.sampled_from(SubjectKind))
def test_any_facts_are_compared_or_refused_by_name(
    facts: dict[str, Any], day: date, known_on: date | None, kind: SubjectKind
) -> None:
    try:
        found = compared(facts, day, known_on=known_on, subject=kind)
    except BadFactsError as error:
        named = {path.split(".")[0] for path in error.paths}
        assert named <= {*facts, "facts"}
        return
    shown, chinese = found.as_json(), found.as_json(Language.ZH)
    assert [row["rule"] for row in shown["regimes"]] == [row["rule"] for row in chinese["regimes"]]
    for row in shown["regimes"]:
        assert (row["applies"] == "yes") == bool(row["as_written"])
        assert not row["binding"] or row["passed"]
