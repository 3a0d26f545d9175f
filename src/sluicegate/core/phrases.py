"""Words of the product in its languages: translated templates, and labels of codes.

English templates stand in the code that says them. `data/phrases/zh/<room>.yaml`
maps each to its Chinese form, with the same places for figures;
`data/vocabularies/terms.yaml` gives the label of every code (a field, a value
of a closed set, a role) in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from importlib.resources import files

from sluicegate.core.exact import load_yaml


class Language(Enum):
    """The languages of the product."""

    EN = "en"
    ZH = "zh"


@lru_cache(maxsize=1)
def chinese_phrases() -> Mapping[str, str]:
    """Return every English template with its Chinese form."""
    found: dict[str, str] = {}
    folder = files("sluicegate") / "data" / "phrases" / "zh"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        found.update(load_yaml(path.read_text(encoding="utf-8")) or {})
    return found


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Mapping[str, str]]:
    """Return the labels of every code: code → language → label."""
    path = files("sluicegate") / "data" / "vocabularies" / "terms.yaml"
    found: Mapping[str, Mapping[str, str]] = load_yaml(path.read_text(encoding="utf-8"))
    return found


def phrase(template: str, language: Language) -> str:
    """Return a template in a language; English stands in where there is no translation."""
    return template if language is Language.EN else chinese_phrases().get(template, template)


def term(code: str, language: Language) -> str:
    """Return the label of a code; a code without one is shown with spaces.

    >>> term("no_such_code", Language.EN)
    'no such code'
    """
    labels = terms().get(code)
    return code.replace("_", " ") if labels is None else labels[language.value]
