"""Fields of nodes, edges, statements and queries, read from JSON values.

Every reader brings what its format says into the words of `lineage.json` and
reads them here, so that a figure is refused for the same reason whatever the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

from sluicegate.core.calendars import parse_day
from sluicegate.core.quantities import Exact, exact, parse_decimal
from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.document import (
    Compute,
    Discard,
    HumanChange,
    Independence,
    Node,
    NodeKind,
    Quantity,
    Query,
)
from sluicegate.rules.specifications import specifications

Choice = TypeVar("Choice", bound=Enum)

NODE_FIELDS = frozenset(
    {
        *("id", "kind", "label", "flop", "flop_low", "flop_high", "discarded_by", "role"),
        *("developer", "generator", "share_of_training", "published", "date", "started"),
        *("ended", "storage", "account", "accounts", "fabric", "fabrics", "imports", "source"),
    }
)
EDGE_FIELDS = frozenset({"from", "to", "human_substantial_change", "evidence", "by", "on"})
STATEMENT_FIELDS = frozenset({"cause", "target", "reason", "evidence", "by", "on"})
QUERY_FIELDS = frozenset(
    {"target", "quantity", "seconds_between", "counting_rule", "cluster_flop_per_second"}
)
RULES = ("kthf", "us_4e091", "sb53", "raise", "eu_ai_act")
_ROLES = frozenset(
    next(
        part.values
        for spec in specifications()["training_compute"].facts
        if spec.name == "runs"
        for part in spec.fields
        if part.name == "role"
    )
)
_KINDS = {one.value: one for one in NodeKind}
_SHOWN = 60
_MONTH_OR_YEAR = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")
_SINGLE = (Quantity.TRAINING_COMPUTE, Quantity.OUTPUT_COMPUTE)


class FieldError(ValueError):
    """A field that cannot be read: its name, the nodes concerned, why, and the way out."""

    def __init__(
        self, field: str, problem: Sentence, way_out: Sentence, nodes: tuple[str, ...] = ()
    ) -> None:
        self.field = field
        self.problem = problem
        self.way_out = way_out
        self.nodes = nodes
        super().__init__(f"{field}: {problem}; {way_out}")


def node_of(given: Mapping[str, Any]) -> Node:
    """Read a node from its JSON object; unknown fields are passed over.

    Raises FieldError with the node's id.
    """
    name = identifier(given.get("id"), "id")
    read: dict[str, Any] = {}
    try:
        kind = _kind(given.get("kind"))
        for field, value in given.items():
            reader = _READERS.get(field)
            if reader is not None and value is not None:
                read[reader[0]] = reader[1](given, field)
        if "flop" in given or "flop_low" in given or "flop_high" in given:
            read["compute"] = _compute(given)
        for plural, one in (("accounts", "account"), ("fabrics", "fabric")):
            if one in given:
                read[plural] = _texts(given, plural, one)
    except FieldError as fault:
        raise FieldError(fault.field, fault.problem, fault.way_out, (name,)) from None
    return Node(name, kind, **read)


def change_of(given: Mapping[str, Any]) -> HumanChange | None:
    """Return the human's change that cuts an edge, or None. Raises FieldError."""
    if not _flag(given, "human_substantial_change"):
        return None
    return HumanChange(text_of(given, "evidence"), text_of(given, "by"), day_of(given, "on"))


def statement_of(given: Mapping[str, Any]) -> Independence:
    """Read a statement of independence; it needs a reason and evidence. Raises FieldError."""
    values = {name: text_of(given, name).strip() for name in STATEMENT_FIELDS - {"on"}}
    for name in ("cause", "target", "reason", "evidence"):
        if not values[name]:
            raise FieldError(
                name,
                say("is missing from a statement of independence"),
                say("name cause and target, and give a reason with its evidence"),
            )
    return Independence(**values, on=day_of(given, "on"))


