"""One model under every counting rule, side by side: what each counts and why.

The rules see the same nodes. Beside the totals stand the facts that two further
questions ask for: whether a modifier becomes provider (EU guidelines) and whether
weights derived from published ones are controlled (ECCN 4E091).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sluicegate.core.quantities import Exact, flop_text
from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.accounting import Account, account
from sluicegate.lineage.counting import GENERATION, TEACHER, Treatment
from sluicegate.lineage.document import Lineage, NodeKind, Quantity, Query
from sluicegate.lineage.roles import FINETUNE, Behind, Towards, standings
from sluicegate.lineage.tallying import (
    AS_THE_SCHEME,
    Ground,
    Options,
    Tally,
    tally_of,
    total,
    union_of,
)
from sluicegate.lineage.visitors import VISITORS, Bound
from sluicegate.lineage.walking import places_of, reached
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law, comparison

MODIFICATION_SHARE = "eu.gpai_guidelines.modification.share"
_MODEL_RULE = "eu_ai_act"
_EXPORT_RULE = "us_4e091"


@dataclass(frozen=True, slots=True)
class RoleSum:
    """What a rule makes of the nodes of one role; `role` None: without one."""

    role: str | None
    treatment: Treatment
    nodes: tuple[str, ...]
    flop: Exact


@dataclass(frozen=True, slots=True)
class Row:
    """A target under one rule: its account, and the sums by role and treatment."""

    rule: str
    account: Account
    roles: tuple[RoleSum, ...]


@dataclass(frozen=True, slots=True)
class Modification:
    """What a developer added to models of others.

    `originals` are the nearest models of other developers whose weights went into the
    target. Amounts are FLOP under the EU rule; `original` None: not fully disclosed.
    `above_share`: yes, no or undetermined by the bounds, against the share of the
    guidelines.
    """

    developer: str
    originals: tuple[str, ...]
    original: Exact | None
    modification: Exact
    limit_share: Exact
    above_share: str
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A target under every rule, in the order of the rules.

    `modification` is None where the target rests on no model of another developer.
    `questions` are facts for questions of the rule book, by name.
    """

    target: str
    rows: tuple[Row, ...]
    modification: Modification | None
    questions: Mapping[str, Mapping[str, Any]]
    warnings: tuple[Sentence, ...]


def compare(
    lineage: Lineage, target: str, law: Law, options: Options = AS_THE_SCHEME
) -> Comparison:
    """Count a target under every rule; raises GraphError (dangling) for an unknown one."""
    rows = tuple(_row(lineage, target, rule, law, options) for rule in VISITORS)
    origin = _origin(Ground(lineage, law, _MODEL_RULE, options), target)
    modification = None if origin is None else _modification(origin, law)
    questions: dict[str, Mapping[str, Any]] = {}
    if origin is not None and modification is not None:
        questions["eu_modifier_provider"] = {
            "original_compute": _text(modification.original),
            "modification_compute": _text(modification.modification),
        }
    exported = _origin(Ground(lineage, law, _EXPORT_RULE, options), target)
    questions["weights_4e091"] = _export_facts(
        Ground(lineage, law, _EXPORT_RULE, options), target, exported
    )
    return Comparison(target, rows, modification, questions, tuple(_warnings(rows, origin)))


def _text(figure: Exact | None) -> str | None:
    return None if figure is None else flop_text(figure)


def _row(lineage: Lineage, target: str, rule: str, law: Law, options: Options) -> Row:
    query = Query((target,), Quantity.TRAINING_COMPUTE, rule)
    found = account(lineage, query, law, options)
    ground = Ground(lineage, law, rule, options)
    return Row(rule, found, tuple(_role_sums(ground, found)))


def _role_sums(ground: Ground, found: Account) -> Iterator[RoleSum]:
    """Add up what counts, what is not addressed and what is left out, by role."""
    sums: dict[tuple[Treatment, str | None], dict[str, Exact]] = {}
    for one, part in found.parts.items():
        place = ground.lineage.places[one]
        if ground.compute(place) is None:
            continue
        treatment, flop = _treated(ground, found, one, place)
        sums.setdefault((treatment, part.role), {})[one] = flop
    for treatment in Treatment:
        for (treated, role), nodes in sums.items():
            if treated is treatment:
                yield RoleSum(role, treatment, tuple(nodes), total(nodes.values()))


def _treated(ground: Ground, found: Account, one: str, place: int) -> tuple[Treatment, Exact]:
    if one in found.counted:
        return Treatment.COUNTED, found.counted[one]
    apart = one in found.unaddressed.nodes
    return (
        Treatment.UNADDRESSED if apart else Treatment.LEFT_OUT,
        ground.figure(place, Bound.CENTRAL),
    )


@dataclass(frozen=True, slots=True)
class _Origin:
    """A target of a developer with the models of others on which it rests, each counted."""

    ground: Ground
    developer: str
    models: tuple[int, ...]
    original: Tally
    modification: Tally


def _origin(ground: Ground, target: str) -> _Origin | None:
    """Find the nearest models of other developers behind a target, over stated causes."""
    lineage = ground.lineage
    (place,) = places_of(lineage, [target])
    developer = _developer(lineage, place)
    if developer is None:
        return None
    whole = tally_of(ground, [place])
    models = _models_of_others(ground, place, developer)
    if not models:
        return None
    original = union_of(ground, models)
    return _Origin(ground, developer, models, original, whole.less(original.ancestry))


def _developer(lineage: Lineage, place: int) -> str | None:
    """Return who developed a node: as stated of it, or of all that it came from directly."""
    own = lineage.nodes[place].developer
    if own is not None:
        return own
    found = {lineage.nodes[cause].developer for cause in lineage.causes(place)} - {None}
    return found.pop() if len(found) == 1 else None


