"""A number of law stands in a rule file and nowhere else: not in Python, not as a default."""

from __future__ import annotations

import ast
import operator
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sluicegate.core.exact import load_yaml
from sluicegate.core.quantities import parse_decimal
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.instruments import DatedValue
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.specifications import specifications

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sluicegate"
AMOUNT_UNITS = frozenset({"FLOP", "FLOP/s", "USD", "EUR", "KRW"})
ROOMS = ("kyc", "export", "frontier", "permits", "oversight", "assurance", "lineage")
"""Rooms that decide by law; there a share or a period is a number of law too."""

NO_LAW: dict[tuple[str, str], str] = {
    ("kyc/compute.py", "3600"): "seconds in an hour",
    ("kyc/listed_owners.py", "20"): "how many parties a text names, a matter of display",
    ("kyc/identification.py", "'7.308'"): "the name of a section",
    ("frontier/us_federal.py", "3"): "months in a quarter",
    ("export/items.py", "'4E091'"): "the name of an ECCN",
    ("frontier/moving/forms.py", "10"): "the base of an order of magnitude",
    ("frontier/moving/measures.py", "50"): "how many models a value names, a matter of display",
    ("frontier/moving/powers.py", "10"): "the base of an order of magnitude",
    ("frontier/moving/powers.py", "16"): "how many tables of roots are kept",
    ("frontier/moving/powers.py", "192"): "bits of the first bounds of a root; more follow",
    ("frontier/moving/series.py", "200"): "years of the longest series",
    ("frontier/moving/series.py", "3"): "days around the end of a window that are looked at",
    ("frontier/lab/options.py", "12"): "digits in the name of an option, a matter of display",
    ("frontier/lab/splitting.py", "400"): "doublings by which no run is ever split",
    ("frontier/lab/trying.py", "12"): "the last month of a year",
    ("frontier/lab/trying.py", "31"): "the last day of a year",
    ("frontier/threshold_register.py", "12"): "months in a year",
    ("frontier/threshold_register.py", "90"): "days ahead that a list calls soon by itself",
    ("lineage/document.py", "8"): "how many nodes a message names, a matter of display",
    ("lineage/remarks.py", "5"): "how many nodes a sentence names, a matter of display",
    ("core/quantities.py", "10 ** 12"): "tera, in the definition of TPP",
    ("registry/hardware.py", "10 ** 12"): "tera, in the definition of TPP",
}
"""(file below src/sluicegate, literal as it is written) → why it is no number of law."""

ENGINE = frozenset(
    f"lineage/{name}.py" for name in ("compiled", "figures", "graph", "plain", "shape", "ways")
)
"""Files that add up arrays and know of no law: widths of words, sizes at which a way pays."""

SMALL = 10**6
"""Amounts below this are ordinary figures outside the rooms that decide, such as batch sizes."""

NEUTRAL = frozenset(map(Fraction, (0, 1, 2, -1)))
"""Figures that count, halve or index, and say nothing of a law."""

OPERATORS: dict[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


def law_values() -> frozenset[Fraction]:
    """Return every amount, small ones left out, that a parameter of the shipped book has."""
    return frozenset(
        Fraction(dated.value)
        for parameter in shipped_book().parameters.values()
        if parameter.unit in AMOUNT_UNITS
        for dated in parameter.values
        if isinstance(dated.value, int | Fraction) and dated.value >= SMALL
    )


def figure(node: ast.AST) -> Fraction | None:
    """Return what a literal, or sums, products and powers of literals, stand for.

    >>> figure(ast.parse("2 * 10**25", mode="eval").body) == 2 * 10**25
    True
    """
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = figure(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Call) and not node.keywords:
        return _call(node)
    if not isinstance(node, ast.BinOp):
        return None
    left, right = figure(node.left), figure(node.right)
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Pow):
        small = right.denominator == 1 and abs(right) <= 400
        return left**right.numerator if small and (left or right > 0) else None
    make = OPERATORS.get(type(node.op))
    divides = isinstance(node.op, ast.Div | ast.FloorDiv)
    return None if make is None or (divides and not right) else Fraction(make(left, right))


def _constant(value: object) -> Fraction | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(Decimal(repr(value)))
    if isinstance(value, str):
        try:
            return Fraction(parse_decimal(value.strip().replace(",", "").replace("_", "")))
        except ValueError:
            return None
    return None


def _call(node: ast.Call) -> Fraction | None:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    given = [figure(argument) for argument in node.args]
    if None in given or name not in {"Fraction", "Decimal", "int", "Flop", "pow"}:
        return None
    parts = [part for part in given if part is not None]
    if len(parts) == 1:
        return parts[0]
    if name == "Fraction" and len(parts) == 2 and parts[1]:
        return parts[0] / parts[1]
    small = name == "pow" and len(parts) == 2 and 0 <= parts[1] <= 400
    return Fraction(parts[0] ** int(parts[1])) if small else None


