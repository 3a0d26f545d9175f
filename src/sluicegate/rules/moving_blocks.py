"""Moving thresholds in a rule file: the form, its parameters and what it rests on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sluicegate.core.reasons import Mark
from sluicegate.rules.blocks import Block
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.moving import (
    ALLOWED,
    NEEDED,
    OF_MODELS,
    MovingForm,
    MovingRule,
    Role,
    Sense,
    Take,
)

_ALWAYS = (Role.FLOOR, Role.CAP)


def read_moving(
    block: Block, home: str, own: Collection[str], published: date | None
) -> MovingRule:
    """Read one moving threshold of an instrument; mistakes go to the block's file.

    Parameters and other moving rules are named as the file names its own, those
    of another instrument by their full id. `own` are the full ids of this file.
    """

    def full(name: str) -> str:
        return f"{home}.{name}" if f"{home}.{name}" in own else name

    form = block.choice("form", MovingForm)
    block.seen.update(("form", "data_set", "sense", "take", "of", "proxy"))
    rule = MovingRule(
        id=f"{home}.{block.text('id')}",
        instrument=home,
        title=block.title("title"),
        form=form,
        unit=block.text("unit", "FLOP"),
        comparator=block.choice("comparator", Comparator),
        reference=block.text("reference"),
        mark=block.choice("mark", Mark),
        start=block.optional_day("from"),
        known_from=block.optional_day("known_from") or published,
        parameters={role: full(name) for role, name in _parameters(block, form).items()},
        data_set=block.text("data_set") if form in OF_MODELS else None,
        sense=block.choice("sense", Sense) if form is MovingForm.DEVELOPER_SHARE else None,
        take=block.choice("take", Take) if form is MovingForm.COMBINATION else None,
        parts=tuple(map(full, _parts(block, form))),
        proxy=None if block.parts.get("proxy") is None else block.title("proxy"),
    )
    _refuse_strangers(block, form)
    block.close()
    return rule


def _parameters(block: Block, form: MovingForm) -> dict[Role, str]:
    """Read the ids of the parameters that a form needs or may have."""
    found = {role: block.text(role.value) for role in NEEDED[form]}
    for role in (*ALLOWED.get(form, ()), *_ALWAYS):
        name = block.optional(role.value)
        if name is not None:
            found[role] = name
    return found


def _parts(block: Block, form: MovingForm) -> tuple[str, ...]:
    """Read the rules that a combination takes one of: two or more, each once."""
    if form is not MovingForm.COMBINATION:
        return ()
    parts = block.texts("of")
    if len(parts) < 2 or len(set(parts)) < len(parts):
        block.fault("of", "is not two or more rules, each once", "write [first, second]")
    return parts


def _refuse_strangers(block: Block, form: MovingForm) -> None:
    """Keep a mistake for fields that belong to another form."""
    own = {role.value for role in (*NEEDED[form], *ALLOWED.get(form, ()), *_ALWAYS)}
    own |= {"data_set"} if form in OF_MODELS else set()
    own |= {"sense"} if form is MovingForm.DEVELOPER_SHARE else set()
    own |= {"take", "of"} if form is MovingForm.COMBINATION else set()
    others = {role.value for role in Role} | {"data_set", "sense", "take", "of"}
    for name in sorted((others - own) & set(map(str, block.parts))):
        block.seen.add(name)
        problem = f"belongs to another form than {form.value}"
        block.fault(name, problem, "remove it, or correct the form")
