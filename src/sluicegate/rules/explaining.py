"""Why an answer is what it is: one tree, in either language, and what other readings would give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.core.phrases import Language, chinese_phrases, phrase, term
from sluicegate.core.reasons import Mark, Sentence, say
from sluicegate.core.trace import Figure
from sluicegate.rules.answers import Asked, Standing, to_json
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import InForce
from sluicegate.rules.questions import Question, ask_again
from sluicegate.rules.showing import field_figure, limit_words, titled
from sluicegate.rules.specifications import Reading

ANSWER = "answer"
WHY = "why"
FIGURES = "figures"
READINGS = "readings"
TEXTS = "texts"
HOW_SURE = "how sure"
CITATIONS = "citations"
FACTS = "facts given"
QUESTION = "question"
AS_OF = "as of"
KNOWN_ON = "known on"

LABELS = (
    *(QUESTION, AS_OF, KNOWN_ON, ANSWER, WHY, FIGURES),
    *(READINGS, TEXTS, HOW_SURE, CITATIONS, FACTS),
)
"""The labels of the parts of a tree, in order; each has a Chinese form in the phrases."""


_COMMA = {Language.EN: ", ", Language.ZH: "，"}
_COLON = {Language.EN: ": ", Language.ZH: "："}


@dataclass(frozen=True, slots=True)
class OtherReading:
    """What a value of a reading that was not chosen would give.

    `fields` names the answer's fields that differ; none when nothing differs.
    `asked` is None when the question refuses the facts under this reading, and
    `refused` then names them.
    """

    reading: str
    value: str
    asked: Asked | None
    fields: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def sentence(self) -> Sentence:
        """Say what this reading would give, in a sentence."""
        if self.asked is None:
            return say("The facts would be refused at {fields}.", fields=self.refused)
        if not self.fields:
            return say("The answer would be the same.")
        return self.asked.outcome

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return the reading with its outcome and the fields that differ."""
        asked = self.asked
        return {
            "reading": self.reading,
            "value": self.value,
            "same": asked is not None and not self.fields,
            "outcome": None if asked is None else asked.outcome.text(language),
            "answer": {} if asked is None else _some(asked, self.fields),
            "refused": list(self.refused),
        }


def _some(asked: Asked, names: Sequence[str]) -> dict[str, Any]:
    return {
        field.name: to_json(field.shape, asked.answer[field.name], field)
        for field in asked.spec.answer
        if field.name in names
    }


def other_readings(question: Question, asked: Asked, book: RuleBook) -> tuple[OtherReading, ...]:
    """Ask again with every value of every reading that was not chosen, one at a time."""
    return tuple(
        _other(question, asked, book, reading, value)
        for reading in question.spec.readings
        for value in reading.values
        if value != asked.readings[reading.name]
    )


def _other(
    question: Question, asked: Asked, book: RuleBook, reading: Reading, value: str
) -> OtherReading:
    try:
        other = ask_again(question, asked, book=book, readings={reading.name: value})
    except BadFactsError as error:
        return OtherReading(reading.name, value, None, refused=tuple(error.paths))
    differing = tuple(
        field.name
        for field in asked.spec.answer
        if asked.answer[field.name] != other.answer[field.name]
    )
    return OtherReading(reading.name, value, other, differing)


def tree(asked: Asked, others: Iterable[OtherReading], language: Language) -> Figure:
    """Return everything an answer rests on as one tree, headed by its outcome."""
    parts = sections(asked, others, language)
    return Figure(asked.outcome.text(language), children=tuple(parts.values()))


