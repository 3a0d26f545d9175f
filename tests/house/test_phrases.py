"""Every sentence that an answer may give stands in both languages, with the same figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from said_phrases import Said, all_said, said_in, texts_of_constant
from sluicegate.core.exact import load_yaml
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import PLACE
from sluicegate.rules.answers import Asked
from sluicegate.rules.cases import read_cases
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.specifications import Outcome, specifications
from sluicegate.services.asking import ask_question

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sluicegate"
PHRASES = SOURCE / "data" / "phrases" / "zh"
CASES = ROOT / "tests" / "rules"

UNRESOLVED: dict[tuple[str, str], str] = {
    ("core/reasons.py", "template"): "say() itself",
    ("rules/answers.py", "self.spec.source_status"): "SOURCES below",
    ("rules/explaining.py", "label"): "LABELS, by TABLES below",
    ("rules/explaining.py", "reading.meaning"): "MEANINGS below",
    ("services/kept_words.py", "Title(en, zh)"): "problems in both languages, read back by TABLES",
    ("services/kept_words.py", "template"): "TEMPLATES: a text that was kept is read back by them",
    ("services/world.py", "UNDECLARED_RUN"): "a constant of kept_words, by TABLES below",
    ("services/figures.py", "part"): "WORDS, by TABLES below",
    ("services/figures.py", "text"): "WORDS, by TABLES below",
    ("adapters/policies/authority.py", "one.reason"): "a text in both languages, of a policy file",
    ("rules/law.py", "what"): "the first argument of comparison(), found at its calls",
    ("rules/outcomes.py", "outcome.sentence"): "a text in both languages, of a question file",
    ("assurance/liability.py", "side.name"): "a sentence of SIDES, made by say()",
    ("assurance/tiers.py", "what"): "a sentence of CAPS, made by say()",
    ("frontier/korea.py", "name"): "a sentence of REPRESENTATIVE_TESTS, made by say()",
    ("services/lab/forecast_words.py", "option.title"): "a title of a rule, in both languages",
}
"""(file, first argument as written) → where the templates come from that no literal shows."""

SOURCES = frozenset(one.source_status for one in specifications().values()) - {""}
"""What question files say of the state of their sources; an answer says it as a sentence."""

MEANINGS = frozenset(one.meaning for spec in specifications().values() for one in spec.readings)
"""What readings mean, as question files tell it; it is shown in Chinese where it stands so."""


def _meanings(fields: Iterable[FieldSpec]) -> Iterator[str]:
    for one in fields:
        yield one.meaning
        yield from _meanings(one.fields)


FACTS = frozenset(text for spec in specifications().values() for text in _meanings(spec.facts))
"""What facts mean, as the forms of the console tell it."""

TABLES = {
    "rules/explaining.py": ("LABELS",),
    "services/figures.py": ("WORDS",),
    "services/kept_words.py": ("UNDECLARED_RUN", "CALCULATIONS"),
    "services/intake_words.py": ("PROBLEMS", "WAYS_OUT", "MESSAGES"),
    "services/list_words.py": ("PROBLEMS", "WAYS_OUT"),
    "services/ownership_words.py": ("PROBLEMS", "WAYS_OUT"),
}
"""File → constants whose texts are said, one after the other."""

FILES = {
    path.name: load_yaml(path.read_text(encoding="utf-8")) or {} for path in PHRASES.glob("*.yaml")
}
"""File of translations → English template → Chinese."""

SAID = all_said(SOURCE)
TEMPLATES = SOURCES.union(
    *(one.templates for one in SAID if one.templates is not None),
    *(
        texts_of_constant((SOURCE / file).read_text(encoding="utf-8"), name) or ()
        for file, names in TABLES.items()
        for name in names
    ),
)


def places(template: str) -> list[tuple[str, str]]:
    """Return the places of a template with their forms, in a fixed order."""
    return sorted((place[1], place[2] or "") for place in PLACE.finditer(template))


def where(one: Said) -> str:
    return f"{one.file}:{one.line}: {one.speaker}({one.argument})"


@pytest.mark.parametrize(
    ("code", "templates"),
    [
        ("say('a')", {"a"}),
        ("say('a ' 'b')", {"a b"}),
        ("say('a' if x else 'b' if y else 'c')", {"a", "b", "c"}),
        ("say(A or 'b')\nA = 'a'", {"a", "b"}),
        ("say(T[k])\nT = {1: 'a', 2: ('b', 'c')}", {"a", "b", "c"}),
        ("def f():\n    one, two = T[k]\n    say(one)\nT = {1: ('a', 'b')}", {"a", "b"}),
        ("def f():\n    x = 'a' if y else 'b'\n    say(x)", {"a", "b"}),
        ("def f():\n    for k, v in T.items():\n        say(v)\nT = {1: 'a', 2: 'b'}", {"a", "b"}),
        ("def f():\n    return [say(v) for v in T]\nT = ('a', *U)\nU = ('b',)", {"a", "b"}),
        ("def f(x, y):\n    say(y)\nf(1, 'a')\ndef g():\n    f(2, y='b')", {"a", "b"}),
        ("def f(x):\n    say(x)\n    f(x)\nf('a')", None),
        ("def f(x):\n    say(x)\nf(y)", None),
        ("say(x.template)", set()),
        ("say(f'{x}')", None),
        ("say('a' + x)", None),
        ("def f(x):\n    say(x)", None),
        ("say(T[k])\nT = {1: f'{x}'}", None),
    ],
)
def test_what_a_call_may_say_is_found(code: str, templates: set[str] | None) -> None:
    (found,) = said_in("x.py", "from sluicegate.core.reasons import say\n" + code)
    assert found.templates == (None if templates is None else frozenset(templates))


def test_only_the_functions_that_speak_are_looked_at() -> None:
    code = "from sluicegate.cli.output import say\nsay('a')"
    assert said_in("x.py", code) == []
    code = (
        "from sluicegate.rules.law import comparison\ncomparison(say('a'), 1, 2)\ncomparison('b')"
    )
    assert [one.templates for one in said_in("x.py", code)] == [None, frozenset({"b"})]


def test_every_template_is_a_literal_or_explained() -> None:
    unresolved = {(one.file, one.argument): where(one) for one in SAID if one.templates is None}
    assert {key: place for key, place in unresolved.items() if key not in UNRESOLVED} == {}
    assert set(UNRESOLVED) <= set(unresolved), "an explanation is stale"


def test_every_place_of_a_template_is_given_its_value() -> None:
    missing = {
        where(one): sorted(left)
        for one in SAID
        if one.keywords is not None and one.templates is not None and one.speaker == "say"
        for template in one.templates
        if (left := {name for name, _ in places(template)} - one.keywords)
    }
    assert missing == {}


def test_every_template_is_translated_and_no_translation_is_left_over() -> None:
    translated = {template for phrases in FILES.values() for template in phrases}
    assert sorted(TEMPLATES - translated) == []
    assert sorted(translated - TEMPLATES - MEANINGS - FACTS) == []
    assert sorted(FACTS - translated) == []


def test_a_template_has_one_translation() -> None:
    found: dict[str, set[str]] = {}
    for phrases in FILES.values():
        for template, chinese in phrases.items():
            found.setdefault(template, set()).add(chinese)
    assert {template: ways for template, ways in found.items() if len(ways) > 1} == {}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_translation_has_the_same_places_and_ends_the_same_way(name: str) -> None:
    wrong = {
        template: chinese
        for template, chinese in FILES[name].items()
        if places(template) != places(chinese) or template.endswith(".") != chinese.endswith("。")
    }
    assert wrong == {}


QUESTIONS = sorted(specifications())


def fields_of(name: str) -> dict[str, FieldSpec]:
    """Return the fields that an outcome of a question may name; an answer's hides a fact's."""
    spec = specifications()[name]
    return {one.name: one for one in (*spec.facts, *spec.answer)}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_how_it_came_out_whatever_the_answer(name: str) -> None:
    outcomes = specifications()[name].outcomes
    assert outcomes, "no outcome"
    assert not outcomes[-1].when, "the last outcome is said when no other fits"
    assert all(outcome.when for outcome in outcomes[:-1]), "nothing after it is ever said"


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_outcome_is_one_sentence_in_both_languages_with_the_same_places(name: str) -> None:
    fields = fields_of(name)
    for outcome in specifications()[name].outcomes:
        sentence = outcome.sentence
        assert places(sentence.en) == places(sentence.zh), sentence
        assert {one for one, _ in places(sentence.en)} <= set(fields), sentence
        assert sentence.en.endswith(".")
        assert sentence.zh.endswith("。")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_condition_of_an_outcome_names_a_value_that_its_field_may_have(name: str) -> None:
    fields = fields_of(name)
    for outcome in specifications()[name].outcomes:
        for field, wanted, _ in outcome.when:
            assert field in fields, (field, outcome.sentence.en)
            for value in wanted:
                assert may_be(fields[field], value), (field, value, outcome.sentence.en)


def may_be(spec: FieldSpec, value: object) -> bool:
    """Say whether a field may have a value that a condition names."""
    if value is None:
        return spec.nullable
    if spec.shape.item is not None:
        return value == [] or (spec.shape.is_list and isinstance(value, str))
    match spec.shape.kind:
        case Kind.ENUM:
            return value in spec.values
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.STRING | Kind.COUNTRY:
            return isinstance(value, str)
        case _:
            return isinstance(value, int) and not isinstance(value, bool)


@lru_cache(maxsize=1)
def worked() -> tuple[Asked, ...]:
    """Answer every worked case that is not refused."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in read_cases(path.name, path.read_text(encoding="utf-8")):
            try:
                found.append(
                    ask_question(
                        case["question"],
                        case["facts"],
                        as_of=case["as_of"],
                        readings=case.get("readings"),
                    )
                )
            except BadFactsError:
                continue
    return tuple(found)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_outcome_is_reached_by_a_worked_case(name: str) -> None:
    reached = [one.outcome.template for one in worked() if one.question == name]
    outcomes: tuple[Outcome, ...] = specifications()[name].outcomes
    assert [one.sentence.en for one in outcomes if one.sentence not in reached] == []


@pytest.mark.parametrize("language", list(Language))
def test_no_place_of_a_sentence_stays_open(language: Language) -> None:
    for asked in worked():
        for sentence in (asked.outcome, *asked.reasons, *asked.caveats()):
            written = sentence.text(language)
            assert written
            assert not PLACE.search(written), written