def figures_in(text: str) -> Iterator[tuple[ast.expr, Fraction]]:
    """Yield every expression of literals in a Python file with its value."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.expr):
            value = figure(node)
            if value is not None:
                yield node, value


def python_files(folder: Path) -> list[Path]:
    files = sorted(folder.rglob("*.py"))
    assert files
    return files


def law_in(text: str, values: frozenset[Fraction]) -> list[tuple[int, str]]:
    """Return line and literal of every number of law in a Python file."""
    return [(node.lineno, ast.unparse(node)) for node, value in figures_in(text) if value in values]


@pytest.mark.parametrize(
    "literal",
    [
        "10**25",
        "1e26",
        "'1e25'",
        "'1.0E+26'",
        "100_000_000",
        "10 ** (20 + 6)",
        "5 * 10**23 * 200",
        "Fraction('1e26')",
        "Decimal('1e26')",
        "int(1e26)",
        "pow(10, 26)",
        "Fraction(10**27, 10)",
        "'100,000,000'",
        "10**5 * 10**3",
    ],
)
def test_every_way_to_write_a_number_of_law_is_seen(literal: str) -> None:
    assert law_in(f"x = f(limit={literal})", law_values()), literal


def test_no_python_file_holds_an_amount_of_law() -> None:
    values = law_values()
    found = {
        (str(path.relative_to(SOURCE)), literal): f"{path}:{line}"
        for path in python_files(SOURCE)
        for line, literal in law_in(path.read_text(encoding="utf-8"), values)
    }
    assert {key: place for key, place in found.items() if key not in NO_LAW} == {}
    rooms = tuple(f"{room}/" for room in ROOMS)
    elsewhere = {key for key in NO_LAW if not key[0].startswith(rooms)}
    assert elsewhere <= set(found), "a justification is stale"


def test_a_room_that_decides_holds_no_figure_but_neutral_ones() -> None:
    """A share of a quarter or a period of 30 days is a number of law as well."""
    found = {
        (str(path.relative_to(SOURCE)), ast.unparse(node)): f"{path}:{node.lineno}"
        for room in ROOMS
        for path in python_files(SOURCE / room)
        if str(path.relative_to(SOURCE)) not in ENGINE
        for node, value in figures_in(path.read_text(encoding="utf-8"))
        if value not in NEUTRAL
    }
    assert {key: place for key, place in found.items() if key not in NO_LAW} == {}
    in_rooms = {key for key in NO_LAW if key[0].startswith(tuple(f"{room}/" for room in ROOMS))}
    assert in_rooms <= set(found), "a justification is stale"


def test_the_engine_of_graphs_knows_of_no_law() -> None:
    for name in ENGINE:
        assert "sluicegate.rules" not in (SOURCE / name).read_text(encoding="utf-8"), name


def literal_defaults(specs: tuple[FieldSpec, ...], prefix: str) -> Iterator[tuple[str, Any]]:
    """Yield the path and literal default of every field that takes a figure."""
    for spec in specs:
        kinds = {Kind.FLOP, Kind.FLOP_PER_SECOND, Kind.SHARE, Kind.NUMBER, Kind.INTEGER}
        if spec.shape.kind in kinds and isinstance(spec.default, int | str | Decimal):
            yield f"{prefix}.{spec.name}", spec.default
        yield from literal_defaults(spec.fields, f"{prefix}.{spec.name}")


def test_no_default_of_a_question_is_a_number_of_law() -> None:
    """A default is neutral (0 or 1), or it names its parameter."""
    found = [
        (path, default)
        for name, spec in specifications().items()
        for path, default in literal_defaults(spec.facts, name)
        if Fraction(str(default)) not in {Fraction(0), Fraction(1)}
    ]
    assert found == []


def test_limits_of_a_field_are_no_amounts_of_law() -> None:
    values = law_values()

    def limits(specs: tuple[FieldSpec, ...]) -> Iterator[tuple[str, Any]]:
        for spec in specs:
            for bound in (spec.minimum, spec.above, spec.maximum):
                if bound is not None:
                    yield spec.name, bound
            yield from limits(spec.fields)

    found = [
        (name, field, bound)
        for name, spec in specifications().items()
        for field, bound in limits(spec.facts)
        if Fraction(bound) in values
    ]
    assert found == []


def test_every_instrument_says_where_it_stands_and_how_sure_it_is() -> None:
    for instrument in shipped_book().instruments.values():
        assert instrument.citation.strip()
        assert instrument.statuses, f"{instrument.file}: no status"
        assert instrument.title.zh != instrument.title.en
        assert instrument.issuer.zh
        dated: list[DatedValue] = [v for p in instrument.parameters for v in p.values]
        references = [v.reference for v in dated] + [s.reference for s in instrument.statuses]
        references += [duty.reference for duty in instrument.obligations]
        references += [note.reference for note in instrument.notes]
        assert all(reference.strip() for reference in references), instrument.file


def test_every_rule_file_marks_each_figure_itself() -> None:
    """A mark is written beside each figure; none is taken over from a default."""
    for path in sorted((SOURCE / "data" / "rules").rglob("*.yaml")):
        raw = load_yaml(path.read_text(encoding="utf-8"))
        entries = list(raw["instrument"]["status"]) + list(raw.get("notes", []))
        entries += [value for p in raw.get("parameters", []) for value in p["values"]]
        assert all("mark" in entry for entry in entries), path.name


def test_every_rule_file_lies_in_the_folder_of_its_issuer() -> None:
    for path in sorted((SOURCE / "data" / "rules").rglob("*.yaml")):
        assert path.parent.parent == SOURCE / "data" / "rules", path
    issuers: dict[str, set[str]] = {}
    for instrument in shipped_book().instruments.values():
        folder = instrument.file.split("/")[0]
        issuers.setdefault(folder, set()).add(instrument.issuer.en)
    assert all(issuers.values())


def test_every_instrument_that_a_question_names_exists() -> None:
    named = {name for spec in specifications().values() for name in spec.instruments}
    assert named - set(shipped_book().instruments) == set()
    assert all(spec.instruments and spec.citations for spec in specifications().values())
