"""Moving thresholds as documents and rows: the rule, a value with its trace, a series."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sluicegate.core.phrases import Language, phrase, term
from sluicegate.core.quantities import Exact, scientific, whole
from sluicegate.core.reasons import Named, Sentence, Term, say
from sluicegate.frontier.moving import Moving, MovingValue, Series, Step
from sluicegate.frontier.moving.values import ModelUsed, SnapshotUsed
from sluicegate.registry.columns import figure_text
from sluicegate.rules.answers import value_text
from sluicegate.rules.instruments import InForce, Parameter
from sluicegate.rules.moving import MovingRule
from sluicegate.rules.showing import exact_words, unit_words, value_words

UNCERTAINTY = "assess.lab.uncertainty"
"""The settings of the lab that give a figure the bounds of its label."""

_MOST_SIGNS, _DIGITS = 12, 4
LIST_COLUMNS = ("id", "form", "limit", "reference", "mark")
REST_COLUMNS = ("rests_on", "name", "value", "reference")
STEP_COLUMNS = ("from", "until", "value", "low", "high", "why")
PARAMETER_COLUMNS = ("role", "id", "from", "value", "unit", "reference", "mark")
LIST_FIELDS = (
    *("id", "title", "form", "comparator", "value", "low", "high", "unit"),
    *("data_set", "reference", "mark", "why"),
)


def rule_document(moving: Moving) -> dict[str, Any]:
    """Return a rule as it is declared, with the dated values of its parameters."""
    rule = moving.rule
    return {
        **_head(rule),
        "from": None if rule.start is None else rule.start.isoformat(),
        "known_from": None if rule.known_from is None else rule.known_from.isoformat(),
        "sense": None if rule.sense is None else rule.sense.value,
        "take": None if rule.take is None else rule.take.value,
        "of": list(rule.parts),
        "never_falls": rule.never_falls,
        "parameters": [
            {"role": role.value, **_declared(moving.book.parameter(identifier))}
            for role, identifier in rule.parameters.items()
        ],
    }


def value_document(value: MovingValue, language: Language) -> dict[str, Any]:
    """Return a value with everything it rests on; figures as decimal text."""
    return {
        **_head(value.rule),
        **_brief(value, language),
        "notes": [note.text(language) for note in _notes(value)],
        "parameters": [
            {"role": role.value, **_used(one)} for role, one in value.parameters.items()
        ],
        "snapshots": [_snapshot(one) for one in value.snapshots],
        "considered": value.considered,
        "undisclosed": value.undisclosed,
        "models": [_model(one) for one in value.models],
        "parts": [{"id": one.rule.id, **_brief(one, language)} for one in value.parts],
        "chosen": value.chosen,
    }


def series_document(found: Series, language: Language) -> dict[str, Any]:
    """Return a series: the rule, its steps, and whether it glides between them."""
    return {
        **_head(found.moving.rule),
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "gliding": found.is_gliding,
        "steps": [step_row(one, language) for one in found.steps],
    }


def list_row(value: MovingValue, language: Language) -> dict[str, Any]:
    """Return a rule with its level on a day, as a row of the list."""
    rule = value.rule
    return {
        "id": rule.id,
        "title": title_of(rule.title, language),
        "form": rule.form.value,
        "limit": level_words(value, language),
        **_figures(value),
        "unit": rule.unit,
        "comparator": rule.comparator.value,
        "data_set": rule.data_set,
        "reference": rule.reference,
        "mark": rule.mark.value,
        "why": value.why.text(language),
    }


def step_row(step: Step, language: Language) -> dict[str, Any]:
    """Return a step of a series as columns."""
    return {
        "from": step.first.isoformat(),
        "until": step.last.isoformat(),
        **_figures(step.value),
        "why": step.value.why.text(language),
        "models": [one.model.name for one in step.value.models],
    }


def rest_rows(value: MovingValue, language: Language) -> list[dict[str, Any]]:
    """Return what a value rests on as rows: parameters, snapshots, models and parts."""
    rows = [
        {
            "rests_on": term(role.code, language),
            "name": one.id,
            "value": value_words(one.dated.value, one.parameter.unit, language),
            "reference": _cited(one, language),
        }
        for role, one in value.parameters.items()
    ]
    rows += [
        {
            "rests_on": phrase("snapshot", language),
            "name": one.name,
            "value": one.known_on.isoformat(),
            "reference": " · ".join(part for part in (one.source, one.digest[:16]) if part),
        }
        for one in value.snapshots
    ]
    rows += [
        {
            "rests_on": f"{term('model', language)} {one.place}",
            "name": one.model.name,
            "value": _words(one.central, "FLOP", language),
            "reference": ", ".join(one.model.developers),
        }
        for one in value.models
    ]
    rows += [
        {
            "rests_on": phrase("part", language),
            "name": one.rule.id,
            "value": level_words(one, language),
            "reference": one.rule.reference,
        }
        for one in value.parts
    ]
    return rows


def told(value: MovingValue, language: Language) -> list[Sentence]:
    """Return what a value is in sentences: the level, its bounds, why, and what to know."""
    rule = value.rule
    low, high = bound_words(value, language)
    lines = [
        say(
            "{title}, on {day}: {level}.",
            title=Term(rule.title),
            day=value.day,
            level=level_words(value, language),
        )
    ]
    if value.interval is not None and value.high is None:
        lines.append(say("It is at least {low}; no upper bound is known.", low=low))
    elif value.interval is not None and not value.is_certain:
        lines.append(say("It lies between {low} and {high}.", low=low, high=high))
    lines += [value.why, *_notes(value)]
    if value.undisclosed:
        lines.append(
            say(
                "{count} of {considered} say nothing of their compute.",
                count=value.undisclosed,
                considered=value.considered,
            )
        )
    if rule.proxy is not None:
        lines.append(say("{proxy}", proxy=Term(rule.proxy)))
    return lines


def stands(value: MovingValue) -> Sentence:
    """Say where the rule of a value stands, and how sure that is."""
    return say(
        "The rule stands in {reference} ({mark:term}).",
        reference=value.rule.reference,
        mark=value.rule.mark.value,
    )


def _notes(value: MovingValue) -> list[Sentence]:
    """Return what to know of a value; how the lab bounds figures counts where models are used."""
    if not value.models:
        return list(value.notes)
    bounds = say(
        "A figure for which no bounds are stated has those of its label of confidence"
        " ({settings}).",
        settings=UNCERTAINTY,
    )
    return [*value.notes, bounds]


def picture_words(found: Series, language: Language) -> tuple[str, str]:
    """Return the title of a picture of a series, and what it shows in a sentence."""
    title = title_of(found.moving.rule.title, language)
    having = [one for one in found.steps if one.value.interval is not None]
    if not having:
        sentence = say("The threshold has no value in these days.")
    else:
        first, last = having[0], having[-1]
        sentence = say(
            "From {first} to {last}: {start} on {first_day}, {end} on {last_day}.",
            first=found.first,
            last=found.last,
            start=level_words(first.value, language),
            first_day=first.first,
            end=level_words(last.value, language),
            last_day=last.last,
        )
    if any(one.value.high is None for one in having):
        sentence = say(
            "{sentence} Models that state no compute could raise it: it has no upper bound.",
            sentence=sentence,
        )
    return title, sentence.text(language)


def rule_lines(document: Mapping[str, Any], language: Language) -> list[str]:
    """Return what a rule is besides its parameters, as lines."""
    lines = [
        document["title"][language.value],
        f"{term('moving_' + document['form'], language)},"
        f" {term(document['comparator'], language)}, {document['unit']}",
        f"{document['reference']} ({term(document['mark'], language)})",
    ]
    if document["proxy"] is not None:
        lines.append(document["proxy"][language.value])
    named = [document["data_set"], *document["of"]]
    return lines + [one for one in named if one is not None]


def shortened(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step with few digits, for a table."""
    short = {
        name: None if row[name] is None else _short(whole(Fraction(row[name])))
        for name in ("value", "low", "high")
    }
    return {**row, **short}


