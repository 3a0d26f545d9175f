"""A consultation as one HTML page that needs nothing outside itself, and prints."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sluicegate.adapters.consultation.words import WORDS, between
from sluicegate.core.phrases import Language, term
from sluicegate.core.quantities import parse_decimal, scientific
from sluicegate.frontier.consultation import Outcome, Party, Stage
from sluicegate.services.consultation.exporting import Published

_CODES = {kind: {one.value: one.code for one in kind} for kind in (Party, Outcome, Stage)}


def consultation_page(made: Published, language: Language = Language.EN) -> str:
    """Return the page of what is published, with its words in a language.

    Its own policy forbids scripts, frames and every address.
    """
    style = _style()
    return (
        _environment()
        .get_template("consultation.html.j2")
        .render(
            document=made.document,
            digest=made.digest,
            language="zh-Hans" if language is Language.ZH else "en",
            title=made.document["title"]["zh" if language is Language.ZH else "en"],
            word=lambda name: WORDS[name].text(language),
            between=lambda earlier, later: between(earlier, later).text(language),
            party=lambda code: term(_CODES[Party][code], language),
            outcome=lambda code: term(_CODES[Outcome][code], language),
            stage=lambda code: term(_CODES[Stage][code], language),
            comparator=lambda code: term(code, language),
            figure=lambda text: scientific(parse_decimal(text)),
            style=Markup(style),
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )


@lru_cache(maxsize=1)
def _style() -> str:
    path = files("sluicegate.adapters.consultation") / "templates" / "consultation.css"
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sluicegate.adapters.consultation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
