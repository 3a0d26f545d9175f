"""Reading rule files: every mistake is collected with its file and line.

A rule file is data: it is read without tags, so loading one can run nothing.
The format is described in the guide on rule files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sluicegate.core.calendars import Period, PeriodUnit, parse_day
from sluicegate.core.exact import ExactTextError, load_yaml
from sluicegate.core.quantities import exact
from sluicegate.core.reasons import Mark
from sluicegate.rules.blocks import Block, RuleFile
from sluicegate.rules.book import RuleBook
from sluicegate.rules.consistency import inconsistencies
from sluicegate.rules.facts import shortened
from sluicegate.rules.instruments import (
    FIGURE_UNITS,
    PERIOD_UNITS,
    UNITS,
    Comparator,
    DatedValue,
    Enforcement,
    Instrument,
    Kind,
    Note,
    ObligationTemplate,
    Parameter,
    RuleFault,
    Status,
    TextState,
    Value,
)
from sluicegate.rules.moving_blocks import read_moving
from sluicegate.rules.places import Places
from sluicegate.rules.provision_blocks import read_provision
from sluicegate.rules.threshold_blocks import read_threshold

LOCAL_PREFIX = "local."
LONGEST_PERIOD = 100_000
"""The longest period, in its own unit."""

LARGEST = 2_000_000
"""Bytes of the largest rule file that is read; the texts of law are a hundredth of it."""

_WAYS_OUT = {
    "share": "give a part of one: a quarter is '0.25'",
    **{unit: f"give a whole number of {unit}s" for unit in PERIOD_UNITS},
}


class RuleFilesError(ValueError):
    """Rule files that cannot be used, with every fault found in them."""

    def __init__(self, faults: Iterable[RuleFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def _value(block: Block, unit: str) -> Value:
    raw = block.parts.get("value")
    block.seen.add("value")
    try:
        if unit == "date":
            return parse_day(str(raw))
        if unit == "text":
            return block.text("value")
        if unit == "list":
            return block.texts("value")
        if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
            raise ValueError(f"{shortened(raw)} is no figure")
        figure = exact(Fraction(raw) if isinstance(raw, str) and "/" in raw else raw)
        if unit in PERIOD_UNITS:
            if not isinstance(figure, int):
                raise ValueError(f"{shortened(raw)} is no whole number of {unit}s")
            if not 0 <= figure <= LONGEST_PERIOD:
                raise ValueError(f"{shortened(raw)} is no length of time that a text sets")
            return Period(figure, PeriodUnit(unit))
        if figure < 0 or (unit == "share" and figure > 1):
            raise ValueError(f"{shortened(raw)} is out of range for {unit}")
        return figure
    except (ValueError, ZeroDivisionError) as error:
        block.fault("value", str(error), _WAYS_OUT.get(unit, f"give a value in {unit}"))
        return 0


def _dated_values(block: Block, unit: str, published: date | None) -> tuple[DatedValue, ...]:
    values = []
    for entry in block.blocks("values"):
        start = entry.day("from")
        known = entry.optional_day("known_from") or published
        values.append(
            DatedValue(
                start,
                _value(entry, unit),
                entry.text("reference"),
                entry.choice("mark", Mark),
                known,
                entry.optional_day("not_before"),
            )
        )
        entry.close()
    if not values:
        block.fault("values", "a parameter needs at least one dated value")
    starts = [dated.start or date.min for dated in values]
    if len(set(starts)) != len(starts):
        block.fault("values", "two values begin on the same day", "keep one, or correct a date")
    elif starts != sorted(starts):
        block.fault("values", "values are not in order of their days", "put the earliest first")
    return tuple(values)


def _parameter(block: Block, home: str, published: date | None) -> Parameter:
    unit = block.text("unit")
    if unit and unit not in UNITS:
        block.fault(
            "unit", f"unit {unit!r} is not known", f"give one of {', '.join(sorted(UNITS))}"
        )
    comparator = None
    if block.parts.get("comparator") is not None:
        comparator = block.choice("comparator", Comparator)
        if unit in UNITS and unit not in FIGURE_UNITS:
            block.fault("comparator", f"a {unit} is not compared with an amount", "remove it")
    block.seen.add("comparator")
    identifier = f"{home}.{block.text('id')}"
    parameter = Parameter(
        identifier,
        home,
        block.title("title"),
        unit,
        comparator,
        _dated_values(block, unit, published),
    )
    block.close()
    return parameter


def _statuses(block: Block, published: date | None) -> tuple[Status, ...]:
    statuses = []
    for entry in block.blocks("status"):
        statuses.append(
            Status(
                entry.day("from"),
                entry.choice("text", TextState),
                entry.choice("enforcement", Enforcement),
                entry.text("reference"),
                entry.choice("mark", Mark),
                entry.optional_day("known_from") or published,
            )
        )
        entry.close()
    starts = [status.start or date.min for status in statuses]
    if starts != sorted(set(starts)):
        block.fault("status", "days are not in order, each once", "put the earliest first")
    return tuple(statuses)


def _obligation(block: Block, home: str) -> ObligationTemplate:
    period = block.optional("period")
    duty = ObligationTemplate(
        f"{home}.{block.text('id')}",
        home,
        block.title("duty"),
        block.text("who"),
        block.title("to"),
        None if period is None else f"{home}.{period}",
        block.text("counted_from", "finding"),
        block.text("reference"),
        block.choice("mark", Mark, Mark.FOUND),
        block.optional("rests_on"),
    )
    block.close()
    return duty


def _note(block: Block, home: str) -> Note:
    note = Note(
        f"{home}.{block.text('id')}",
        block.title("text"),
        block.text("reference"),
        block.choice("mark", Mark),
    )
    block.close()
    return note


def read_instrument(name: str, text: str) -> tuple[Instrument | None, tuple[RuleFault, ...]]:
    """Read one rule file; return the instrument, or None, and the faults found."""
    file = RuleFile(name, text)
    try:
        raw = load_yaml(text)
    except ExactTextError as error:
        return None, (RuleFault(name, error.line, "file", str(error), "correct the YAML"),)
    whole = Block.of(file, (), raw)
    whole.seen.add("instrument")
    head = Block.of(file, ("instrument",), whole.parts.get("instrument"))
    home = head.text("id")
    published = head.optional_day("published")
    parameters = tuple(_parameter(b, home, published) for b in whole.blocks("parameters"))
    obligations = tuple(_obligation(b, home) for b in whole.blocks("obligations"))
    own = {one.id for one in parameters} | {one.id for one in obligations}
    moving = whole.blocks("moving")
    own_moving = own | {f"{home}.{one.parts.get('id')}" for one in moving}
    instrument = Instrument(
        id=home,
        issuer=head.title("issuer"),
        title=head.title("title"),
        citation=head.text("citation"),
        kind=head.choice("kind", Kind),
        published=published,
        statuses=_statuses(head, published),
        parameters=parameters,
        obligations=obligations,
        thresholds=tuple(read_threshold(b, home) for b in whole.blocks("thresholds")),
        notes=tuple(_note(b, home) for b in whole.blocks("notes")),
        file=name,
        jurisdiction=head.text("jurisdiction", ""),
        provisions=tuple(read_provision(b, home, own) for b in whole.blocks("provisions")),
        moving=tuple(read_moving(b, home, own_moving, published) for b in moving),
    )
    head.close()
    whole.close()
    return (None if file.faults else instrument), tuple(file.faults)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The book that rule files make, as far as they could be read, and what is wrong in them."""

    book: RuleBook
    texts: Mapping[str, str]
    faults: tuple[RuleFault, ...]