def title_of(title: Named, language: Language) -> str:
    """Return a title in a language."""
    return title.zh if language is Language.ZH else title.en


def level_words(value: MovingValue, language: Language) -> str:
    """Write a level with its comparator and unit, or that there is none."""
    if value.value is None:
        return phrase("no value", language)
    words = _words(value.value, value.rule.unit, language)
    return f"{term(value.rule.comparator.value, language)} {words}"


def bound_words(value: MovingValue, language: Language) -> tuple[str, str]:
    """Write the low and the high bound; an upper bound that is not known is said to be none."""
    if value.interval is None:
        return "", ""
    unit = value.rule.unit
    if value.high is None:
        return _words(value.low, unit, language), phrase("no upper bound", language)
    return _words(value.low, unit, language), _words(value.high, unit, language)


def _cited(one: InForce, language: Language) -> str:
    sentence = say(
        "{reference} ({mark:term})", reference=one.dated.reference, mark=one.dated.mark.value
    )
    return sentence.text(language)


def _words(value: Exact | None, unit: str, language: Language) -> str:
    if value is None:
        return phrase("no value", language)
    return f"{_short(value)} {unit_words(unit)}".rstrip()


def _short(value: Exact) -> str:
    """Write a figure with all its digits where they are few, else rounded and marked so.

    >>> _short(10**26), _short(353797537975080000442863504)
    ('1e26', '≈ 3.538e26')
    """
    words = exact_words(value)
    if len(words) <= _MOST_SIGNS and "/" not in words:
        return words
    return f"≈ {scientific(value, _DIGITS)}"


