"""OFAC's legacy CSV: primary names with remarks, other names, addresses; no header, -0- null."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import (
    AGAIN_WAY_OUT,
    NAMELESS_PROBLEM,
    ROW_WAY_OUT,
    TWICE_PROBLEM,
    Notes,
)
from sluicegate.adapters.lists.ofac_names import Role, companions, is_consolidated, place_of
from sluicegate.adapters.lists.ofac_remarks import read_remarks
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.source import ListFile, ListFileError
from sluicegate.adapters.lists.tables import TableRows
from sluicegate.screening.entries import ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import list_of_programme

SDN, CONSOLIDATED = "us_sdn", "us_ofac_consolidated"
_CUT_PROBLEM = "is cut short: the sign 0x1A with which OFAC closes its files is missing"
_OPEN_PROBLEM = "the sign 0x1A with which OFAC closes its files is missing"
_WIDTHS = {12: Role.PRIMARY, 5: Role.NAMES, 6: Role.ADDRESSES}
_SCHEMAS = {
    "individual": Schema.PERSON,
    "vessel": Schema.VESSEL,
    "aircraft": Schema.AIRPLANE,
    "entity": Schema.ORGANISATION,
    "": Schema.ORGANISATION,
}
_ALIASES = {"aka": NameKind.ALIAS, "fka": NameKind.FORMER, "nka": NameKind.NOW}
_LONGEST_REMARK = 1000
_EXCERPT = 200
"""A headerless file of fewer rows is an excerpt, which may lack the closing sign; OFAC's own files
have more."""


def schema_of(kind: str) -> Schema:
    """Return what OFAC's type of a party means."""
    return _SCHEMAS.get(kind.strip().casefold(), Schema.LEGAL_ENTITY)


def list_of(programmes: tuple[str, ...], *, consolidated: bool) -> str:
    """Return the list of an entry; those of the non-SDN file are told by their programmes."""
    if not consolidated:
        return SDN
    lists = list_of_programme()
    found = [code for code in lists if code in programmes]
    return lists[found[0]] if found else CONSOLIDATED


def role_of(head: Head) -> Role | None:
    """Say what a file holds by its first rows, or None when it is not of this form."""
    numbered = [row for row in head.rows if row and row[0].strip().isdigit()]
    if not numbered or head.delimiter != ",":
        return None
    width = len(numbered[0])
    rows = [row for row in numbered if len(row) == width]
    role = _WIDTHS.get(width) if 2 * len(rows) >= len(numbered) else None
    if role is Role.NAMES:
        is_theirs = all(row[2].strip() in _ALIASES and row[1].strip().isdigit() for row in rows)
        return role if is_theirs else None
    return role if any("-0-" in cell for row in rows for cell in row) else None


@dataclass
class _Extra:
    """What the other files say of a party: names, addresses, the rest of a long remark."""

    names: list[tuple[str, NameKind]] = field(default_factory=list)
    addresses: list[tuple[tuple[str, ...], str, int]] = field(default_factory=list)
    rest: str = ""


