"""Facts drawn from a question's specification: right ones, and wrong ones of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from sluicegate.rules.fields import FieldSpec, Kind, Shape

COUNTRIES = ["US", "CN", "HK", "FR", "DE", "KR", "NO", "GB", "RU", "IR", "XK", "AE"]
DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2025, 8, 2), date(2026, 12, 31), date.min, date.max]
)
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
FLOP_TEXTS = (
    st.integers(0, 30).map(lambda power: f"1e{power}")
    | st.builds("{}.{}e{}".format, st.integers(0, 9), st.integers(0, 99), st.integers(0, 30))
    | st.integers(0, 10**28).map(str)
    | st.sampled_from(["0", "1e999", "0.5", "+1e26", "100000000000000000000000001", "007"])
)
WORDS = st.sampled_from(["a", "b", "Mira", "Noor", "水闸", "", " ", "a.b", "x" * 300])
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 2**70, Decimal("0.5"), Decimal("-0.5"), Decimal("1.0")),
        *("", "x", "1", "1e26", "NaN", "NO", "ZZ", "2026-02-30", "2026-01-01", "true", "\n"),
        *([], {}, [None], [[]], {"": None}, {"x": {"y": 1}}, ["a", 1], {1: 2}),
        *(Decimal("NaN"), Decimal("Infinity"), Decimal("1e9999"), b"x", object(), {1}, ()),
    ]
)


def _figures(
    spec: FieldSpec, *, whole: bool, low: int = 0, high: int | None = None
) -> st.SearchStrategy[Any]:
    """Draw a number within the limits of a field, often at one of them."""
    least = low if spec.minimum is None else spec.minimum
    most = high if spec.maximum is None else spec.maximum
    if spec.above is not None:
        least = spec.above
    top = least + 400 if most is None else most
    wholes = st.integers(int(-(-least // 1)), int(top // 1))
    drawn: st.SearchStrategy[Any] = wholes
    if most is None:
        drawn = drawn | st.integers(int(least) + 1, 10**30)
    if not whole:
        drawn = drawn | st.decimals(
            Decimal(int(least * 10**4)) / 10**4, Decimal(int(top * 10**4)) / 10**4, places=4
        )
    return drawn.filter(lambda v: spec.above is None or v > spec.above)


def _scalars(spec: FieldSpec, kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case Kind.COUNTRY:
            return st.sampled_from(COUNTRIES)
        case Kind.DATE:
            return DAYS.map(date.isoformat)
        case Kind.DATETIME:
            return st.datetimes(timezones=OFFSETS).map(lambda moment: moment.isoformat())
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.INTEGER:
            return _figures(spec, whole=True)
        case Kind.NUMBER | Kind.TPP:
            return _figures(spec, whole=False)
        case Kind.SHARE:
            return _figures(spec, whole=False, high=1)
        case Kind.FLOP | Kind.FLOP_PER_SECOND:
            return FLOP_TEXTS if spec.above is None else FLOP_TEXTS.filter(_is_above_zero)
        case Kind.ENUM:
            return st.sampled_from(spec.values)
        case _:
            return WORDS if not spec.values else st.sampled_from(spec.values)


def _is_above_zero(text: str) -> bool:
    return Decimal(text) > 0


def _shape(spec: FieldSpec, shape: Shape) -> st.SearchStrategy[Any]:
    if shape.key is not None and shape.item is not None:
        keys = _scalars(spec, shape.key) if shape.key is not Kind.INTEGER else st.integers(0, 40)
        return st.dictionaries(keys, _shape(spec, shape.item), max_size=4)
    if shape.item is not None:
        return st.lists(_shape(spec, shape.item), max_size=4)
    if shape.kind is Kind.RECORD:
        return right_facts(spec.fields)
    assert shape.kind is not None
    return _scalars(spec, shape.kind)


def right_value(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Draw a literal of a field's type within its limits, null where it is allowed."""
    drawn = _shape(spec, spec.shape)
    return st.none() | drawn if spec.nullable else drawn


def right_facts(specs: tuple[FieldSpec, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw literals that have the right types; optional fields are left out at times."""
    return st.fixed_dictionaries(
        {spec.name: right_value(spec) for spec in specs if spec.required},
        optional={spec.name: right_value(spec) for spec in specs if not spec.required},
    )


@st.composite
def wrong_facts(draw: st.DrawFn, specs: tuple[FieldSpec, ...]) -> Any:
    """Draw facts that may be wrong anywhere: junk, missing, unknown, nested."""
    facts: Any = draw(right_facts(specs))
    for _ in range(draw(st.integers(1, 3))):
        if not isinstance(facts, dict):
            break
        facts = _spoilt(draw, facts, [spec.name for spec in specs])
    return facts


def _spoilt(draw: st.DrawFn, facts: dict[Any, Any], names: list[str]) -> Any:
    way = draw(st.sampled_from(["junk", "deep", "drop", "unknown", "all"]))
    name = draw(st.sampled_from(names or ["colour"]))
    if way == "all":
        return draw(JUNK)
    if way == "drop":
        return {key: value for key, value in facts.items() if key != name}
    if way == "unknown":
        return {**facts, draw(st.sampled_from(["colour", "", 7])): draw(JUNK)}
    if way == "deep" and facts.get(name) and isinstance(facts[name], list | dict):
        return {**facts, name: _spoilt_inside(draw, facts[name])}
    return {**facts, name: draw(JUNK)}


def _spoilt_inside(draw: st.DrawFn, held: Any) -> Any:
    if isinstance(held, Mapping) and held:
        key = draw(st.sampled_from(sorted(held, key=str)))
        return {**held, key: _spoilt_inside(draw, held[key])}
    if isinstance(held, list) and held:
        place = draw(st.integers(0, len(held) - 1))
        return [_spoilt_inside(draw, v) if n == place else v for n, v in enumerate(held)]
    return draw(JUNK)
