"""Provisions in a rule file: what the text says, about whom, and what settles it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sluicegate.rules.blocks import Block
from sluicegate.rules.provisions import (
    Effect,
    Provision,
    Relates,
    SubjectKind,
    Topic,
    Trigger,
    Wanted,
)

ALWAYS = "always"
"""Written for `applies` when the provision applies as soon as its question can be answered."""


def read_provision(block: Block, home: str, own: Collection[str]) -> Provision:
    """Read one provision of an instrument; mistakes go to the block's file.

    Parameters and duties are named as the file names its own; one of another
    instrument is named by its full id. `own` are the full ids of this file.
    """

    def full(name: str) -> str:
        return f"{home}.{name}" if f"{home}.{name}" in own else name

    provision = Provision(
        id=f"{home}.{block.text('id')}",
        instrument=home,
        title=block.title("title"),
        subjects=_subjects(block),
        topic=block.choice("topic", Topic),
        effect=block.choice("effect", Effect, Effect.REQUIRES),
        question=block.text("question"),
        applies=_wanted(block, "applies"),
        enforced=_wanted(block, "enforced"),
        trigger=_trigger(block, full),
        deadline=block.optional("deadline"),
        obligations=tuple(map(full, block.texts("obligations"))),
        facts=tuple(_mapping(block, "facts").items()),
        from_fact=tuple(_texts_by_name(block, "from_fact").items()),
        from_parameter=tuple(
            (name, full(one)) for name, one in _texts_by_name(block, "from_parameter").items()
        ),
        from_answer=_from_answers(block),
        needs=block.texts("needs"),
    )
    if not provision.applies and block.parts.get("applies") != ALWAYS:
        way_out = (
            "name an answer field and its value, e.g. {report_required: true}, or write always"
        )
        block.fault("applies", "says nothing", way_out)
    block.close()
    return provision


def _subjects(block: Block) -> tuple[SubjectKind, ...]:
    """Read what the provision is about: one word, or a list of them."""
    raw = block.parts.get("subject")
    names = block.texts("subject") if isinstance(raw, list) else (block.text("subject"),)
    known = {kind.value: kind for kind in SubjectKind}
    for name in names:
        if name and name not in known:
            block.fault("subject", f"{name} is not known", f"give one of {', '.join(known)}")
    return tuple(known[name] for name in names if name in known)


def _mapping(block: Block, name: str) -> Mapping[str, Any]:
    block.seen.add(name)
    raw = block.parts.get(name, {})
    if isinstance(raw, Mapping) and all(isinstance(key, str) for key in raw):
        return raw
    block.fault(name, "is not a block of fields", "write {field: value}")
    return {}


def _texts_by_name(block: Block, name: str) -> dict[str, str]:
    found = _mapping(block, name)
    if any(not isinstance(value, str) for value in found.values()):
        block.fault(name, "names something that is no text", "write {field: name}")
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _from_answers(block: Block) -> tuple[tuple[str, str, str], ...]:
    found = []
    for field, text in _texts_by_name(block, "from_answer").items():
        question, dot, answer = text.partition(".")
        if not dot:
            block.fault("from_answer", f"{text} names no answer field", "write QUESTION.FIELD")
        found.append((field, question, answer))
    return tuple(found)


def _wanted(block: Block, name: str) -> tuple[Wanted, ...]:
    """Read conditions on the answer: a value, a list of values, `{not: x}` or `{has: x}`."""
    if block.parts.get(name) == ALWAYS:
        block.seen.add(name)
        return ()
    found = []
    for field, raw in _mapping(block, name).items():
        relates = Relates.IS
        if isinstance(raw, Mapping):
            word = next(iter(raw), None)
            if len(raw) != 1 or word not in (Relates.NOT.value, Relates.HAS.value):
                block.fault(name, f"{field} is compared in no known way", "write not or has")
                continue
            relates, raw = Relates(word), raw[word]
        values = tuple(raw) if isinstance(raw, list) and raw else (raw,)
        found.append(Wanted(field, relates, values))
    return tuple(found)


def _trigger(block: Block, full: Callable[[str], str]) -> Trigger | None:
    block.seen.add("trigger")
    if block.parts.get("trigger") is None:
        return None
    inner = Block.of(block.file, (*block.path, "trigger"), block.parts["trigger"])
    trigger = Trigger(inner.text("field"), full(inner.text("parameter")))
    inner.close()
    return trigger
