"""What a side missed and what alerted falsely, by kind, for whoever works on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from screening_measures import right_score
from screening_sources import Party
from screening_trial import Trial

EXAMPLES = 25
"""Examples a kind."""


def misses_text(trials: Sequence[Trial]) -> str:
    """Return the misses of each kind and the clean names nearest to an alert, in Markdown."""
    return "\n".join(line for trial in trials for line in _lines(trial))


def _lines(trial: Trial) -> list[str]:
    parties = {one.id: one for one in trial.part.parties}
    missed: dict[str, list[str]] = defaultdict(list)
    asked: dict[str, int] = defaultdict(int)
    for query, matches in trial.positives:
        asked[query.kind] += 1
        right = right_score(query, matches)
        if right is None or right[0] < trial.threshold:
            score = "not given" if right is None else f"{right[0]:.3f}"
            names = _names(parties[min(query.answers)])
            missed[query.kind].append(f"- {score} `{query.text}` ({query.schema}): {names}")
    lines = [f"# {trial.part.name}: threshold {trial.threshold:.4f}", ""]
    for kind in sorted(missed, key=lambda one: -len(missed[one])):
        lines += [f"## {kind}: {len(missed[kind])} of {asked[kind]} missed", ""]
        lines += [*missed[kind][:EXAMPLES], ""]
    lines += ["## clean names with the highest scores", ""]
    scored = sorted(
        (-matches[0].score, query.text, matches[0].entity_id)
        for query, matches in trial.clean
        if matches
    )
    for lowered, text, listed in scored[: len(trial.clean) // 50]:
        lines.append(f"- {-lowered:.3f} `{text}`: {_names(parties[listed])}")
    return [*lines, ""]


def _names(party: Party) -> str:
    names = [*party.names, *(f"{one} (weak)" for one in party.weak_names)]
    return f"{party.id} {party.schema} " + " · ".join(names[:6]).replace("\n", " ")
