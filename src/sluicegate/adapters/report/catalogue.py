"""The fixed texts of the report, looked up by key in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from sluicegate.adapters.pictures import Language
from sluicegate.core.exact import load_yaml
from sluicegate.core.phrases import Language as Tongue
from sluicegate.core.problems import Problem
from sluicegate.rules.instruments import Title
from sluicegate.services import kept_words


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

    def named(self, subject: str) -> str:
        """Return the name of a subject in the language."""
        return kept_words.subject_name(subject, Tongue(self.language))

    def counted(self, calculation: str) -> str:
        """Return how a due day was counted, in the language."""
        return kept_words.calculation_text(calculation, Tongue(self.language))

    def refused(self, problem: Problem) -> str:
        """Return what is wrong with a row and what to do about it, in the language."""
        language = Tongue(self.language)
        if language is Tongue.EN:
            return str(problem)
        said = kept_words.problem_text(problem.problem, language)
        way_out = kept_words.way_out_text(problem.way_out, language)
        line = "" if problem.line is None else f":{problem.line}"
        field = f" {problem.field}" if problem.field else ""
        return f"{problem.file}{line}{field}：{said}；{way_out}"

    def joined(self, parts: list[str]) -> str:
        """Return parts as a list in one sentence."""
        return self("comma").join(parts)