def query_of(given: Mapping[str, Any]) -> Query:
    """Read a query. Raises FieldError."""
    quantity = choice(given, "quantity", Quantity)
    if quantity is None:
        raise FieldError(
            "quantity", say("is missing"), say("give one of {known}", known=_listed(Quantity))
        )
    rule = given.get("counting_rule")
    rule = RULES[0] if rule is None else rule
    if rule not in RULES:
        raise FieldError(
            "counting_rule",
            say("{value} is no counting rule", value=shown(rule)),
            say("give one of {known}", known=", ".join(RULES)),
        )
    targets = _targets(given.get("target"), quantity)
    seconds = _seconds(given.get("seconds_between"), quantity)
    return Query(targets, quantity, rule, seconds, _speed(given.get("cluster_flop_per_second")))


def _targets(value: Any, quantity: Quantity) -> tuple[str, ...]:
    many = value if isinstance(value, list) else [value]
    targets = tuple(identifier(one, "target") for one in many)
    if quantity in _SINGLE and len(targets) != 1:
        raise FieldError(
            "target",
            say("{count} nodes are named where one is asked for", count=len(targets)),
            say("name one node; union_compute takes several"),
        )
    if quantity is Quantity.INFERENCE_COMPUTE_RATE and len(targets) < 2:
        raise FieldError(
            "target",
            say("an inference compute rate lies between two outputs"),
            say("name the earlier and the later output, as [earlier, later]"),
        )
    if not targets:
        raise FieldError("target", say("names no node"), say("name at least one node"))
    return targets


def _seconds(value: Any, quantity: Quantity) -> Exact | None:
    if value is None:
        if quantity is Quantity.INFERENCE_COMPUTE_RATE:
            raise FieldError(
                "seconds_between",
                say("is missing"),
                say("give the seconds between the two outputs"),
            )
        return None
    seconds = figure(value, "seconds_between")
    if seconds <= 0:
        raise FieldError(
            "seconds_between",
            say("{value} is not more than nothing", value=shown(value)),
            say("give the seconds between the two outputs"),
        )
    return seconds


def _speed(value: Any) -> Exact | None:
    if value is None:
        return None
    speed = figure(value, "cluster_flop_per_second")
    if speed <= 0:
        raise FieldError(
            "cluster_flop_per_second",
            say("{value} is not more than nothing", value=shown(value)),
            say("give the speed of the cluster in FLOP/s"),
        )
    return speed


def identifier(value: Any, field: str) -> str:
    """Return the id of a node; a text that is not empty. Raises FieldError."""
    if isinstance(value, str) and value.strip():
        return value
    raise FieldError(
        field,
        say("is missing") if value is None else say("{value} is no id", value=shown(value)),
        say("give a text that is not empty"),
    )


def figure(value: Any, field: str) -> Exact:
    """Return an exact figure from decimal text or a JSON number. Raises FieldError.

    >>> figure("1.31e26", "flop") == 131 * 10**24
    True
    """
    try:
        if isinstance(value, str):
            return parse_decimal(value)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return exact(value)
    except ValueError:
        pass
    raise FieldError(
        field,
        say("{value} is no figure", value=shown(value)),
        say('give decimal text such as "1.31e26", or digits'),
    )


def _compute(given: Mapping[str, Any]) -> Compute | None:
    """Return a node's compute; a bound that is not given is the figure itself."""
    low, high = given.get("flop_low"), given.get("flop_high")
    if "flop" not in given and low is None and high is None:
        return None
    value = given.get("flop")
    central = None if value is None else figure(value, "flop")
    least = central if low is None else figure(low, "flop_low")
    most = central if high is None else figure(high, "flop_high")
    return Compute(central, 0 if least is None else least, most, text_of(given, "source"))


def _kind(value: Any) -> NodeKind:
    kind = _KINDS.get(value) if isinstance(value, str) else None
    if kind is None:
        raise FieldError(
            "kind",
            say("is missing")
            if value is None
            else say("{value} is no kind of node", value=shown(value)),
            say("give one of {known}", known=_listed(NodeKind)),
        )
    return kind