def gather(
    texts: Iterable[tuple[str, str]], *, base: RuleBook | None = None, local: bool = False
) -> Gathered:
    """Read rule files, given as (name, text), and keep every fault; see `read_book`."""
    found: dict[str, Instrument] = dict(base.instruments) if base else {}
    faults: list[RuleFault] = []
    sha = hashlib.sha256((base.files_digest if base else "").encode())
    given = dict(texts)
    for name, text in sorted(given.items()):
        sha.update(f"{name}\0{len(text)}\0{text}".encode())
        instrument, problems = read_instrument(name, text)
        faults.extend(problems)
        if instrument is None:
            continue
        if local and not instrument.id.startswith(LOCAL_PREFIX):
            way_out = f"call it {LOCAL_PREFIX}{instrument.id}"
            problem = "a node's own instrument must have an id under local."
            faults.append(_id_fault(name, text, problem, way_out))
        if instrument.id in found:
            problem = f"{instrument.id} is taken by {found[instrument.id].file}"
            faults.append(_id_fault(name, text, problem, "choose another id"))
        else:
            found[instrument.id] = instrument
    book = RuleBook.of(found.values(), sha.hexdigest())
    faults.extend(inconsistencies(book, given))
    return Gathered(book, given, tuple(faults))


def _id_fault(name: str, text: str, problem: str, way_out: str) -> RuleFault:
    line = Places(text).line(("instrument", "id"))
    return RuleFault(name, line, "instrument.id", problem, way_out)


def read_book(
    texts: Iterable[tuple[str, str]], *, base: RuleBook | None = None, local: bool = False
) -> RuleBook:
    """Read rule files, given as (name, text), into a book.

    With `base`, the instruments are added to it; they may not shadow one that
    is there, and with `local` their ids must begin with `local.`. Raises
    RuleFilesError with every fault of every file.
    """
    gathered = gather(texts, base=base, local=local)
    if gathered.faults:
        raise RuleFilesError(gathered.faults)
    return gathered.book


def read_rule_text(path: Path, name: str) -> str:
    """Return the text of a rule file.

    Raises RuleFilesError when it is not UTF-8 or too large to be one.
    """
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        problem = f"holds more than {LARGEST} bytes, the most of a rule file"
        raise RuleFilesError([RuleFault(name, None, "file", problem, "split it by instrument")])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fault = RuleFault(name, line, "file", "is not UTF-8 text", "save the file as UTF-8")
        raise RuleFilesError([fault]) from error


def read_folder(
    folder: Path, suffix: str = ".yaml", *, besides: Callable[[str], bool] = lambda _name: False
) -> list[tuple[str, str]]:
    """Return (name, text) of every rule file below a folder, besides those that are none."""
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob(f"*{suffix}")))
    return [(name, read_rule_text(folder / name, name)) for name in names if not besides(name)]


def shipped_files() -> list[tuple[str, str]]:
    """Return (name, text) of every rule file that comes with the product."""
    return read_folder(Path(str(files("sluicegate") / "data" / "rules")))


@lru_cache(maxsize=1)
def shipped_book() -> RuleBook:
    """Return the book of all instruments that come with the product."""
    return read_book(shipped_files())
