"""Taking personal words out of texts: what stood there is replaced, the rest stays as it was."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sluicegate.core.exact import dump_json, load_json

ERASED_WORDS = "[erased]"
"""What stands for words other than a name."""


@dataclass(frozen=True)
class Redaction:
    """Words with what stands for each: a name becomes the id of who had it.

    Words are found whatever their case, as whole words where they begin or end
    with a letter or digit of Latin script, and anywhere in scripts that put no
    spaces between words. A single sign is left.

    >>> said = Redaction({"Idris Vantongeren": "c-1"})
    >>> said.text("Call Idris Vantongeren, not Idris Vantongerens")
    'Call c-1, not Idris Vantongerens'
    """

    words: Mapping[str, str]

    def text(self, text: str) -> str:
        """Return a text without the words."""
        return self._pattern.sub(self._stands_for, text) if self._known else text

    def document(self, text: str) -> str:
        """Return a JSON document without the words in any of its strings; its keys stay."""
        document = load_json(text)
        redacted = self._walked(document)
        return text if redacted == document else dump_json(redacted)

    def file(self, content: bytes) -> bytes:
        """Return a text file without the words, plain or as JSON and HTML write them.

        A file that is no UTF-8 text is returned as it is.
        """
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return content
        written = {
            form(word): stand_in
            for form in (str, _in_json, html.escape)
            for word, stand_in in self.words.items()
        }
        return Redaction(written).text(text).encode("utf-8")

    @cached_property
    def _known(self) -> Mapping[str, str]:
        plain = {word.strip().casefold(): stand_in for word, stand_in in self.words.items()}
        return {word: stand_in for word, stand_in in plain.items() if len(word) > 1}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._known, key=len, reverse=True)
        return re.compile("|".join(map(_whole, longest_first)), re.IGNORECASE)

    def _stands_for(self, found: re.Match[str]) -> str:
        return self._known.get(found.group().casefold(), ERASED_WORDS)

    def _walked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._walked(one) for one in value]
        if isinstance(value, dict):
            return {key: self._walked(one) for key, one in value.items()}
        return value


def _whole(word: str) -> str:
    """Return the pattern of a word that is not part of a longer one in Latin script."""
    before = r"(?<![0-9A-Za-z])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if word[-1].isascii() and word[-1].isalnum() else ""
    return f"{before}{re.escape(word)}{after}"


def _in_json(word: str) -> str:
    return dump_json(word)[1:-1]
