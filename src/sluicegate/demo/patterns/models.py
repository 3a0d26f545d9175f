"""Models whose compute lies mostly in what led to them, fast systems, and look-alikes of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sluicegate.demo import instants
from sluicegate.demo.draft import Draft
from sluicegate.demo.records import Lineage
from sluicegate.demo.truth import Pattern, Subject, SubjectKind

MAKER = "Synthetic Models (invented)"
OTHER = "Another Synthetic Maker (invented)"

_Edge = tuple[str, str, dict[str, Any]]


def add_models(draft: Draft) -> None:
    """Add fine-tuned and distilled models, alone below 1e25, and systems that answer fast."""
    for number in range(1, 4):
        _add_tuned(draft, f"syn-m-tuned-{number}", near_miss=False)
        _add_tuned(draft, f"syn-m-tuned-{number + 3}", near_miss=True)
    for number in range(1, 3):
        _add_distilled(draft, f"syn-m-distilled-{number}", near_miss=False)
        _add_distilled(draft, f"syn-m-distilled-{number + 2}", near_miss=True)
        _add_fast(draft, f"syn-o-fast-{number}", near_miss=False)
        _add_fast(draft, f"syn-o-fast-{number + 2}", near_miss=True)


def _add_tuned(draft: Draft, model: str, *, near_miss: bool) -> None:
    """Add a fine-tuned model; the look-alike has its large part in trials that people dropped."""
    draws = draft.draws
    large, own = draws.flop("1.1e25", "4e25"), draws.flop("2e24", "5e24")
    kept = {"role": "base", "developer": OTHER}
    dropped = {"role": "discarded_trial_human_judged", "discarded_by": "human", "developer": MAKER}
    nodes = [
        _run(f"{model}-large", large, **(dropped if near_miss else kept)),
        _last_run(draft, f"{model}-tuning", own, role="base" if near_miss else "finetune"),
        {"id": model, "kind": "model", "developer": MAKER},
    ]
    edges: list[_Edge] = [(f"{model}-large", f"{model}-tuning", {}), (f"{model}-tuning", model, {})]
    counted = own if near_miss else large + own
    _add(draft, Pattern.MODEL_WITH_CAUSES, model, (nodes, edges), counted, near_miss=near_miss)


def _add_distilled(draft: Draft, model: str, *, near_miss: bool) -> None:
    """Add a distilled model; people wrote the data of the look-alike anew, which cuts it off."""
    draws = draft.draws
    teacher, made = draws.flop("2e25", "6e25"), draws.flop("1.2e23", "9e23")
    own = draws.flop("2e24", "6e24")
    change: dict[str, Any] = {
        "human_substantial_change": True,
        "evidence": "invented log of editing: nine of ten sentences are new",
        "by": "invented editors",
    }
    generator = f"{model}-teacher"
    nodes = [
        _run(generator, teacher, role="teacher_training", generator=generator, developer=OTHER),
        {
            **_run(f"{model}-data", made, role="synthetic_data_generation", developer=MAKER),
            "kind": "data",
            "generator": generator,
            "share_of_training": "0.5",
        },
        _last_run(draft, f"{model}-training", own, role="student"),
        {"id": model, "kind": "model", "developer": MAKER},
    ]
    edges: list[_Edge] = [
        (generator, f"{model}-data", {}),
        (f"{model}-data", f"{model}-training", change if near_miss else {}),
        (f"{model}-training", model, {}),
    ]
    counted = own if near_miss else teacher + made + own
    _add(draft, Pattern.DISTILLED_MODEL, model, (nodes, edges), counted, near_miss=near_miss)


def _add_fast(draft: Draft, output: str, *, near_miss: bool) -> None:
    """Add a system that answers twice; the look-alike takes ten times as long to the next answer.

    Both answers rest on one network, which is trained once and adds nothing to the second.
    """
    draws = draft.draws
    trained, added = draws.flop("2e24", "6e24"), draws.flop("2e21", "5e21")
    day = instants.day_of(draft.as_of, draws.whole(200, 260)).isoformat()
    first = f"{output}-before"
    nodes = [
        _last_run(draft, f"{output}-training", trained, role="base"),
        {"id": f"{output}-network", "kind": "model", "developer": MAKER},
        _run(f"{output}-inference-1", added, developer=MAKER),
        _run(f"{output}-inference-2", added, developer=MAKER),
        {"id": first, "kind": "output", "developer": MAKER, "date": day},
        {"id": output, "kind": "output", "developer": MAKER, "date": day},
    ]
    edges: list[_Edge] = [
        (f"{output}-training", f"{output}-network", {}),
        *((f"{output}-network", f"{output}-inference-{number}", {}) for number in (1, 2)),
        (f"{output}-inference-1", first, {}),
        (f"{output}-inference-2", output, {}),
    ]
    rate = {"target": [first, output], "quantity": "inference_compute_rate"}
    queries = [{**rate, "seconds_between": 100 if near_miss else 10}]
    graph = nodes, edges
    _add(draft, Pattern.FAST_OUTPUT, output, graph, added, near_miss=near_miss, queries=queries)


def _run(key: str, flop: int, **parts: str) -> dict[str, Any]:
    return {"id": key, "kind": "run", "flop": str(flop), **parts}


def _last_run(draft: Draft, key: str, flop: int, role: str) -> dict[str, Any]:
    first = draft.draws.whole(200, 260)
    return {
        **_run(key, flop, role=role, developer=MAKER),
        "started": instants.day_of(draft.as_of, first).isoformat(),
        "ended": instants.day_of(draft.as_of, first + draft.draws.whole(10, 60)).isoformat(),
    }


def _add(
    draft: Draft,
    pattern: Pattern,
    name: str,
    graph: tuple[list[dict[str, Any]], list[_Edge]],
    counted: int,
    *,
    near_miss: bool,
    queries: Sequence[Mapping[str, Any]] = (),
) -> None:
    nodes, edges = graph
    stated = [{"from": cause, "to": target, **parts} for cause, target, parts in edges]
    document: dict[str, Any] = {"nodes": nodes, "edges": stated}
    if queries:
        document["queries"] = [*queries]
    draft.lineages.append(Lineage(name, document))
    subject = Subject(SubjectKind.OUTPUT if queries else SubjectKind.MODEL, name)
    draft.add_pattern(pattern, subject, near_miss=near_miss, flop=counted, detail={})
