"""The language of a page: which one, its words, and dates and numbers as it writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup

from sluicegate.core.phrases import Language

_LOCALES = {Language.EN: "en_GB", Language.ZH: "zh_Hans_CN"}
_TAGS = {Language.EN: "en", Language.ZH: "zh-Hans"}
_AVAILABLE = {"en": Language.EN, "zh": Language.ZH}
_ISO_DAY = re.compile(
    r"(?<![A-Za-z0-9@_./:-])(?<!e\.g\. )(?<!such as )(?<!例如 )(?<!请按 )"
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![A-Za-z0-9_-])"
)
_LONGEST_HEADER = 400
_CACHED_DAYS = 4_096


@dataclass(frozen=True)
class Words:
    """The words of the console in one language, and how it writes dates and numbers.

    English stands in the templates; `singles` and `plurals` hold the translation
    of each text, by the text itself.
    """

    language: Language
    singles: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The language as the `lang` attribute names it."""
        return _TAGS[self.language]

    @property
    def locale(self) -> Locale:
        """The locale by which dates and numbers are written."""
        return _locale(self.language)

    def gettext(self, text: str) -> str:
        """Return a text of the console in this language."""
        return self.singles.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return a text for a count in this language."""
        found = self.plurals.get(one)
        if found is None:
            return one if count == 1 else many
        return found[0] if len(found) == 1 or count == 1 else found[1]

    def day(self, value: date | None) -> Markup | str:
        """Write a day, with its ISO form for programs; a dash for none."""
        if value is None:
            return "–"
        return _marked_day(value.isoformat(), self.plain_day(value))

    def plain_day(self, value: date) -> str:
        """Write a day for a sentence."""
        return _written_day(self.language, value.year, value.month, value.day)

    def moment(self, value: datetime | None) -> Markup | str:
        """Write an instant at its own offset, with its ISO form for programs."""
        if value is None:
            return "–"
        form = "y年M月d日 HH:mm" if self.language is Language.ZH else "d MMM y, HH:mm"
        shown = f"{format_datetime(value, form, locale=self.locale)} {_offset(value)}"
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), shown)

    def dated(self, text: str) -> str:
        """Return a sentence with its days as this language writes them; examples stay as typed.

        >>> Words(Language.EN).dated("It ends on 2026-03-01; write e.g. 2026-01-31.")
        'It ends on 1 Mar 2026; write e.g. 2026-01-31.'
        """
        return _ISO_DAY.sub(self._day_of, text)

    def _day_of(self, found: re.Match[str]) -> str:
        try:
            return self.plain_day(date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    def number(self, value: int) -> str:
        """Write a count with the groups of digits of this language."""
        return format_decimal(value, locale=self.locale)


def _offset(value: datetime) -> str:
    """Write how far a place is from UTC: "UTC", or such as "UTC+08:00"."""
    away = value.strftime("%z")
    return "UTC" if away in ("", "+0000", "-0000") else f"UTC{away[:3]}:{away[3:5]}"


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse(_LOCALES[language])


@lru_cache(maxsize=_CACHED_DAYS)
def _written_day(language: Language, year: int, month: int, day: int) -> str:
    return format_date(date(year, month, day), "medium", locale=_locale(language))


@lru_cache(maxsize=_CACHED_DAYS)
def _marked_day(iso: str, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(iso, shown)


@cache
def words_of(language: Language) -> Words:
    """Return the words of a language; English needs no catalogue."""
    if language is Language.EN:
        return Words(language)
    singles: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for message in read_po(BytesIO(catalogue_bytes()), locale="zh"):
        if not message.id:
            continue
        if isinstance(message.id, str):
            singles[message.id] = str(message.string)
        else:
            plurals[message.id[0]] = tuple(message.string or ())
    return Words(language, singles, plurals)


def catalogue_bytes() -> bytes:
    """Return the Chinese catalogue of the console as its file holds it."""
    folder = files("sluicegate") / "data" / "locale" / "zh" / "LC_MESSAGES"
    return (folder / "console.po").read_bytes()


def language_named(name: str | None) -> Language | None:
    """Return a language by its code, or None when there is no such language."""
    return _AVAILABLE.get(name or "")


def choose_language(account: Language | None, cookie: str | None, accepted: str | None) -> Language:
    """Choose by the account's setting, then the cookie, then what the browser asks for.

    >>> choose_language(None, None, "fr, zh-CN;q=0.8, en;q=0.5").value
    'zh'
    """
    chosen = account or language_named(cookie)
    if chosen is not None:
        return chosen
    wanted = [tag.replace("-", "_") for tag in _wanted(accepted or "")]
    found = negotiate_locale(wanted, ["en", "zh"])
    return _AVAILABLE.get((found or "en").split("_")[0], Language.EN)


def _wanted(header: str) -> list[str]:
    """Return the tags of an Accept-Language header, the most wanted first."""
    weighed = []
    for place, part in enumerate(header[:_LONGEST_HEADER].split(",")):
        tag, _, quality = part.strip().partition(";")
        weight = quality.strip().removeprefix("q=") or "1"
        if tag and weight not in ("0", "0.0", "0.00", "0.000"):
            weighed.append((weight[:5].ljust(5, "0"), -place, tag))
    return [tag.split("-")[0] for _, _, tag in sorted(weighed, reverse=True)]
