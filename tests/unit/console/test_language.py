"""How the console writes counts, instants, places and labels in each language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sluicegate.core.phrases import Language
from sluicegate.web.language import words_of
from sluicegate.web.rendering import environment
from sluicegate.web.rights_form import place_label

EN, ZH = Language.EN, Language.ZH


def written(template: str, language: Language, **values: object) -> str:
    return environment(language).from_string(template).render(values)


@pytest.mark.parametrize(
    ("offset", "ends"),
    [
        (UTC, "UTC"),
        (timezone(timedelta(0)), "UTC"),
        (timezone(timedelta(hours=8)), "UTC+08:00"),
        (timezone(-timedelta(hours=3, minutes=30)), "UTC-03:30"),
    ],
)
def test_an_instant_names_its_offset_alike_in_both_languages(offset: timezone, ends: str) -> None:
    at = datetime(2026, 3, 1, 9, 5, tzinfo=offset)
    for language, begins in ((EN, "1 Mar 2026, 09:05 "), (ZH, "2026年3月1日 09:05 ")):
        shown = str(words_of(language).moment(at))
        assert shown == f'<time datetime="{at.isoformat()}">{begins}{ends}</time>'


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 finding"), (0, "0 findings"), (1043, "1,043 findings")]
)
def test_a_count_in_a_sentence_has_groups_of_digits(count: int, told: str) -> None:
    said = '{{ ngettext("%(num)d finding", "%(num)d findings", count) }}'
    assert written(said, EN, count=count) == told
    assert written(said, ZH, count=1043).startswith("1,043")


def test_what_is_put_into_a_sentence_beside_a_count_is_escaped() -> None:
    said = '{{ ngettext("%(num)d of %(name)s", "%(num)d of %(name)s", 2, name=name) }}'
    assert written(said, EN, name="<b>") == "2 of &lt;b&gt;"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("EU", "European Union (EU)"),
        ("US-CA", "California (US-CA)"),
        ("OWN", "Own rules"),
        ("PROPOSAL", "Proposals and papers"),
        ("XX", "XX"),
    ],
)
def test_a_place_is_shown_with_its_code_where_the_world_knows_that(code: str, told: str) -> None:
    assert place_label(code, EN) == told


@pytest.mark.parametrize(
    ("label", "told"),
    [("certainty", "Certainty"), ("why", "Why"), ("syn-r-1", "syn-r-1"), ("a dune", "a dune")],
)
def test_a_label_of_a_tree_begins_with_a_capital_and_a_name_stays(label: str, told: str) -> None:
    assert written("{{ label|heading }}", EN, label=label) == told


@pytest.mark.parametrize(
    ("value", "kind"), [("", "date"), ("2026-01-31", "date"), ("2026-99", "text"), ("x", "text")]
)
def test_what_was_typed_for_a_day_stays_to_be_corrected(value: str, kind: str) -> None:
    page = '{% import "parts.html" as parts %}{{ parts.input("d", "D", value, type="date") }}'
    assert f'type="{kind}" value="{value}"' in written(page, EN, value=value)