def choice(given: Mapping[str, Any], field: str, choices: type[Choice]) -> Choice | None:
    """Return one of a closed set, or None where nothing is given. Raises FieldError."""
    value = given.get(field)
    if value is None:
        return None
    for one in choices:
        if one.value == value:
            return one
    raise FieldError(
        field,
        say("{value} is not known", value=shown(value)),
        say("give one of {known}", known=_listed(choices)),
    )


def _role(given: Mapping[str, Any], field: str) -> str | None:
    value = given.get(field)
    if value is None or (isinstance(value, str) and value in _ROLES):
        return value
    raise FieldError(
        field,
        say("{value} is not known", value=shown(value)),
        say("give one of {known}", known=", ".join(sorted(_ROLES))),
    )


def _share(given: Mapping[str, Any], field: str) -> Fraction | None:
    value = given.get(field)
    if value is None:
        return None
    share = figure(value, field)
    if not 0 <= share <= 1:
        raise FieldError(
            field,
            say("{value} is no share", value=shown(value)),
            say("give a share from 0 to 1, such as 0.4 for 40 percent"),
        )
    return Fraction(share)


def _flag(given: Mapping[str, Any], field: str) -> bool | None:
    value = given.get(field)
    if value is None or isinstance(value, bool):
        return value
    raise FieldError(
        field,
        say("{value} is neither true nor false", value=shown(value)),
        say("write true or false without quotes"),
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    if _MONTH_OR_YEAR.fullmatch(text):
        return None
    return parse_day(text[:10] if text[10:11] in ("T", "t", " ") else text)


def day_of(given: Mapping[str, Any], field: str) -> date | None:
    """Return a day, of an instant its day at the offset given. Raises FieldError.

    A month or a year alone is no day: it is taken as not known.
    """
    value = given.get(field)
    if value is None:
        return None
    try:
        if isinstance(value, str):
            return _day(value)
    except ValueError:
        pass
    raise FieldError(
        field,
        say("{value} is no day", value=shown(value)),
        say("write a day such as 2026-01-31"),
    )


def text_of(given: Mapping[str, Any], field: str) -> str:
    """Return a text, empty where nothing is given. Raises FieldError."""
    return optional_text(given, field) or ""


def optional_text(given: Mapping[str, Any], field: str) -> str | None:
    """Return a text or None. Raises FieldError."""
    value = given.get(field)
    if value is None or isinstance(value, str):
        return value
    raise FieldError(
        field, say("{value} is no text", value=shown(value)), say("write a text in quotes")
    )


def _texts(given: Mapping[str, Any], *fields: str) -> tuple[str, ...]:
    """Return the texts of fields that hold one or a list of them, each once, in order."""
    found: dict[str, None] = {}
    for field in fields:
        value = given.get(field)
        if value is None:
            continue
        many = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) and one for one in many):
            raise FieldError(
                field,
                say("{value} is no list of texts", value=shown(value)),
                say("write a text, or a list of texts"),
            )
        found.update(dict.fromkeys(many))
    return tuple(found)


def shown(value: Any) -> str:
    """Return a value as a message shows it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str).strip('"')
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _listed(choices: type[Enum]) -> str:
    return ", ".join(str(one.value) for one in choices)


def _choice_of_discard(given: Mapping[str, Any], field: str) -> Discard | None:
    return choice(given, field, Discard)


_READERS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], str], Any]]] = {
    "label": ("label", text_of),
    "discarded_by": ("discarded_by", _choice_of_discard),
    "role": ("role", _role),
    "developer": ("developer", optional_text),
    "generator": ("generator", optional_text),
    "share_of_training": ("share_of_training", _share),
    "published": ("published", _flag),
    "date": ("made_on", day_of),
    "started": ("started", day_of),
    "ended": ("ended", day_of),
    "storage": ("storage", _texts),
    "accounts": ("accounts", _texts),
    "fabrics": ("fabrics", _texts),
    "imports": ("imports", _texts),
}
"""Field of a node → its name in `Node`, and what reads it."""
