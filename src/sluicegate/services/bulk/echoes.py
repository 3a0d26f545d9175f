"""Values of an answer that follow the row: an amount given back, a sum of amounts, a day."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Formed, Sentence
from sluicegate.rules.answers import to_json
from sluicegate.rules.fields import FieldSpec
from sluicegate.rules.paths import Recording
from sluicegate.rules.recorded import RecordedAmount, RecordedDay
from sluicegate.services.bulk.answers import Objects, objects
from sluicegate.services.bulk.columns import Numbers
from sluicegate.services.bulk.exploring import Fields
from sluicegate.services.bulk.fields import Sets

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
    sets = Sets.of(fields, _facts_of([value]), rows)
    own = _column(value, sets)
    return objects([to_json(spec.shape, one, spec) for one in own])[sets.back]


def said(
    sentence: Sentence,
    language: Language,
    recording: Recording | None,
    fields: Fields,
    rows: Numbers,
) -> str | Objects:
    """Return a sentence in words, or for each row its own where its figures follow the row."""
    formed = {name: place for name, place in sentence.values.items() if isinstance(place, Formed)}
    following = [
        value
        for place in formed.values()
        for value in (place.value, *place.beside)
        if follows_row(value, recording)
    ]

    def text(row: Row) -> str:
        def own(value: Any) -> Any:
            if follows_row(value, recording):
                return _in(value, row)
            return value.plain if isinstance(value, RecordedAmount) else value

        said = {
            name: Formed(own(place.value), place.form, tuple(map(own, place.beside)))
            for name, place in formed.items()
        }
        return Sentence(sentence.template, {**sentence.values, **said}).text(language)

    if not following:
        return text({})
    sets = Sets.of(fields, _facts_of(following), rows)
    return objects([text(row) for row in sets.rows()])[sets.back]


def _facts_of(values: Iterable[Any]) -> list[str]:
    """Return the facts that recorded values rest on."""
    return sorted({fact for value in values for fact, _ in value.form.terms})


def _column(value: RecordedAmount | RecordedDay, sets: Sets) -> list[Any]:
    """Return what a recorded value is in each set."""
    if isinstance(value, RecordedDay):
        [days] = sets.columns.values()
        return days
    total: list[Exact] = [value.form.constant] * len(next(iter(sets.columns.values())))
    for fact, factor in value.form.terms:
        parts = sets.columns[fact]
        own = parts if factor == 1 else [factor * part for part in parts]
        total = list(map(operator.add, total, own))
    return total


def _in(value: RecordedAmount | RecordedDay, row: Row) -> Any:
    """Return what a recorded value is in a row."""
    if isinstance(value, RecordedDay):
        [(fact, _)] = value.form.terms
        return row[fact]
    return value.form.value(row)
