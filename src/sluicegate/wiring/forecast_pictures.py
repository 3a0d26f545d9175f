"""Pictures of forecasts, joined to what draws them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Term, say, shown
from sluicegate.services.lab.forecast import Forecasts, headlines, middle_of
from sluicegate.services.lab.forecast_words import option_words

if TYPE_CHECKING:
    from sluicegate.adapters.pictures.forecast import FanPanel


def forecast_svg(
    found: Forecasts, language: Language, *, is_per_year: bool = False, stands_alone: bool = True
) -> str:
    """Draw a fan for each scenario and option, of all models so far or of each year's.

    A picture that stands alone brings its colours.
    """
    from sluicegate.adapters.pictures import Frame
    from sluicegate.adapters.pictures.forecast import forecast_picture

    title = say(
        "Models above each threshold to {year}, from {data}",
        year=str(found.assumed.last_year),
        data=found.snapshot.name,
    )
    frame = Frame(
        title.text(language), " ".join(_sentences(found, language)), "forecast", stands_alone
    )
    panels = list(_panels(found, language, is_per_year=is_per_year))
    across = len(panels) if len(found.scenarios) == 1 else len(found.scenarios[0].forecast.options)
    return forecast_picture(panels, frame, language, is_per_year=is_per_year, most_across=across)


def _sentences(found: Forecasts, language: Language) -> Iterator[str]:
    for scenario in found.scenarios:
        for option in scenario.forecast.options:
            name = option_words(option.option).text(language)
            for said in headlines(option, scenario.forecast.assumed, name):
                yield said.text(language)


def _panels(found: Forecasts, language: Language, *, is_per_year: bool) -> Iterator[FanPanel]:
    from sluicegate.adapters.pictures.forecast import FanPanel

    for scenario in found.scenarios:
        assumed = scenario.forecast.assumed
        title = shown(Term(scenario.title), language)
        for option in scenario.forecast.options:
            name = option_words(option.option).text(language)
            both = say("{name} ({scenario})", name=name, scenario=title).text(language)
            counts = [year.new if is_per_year else year.cumulative for year in option.years]
            yield FanPanel(
                name if len(found.scenarios) == 1 else both,
                [year.year for year in option.years],
                [min(one) for one in counts],
                [middle_of(assumed, one) for one in counts],
                [max(one) for one in counts],
                {
                    one.year: one.new if is_per_year else one.cumulative
                    for one in scenario.recorded.get(option.option.id, ())
                },
                assumed.paper_ends,
            )