def _head(rule: MovingRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": {"en": rule.title.en, "zh": rule.title.zh},
        "instrument": rule.instrument,
        "form": rule.form.value,
        "comparator": rule.comparator.value,
        "unit": rule.unit,
        "data_set": rule.data_set,
        "reference": rule.reference,
        "mark": rule.mark.value,
        "proxy": None if rule.proxy is None else {"en": rule.proxy.en, "zh": rule.proxy.zh},
    }


def _brief(value: MovingValue, language: Language) -> dict[str, Any]:
    return {
        "as_of": value.day.isoformat(),
        "known_on": None if value.known_on is None else value.known_on.isoformat(),
        **_figures(value),
        "why": value.why.text(language),
    }


def _figures(value: MovingValue) -> dict[str, Any]:
    interval = value.interval
    return {
        "value": _text(value.value),
        "low": _text(value.low),
        "high": _text(value.high),
        "high_stated": None if interval is None else figure_text(interval.high_stated),
    }


def _text(value: Exact | None) -> str | None:
    return None if value is None else figure_text(value)


def _declared(parameter: Parameter) -> dict[str, Any]:
    return {
        "id": parameter.id,
        "unit": parameter.unit,
        "values": [
            {
                "from": "undated" if one.start is None else one.start.isoformat(),
                "value": value_text(one.value, parameter.unit),
                "reference": one.reference,
                "mark": one.mark.value,
                "known_from": None if one.known_from is None else one.known_from.isoformat(),
            }
            for one in parameter.values
        ],
    }


def _used(one: InForce) -> dict[str, Any]:
    return {
        "id": one.id,
        "value": value_text(one.dated.value, one.parameter.unit),
        "unit": one.parameter.unit,
        "from": "undated" if one.dated.start is None else one.dated.start.isoformat(),
        "reference": one.dated.reference,
        "mark": one.dated.mark.value,
    }


def _snapshot(one: SnapshotUsed) -> dict[str, Any]:
    return {
        "name": one.name,
        "known_on": one.known_on.isoformat(),
        "digest": one.digest,
        "source": one.source,
    }


def _model(one: ModelUsed) -> dict[str, Any]:
    model = one.model
    return {
        "place": one.place,
        "name": model.name,
        "developers": list(model.developers),
        "published": None if model.published is None else model.published.isoformat(),
        "flop": _text(one.central),
        "low": _text(model.low),
        "high": _text(model.high),
        "confidence": model.confidence,
    }
