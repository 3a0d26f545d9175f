"""The JSON Schema of a question says what the question accepts and answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from drawn_facts import right_facts, wrong_facts
from sluicegate.core.exact import dump_json, load_json
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import Question, ask
from sluicegate.rules.schema import answer_schema, facts_schema
from sluicegate.services.questions import all_questions

QUESTIONS = list(all_questions().values())
AS_OF = "2026-11-21"
FACTS_SCHEMAS = {q.name: Draft202012Validator(facts_schema(q.spec)) for q in QUESTIONS}
ANSWER_SCHEMAS = {q.name: Draft202012Validator(answer_schema(q.spec)) for q in QUESTIONS}


def names(question: Question) -> str:
    return question.name


@pytest.mark.parametrize("question", QUESTIONS, ids=names)
def test_the_schemas_of_a_question_are_valid_and_survive_json(question: Question) -> None:
    for schema in (facts_schema(question.spec), answer_schema(question.spec)):
        Draft202012Validator.check_schema(schema)
        assert load_json(dump_json(schema)) == schema
        described = [part["description"] for part in schema["properties"].values()]
        assert all(described)


@given(data=st.data(), question=st.sampled_from(QUESTIONS))
@settings(max_examples=4 * settings().max_examples)
def test_facts_that_a_question_reads_fit_it(data: st.DataObject, question: Question) -> None:
    facts = data.draw(right_facts(question.spec.facts))
    FACTS_SCHEMAS[question.name].validate(facts)


@given(data=st.data(), question=st.sampled_from(QUESTIONS))
@settings(max_examples=5 * settings().max_examples)
def test_facts_that_the_schema_refuses_are_refused(data: st.DataObject, question: Question) -> None:
    facts = data.draw(wrong_facts(question.spec.facts))
    try:
        as_json = load_json(dump_json(facts))
    except (TypeError, ValueError):
        return
    if FACTS_SCHEMAS[question.name].is_valid(as_json):
        return
    with pytest.raises(BadFactsError):
        ask(question, as_json, as_of=AS_OF, book=shipped_book())


@given(data=st.data(), question=st.sampled_from(QUESTIONS))
@settings(max_examples=4 * settings().max_examples)
def test_an_answer_fits_its_schema(data: st.DataObject, question: Question) -> None:
    facts = data.draw(right_facts(question.spec.facts))
    try:
        asked = ask(question, facts, as_of=AS_OF, book=shipped_book())
    except BadFactsError:
        return
    answer: Any = load_json(dump_json(asked.answer_json()))
    ANSWER_SCHEMAS[question.name].validate(answer)
