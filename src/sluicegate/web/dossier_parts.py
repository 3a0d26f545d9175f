"""Words, addresses and exports that the pages of findings, customers, groups and runs share."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Generic, TypedDict, TypeVar
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from sluicegate.core.calendars import parse_day
from sluicegate.core.cells import harmless
from sluicegate.core.phrases import Language, term
from sluicegate.core.quantities import Exact, percent, scientific, whole
from sluicegate.rules.countries import country_names
from sluicegate.rules.showing import titled
from sluicegate.services.findings import SubjectKind
from sluicegate.services.paging import MOST_ROWS, Page
from sluicegate.services.present.measured import read_figure
from sluicegate.web.case_parts import due_shown, place_named, rule_title
from sluicegate.web.visit import Visit

FLOP = "FLOP"
Row = TypeVar("Row")
Option = tuple[str, str]

_PLACES = {
    SubjectKind.CUSTOMER.value: "/customers/",
    SubjectKind.GROUP.value: "/groups/",
    SubjectKind.LINKED.value: "/links/",
    SubjectKind.RUN.value: "/runs/",
}


class BadQueryError(ValueError):
    """A part of an address that cannot be read: its name, and what is wrong with it."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(f"{name}: {message}")


class Facets(TypedDict):
    """The part of a filter that findings and obligations share."""

    jurisdictions: frozenset[str]
    rules: frozenset[str]
    subject_kinds: frozenset[str]
    customer_id: str | None


def facets_of(visit: Visit) -> Facets:
    """Return the shared part of the filter that the address gives."""
    return Facets(
        jurisdictions=chosen(visit, "jurisdiction"),
        rules=chosen(visit, "rule"),
        subject_kinds=chosen(visit, "subject_kind"),
        customer_id=visit.query.get("customer") or None,
    )


def chosen(visit: Visit, name: str) -> frozenset[str]:
    """Return the values that the address gives for a name."""
    return frozenset(filter(None, visit.query.getlist(name)))


def filter_text(visit: Visit) -> str:
    """Return the filter of a list as a query string, with its question mark."""
    whole = visit.url(cursor=None, trail=None)
    return whole[whole.index("?") :] if "?" in whole else ""


def address(kind: str, identifier: str) -> str:
    """Return where the page of a subject is; "" for a kind that has none.

    >>> address("run", "c-1/r 1?"), address("cluster", "k-1")
    ('/runs/c-1/r%201%3F', '')
    >>> address("model", "ln-1/m 1")
    '/lineages/ln-1/target?id=m%201'
    """
    if kind in (SubjectKind.MODEL.value, SubjectKind.OUTPUT.value):
        lineage, _, node = identifier.partition("/")
        return f"/lineages/{quote(lineage, safe='')}/target?id={quote(node, safe='')}"
    place = _PLACES.get(kind)
    return "" if place is None else place + quote(identifier, safe="/:@")


def amount(value: Exact | str | None) -> str:
    """Write an amount with a few digits; a dash for none.

    >>> amount("13000000000000000000000000"), amount(None)
    ('1.3e25', '–')
    """
    if value is None:
        return "–"
    return scientific(whole(read_figure(value) if isinstance(value, str) else value))


