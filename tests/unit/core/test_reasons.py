"""A sentence is written out when it is read, in either language."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.phrases import Language, term
from sluicegate.core.reasons import Beside, Formed, Term, say
from sluicegate.rules.instruments import Title


@pytest.mark.parametrize(
    ("template", "values", "en"),
    [
        ("{a:sci} FLOP", {"a": 13 * 10**24}, "1.3e25 FLOP"),
        ("{a:percent}", {"a": Fraction(1, 4)}, "25 %"),
        ("{a}", {"a": Fraction(1, 3)}, "0.333333"),
        ("{a} and {b}", {"a": True, "b": None}, "yes and none"),
        ("{a}", {"a": ["x", "y"]}, "x, y"),
        ("{a}", {"a": []}, "none"),
        ("{a}", {"a": {"k": 2}}, "k 2"),
        ("by {a}", {"a": date(2026, 1, 2)}, "by 2026-01-02"),
        ("{a} later", {"a": Period(2, PeriodUnit.WEEK)}, "2 weeks later"),
        ("{a:term}", {"a": "some_code"}, "some code"),
        ("{a}", {"a": Formed(["some_code"], "term")}, "some code"),
        ("{a:sci}", {"a": Beside(10**26, 10**25)}, "1e26"),
        ("{a:sci}", {"a": Beside(10**26 + 10**10, 10**26)}, "1.0000000000000001e26"),
        ("{a:sci}", {"a": Beside(10**26, 10**26 + 10**10)}, "1e26"),
        ("{a:sci}", {"a": Beside(10**25, 10**25)}, "1e25"),
        ("{a}!", {"a": say("in {b}", b="out")}, "in out!"),
        ("{a}", {"a": "{not a place}"}, "{not a place}"),
    ],
)
def test_a_value_is_shown_by_its_form_or_its_type(
    template: str, values: dict[str, Any], en: str
) -> None:
    assert str(say(template, **values)) == en


def test_braces_of_a_text_without_values_stay() -> None:
    assert str(say("party {x}")) == "party {x}"


def test_a_sentence_reads_in_chinese_with_the_same_figures() -> None:
    said = say(
        "{title}: the day of the change is not known; it lies after {after} and no later than"
        " {latest}, and the earlier state is used.",
        title=Term(Title("Group", "组别")),
        after=date(2025, 1, 13),
        latest=date(2026, 7, 23),
    )
    chinese = said.text(Language.ZH)
    assert chinese.startswith("组别：")
    assert "2025-01-13" in chinese
    assert "2026-07-23" in chinese
    assert said.text(Language.EN).startswith("Group: ")


def test_periods_and_yes_read_in_chinese() -> None:
    period = Period(14, PeriodUnit.DAY)
    assert say("{p}{yes}", p=period, yes=True).text(Language.ZH) == "14日是"


def test_a_code_has_a_label_in_both_languages() -> None:
    assert term("at_least", Language.EN) == "at least"
    assert term("at_least", Language.ZH) == "不少于"