def _value(cell: str) -> str:
    cell = cell.strip()
    return "" if cell == "-0-" else cell


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the files of one list; the primary file must be there."""
    files = _by_role(part.files, notes)
    primary = files.get(Role.PRIMARY)
    if primary is None:
        problem = "holds no primary names, and they are not beside it"
        raise ListFileError(part.file.name, problem, "put SDN.CSV or CONS_PRIM.CSV beside it")
    extras: dict[str, _Extra] = {}
    if Role.NAMES in files:
        _read_names(files[Role.NAMES], extras, notes)
    if Role.ADDRESSES in files:
        _read_addresses(files[Role.ADDRESSES], extras, notes)
    if Role.COMMENTS in files:
        _read_comments(files[Role.COMMENTS], extras, notes)
    yield from _primary(primary, part.list_id, extras, notes)
    if extras:
        some = ", ".join(list(extras)[:5])
        problem = f"names {len(extras)} parties that the primary file lacks: {some}"
        way_out = "take all files of the list from one day"
        notes.fault(part.file.name, None, "", problem, way_out)


def _by_role(files: tuple[ListFile, ...], notes: Notes) -> dict[Role, ListFile]:
    found: dict[Role, ListFile] = {}
    for file in files:
        role = role_of(Head(file.name, file.head))
        named = place_of(file.short_name).role
        if named is Role.COMMENTS:
            found.setdefault(named, file)
        elif role is not None:
            found.setdefault(role, file)
        elif not file.head.strip():
            raise ListFileError(file.name, "is empty", AGAIN_WAY_OUT)
        else:
            problem = "lies beside the list, but is no part of it"
            notes.fault(file.name, None, "", problem, "it was left out; fetch it again")
    return found


def _primary(
    file: ListFile, list_id: str, extras: dict[str, _Extra], notes: Notes
) -> Iterator[ListEntry]:
    consolidated = list_id == CONSOLIDATED or (not list_id and is_consolidated(file.short_name))
    rows = TableRows(file, notes, width=12)
    seen: set[str] = set()
    has_header = False
    for line, cells in rows:
        number, name, kind, programme, title, *vessel, remarks = map(_value, cells)
        if not number.isdigit() or not name or number in seen:
            if rows.rows == 1 and not number.isdigit():
                has_header = True
                continue
            problem = TWICE_PROBLEM if number in seen else "is no number of a party"
            problem = problem if name else NAMELESS_PROBLEM
            notes.fault(file.name, line, "ent_num", problem, ROW_WAY_OUT)
            continue
        seen.add(number)
        programmes = tuple(code.strip(" []") for code in programme.split("] ["))
        code = list_of(programmes, consolidated=consolidated)
        draft = Draft(list_id or code if not consolidated else code, number, schema_of(kind))
        draft.add(draft.programmes, programmes)
        draft.name(name, NameKind.PRIMARY)
        extra = extras.pop(number, _Extra())
        _add_extra(draft, extra, file.name, notes)
        call_sign, type_, tonnage, _gross, flag, owner = vessel
        draft.number("call_sign", call_sign)
        if flag:
            draft.add(draft.countries, [notes.country(flag, file.name, line)])
        draft.remark(title, type_, f"{tonnage} t" if tonnage else "", owner)
        if remarks:
            text = _whole(cells[-1], extra.rest, notes, file.name, line)
            read_remarks(text, draft, notes, file.name, line)
        if draft.list_id != SDN:
            draft.same_as[(SDN, number)] = None
        yield draft.entry()
    _check_end(file, rows, has_header=has_header, notes=notes)


def _check_end(file: ListFile, rows: TableRows, *, has_header: bool, notes: Notes) -> None:
    if rows.is_closed or has_header:
        return
    if rows.rows >= _EXCERPT or not rows.ends_with_newline:
        raise ListFileError(file.name, _CUT_PROBLEM, AGAIN_WAY_OUT)
    notes.fault(file.name, None, "", _OPEN_PROBLEM, f"compare its {rows.rows} rows with OFAC's")


def _whole(remarks: str, rest: str, notes: Notes, file: str, line: int) -> str:
    """Return a remark with its rest; of one that is cut, all but the part that is cut."""
    if rest or len(remarks) < _LONGEST_REMARK:
        return remarks + rest
    problem = "remarks of this length go on in SDN_COMMENTS.CSV, which has no more of them"
    notes.once("remarks", file, line, problem, "put it beside; the last part was left out")
    return remarks.rpartition("; ")[0]


def _add_extra(draft: Draft, extra: _Extra, file: str, notes: Notes) -> None:
    for text, kind in extra.names:
        draft.name(text, kind)
    for parts, country, line in extra.addresses:
        code = notes.country(country, file, line) if country != "undetermined" else ""
        draft.address((*parts, country), code)


def _read_names(file: ListFile, extras: dict[str, _Extra], notes: Notes) -> None:
    rows = TableRows(file, notes, width=5)
    for line, cells in rows:
        number, _, kind, name, _remarks = map(_value, cells)
        if not number.isdigit() or not name:
            if rows.rows > 1:
                notes.fault(file.name, line, "alt_name", "is no name of a party", ROW_WAY_OUT)
            continue
        known = _ALIASES.get(kind.casefold().replace(".", ""), NameKind.ALIAS)
        extras.setdefault(number, _Extra()).names.append((name, known))
    _check_companion(file, rows, notes)


def _read_addresses(file: ListFile, extras: dict[str, _Extra], notes: Notes) -> None:
    rows = TableRows(file, notes, width=6)
    for line, cells in rows:
        number, _, street, city, country, _remarks = map(_value, cells)
        if not number.isdigit():
            if rows.rows > 1:
                notes.fault(file.name, line, "ent_num", "is no number of a party", ROW_WAY_OUT)
            continue
        if street or city or country:
            found = extras.setdefault(number, _Extra()).addresses
            found.append(((street, city), country, line))
    _check_companion(file, rows, notes)


def _read_comments(file: ListFile, extras: dict[str, _Extra], notes: Notes) -> None:
    rows = TableRows(file, notes, width=2)
    for line, (number, text) in rows:
        if number.strip().isdigit():
            extras.setdefault(number.strip(), _Extra()).rest += text
        elif rows.rows > 1:
            notes.fault(file.name, line, "ent_num", "is no number of a party", ROW_WAY_OUT)
    _check_companion(file, rows, notes)


def _check_companion(file: ListFile, rows: TableRows, notes: Notes) -> None:
    """Note a missing closing sign: kept copies of the other files lack it at times."""
    if rows.is_closed or not rows.rows:
        return
    if not rows.ends_with_newline:
        raise ListFileError(file.name, "is cut short: its last line does not end", AGAIN_WAY_OUT)
    notes.fault(file.name, None, "", _OPEN_PROBLEM, f"compare its {rows.rows} rows with OFAC's")


READER = Reader(
    "ofac-csv",
    SDN,
    "OFAC's legacy CSV",
    lambda head: role_of(head) is not None,
    read,
    companions,
    lambda name: CONSOLIDATED if is_consolidated(name) else SDN,
)
