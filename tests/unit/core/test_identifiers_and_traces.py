"""Identifiers sort by time and stay the same over passes; a trace survives its JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.identifiers import DEFAULT_TENANT, RuleId, TenantId, finding_id, uuid7
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.core.trace import TRACE_VERSION, Figure, document

MOMENTS = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001
    datetime(2500, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
BITS = st.integers(0, 2**74 - 1)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@given(moment=MOMENTS, later=st.timedeltas(timedelta(milliseconds=1), timedelta(days=9)), bits=BITS)
def test_a_later_identifier_sorts_after_an_earlier_one(
    moment: datetime, later: timedelta, bits: int
) -> None:
    first, second = uuid7(moment, bits), uuid7(moment + later, 0)
    assert str(first) < str(second)
    assert (first.version, first.variant) == (7, "specified in RFC 4122")


@given(moment=MOMENTS)
def test_an_identifier_holds_its_millisecond(moment: datetime) -> None:
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    milliseconds = (whole - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert uuid7(whole).int >> 80 == milliseconds


def test_identifiers_of_one_millisecond_differ() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert len({uuid7(now) for _ in range(200)}) == 200


def test_a_finding_keeps_its_id_and_no_other_finding_has_it() -> None:
    rule = RuleId("eu.ai_act.systemic_risk")
    one = finding_id(DEFAULT_TENANT, "run:r-1", rule, "lifetime")
    assert one == finding_id(DEFAULT_TENANT, "run:r-1", rule, "lifetime")
    others = {
        finding_id(TenantId("other"), "run:r-1", rule, "lifetime"),
        finding_id(DEFAULT_TENANT, "run:r-2", rule, "lifetime"),
        finding_id(DEFAULT_TENANT, "run:r-1", RuleId("kyc.trigger"), "lifetime"),
        finding_id(DEFAULT_TENANT, "run:r-1", rule, "year"),
    }
    assert len(others | {one}) == 5


FIGURES: st.SearchStrategy[Figure] = st.recursive(
    st.builds(Figure, TEXTS, st.none() | TEXTS, st.none() | TEXTS, st.none() | TEXTS),
    lambda inner: st.builds(
        Figure,
        TEXTS,
        value=st.none() | TEXTS,
        reference=st.none() | TEXTS,
        children=st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=8,
)


@given(figure=FIGURES)
def test_a_trace_is_read_back_from_its_json(figure: Figure) -> None:
    written = json.loads(json.dumps(document(figure)))
    assert written["trace_version"] == TRACE_VERSION
    assert Figure.from_json(written["root"]) == figure


@given(figure=FIGURES)
def test_a_trace_prints_one_line_for_each_figure(figure: Figure) -> None:
    def count(one: Figure) -> int:
        return 1 + sum(map(count, one.children))

    assert len(list(figure.lines())) == count(figure)


def test_a_line_of_a_trace_says_value_unit_method_and_source() -> None:
    below = Figure("peak", "989", "TFLOP/s", reference="datasheet")
    lines = list(Figure("compute", "1e25", "FLOP", "peak × time", children=(below,)).lines())
    assert lines == ["compute = 1e25 FLOP (peak × time)", "  peak = 989 TFLOP/s [datasheet]"]


def test_a_problem_names_its_place_the_problem_and_the_way_out() -> None:
    one = Problem("usage.csv", 7, "utilisation", "1.4 is above 1", "give a fraction, e.g. 0.40")
    assert str(one) == "usage.csv:7: utilisation: 1.4 is above 1; give a fraction, e.g. 0.40"
    other = Problem("usage.csv", None, "", "is empty", "export it again")
    assert str(ProblemsError([one, other])).splitlines() == [str(one), str(other)]
    assert str(other) == "usage.csv: is empty; export it again"
