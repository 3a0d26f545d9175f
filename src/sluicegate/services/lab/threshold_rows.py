"""What trying thresholds gives, as documents and rows; figures as decimal text."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

from sluicegate.core.exact import decimal_text
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, whole
from sluicegate.frontier.lab.edge import YearFrontier
from sluicegate.frontier.lab.options import Level
from sluicegate.frontier.lab.results import (
    BurdenedDeveloper,
    CaughtModel,
    MissedModel,
    OptionResult,
    YearResult,
)
from sluicegate.registry.columns import figure_text
from sluicegate.services.lab.threshold import Tried
from sluicegate.services.lab.threshold_words import (
    about_option,
    about_the_data,
    about_the_frontier,
)


class Rows(Enum):
    """Which rows of an answer are wanted."""

    OPTIONS = "options"
    YEARS = "years"
    MODELS = "models"
    BURDENED = "burdened"
    MISSED = "missed"
    SPLITTING = "splitting"


COLUMNS: Mapping[Rows, tuple[str, ...]] = {
    Rows.OPTIONS: (
        *("option", "level", "caught", "certain", "possible", "developers", "burdened"),
        *("missed", "missed_unknown", "median_pieces", "most_pieces"),
    ),
    Rows.YEARS: (
        "option",
        "year",
        "level",
        "models",
        "with_compute",
        "caught",
        "certain",
        "possible",
        "unknown",
        "cumulative",
        "developers",
        "burdened",
        "frontier",
        "missed",
        "missed_unknown",
    ),
    Rows.MODELS: (
        "option",
        "model",
        "developers",
        "published",
        "flop",
        "confidence",
        "standing",
        "frontier",
        "pieces",
        "extra",
    ),
    Rows.BURDENED: ("option", "developer", "year", "models", "largest", "frontier_level"),
    Rows.MISSED: ("option", "model", "developers", "published", "flop", "level"),
    Rows.SPLITTING: ("option", "pieces", "escaped", "caught", "within_group", "by_causes"),
}


SHORT: tuple[str, ...] = (
    *("option", "year", "level", "caught", "cumulative", "developers", "burdened"),
    *("frontier", "missed", "missed_unknown"),
)
"""The columns of years that fit a terminal; files have all of them."""


def rows_of(tried: Tried, wanted: Rows) -> list[dict[str, Any]]:
    """Return rows of all options, one after another."""
    made = {
        Rows.OPTIONS: lambda one: [option_row(one)],
        Rows.YEARS: lambda one: [year_row(year) for year in one.years],
        Rows.MODELS: lambda one: [model_row(model) for model in one.caught],
        Rows.BURDENED: lambda one: [burdened_row(each) for each in one.burdened],
        Rows.MISSED: lambda one: [missed_row(each) for each in (*one.missed, *one.missed_unknown)],
        Rows.SPLITTING: _split_rows,
    }[wanted]
    return [{"option": one.option.id, **row} for one in tried.result.options for row in made(one)]


def document(tried: Tried, language: Language = Language.EN) -> dict[str, Any]:
    """Return everything as a document."""
    question, snapshot = tried.question, tried.snapshot
    return {
        "data": {
            "name": snapshot.name,
            "known_on": snapshot.known_on.isoformat(),
            "digest": snapshot.digest,
            "source": snapshot.source,
            "models": len(snapshot.models),
            "undated": tried.result.undated,
        },
        "as_of": question.as_of.isoformat(),
        "years": list(question.years),
        "as_if_always": question.is_as_if,
        "assumed": {
            "frontier_share": figure_text(tried.assumed.frontier_share),
            "factors": {
                **{label: figure_text(value) for label, value in tried.assumed.factors.items()},
                "unlabelled": figure_text(tried.assumed.unlabelled),
            },
            "splitting_loss": figure_text(tried.assumed.loss),
        },
        "said": [
            one.text(language) for one in (*about_the_data(tried), *about_the_frontier(tried))
        ],
        "frontier": [frontier_row(one) for one in tried.result.frontier],
        "options": [_option(tried, one, language) for one in tried.result.options],
    }


def _option(tried: Tried, one: OptionResult, language: Language) -> dict[str, Any]:
    return {
        "option": one.option.id,
        "comparator": one.option.comparator.value,
        "moving": one.option.is_moving,
        "level": _level(one.level),
        "said": [each.text(language) for each in about_option(tried, one)],
        "years": [year_row(year) for year in one.years],
        "caught": [model_row(model) for model in one.caught],
        "burdened": [burdened_row(each) for each in one.burdened],
        "missed": [missed_row(each) for each in (*one.missed, *one.missed_unknown)],
        "splitting": {
            "ways": _split_rows(one),
            "median_pieces": one.splitting.median_pieces,
            "most_pieces": one.splitting.most_pieces,
            "median_extra": _share(one.splitting.median_extra),
            "derived": [model.name for model in one.splitting.derived],
            "added_up": list(one.splitting.added_up),
        },
    }


def option_row(one: OptionResult) -> dict[str, Any]:
    """Return what an option does in all the years asked about, to set it beside others."""
    return {
        "level": _text(one.level.value),
        "caught": len(one.caught),
        "certain": sum(year.certain for year in one.years),
        "possible": sum(year.possible for year in one.years),
        "developers": len(one.developers),
        "burdened": len({each.developer for each in one.burdened}),
        "missed": len(one.missed),
        "missed_unknown": len(one.missed_unknown),
        "median_pieces": one.splitting.median_pieces,
        "most_pieces": one.splitting.most_pieces,
    }


def year_row(one: YearResult) -> dict[str, Any]:
    """Return what an option does in a year."""
    return {
        "year": one.year,
        "until": one.until.isoformat(),
        "level": _text(one.level.value),
        "models": one.models,
        "with_compute": one.with_compute,
        "caught": one.caught,
        "certain": one.certain,
        "possible": one.possible,
        "unknown": one.unknown,
        "cumulative": one.cumulative,
        "developers": len(one.developers),
        "burdened": len(one.burdened),
        "frontier": one.frontier,
        "missed": len(one.missed),
        "missed_unknown": len(one.missed_unknown),
    }


def frontier_row(one: YearFrontier) -> dict[str, Any]:
    """Return the frontier of a year."""
    return {
        "year": one.year,
        "until": one.until.isoformat(),
        "largest": _text(one.largest),
        "level": _text(one.level),
        "models": one.models,
        "least_frontier": _text(one.least_frontier),
        "largest_other": _text(one.largest_other),
    }


def model_row(one: CaughtModel) -> dict[str, Any]:
    """Return a caught model."""
    return {
        "model": one.model.name,
        "developers": list(one.model.developers),
        "published": one.day.isoformat(),
        "flop": _text(one.model.low if one.model.compute is None else one.model.compute),
        "confidence": one.model.confidence,
        "standing": one.standing.value,
        "frontier": one.is_frontier,
        "pieces": None if one.split is None else one.split.pieces,
        "extra": None if one.split is None else _share(one.split.extra),
    }


def missed_row(one: MissedModel) -> dict[str, Any]:
    """Return a missed model; `flop` is null where nothing is known of it."""
    return {
        "model": one.model.name,
        "developers": list(one.model.developers),
        "published": one.day.isoformat(),
        "flop": _text(one.compute),
        "level": _text(one.level.value),
    }


def burdened_row(one: BurdenedDeveloper) -> dict[str, Any]:
    """Return a burdened developer."""
    return {
        "developer": one.developer,
        "year": one.year,
        "models": one.models,
        "largest": _text(one.largest),
        "frontier_level": _text(one.frontier_level),
    }


def _split_rows(one: OptionResult) -> list[dict[str, Any]]:
    return [
        {
            "pieces": way.pieces,
            "escaped": way.escaped,
            "caught": len(one.caught),
            "within_group": way.within_group,
            "by_causes": way.by_causes,
        }
        for way in one.splitting.ways
    ]


def _level(level: Level) -> dict[str, str | None]:
    return {"value": _text(level.value), "low": _text(level.low), "high": _text(level.high)}


def _share(value: Exact | None) -> str | None:
    """Return a share with six digits: one of splitting has no end as decimal text."""
    return None if value is None else decimal_text(Fraction(value), 6)


def _text(value: Exact | None) -> str | None:
    return None if value is None else figure_text(whole(value))
