"""An outcome is said for the answers that its conditions name, and for no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from rule_text import spec_of
from sluicegate.core.phrases import Language
from sluicegate.rules.facts import Facts
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.outcomes import NAMED_IN_OUTCOME, outcome_of
from sluicegate.rules.questions import ask
from sluicegate.rules.specifications import Outcome, Spec
from sluicegate.services.questions import questions_of

FACTS = {"share": {"type": "share"}, "due": {"type": "date", "nullable": True}}
ANSWER = {
    "state": {"type": "enum", "values": ["below_it", "crossed", "open"]},
    "names": {"type": "list[string]"},
    "totals": {"type": "map[string,flop]"},
    "compute": {"type": "flop"},
}
USUAL: Mapping[str, Any] = {
    "state": "crossed",
    "names": ["Mira"],
    "totals": {"Mira": 10**26},
    "compute": 10**26,
}


def told(
    when: Mapping[str, Any],
    answer: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Say whether an outcome with these conditions is said."""
    spec = spec_with(
        {"when": when, "en": "It is said.", "zh": "说了。"}, {"en": "Not so.", "zh": "不然。"}
    )
    given = Facts({"share": Fraction(1, 4), "due": None, **(facts or {})})
    return str(outcome_of(spec, {**USUAL, **(answer or {})}, given)) == "It is said."


def spec_with(*outcomes: Mapping[str, Any]) -> Spec:
    spec = spec_of(FACTS, ANSWER)
    return replace(spec, outcomes=tuple(Outcome.parse(one) for one in outcomes))


@pytest.mark.parametrize(
    ("when", "answer", "said"),
    [
        ({"state": "crossed"}, {}, True),
        ({"state": "open"}, {}, False),
        ({"state": ["open", "crossed"]}, {}, True),
        ({"state": {"not": "crossed"}}, {}, False),
        ({"state": {"not": ["open", "below_it"]}}, {}, True),
        ({"names": []}, {}, False),
        ({"names": []}, {"names": []}, True),
        ({"names": []}, {"names": ()}, True),
        ({"totals": []}, {"totals": {}}, True),
        ({"names": {"not": []}}, {}, True),
        ({"compute": 0}, {"compute": 0}, True),
        ({"compute": 0}, {}, False),
        ({"state": "crossed", "names": []}, {}, False),
    ],
)
def test_all_conditions_must_hold(
    when: Mapping[str, Any], answer: Mapping[str, Any], said: bool
) -> None:
    assert told(when, answer) is said


def test_a_condition_may_name_a_fact_and_null() -> None:
    assert told({"due": None})
    assert told({"due": {"not": None}}, facts={"due": date(2026, 1, 1)})
    assert not told({"due": {"not": None}})


def test_the_first_outcome_that_fits_is_said() -> None:
    spec = spec_with(
        {"when": {"state": "crossed"}, "en": "First.", "zh": "其一。"},
        {"when": {"names": {"not": []}}, "en": "Second.", "zh": "其二。"},
        {"en": "Last.", "zh": "末。"},
    )
    facts = Facts({"share": 0, "due": None})
    assert str(outcome_of(spec, USUAL, facts)) == "First."
    assert str(outcome_of(spec, {**USUAL, "state": "open"}, facts)) == "Second."
    assert str(outcome_of(spec, {**USUAL, "state": "open", "names": []}, facts)) == "Last."


def test_no_outcome_that_fits_is_a_bug_of_the_file() -> None:
    spec = spec_with({"when": {"state": "open"}, "en": "Open.", "zh": "未定。"})
    with pytest.raises(TypeError, match="no outcome of its file fits"):
        outcome_of(spec, USUAL, Facts({"share": 0, "due": None}))


def test_figures_codes_and_days_are_shown_by_the_type_of_their_field() -> None:
    text = "{compute} {state} {totals} {share:percent} {due}."
    spec = spec_with({"en": text, "zh": text})
    facts = Facts({"share": Fraction(1, 4), "due": date(2026, 1, 31)})
    said = outcome_of(spec, {**USUAL, "state": "below_it"}, facts)
    assert said.text() == "1e26 below it Mira 1e26 25 % 2026-01-31."


def test_a_long_list_is_cut_short_and_told_how_much_is_left() -> None:
    text = "{names}."
    spec = spec_with({"en": text, "zh": text})
    facts = Facts({"share": 0, "due": None})
    names = [f"n{number}" for number in range(NAMED_IN_OUTCOME + 3)]
    whole = outcome_of(spec, {**USUAL, "names": names[:NAMED_IN_OUTCOME]}, facts)
    assert "more" not in whole.text()
    cut = outcome_of(spec, {**USUAL, "names": names}, facts)
    assert cut.text().endswith(f"{names[NAMED_IN_OUTCOME - 1]} and 3 more.")
    assert cut.text(Language.ZH).endswith("及其他3项.")


def test_figures_of_a_unit_that_differ_never_look_the_same() -> None:
    text = "{compute} of {limit}, {share:percent}."
    answer = {**ANSWER, "limit": {"type": "flop"}}
    spec = replace(spec_of(FACTS, answer), outcomes=(Outcome.parse({"en": text, "zh": text}),))
    facts = Facts({"share": 1 - Fraction(1, 10**6), "due": None})
    said = outcome_of(
        spec, {**USUAL, "compute": 333 * 10**20 + 10**17, "limit": 333 * 10**20}, facts
    )
    assert said.text() == "3.33001e22 of 3.33e22, 99.9999 %."
    same = outcome_of(spec, {**USUAL, "compute": 333 * 10**20, "limit": 333 * 10**20}, facts)
    assert same.text().startswith("3.33e22 of 3.33e22")


def test_a_figure_never_looks_like_the_one_of_the_text_it_was_compared_with() -> None:
    book = shipped_book()
    below = ask(
        questions_of(book)["weights_4e091"],
        {"own_training_flop": "9" * 26, "published": False},
        as_of="2025-06-01",
        book=book,
    )
    assert below.answer["reason"] == "below_1e26"
    assert "as 1e26 FLOP" not in below.outcome.text()


def test_countries_of_an_outcome_are_shown_by_name_and_code() -> None:
    answer = {
        **ANSWER,
        "place": {"type": "country", "nullable": True},
        "places": {"type": "list[country]"},
        "whether": {"type": "map[country,boolean]"},
    }
    text = "{place}; {places}; {whether}."
    spec = replace(spec_of(FACTS, answer), outcomes=(Outcome.parse({"en": text, "zh": text}),))
    facts = Facts({"share": 0, "due": None})
    values = {**USUAL, "place": "NO", "places": ["MO"], "whether": {"JP": True}}
    said = outcome_of(spec, values, facts)
    assert said.text() == "Norway (NO); Macao (MO); Japan (JP) yes."
    assert said.text(Language.ZH).startswith("挪威（NO）; ")
    assert outcome_of(spec, {**values, "place": None}, facts).text().startswith("none; ")
