"""What stands above the columns of the lab's tables."""

from __future__ import annotations

from collections.abc import Mapping

from sluicegate.core.reasons import Sentence, say

HEADS: Mapping[str, Sentence] = {
    "option": say("threshold tried"),
    "year": say("year"),
    "level": say("threshold, FLOP"),
    "caught": say("models caught"),
    "certain": say("caught for sure"),
    "possible": say("possibly caught"),
    "cumulative": say("caught in all"),
    "developers": say("developers"),
    "burdened": say("developers burdened"),
    "frontier": say("at the frontier"),
    "missed": say("frontier models missed"),
    "missed_unknown": say("missed, compute unknown"),
    "median_pieces": say("pieces at the median"),
    "most_pieces": say("pieces at the most"),
    "model": say("model"),
    "published": say("day of publication"),
    "flop": say("compute, FLOP"),
    "confidence": say("label of confidence"),
    "standing": say("how surely caught"),
    "pieces": say("pieces"),
    "extra": say("extra compute, as a share"),
    "developer": say("developer"),
    "models": say("models"),
    "largest": say("its largest model, FLOP"),
    "frontier_level": say("frontier from, FLOP"),
    "escaped": say("caught models that escape"),
    "within_group": say("caught again within a group, at most"),
    "by_causes": say("caught again over the causal graph"),
}
"""Column → its words; `developers` are counted in rows of years and named in rows of models."""