def times(value: Exact | str | None, limit: Exact | str | None) -> str:
    """Write how often a limit goes into an amount, rounded down so that it says no more.

    >>> times("12", "10"), times("25108", "10"), times(None, "10"), times("3", "0")
    ('1.20', '2,510.80', '–', '–')
    """
    if value is None or limit is None:
        return "–"
    top, bottom = (read_figure(one) if isinstance(one, str) else one for one in (value, limit))
    if not bottom:
        return "–"
    hundredths = int(Fraction(top) * 100 // Fraction(bottom))
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


def reached(share: str | None) -> str:
    """Write how much of a limit is reached: in percent up to it, in times of it above.

    >>> reached("0.85"), reached("2510.87"), reached(None)
    ('85 %', '2,510.8 ×', '–')
    """
    if share is None:
        return "–"
    value = Fraction(read_figure(share))
    if value <= 1:
        return percent(value)
    tenths = int(value * 10)
    return f"{tenths // 10:,}.{tenths % 10} ×"


def country_named(language: Language) -> Callable[[str | None], str]:
    """Return what names a country with its code."""
    names = country_names()

    def shown(code: str | None) -> str:
        if not code:
            return "–"
        known = names.get(code)
        return code if known is None else f"{titled(known, language)} ({code})"

    return shown


def dossier_words(visit: Visit) -> dict[str, Any]:
    """Return what names and writes things on every page about what was found and measured."""
    return {
        "due": due_shown(visit),
        "rule": rule_title(visit),
        "place": place_named(visit),
        "country": country_named(visit.language),
        "address": address,
        "amount": amount,
        "times": times,
        "reached": reached,
        "duty": lambda said: in_tongue(said, "duty", visit.language),
        "recipient": lambda said: in_tongue(said, "to", visit.language),
    }


def bound_names(visit: Visit) -> dict[str, str]:
    """Return the names of the four figures of an estimate."""
    return {
        "low": visit._("Low"),
        "central": visit._("Central"),
        "high": visit._("High"),
        "ceiling": visit._("Ceiling"),
    }


def in_tongue(said: Mapping[str, Any], name: str, language: Language) -> str:
    """Return a title that a document of the pass holds in both languages."""
    other = said.get(f"{name}_zh")
    return str(other) if language is Language.ZH and other else str(said[name])


def asked_day(visit: Visit, name: str) -> date | None:
    """Return a day that the address gives, or None. Raises BadQueryError."""
    text = visit.query.get(name, "").strip()
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        said = visit._("This is no day; write e.g. 2026-01-31.")
        raise BadQueryError(name, said) from error


def options(
    visit: Visit, counted: Mapping[str, int], chosen: Iterable[str], named: Callable[[str], str]
) -> list[Option]:
    """Return choices with how many rows each would give, in order of their names.

    What is chosen and would give none stays among them.
    """
    values = dict.fromkeys([*counted, *chosen])
    shown = [(one, f"{named(one)} ({visit.words.number(counted.get(one, 0))})") for one in values]
    return sorted(shown, key=lambda pair: pair[1])


def labelled(language: Language) -> Callable[[str], str]:
    """Return what labels a code."""
    return lambda code: term(code, language)


class Export(Generic[Row]):
    """A list as it stands as a file: every page of it, one after the other."""

    def __init__(
        self,
        name: str,
        columns: Sequence[str],
        read: Callable[[str | None, int], Page[Row]],
        document: Callable[[Row], Mapping[str, Any]],
    ) -> None:
        self._name = name
        self._columns = columns
        self._read = read
        self._document = document

    def as_file(self, ending: str) -> Response:
        """Return it as CSV or JSON, by the ending of the file."""
        return self.as_csv() if ending == "csv" else self.as_json()

    def as_csv(self) -> Response:
        """Return it as CSV, the names of the columns first; no cell runs as a formula."""
        return self._answer("csv", "text/csv; charset=utf-8", self._csv(self._rows()))

    def as_json(self) -> Response:
        """Return it as a list of JSON objects."""
        return self._answer("json", "application/json", self._json(self._rows()))

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        """Read the first page now, so that a fault of the filter shows before any byte."""
        first = self._read(None, MOST_ROWS)

        def rows() -> Iterator[Mapping[str, Any]]:
            page = first
            while True:
                yield from map(self._document, page.rows)
                if page.next_cursor is None:
                    return
                page = self._read(page.next_cursor, MOST_ROWS)

        return rows()

    def _csv(self, rows: Iterator[Mapping[str, Any]]) -> Iterator[str]:
        yield _line(self._columns)
        for row in rows:
            yield _line(_cell(row[name]) for name in self._columns)

    def _json(self, rows: Iterator[Mapping[str, Any]]) -> Iterator[str]:
        yield "["
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
        yield "\n]\n"

    def _answer(self, ending: str, media_type: str, lines: Iterator[str]) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{self._name}.{ending}"'}
        return StreamingResponse(lines, media_type=media_type, headers=headers)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(cells: Iterable[str]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return target.getvalue()