def sections(asked: Asked, others: Iterable[OtherReading], language: Language) -> dict[str, Figure]:
    """Return the parts of the tree by label, in order; one without content is left out."""
    head = {
        QUESTION: Figure(
            phrase(QUESTION, language), titled(asked.spec.title, language), name=asked.question
        ),
        AS_OF: Figure(phrase(AS_OF, language), asked.as_of.isoformat()),
    }
    if asked.known_on is not None:
        head[KNOWN_ON] = Figure(phrase(KNOWN_ON, language), asked.known_on.isoformat())
    parts = {
        ANSWER: [field_figure(f, asked.answer[f.name], language) for f in asked.spec.answer],
        WHY: [Figure(reason.text(language)) for reason in asked.reasons],
        FIGURES: [_parameter(used, language) for used in asked.parameters],
        READINGS: _readings(asked, tuple(others), language),
        TEXTS: [_text(standing, language) for standing in asked.texts],
        HOW_SURE: _how_sure(asked, language),
        CITATIONS: _citations(asked, language),
        FACTS: [field_figure(f, asked.facts[f.name], language) for f in asked.spec.facts],
    }
    return head | {
        label: Figure(phrase(label, language), children=tuple(children))
        for label, children in parts.items()
        if children
    }


def _parameter(used: InForce, language: Language) -> Figure:
    parameter, dated = used.parameter, used.dated
    notes = [_since(dated.start, language), term(dated.mark.value, language)]
    if used.early:
        notes.append(phrase("does not hold yet on this day", language))
    return Figure(
        titled(parameter.title, language),
        limit_words(parameter, dated.value, language),
        method=_COMMA[language].join(notes),
        reference=dated.reference,
        name=parameter.id,
    )


def _since(start: Any, language: Language) -> str:
    if start is None:
        return phrase("undated", language)
    return say("from {day}", day=start).text(language)


def _readings(asked: Asked, others: Sequence[OtherReading], language: Language) -> list[Figure]:
    found = []
    for reading in asked.spec.readings:
        alternatives = tuple(
            _alternative(other, language) for other in others if other.reading == reading.name
        )
        found.append(
            Figure(
                term(reading.name, language),
                term(asked.readings[reading.name], language),
                method=_meaning(reading, language),
                children=alternatives,
                name=reading.name,
            )
        )
    return found


def _meaning(reading: Reading, language: Language) -> str | None:
    """Return what a reading is about; nothing in Chinese where nobody has translated it."""
    known = language is Language.EN or reading.meaning in chinese_phrases()
    return phrase(reading.meaning, language) if known else None


def _alternative(other: OtherReading, language: Language) -> Figure:
    asked = other.asked
    fields = () if asked is None else tuple(f for f in asked.spec.answer if f.name in other.fields)
    return Figure(
        phrase("another reading would give", language),
        other.sentence().text(language),
        children=tuple(
            field_figure(f, asked.answer[f.name], language) for f in fields if asked is not None
        ),
        name=term(other.value, language),
    )


def _text(standing: Standing, language: Language) -> Figure:
    one, status = standing.instrument, standing.status
    title = titled(one.title, language)
    kind = term(one.kind.value, language)
    if status is None:
        state = phrase("no status yet on this day", language)
        words = f"{kind}{_COLON[language]}{state}"
        return Figure(title, words, reference=one.citation, name=one.id)
    states = (status.text, status.enforcement)
    state = _COMMA[language].join(term(part.value, language) for part in states)
    words = f"{kind}{_COLON[language]}{state}"
    notes = (_since(status.start, language), term(status.mark.value, language))
    return Figure(title, words, None, _COMMA[language].join(notes), status.reference, name=one.id)


def _citations(asked: Asked, language: Language) -> list[Figure]:
    """Return the places cited; those that the question as a whole cites carry no mark."""
    whole = set(asked.spec.citations)
    return [
        Figure(one.text, method=None if one.text in whole else term(one.mark.value, language))
        for one in asked.citations
    ]


def _how_sure(asked: Asked, language: Language) -> list[Figure]:
    """Return what nobody read in the texts themselves, or that everything was found there."""
    said = [
        Figure(caveat.text(language), children=tuple(map(Figure, references)))
        for caveat, references in asked.places_by_caveat()
    ]
    said += [Figure(caveat.text(language)) for caveat in asked.other_caveats()]
    if set(asked.marks()) <= {Mark.FOUND}:
        sentence = say("Every figure and date that the answer used was found in the text itself.")
        said.insert(0, Figure(sentence.text(language)))
    return said
