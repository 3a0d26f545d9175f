"""What trying thresholds shows, in sentences: whom it catches, whom it burdens, how to move it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sluicegate.core.exact import decimal_text
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, Term, say
from sluicegate.frontier.lab.edge import YearFrontier, growth_a_year
from sluicegate.frontier.lab.options import Option
from sluicegate.frontier.lab.results import OptionResult
from sluicegate.rules.comparators import Comparator
from sluicegate.services.lab.threshold import Tried

_MOST_NAMED = 12
_LEAST_SPAN = 365
"""Growth a year is said of no shorter time, in days."""


def about_the_data(tried: Tried) -> tuple[Sentence, ...]:
    """Say what was asked of, and what the answer cannot know."""
    snapshot, question, result = tried.snapshot, tried.question, tried.result
    until = snapshot.until(question.as_of)
    stated = sum(one.compute is not None for one in until)
    said = [
        say(
            "{name}, as known on {known}: {models} published by {day}, with the compute of {stated}"
            " stated.",
            name=snapshot.name,
            known=snapshot.known_on,
            models=counted_models(len(until)),
            day=question.as_of,
            stated=stated,
        )
    ]
    if snapshot.known_on > question.as_of:
        said.append(
            say(
                "The data became known after {day}: nobody could have answered so on that day.",
                day=question.as_of,
            )
        )
    if result.undated:
        said.append(
            say(
                "Left out without a day of publication: {models}.",
                models=counted_models(result.undated),
            )
        )
    if tried.question.is_as_if and tried.question.moving:
        said.append(
            say("Rules that move are taken as if they had held, and been known, all the time.")
        )
    said += [
        say(
            "The data set {name}, on which a rule rests, is not here; the one tried stands in"
            " for it.",
            name=name,
        )
        for name in tried.lent
    ]
    return tuple(said)


def about_the_frontier(tried: Tried) -> tuple[Sentence, ...]:
    """Say where the frontier is, how fast it moves, and which threshold would fit it."""
    years = [one for one in tried.result.frontier if one.largest is not None]
    if not years:
        return (say("No model of the data set states its compute by then."),)
    last = years[-1]
    said = [
        say(
            "On {day} the largest known run has {largest:sci} FLOP; a model is at the frontier"
            " from {level:sci} FLOP, {share:percent} of it.",
            day=last.until,
            largest=last.largest,
            level=last.level,
            share=tried.assumed.frontier_share,
        )
    ]
    said += _growth(years)
    said += [_fitting(one) for one in years[-2:]]
    return tuple(said)


def _growth(years: Sequence[YearFrontier]) -> Iterator[Sentence]:
    first, last = years[0], years[-1]
    days = (last.until - first.until).days
    if first.largest is None or last.largest is None or days < _LEAST_SPAN:
        return
    times = growth_a_year(first.largest, last.largest, days)
    yield say(
        "From {first} to {last} the largest known run grew {times} times a year; a threshold"
        " that keeps its place against the frontier has to rise as fast.",
        first=first.until,
        last=last.until,
        times=f"{times:.2g}",
    )


def _fitting(one: YearFrontier) -> Sentence:
    """Say between which levels a threshold of a year missed nothing and burdened nobody."""
    values = {"year": str(one.year), "least": one.least_frontier, "other": one.largest_other}
    if one.least_frontier is None:
        return say("{year}: no model at the frontier came out that states its compute.", **values)
    if one.largest_other is None:
        return say(
            "{year}: a threshold below {least:sci} FLOP would have missed no frontier model; none"
            " would have burdened a developer away from the frontier.",
            **values,
        )
    if one.largest_other < one.least_frontier:
        return say(
            "{year}: a threshold between {other:sci} and {least:sci} FLOP would have missed no"
            " frontier model and burdened no developer away from the frontier.",
            **values,
        )
    return say(
        "{year}: no single threshold does both: below {least:sci} FLOP it misses no frontier"
        " model, above {other:sci} FLOP it burdens no developer away from the frontier.",
        **values,
    )


def label_of(option: Option) -> Sentence:
    """Say what an option is, for headings."""
    if option.title is not None:
        return say("{title} ({rule})", title=Term(option.title), rule=option.id)
    symbol = option.comparator.symbol.replace(">=", "≥")
    return say("{symbol} {level} FLOP", symbol=symbol, level=option.id)


def about_option(tried: Tried, one: OptionResult) -> tuple[Sentence, ...]:
    """Say what one option does: caught, burdened, missed, uncertain, split, and where it stands."""
    return (
        *_caught(tried, one),
        *_without_value(one),
        *([_burdened(one)] if one.caught else []),
        _missed(one),
        _uncertain(one),
        *_split(tried, one),
        *_place(tried, one),
    )


def _caught(tried: Tried, one: OptionResult) -> Iterator[Sentence]:
    values = {
        "level": one.level.value,
        "rule": one.option.id,
        "models": counted_models(len(one.caught)),
        "developers": _developers(len(one.developers)),
        "when": _when(tried),
        "names": _few(one.developers),
    }
    if one.option.is_moving:
        if one.level.value is None:
            yield say("{rule} has no value on the day asked about.", **values)
        else:
            yield say("{rule} stands at {level:sci} FLOP on the day asked about.", **values)
        if one.caught:
            yield say(
                "It would have caught {models} of {developers} {when}: {names}.",
                **values,
            )
        else:
            yield say("It would have caught no model {when}.", **values)
    elif one.option.comparator is Comparator.AT_LEAST:
        yield _caught_from(one, values)
    elif one.caught:
        yield say(
            "Above {level:sci} FLOP it would have caught {models} of {developers} {when}: {names}.",
            **values,
        )
    else:
        yield say("Above {level:sci} FLOP it would have caught no model {when}.", **values)


def _caught_from(one: OptionResult, values: Mapping[str, Any]) -> Sentence:
    """Say what a threshold catches that reaching it passes."""
    if one.caught:
        return say(
            "At {level:sci} FLOP or above it would have caught {models} of {developers} {when}:"
            " {names}.",
            **values,
        )
    return say("At {level:sci} FLOP or above it would have caught no model {when}.", **values)


def _when(tried: Tried) -> Sentence:
    """Return the years asked about, for the end of a sentence."""
    first, last = tried.question.years[0], tried.question.years[-1]
    if first == last:
        return say("in {year}", year=str(first))
    return say("from {first} to {last}", first=str(first), last=str(last))


def counted_models(count: int) -> Sentence:
    """Return a number of models in words."""
    return say("{count} model", count=count) if count == 1 else say("{count} models", count=count)


def _developers(count: int) -> Sentence:
    if count == 1:
        return say("{count} developer", count=count)
    return say("{count} developers", count=count)


def _without_value(one: OptionResult) -> Iterator[Sentence]:
    """Say in which years a threshold that moves has no value yet."""
    years = [str(year.year) for year in one.years if year.level.value is None]
    if years:
        yield say(
            "At the end of these years it has no value, and nothing is caught: {years}.",
            years=years,
        )


def _burdened(one: OptionResult) -> Sentence:
    names = tuple(dict.fromkeys(each.developer for each in one.burdened))
    if not names:
        return say("Every developer caught was at the frontier at the end of that year.")
    return say(
        "It would have burdened developers that were not at the frontier at the end of the year"
        " ({count}): {names}.",
        count=len(names),
        names=_few(names),
    )


def _missed(one: OptionResult) -> Sentence:
    below, unknown = len(one.missed), len(one.missed_unknown)
    if not below and not unknown:
        return say("It would have missed no model at the frontier.")
    return say(
        "At the frontier it would have missed {below} below it, and {unknown} likely to be there"
        " without a figure of compute.",
        below=counted_models(below),
        unknown=counted_models(unknown),
    )


def _uncertain(one: OptionResult) -> Sentence:
    certain = sum(year.certain for year in one.years)
    possible = sum(year.possible for year in one.years)
    unknown = sum(year.unknown for year in one.years)
    return say(
        "Caught even at the low bound of the compute: {certain}. Not caught, but above it at the"
        " high bound: {possible}. Without a figure of compute: {unknown}.",
        certain=counted_models(certain),
        possible=counted_models(possible),
        unknown=counted_models(unknown),
    )


def _split(tried: Tried, one: OptionResult) -> Iterator[Sentence]:
    split = one.splitting
    if split.median_pieces is not None and split.most_pieces is not None:
        yield say(
            "To stay below, half of the caught runs need at most {median} pieces, with"
            " {extra:percent} more compute, and the largest {most} pieces, where {loss:percent}"
            " is lost with every doubling.",
            median=split.median_pieces,
            extra=split.median_extra,
            most=split.most_pieces,
            loss=tried.assumed.loss,
        )
    freed = [way for way in split.ways if way.escaped]
    if freed:
        way = freed[0]
        yield say(
            "Of the models caught, {escaped} would escape a count run by run if split into"
            " {pieces}. Adding up a group of affiliates catches them where the pieces stay in the"
            " group; counting over the causal graph catches them whoever trained the pieces.",
            pieces=way.pieces,
            escaped=way.escaped,
        )
    if split.derived:
        yield say(
            "Counting over the causal graph also catches models that come from a caught one:"
            " {names}.",
            names=_few([model.name for model in split.derived]),
        )
    if split.added_up:
        yield say(
            "Adding up all models of a developer in the last year would also catch: {names}.",
            names=_few(split.added_up),
        )


def _place(tried: Tried, one: OptionResult) -> Iterator[Sentence]:
    """Say where the option stands against the frontier now, and which way it would have to move."""
    last = tried.result.frontier[-1]
    if one.level.value is None or last.level is None or last.largest is None:
        return
    values = {
        "day": last.until,
        "times": _times(one.level.value, last.level),
        "below": _times(last.level, one.level.value),
        "level": last.level,
    }
    if one.level.value > last.largest:
        yield say(
            "On {day} it stands above the largest known run and catches nothing that is known; it"
            " has to come down below {level:sci} FLOP to catch every frontier model.",
            **values,
        )
    elif one.level.value > last.level:
        yield say(
            "On {day} it is {times} times the lower edge of the frontier: models"
            " between the two are missed. Below {level:sci} FLOP it would miss none.",
            **values,
        )
    elif one.level.value == last.level:
        yield say("On {day} it stands at the lower edge of the frontier.", **values)
    else:
        yield say(
            "On {day} it is below the lower edge of the frontier, which is {below} times as high:"
            " it also catches models away from it. At {level:sci} FLOP it would catch the frontier"
            " only.",
            **values,
        )


def _times(one: Exact, other: Exact) -> str:
    """Return how many times one figure is another, with two digits."""
    ratio = Fraction(one) / Fraction(other)
    return decimal_text(round(ratio, 1) if ratio < 10 else Fraction(round(ratio)), 6)


def _few(names: Sequence[str]) -> Sentence | list[str]:
    """Return names for a sentence, a long list cut with how many more there are."""
    if len(names) <= _MOST_NAMED:
        return list(names)
    rest = len(names) - _MOST_NAMED
    return say("{names} and {rest} more", names=list(names[:_MOST_NAMED]), rest=rest)
