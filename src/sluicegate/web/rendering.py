"""Templates with the words, labels and figures of one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sluicegate import __version__
from sluicegate.core.phrases import Language, chinese_phrases, term, terms
from sluicegate.core.quantities import percent
from sluicegate.core.reasons import Named, Sentence
from sluicegate.rules.instruments import Title
from sluicegate.rules.showing import figure_words, titled
from sluicegate.services import kept_words
from sluicegate.services.access.actions import Action
from sluicegate.services.findings import Certainty
from sluicegate.web.assets import asset_url
from sluicegate.web.language import Words, words_of


def render(template: str, language: Language, context: Mapping[str, Any]) -> str:
    """Return a template in a language, as text."""
    return environment(language).get_template(template).render(context)


@cache
def environment(language: Language) -> Environment:
    """Return the templates of a language; whatever a template is given is escaped."""
    words = words_of(language)
    made = Environment(
        loader=PackageLoader("sluicegate.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds its methods at run time, which no type says.
    made.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )
    made.globals["ngettext"] = _counted(words)
    made.globals.update(asset=asset_url, words=words, version=__version__, actions=Action)
    made.filters.update(_filters(words))
    made.tests["sentence"] = lambda value: isinstance(value, Sentence)
    made.tests["day"] = _is_day
    return made


def _is_day(value: object) -> bool:
    """Say whether a field of days can hold a value, which is a day or text."""
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


@cache
def _english_labels() -> frozenset[str]:
    return frozenset(label["en"] for label in terms().values())


def _counted(words: Words) -> Callable[..., Markup]:
    """Return what tells a count in a sentence, with the groups of digits of the language."""

    def counted(one: str, many: str, count: int, **values: object) -> Markup:
        text = words.ngettext(one, many, count).replace("%(num)d", "%(num)s")
        return Markup(text) % {"num": words.number(count), **values}

    return counted


def _filters(words: Words) -> dict[str, Any]:
    language = words.language

    def label(code: object) -> str:
        return term(str(getattr(code, "value", code)), language)

    def said(value: object) -> str:
        return words.dated(value.text(language) if isinstance(value, Sentence) else str(value))

    def title(value: Named) -> str:
        return titled(Title(value.en, value.zh), language)

    def capital(text: object) -> str:
        """Begin with a capital letter and leave the rest, such as US or FLOP, as it is."""
        words = str(text)
        return words[:1].upper() + words[1:]

    def heading(text: str) -> str:
        """Begin a label with a capital letter; a name or an id, which no vocabulary has, stays."""
        return capital(text) if text in chinese_phrases() or text in _english_labels() else text

    def in_language(told: Callable[[str, Language], str]) -> Callable[[str], str]:
        return lambda text: told(text, language)

    return {
        "subject_name": in_language(kept_words.subject_name),
        "problem": in_language(kept_words.problem_text),
        "way_out": in_language(kept_words.way_out_text),
        "message": in_language(kept_words.message_text),
        "label": label,
        "certainty": lambda code: Certainty(code).label(language),
        "capital": capital,
        "heading": heading,
        "said": said,
        "title_of": title,
        "day": words.day,
        "dated": words.dated,
        "moment": words.moment,
        "number": words.number,
        "percent": percent,
        "figure": figure_words,
        "svg": Markup,
    }
