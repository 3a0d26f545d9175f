"""Whatever facts are given, every question answers or refuses; it never breaks."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from drawn_facts import right_facts, wrong_facts
from fitting_answers import misfits
from sluicegate.core.exact import dump_json, load_json
from sluicegate.rules.answers import Asked, facts_json
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import Question, ask
from sluicegate.services.questions import all_questions

QUESTIONS = st.sampled_from(list(all_questions().values()))
DATES = st.dates(date(2022, 1, 1), date(2031, 12, 31)) | st.sampled_from([date.min, date.max])
KNOWN = st.none() | st.dates(date(2022, 1, 1), date(2031, 12, 31))


@st.composite
def readings_of(draw: st.DrawFn, question: Question) -> dict[str, str]:
    options = question.spec.readings
    chosen = draw(st.lists(st.sampled_from(options), unique=True)) if options else []
    return {one.name: draw(st.sampled_from(one.values)) for one in chosen}


def assert_well_formed(asked: Asked) -> None:
    """Check types, sentences and the JSON form of an answer."""
    assert misfits(asked) == []
    assert asked.reasons
    assert all(str(reason)[-1:] in (".", "!", "?") for reason in asked.reasons), asked.reasons
    shown = asked.as_json()
    assert load_json(dump_json(shown))["question"] == asked.question
    dump_json(shown).encode()


def assert_well_formed_refusal(question: Question, facts: Any, refused: BadFactsError) -> None:
    """Check that every fault has a message and a path that begins at a field."""
    assert all(fault.message for fault in refused.faults)
    given_names = set(map(str, facts)) if isinstance(facts, dict) else set()
    fields = {spec.name for spec in question.spec.facts} | {"facts", "as_of"} | given_names
    for path in refused.paths:
        assert path in given_names or path.split(".")[0] in fields
    assert refused.as_json()["error"] == refused.paths[0]


@given(data=st.data(), question=QUESTIONS, as_of=DATES, known_on=KNOWN)
@settings(max_examples=10 * settings().max_examples)
def test_right_facts_give_a_well_formed_answer_twice_the_same(
    data: st.DataObject, question: Question, as_of: date, known_on: date | None
) -> None:
    facts = data.draw(right_facts(question.spec.facts))
    readings = data.draw(readings_of(question))
    options: dict[str, Any] = {
        "as_of": as_of,
        "book": shipped_book(),
        "readings": readings,
        "known_on": known_on,
    }
    try:
        asked = ask(question, facts, **options)
    except BadFactsError as refused:
        event("refused")
        assert_well_formed_refusal(question, facts, refused)
        return
    event("answered")
    assert_well_formed(asked)
    assert ask(question, facts, **options).as_json() == asked.as_json()
    stored = load_json(dump_json(facts_json(question.spec.facts, asked.facts)))
    assert ask(question, stored, **options).answer_json() == asked.answer_json()


@given(data=st.data(), question=QUESTIONS)
@settings(max_examples=10 * settings().max_examples)
def test_wrong_facts_are_refused_with_paths_of_the_question(
    data: st.DataObject, question: Question
) -> None:
    facts = data.draw(wrong_facts(question.spec.facts))
    try:
        asked = ask(question, facts, as_of="2026-11-21", book=shipped_book())
    except BadFactsError as refused:
        assert_well_formed_refusal(question, facts, refused)
        return
    assert_well_formed(asked)


@given(data=st.data(), question=QUESTIONS)
@settings(max_examples=5 * settings().max_examples)
def test_the_order_in_which_facts_are_written_changes_nothing(
    data: st.DataObject, question: Question
) -> None:
    facts = data.draw(right_facts(question.spec.facts))
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    outcomes = []
    for one in (facts, shuffled):
        try:
            asked = ask(question, one, as_of="2026-11-21", book=shipped_book())
            outcomes.append(dump_json(asked.as_json()))
        except BadFactsError as refused:
            outcomes.append(str(refused))
    assert outcomes[0] == outcomes[1]
