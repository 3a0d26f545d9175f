"""Values of an answer that follow the row: an amount given back, a sum of amounts, a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Formed, Sentence
from sluicegate.rules.answers import to_json
from sluicegate.rules.fields import FieldSpec
from sluicegate.rules.paths import Recording
from sluicegate.rules.recorded import RecordedAmount, RecordedDay
from sluicegate.services.bulk.answers import Objects, objects
from sluicegate.services.bulk.columns import Numbers
from sluicegate.services.bulk.exploring import Fields

Row = Mapping[str, Any]


def follows_row(value: Any, recording: Recording | None) -> bool:
    """Say whether a value differs between the rows of a path."""
    return (
        recording is not None
        and isinstance(value, RecordedAmount | RecordedDay)
        and not recording.is_fixed(value.form)
    )


def echoed(spec: FieldSpec, value: Any, fields: Fields, rows: Numbers) -> Objects:
    """Return a field of the answer for each row as JSON values, exact."""
    return _each_row([value], fields, rows, lambda row: to_json(spec.shape, _in(value, row), spec))


def said(
    sentence: Sentence,
    language: Language,
    recording: Recording | None,
    fields: Fields,
    rows: Numbers,
) -> str | Objects:
    """Return a sentence in words, or for each row its own where its figures follow the row."""
    follow = {
        name: place
        for name, place in sentence.values.items()
        if isinstance(place, Formed) and follows_row(place.value, recording)
    }
    if not follow:
        return sentence.text(language)

    def text(row: Row) -> str:
        own = {name: Formed(_in(place.value, row), place.form) for name, place in follow.items()}
        return Sentence(sentence.template, {**sentence.values, **own}).text(language)

    return _each_row([place.value for place in follow.values()], fields, rows, text)


def _in(value: Any, row: Row) -> Any:
    """Return what a recorded value is in a row; any other value is as it is."""
    if isinstance(value, RecordedDay):
        [(fact, _)] = value.form.terms
        return row[fact]
    return value.form.value(row) if isinstance(value, RecordedAmount) else value


def _each_row(
    values: Iterable[Any], fields: Fields, rows: Numbers, make: Callable[[Row], Any]
) -> Objects:
    """Make something of the facts that recorded values rest on, once for each set of literals."""
    facts = sorted({fact for value in values for fact, _ in value.form.terms})
    codes = np.stack([fields[fact].codes[rows] for fact in facts])
    if len(facts) == 1:
        unlike, back = np.unique(codes[0], return_inverse=True)
        different = unlike[:, None]
    else:
        different, back = np.unique(codes, axis=1, return_inverse=True)
        different = different.T
    made = [
        make({fact: fields[fact].value(code) for fact, code in zip(facts, row, strict=True)})
        for row in different.tolist()
    ]
    return objects(made)[back.reshape(-1)]
