"""Cut a wrong link, restore it, accept one that was suggested: each with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.screening.linkage import Bond, Decision, Verdict, pair_of
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.linkage.finding import Linked, Registry, find_linked, keep_linked

CUT = "link.cut"
RESTORED = "link.restored"
ACCEPTED = "link.accepted"
FOUND = "links.found"

_ACTS = {Verdict.CUT: CUT, Verdict.RESTORED: RESTORED, Verdict.ACCEPTED: ACCEPTED}


class LinkError(ValueError):
    """Something that cannot be done to a link; `sentence` says which, why, and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did.

    `still` is the way through which the two stay in one group all the same,
    both included; it is empty when nothing joins them.
    """

    decision: Decision
    still: tuple[str, ...]
    bonds: tuple[Bond, ...]
    group: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it as a document."""
        return {
            "a": self.decision.a,
            "b": self.decision.b,
            "verdict": self.decision.verdict.value,
            "reason": self.decision.reason,
            "still_together": bool(self.still),
            "through": list(self.still),
            "group": self.group,
        }


def find(desk: Desk, book: RuleBook, as_of: date | None = None) -> Linked:
    """Find all links on a day and keep them for reading; an act says what came of it.

    Raises RefusedError.
    """
    desk.must(Action.ASSESS_RUN)
    at = desk.now()
    linked = _linked(desk, book, as_of)
    with desk.store.transaction():
        if keep_linked(desk.store, linked, at=at):
            mark = linked.mark()
            record = {
                "as_of": mark.as_of.isoformat(),
                "policy": mark.version,
                "digest": mark.digest,
                "customers": mark.customers,
                "links": mark.links,
                "groups": mark.groups,
            }
            reason = f"links as of {mark.as_of}"
            desk.store.act(FOUND, record, at=at, by=desk.principal.id, reason=reason)
    return linked


def cut(desk: Desk, book: RuleBook, one: str, other: str, reason: str) -> Decided:
    """Cut the link between two customers; it stays cut until somebody restores it.

    Raises:
        LinkError: there is no link or suggestion to cut, or what joins them is no
            link but a record of ownership or of an account.
        RefusedError: the principal may not.
    """
    desk.must(Action.LINK_DECIDE)
    linked = _linked(desk, book)
    a, b = _named(linked, one, other)
    decision = linked.standing.get((a, b))
    if decision is not None and decision.verdict is Verdict.CUT:
        raise LinkError(
            say(
                "{one} and {other} are cut already, by {by}: {reason}",
                one=one,
                other=other,
                by=decision.by,
                reason=decision.reason,
            )
        )
    has_link = (a, b) in linked.found.bonds or decision is not None
    if not has_link and not _is_suggested(desk, a, b):
        raise LinkError(_why_no_link(linked, a, b))
    return _decide(desk, book, (one, other), Verdict.CUT, reason)


def cut_out(desk: Desk, book: RuleBook, one: str, group: str, reason: str) -> tuple[Decided, ...]:
    """Cut every link between a customer and the others of its group, for one reason.

    Raises LinkError when the customer has no link in that group, RefusedError.
    """
    desk.must(Action.LINK_DECIDE)
    linked = _linked(desk, book)
    root = linked.roots.get(one, one)
    beside = [
        pair[0] if pair[1] == root else pair[1]
        for pair in linked.found.bonds
        if root in pair and pair not in linked.standing
    ]
    others = [other for other in beside if linked.group_of.get(other) == group]
    if not others:
        raise LinkError(
            say("No link joins {one} to {group}; look at the group.", one=one, group=group)
        )
    with desk.store.transaction():
        return tuple(_decide(desk, book, (root, other), Verdict.CUT, reason) for other in others)


def restore(desk: Desk, book: RuleBook, one: str, other: str, reason: str) -> Decided:
    """Take a cut back: the links between the two count again as they are found.

    Raises LinkError when nothing is cut, RefusedError.
    """
    desk.must(Action.LINK_DECIDE)
    last = {pair_of(each.a, each.b): each for each in desk.store.links.decisions()}
    held = last.get(pair_of(one, other))
    if held is None or held.verdict is not Verdict.CUT:
        linked = _linked(desk, book)
        standing = linked.standing.get(pair_of(*_roots(linked, one, other)))
        if standing is not None and standing.verdict is Verdict.CUT:
            raise LinkError(
                say(
                    "No cut stands between {one} and {other}: it was made between {a} and {b};"
                    " restore these.",
                    one=one,
                    other=other,
                    a=standing.a,
                    b=standing.b,
                )
            )
        raise LinkError(
            say(
                "No cut stands between {one} and {other}; look at what was decided.",
                one=one,
                other=other,
            )
        )
    return _decide(desk, book, (one, other), Verdict.RESTORED, reason)


