"""The fixed texts of the report, looked up by key in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from sluicegate.adapters.pictures import Language
from sluicegate.core.exact import load_yaml
from sluicegate.rules.instruments import Title


@lru_cache(maxsize=1)
def all_texts() -> Mapping[str, Mapping[str, str]]:
    """Return every text by key and language."""
    text = files("sluicegate.adapters.report").joinpath("texts.yaml").read_text("utf-8")
    loaded: Mapping[str, Mapping[str, str]] = load_yaml(text)
    return loaded


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language; a key that is missing is a bug and raises KeyError."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its places filled in.

        >>> Catalogue("en")("more_rows", shown=5, all=9, file="findings.csv")
        '5 of 9 rows are shown here; findings.csv holds all of them.'
        """
        return all_texts()[key][self.language].format_map(values)

    def word(self, group: str, value: str) -> str:
        """Return the word for a value of a set, or the value itself where there is none.

        >>> Catalogue("zh").word("kind", "run"), Catalogue("zh").word("who", "licensee")
        ('训练运行', 'licensee')
        """
        found = all_texts().get(f"{group}.{value}")
        return value if found is None else found[self.language]

    def title(self, title: Title) -> str:
        """Return a title in the language, or in the other where it has none."""
        chosen, other = (title.zh, title.en) if self.language == "zh" else (title.en, title.zh)
        return chosen or other

    def joined(self, parts: list[str]) -> str:
        """Return parts as a list in one sentence."""
        return self("comma").join(parts)
