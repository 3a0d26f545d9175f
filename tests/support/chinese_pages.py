"""What a page in Chinese may show in Latin letters, and what it shows besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from dossier_paths import names
from principals import NAMES
from sluicegate.core.exact import load_yaml
from sluicegate.core.phrases import chinese_phrases, terms
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.specifications import specifications

SHOWN = """
() => {
  const LEFT_OUT = ["SCRIPT", "STYLE", "CODE", "KBD", "DATALIST", "SVG", "CITE"];
  const kept = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { kept.push(node.textContent); return; }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (LEFT_OUT.includes(node.tagName.toUpperCase())) return;
    const language = node.getAttribute("lang");
    if (language !== null && node.tagName !== "HTML" && language !== "zh-Hans") return;
    for (const name of ["aria-label", "placeholder", "title", "alt"]) {
      if (node.hasAttribute(name)) kept.push(node.getAttribute(name));
    }
    for (const child of node.childNodes) walk(child);
  };
  walk(document.body);
  kept.push(document.title);
  return kept.join("\\n");
}
"""
"""Everything that a page shows or reads out, without what it marks as of no or another language."""

WORD = re.compile(r"[A-Za-z][A-Za-z]+")
CODE = re.compile(
    r"[\w-]*[._][\w.-]*\w"
    r"|[0-9a-f]{8}-[0-9a-f-]{27}"
    r"|[\d.]+e\d+"
    r"|[（(][A-Z]{2}(?:-[A-Z]{2,3})?[)）]"
    r"|\b[A-Z]{2,}[\d.a-z]*\b"
    r"|\b[A-Za-z]+\d[\w.]*"
    r"|\b[a-z]+-[a-z\d-]*\d[a-z\d-]*"
)
"""Ids, figures, codes of countries, and acronyms, which both languages write alike."""


def _chinese_texts(value: object) -> Iterator[str]:
    """Yield every text that a data file gives as Chinese, at any depth."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key == "zh" and isinstance(part, str):
                yield part
            elif key == "zh" and isinstance(part, list):
                yield from (str(one) for one in part)
            else:
                yield from _chinese_texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _chinese_texts(part)


def _data_texts() -> Iterator[str]:
    for path in (
        *DATA.glob("rules/*/*.yaml"),
        *DATA.glob("questions/*.yaml"),
        DATA / "vocabularies/lists.yaml",
    ):
        yield from _chinese_texts(load_yaml(path.read_text(encoding="utf-8")))
    yield from (label["zh"] for label in terms().values())
    yield from chinese_phrases().values()


DATA = Path(__file__).resolve().parents[2] / "src" / "sluicegate" / "data"
OTHERS = ("Nils Abara", "Mira Okonwo", "mossbank", "registry")
"""People whom other tests let in, a cluster of the tiny world, and a data set of every node."""
WRITTEN_ALIKE = frozenset(
    {
        *("Sluicegate", "English", "https", "Tab", "ms", "KiB", "MiB"),
        *(part for name in (*NAMES.values(), *OTHERS) for part in WORD.findall(name)),
        *(part for name in names() for part in WORD.findall(name)),
        *(part for text in _data_texts() for part in WORD.findall(text)),
    }
)
"""Names, and what Chinese texts of the data write in Latin letters on purpose."""


@lru_cache(maxsize=1)
def references() -> list[str]:
    """Return every place in a text that the rules name, the longest first."""
    book = shipped_book()
    found = {one.citation for one in book.instruments.values()}
    found |= {dated.reference for one in book.parameters.values() for dated in one.values}
    found |= {status.reference for one in book.instruments.values() for status in one.statuses}
    found |= {one.reference for one in book.obligations.values()}
    found |= {text for spec in specifications().values() for text in spec.citations}
    return sorted(found - {""}, key=len, reverse=True)


def english(text: str) -> set[str]:
    """Return the English words of a text that no Chinese page shows."""
    for reference in references():
        text = text.replace(reference, " ")
    return {word for word in WORD.findall(CODE.sub(" ", text)) if word not in WRITTEN_ALIKE}
