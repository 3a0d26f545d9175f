"""Reading what was entered in a field: a value in its one written form, or what is wrong.

A value is JSON: text, true or false, an object or a list. A day is
YYYY-MM-DD, an instant ISO 8601 with its offset, a count of FLOP decimal text
with all digits, money {"amount", "currency"}, a party {"name", "country"?,
"address"?, "email"?, "telephone"?, "identifier"?}, an attachment
{"attachment", "name"?, "sha256"?}. A list of parts is read by `checking`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sluicegate.cases.filings.form import Field, FieldKind
from sluicegate.core.calendars import parse_day, parse_instant
from sluicegate.core.quantities import flop_text, parse_flop
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.countries import is_country

LINE = 500
"""Characters of a line of text at most."""

LONG = 20_000
"""Characters of a long text at most."""

PARTY_PARTS = ("name", "country", "address", "email", "telephone", "identifier")
ATTACHMENT_PARTS = ("attachment", "name", "sha256")

_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MONEY = re.compile(r"(?P<amount>[0-9.]+)\s*(?P<currency>[A-Za-z]{3})")
_TRUTH = {"yes": True, "true": True, "on": True, "no": False, "false": False}
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class BadValueError(ValueError):
    """What was entered is not what the field takes; `problem` says so."""

    def __init__(self, problem: Sentence, part: str = "") -> None:
        self.problem = problem
        self.part = part
        super().__init__(problem.text())


def is_blank(raw: Any) -> bool:
    """Say whether nothing was entered: null, space, or a list or object of nothing."""
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(is_blank(one) for one in raw.values())
    if isinstance(raw, list | tuple):
        return all(is_blank(one) for one in raw)
    return raw is None


def cleaned(raw: Any) -> Any:
    """Return what was entered without characters that no document can show.

    Line breaks are kept as one character; half a surrogate pair and control
    characters are dropped. A number stands for its own text.
    """
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return str(raw)
    if isinstance(raw, str):
        return _UNWRITABLE.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(raw, Mapping):
        return {cleaned(str(key)): cleaned(one) for key, one in raw.items()}
    if isinstance(raw, list | tuple):
        return [cleaned(one) for one in raw]
    return raw


def read_value(field: Field, raw: Any) -> Any:
    """Return a value that is not blank in its written form.

    Raises:
        BadValueError: it is not of the field's kind.
    """
    return _READERS[field.kind](field, raw)


def _text(raw: Any, most: int) -> str:
    if not isinstance(raw, str):
        raise BadValueError(say("What is entered is no text."))
    text = raw.strip()
    if len(text) > most:
        raise BadValueError(
            say("The text has {count} characters; {most} is the most.", count=len(text), most=most)
        )
    return text


def _line(_field: Field, raw: Any) -> str:
    text = _text(raw, LINE)
    if "\n" in text:
        raise BadValueError(say("The text has several lines; one line is wanted."))
    return text


def _long(_field: Field, raw: Any) -> str:
    return _text(raw, LONG)


def _day(_field: Field, raw: Any) -> str:
    text = _text(raw, LINE)
    try:
        return parse_day(text).isoformat()
    except ValueError as error:
        raise BadValueError(say("“{given}” is not a day.", given=text)) from error


def _instant(_field: Field, raw: Any) -> str:
    text = _text(raw, LINE)
    try:
        return parse_instant(text).isoformat()
    except ValueError as error:
        problem = say("“{given}” is not an instant with its offset from UTC.", given=text)
        raise BadValueError(problem) from error


def _flop(_field: Field, raw: Any) -> str:
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else _text(raw, LINE)
    try:
        return flop_text(parse_flop(text))
    except ValueError as error:
        problem = say("“{given}” is not a whole number of operations.", given=text)
        raise BadValueError(problem) from error


def _money(_field: Field, raw: Any) -> dict[str, str]:
    if isinstance(raw, str):
        found = _MONEY.fullmatch(raw.strip())
        raw = found.groupdict() if found else {"amount": raw, "currency": ""}
    if not isinstance(raw, Mapping) or set(raw) - {"amount", "currency"}:
        raise BadValueError(say("What is entered is no amount with its currency."))
    amount = _text(raw.get("amount") or "", LINE)
    currency = _text(raw.get("currency") or "", LINE).upper()
    if not _AMOUNT.fullmatch(amount):
        raise BadValueError(say("“{given}” is not an amount of money.", given=amount))
    if not _CURRENCY.fullmatch(currency):
        raise BadValueError(say("“{given}” is no code of a currency.", given=currency))
    try:
        return {"amount": format(Decimal(amount), "f"), "currency": currency}
    except InvalidOperation as error:
        raise BadValueError(say("“{given}” is not an amount of money.", given=amount)) from error


def _country(_field: Field, raw: Any) -> str:
    code = _text(raw, LINE).upper()
    if not is_country(code):
        raise BadValueError(say("“{given}” is no two-letter code of a country.", given=code))
    return code


def _party(field: Field, raw: Any) -> dict[str, str]:
    if isinstance(raw, str):
        raw = {"name": raw}
    if not isinstance(raw, Mapping) or set(raw) - set(PARTY_PARTS):
        raise BadValueError(say("What is entered is no person or organisation."))
    party = {part: _line(field, raw[part]) for part in PARTY_PARTS if not is_blank(raw.get(part))}
    if "name" not in party:
        raise BadValueError(say("The name is missing."), "name")
    if "country" in party:
        party["country"] = _country(field, party["country"])
    return party


def _choice(field: Field, raw: Any) -> str:
    code = _text(raw, LINE)
    if field.option(code) is None:
        raise BadValueError(say("“{given}” is not one of the choices.", given=code))
    return code


def _yes_no(_field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    found = _TRUTH.get(_text(raw, LINE).lower())
    if found is None:
        raise BadValueError(say("“{given}” is neither yes nor no.", given=str(raw)))
    return found


def _attachment(field: Field, raw: Any) -> dict[str, str]:
    if isinstance(raw, str):
        raw = {"attachment": raw}
    if not isinstance(raw, Mapping) or set(raw) - set(ATTACHMENT_PARTS):
        raise BadValueError(say("What is entered is no file of the case."))
    if not raw.get("sha256"):
        raise BadValueError(say("The case has no file of this id."))
    return {part: _line(field, raw[part]) for part in ATTACHMENT_PARTS if raw.get(part)}


def _parts(_field: Field, _raw: Any) -> Any:
    raise TypeError("a list of parts is read entry by entry")


_READERS: Mapping[FieldKind, Callable[[Field, Any], Any]] = {
    FieldKind.TEXT: _line,
    FieldKind.LONG_TEXT: _long,
    FieldKind.DAY: _day,
    FieldKind.INSTANT: _instant,
    FieldKind.FLOP: _flop,
    FieldKind.MONEY: _money,
    FieldKind.PARTY: _party,
    FieldKind.COUNTRY: _country,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.PARTS: _parts,
    FieldKind.ATTACHMENT: _attachment,
}


def is_below(kind: FieldKind, value: str, other: str) -> bool:
    """Say whether a day, instant or count of FLOP, both read, is below another."""
    if kind is FieldKind.FLOP:
        return int(value) < int(other)
    if kind is FieldKind.INSTANT:
        return datetime.fromisoformat(value) < datetime.fromisoformat(other)
    return value < other