def _models_of_others(ground: Ground, place: int, developer: str) -> tuple[int, ...]:
    """Return models of others whose weights went into a node, none behind another of them."""
    lineage, way = ground.lineage, ground.stated_way()
    behind = Behind.of(lineage, reached(lineage, [place], way), [place], way)
    others = frozenset(
        one
        for one, standing in standings(behind).items()
        if one != place
        and Towards.WEIGHTS in standing
        and behind.node(one).kind is NodeKind.MODEL
        and _developer(lineage, one) not in (None, developer)
    )
    near = reached(lineage, [place], replace(way, without=others))
    return tuple(sorted(one for one in others if not near.isdisjoint(behind.effects[one])))


def _modification(origin: _Origin, law: Law) -> Modification:
    """Compare a modification with the share of the original's compute (points 60, 61).

    Yes where its lower bound is above the share of the upper bound of the original, no
    where its upper bound is not above that of the lower one.
    """
    limit = law.limit(MODIFICATION_SHARE)
    own, before = origin.modification, origin.original
    highest, most = own.high(), before.high()
    amount = own.total(Bound.CENTRAL)
    if most is not None and _is_above(limit, own.total(Bound.LOW), most):
        stands = "yes"
    elif highest is not None and not _is_above(limit, highest, before.total(Bound.LOW)):
        stands = "no"
    else:
        stands = "undetermined"
    return Modification(
        developer=origin.developer,
        originals=tuple(origin.ground.lineage.nodes[one].id for one in origin.models),
        original=None if before.undisclosed else before.total(Bound.CENTRAL),
        modification=amount,
        limit_share=limit.value,
        above_share=stands,
        reasons=tuple(_modification_reasons(origin, limit)),
    )


def _is_above(limit: Limit, modification: Exact, original: Exact) -> bool:
    return limit.comparator.holds(modification, limit.times(original))


def _modification_reasons(origin: _Origin, limit: Limit) -> Iterator[Sentence]:
    own, before = origin.modification, origin.original
    yield say(
        "{developer} added {flop:sci} FLOP to {models}, made by others.",
        developer=origin.developer,
        flop=own.total(Bound.CENTRAL),
        models=[origin.ground.lineage.nodes[one].id for one in origin.models],
    )
    amount = before.total(Bound.CENTRAL)
    if before.undisclosed:
        yield say(
            "The compute of the original is not fully disclosed, at least {flop:sci} FLOP;"
            " question eu_modifier_provider says what stands in its place.",
            flop=amount,
        )
    elif amount:
        share = Fraction(own.total(Bound.CENTRAL)) / Fraction(amount)
        yield comparison(
            "The modification's share of the original's compute", share, limit, unit=""
        )


def _export_facts(ground: Ground, target: str, origin: _Origin | None) -> Mapping[str, Any]:
    """Return the facts of question weights_4e091; what the graph does not say is left out."""
    lineage = ground.lineage
    (place,) = places_of(lineage, [target])
    tally = tally_of(ground, [place])
    derived = origin is not None and all(
        lineage.nodes[one].published is True for one in origin.models
    )
    kept = origin.modification if origin is not None and derived else tally
    own = total(
        figure
        for one, figure in kept.counted[Bound.CENTRAL].items()
        if tally.parts[one].role not in (TEACHER, GENERATION)
    )
    base = origin.original.total(Bound.CENTRAL) if origin is not None and derived else None
    published = lineage.nodes[place].published
    return {
        **({} if published is None else {"published": published}),
        "own_training_flop": flop_text(own),
        "published_base_training_flop": _text(base),
        "synthetic_data": list(_synthetic(ground, tally)),
    }


def _synthetic(ground: Ground, tally: Tally) -> Iterator[dict[str, Any]]:
    """Yield the data of each generator as the question takes it, published data apart."""
    made: dict[tuple[str, bool], list[int]] = {}
    for place, part in tally.parts.items():
        if part.role == GENERATION:
            made.setdefault((part.generator or "", part.published), []).append(place)
    for (generator, published), places in sorted(made.items()):
        trained = [
            one
            for one, part in tally.parts.items()
            if part.role == TEACHER and (part.generator or "") == generator
        ]
        shares = [tally.parts[one].share for one in places]
        yield {
            "generator": generator,
            "generator_published": bool(trained)
            and all(tally.parts[one].published for one in trained),
            "data_published": published,
            "share_of_operations": flop_text(total(one or 0 for one in shares)),
            "generation_flop": _flop(ground, places),
            "generator_training_flop": _flop(ground, trained),
        }


def _flop(ground: Ground, places: Iterable[int]) -> str:
    return flop_text(total(ground.figure(one, Bound.CENTRAL) for one in places))


def _warnings(rows: Iterable[Row], origin: _Origin | None) -> Iterator[Sentence]:
    """Say where the texts differ from what was counted for want of facts."""
    for row in rows:
        missing = [
            one
            for one, part in row.account.parts.items()
            if part.role == GENERATION and part.share is None and part.generator is not None
        ]
        if row.rule == _EXPORT_RULE and missing:
            yield say(
                "It is not said in what share of the training operations {nodes} was used.",
                nodes=missing,
            )
    if origin is None:
        return
    lineage = origin.ground.lineage
    others = [
        lineage.nodes[place].id
        for place, part in origin.modification.parts.items()
        if part.role == FINETUNE
        and place in origin.modification.counted[Bound.CENTRAL]
        and lineage.nodes[place].developer not in (None, origin.developer)
    ]
    if others:
        yield say(
            "SB 53 and RAISE speak of later training by {developer}; counted is also that of"
            " others: {nodes}.",
            developer=origin.developer,
            nodes=others,
        )