def accept(desk: Desk, book: RuleBook, one: str, other: str, reason: str) -> Decided:
    """Hold two customers together that belong together, though no link found does.

    Raises LinkError when they are cut or held together already, RefusedError.
    """
    desk.must(Action.LINK_DECIDE)
    linked = _linked(desk, book)
    a, b = _named(linked, one, other)
    decision = linked.standing.get((a, b))
    if decision is not None and decision.verdict is Verdict.CUT:
        raise LinkError(
            say(
                "{one} and {other} were cut by {by}; restore them first, with a reason. The cut:"
                " {reason}",
                one=one,
                other=other,
                by=decision.by,
                reason=decision.reason,
            )
        )
    bond = linked.found.bonds.get((a, b))
    if decision is not None or (bond is not None and linked.holds(bond)):
        raise LinkError(
            say(
                "{one} and {other} are held together already; there is nothing to accept.",
                one=one,
                other=other,
            )
        )
    return _decide(desk, book, (one, other), Verdict.ACCEPTED, reason)


def _linked(desk: Desk, book: RuleBook, as_of: date | None = None) -> Linked:
    day = as_of or desk.now().date()
    registry = Registry.of(desk.store, day)
    return find_linked(registry, desk.store, Law(book, day), as_of=day)


def _roots(linked: Linked, one: str, other: str) -> tuple[str, str]:
    return linked.roots.get(one, one), linked.roots.get(other, other)


def _named(linked: Linked, one: str, other: str) -> tuple[str, str]:
    """Return the pair of customers that two ids stand for."""
    for key in (one, other):
        if key not in linked.roots:
            raise LinkError(say("There is no customer {customer}; check the id.", customer=key))
    a, b = _roots(linked, one, other)
    if one == other:
        raise LinkError(say("{one} is given twice; give two ids.", one=one))
    if a == b:
        raise LinkError(
            say(
                "{one} and {other} are accounts of one customer, {customer}, as their source says;"
                " correct account_of there.",
                one=one,
                other=other,
                customer=a,
            )
        )
    return pair_of(a, b)


def _is_suggested(desk: Desk, a: str, b: str) -> bool:
    return any((one.a, one.b) == (a, b) for one in desk.store.links.suggestions())


def _why_no_link(linked: Linked, a: str, b: str) -> Sentence:
    if linked.controllers.get(a, a) == linked.controllers.get(b, b):
        return say(
            "{a} and {b} stand under one controlling party, {controller}, and share no link;"
            " correct the holding at its source.",
            a=a,
            b=b,
            controller=linked.controllers[a],
        )
    way = linked.groups.path(a, b)
    if way:
        return say(
            "No link joins {a} and {b}; they stand together through {way}; cut one of these.",
            a=a,
            b=b,
            way=" – ".join(way),
        )
    return say("No link joins {a} and {b}; there is nothing to cut.", a=a, b=b)


def _decide(
    desk: Desk, book: RuleBook, pair: tuple[str, str], verdict: Verdict, reason: str
) -> Decided:
    """Enter a decision with its act, draw the groups anew, and say what holds the two now."""
    if not reason.strip():
        raise LinkError(
            say(
                "A decision about {one} and {other} needs a reason; say why.",
                one=pair[0],
                other=pair[1],
            )
        )
    at = desk.now()
    a, b = pair_of(*pair)
    decision = Decision(a, b, verdict, reason.strip(), desk.principal.id, at)
    with desk.store.transaction():
        desk.store.links.decide(decision)
        record = {"a": a, "b": b, "verdict": verdict.value}
        desk.store.act(_ACTS[verdict], record, at=at, by=desk.principal.id, reason=decision.reason)
        linked = _linked(desk, book)
        keep_linked(desk.store, linked, at=at)
    ours, theirs = _roots(linked, a, b)
    way = linked.groups.path(ours, theirs)
    bonds = tuple(
        linked.found.bonds[step]
        for step in (pair_of(*two) for two in pairwise(way))
        if step in linked.found.bonds
    )
    return Decided(decision, way, bonds, linked.group_of.get(ours))
