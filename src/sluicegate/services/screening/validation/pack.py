"""A validation pack: everything an independent validator asks of a node's screening, on one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.ports.validation import PackKept, ProposalState, SampledPair
from sluicegate.services.screening.engine import Scored, score_text
from sluicegate.services.screening.method import waiting_for_activation
from sluicegate.services.screening.validation.changed_sections import change_sections
from sluicegate.services.screening.validation.changes import Validator
from sluicegate.services.screening.validation.completeness import Completeness, completeness
from sluicegate.services.screening.validation.covered_sections import (
    Watch,
    completeness_sections,
    lists_section,
    rejected_rows,
    run_sections,
)
from sluicegate.services.screening.validation.detection import Detected, detect
from sluicegate.services.screening.validation.found_sections import (
    SampledNow,
    detection_sections,
    review_section,
    sample_section,
)
from sluicegate.services.screening.validation.replaying import Past, past_of
from sluicegate.services.screening.validation.sampling import (
    Below,
    below,
    near_pairs,
    reviews,
    sampled,
)
from sluicegate.services.screening.validation.sections import Coded, Column, Section

MADE = "validation pack made"
"""The act of making a pack."""

NAMES, SAMPLE = 50, 50
"""Parties drawn of each list for test names, and pairs drawn below the threshold."""


class NoListError(RuntimeError):
    """A node without a list: there is nothing to validate; `sentence` says what to do."""

    def __init__(self) -> None:
        self.sentence = say("No list is loaded; run: sluicegate lists import FILE, or lists fetch.")
        super().__init__(self.sentence.text())


@dataclass(frozen=True, slots=True)
class PackRequest:
    """What a pack is made with.

    `names` parties of each list give test names, `sample` pairs below the
    threshold are drawn for review; both by `seed`. `node` and `product` say
    where and with what it is made.
    """

    seed: int
    node: str
    product: str
    names: int = NAMES
    sample: int = SAMPLE


@dataclass(frozen=True)
class Pack:
    """A pack before it is written: its heading, its parts, and what of it is kept."""

    title: Sentence
    heading: Sequence[tuple[Sentence, str]]
    sections: tuple[Section, ...]
    reproduce: tuple[Sentence, ...]
    kept: PackKept
    samples: tuple[SampledPair, ...]

    def document(self) -> dict[str, Any]:
        """Return the pack as JSON, in English; what is not on the page stands in its CSV alone."""
        kept = self.kept
        return {
            "pack": kept.pack_id,
            "made_at": kept.at.isoformat(),
            "made_by": kept.by,
            "as_of": kept.as_of.isoformat(),
            "seed": kept.seed,
            "algorithm": kept.algorithm,
            "threshold": score_text(kept.threshold),
            "lists": dict(kept.versions),
            "about": {words.text(): value for words, value in self.heading},
            "figures": dict(kept.figures),
            "parts": {one.name: one.document() for one in self.sections},
            "reproduce": [one.text() for one in self.reproduce],
        }


@dataclass(frozen=True)
class _Measured:
    """What was measured for a pack."""

    scored: Scored
    past: Past
    detected: Detected
    below: Below
    completeness: Completeness
    held_back: int


def make_pack(validator: Validator, watch: Watch, asked: PackRequest) -> Pack:
    """Measure a node's screening; nothing is kept yet.

    Raises:
        RefusedError: the principal may not make packs.
        NoListError: the node has no list.
        ListFilesError: files of a list are missing or damaged.
    """
    desk = validator.desk
    desk.must(Action.VALIDATION_WORK)
    at = desk.now()
    found = _measure(validator, asked, at.date())
    pack_id = f"v-{uuid7(at).hex[-16:]}"
    kept = PackKept(
        pack_id=pack_id,
        seed=asked.seed,
        as_of=at.date(),
        algorithm=found.scored.algorithm,
        threshold=found.scored.threshold,
        versions=dict(found.past.lists.versions),
        drawn_from=found.below.of,
        manifest="",
        figures=_figures(found),
        at=at,
        by=desk.principal.id,
    )
    threshold, screened, lists = found.scored.threshold, found.past.screened, found.past.lists
    samples = sampled(pack_id, found.below.drawn, threshold, screened, lists)
    return Pack(
        title=say("Validation pack of screening"),
        heading=_heading(kept, asked, found.past),
        sections=_sections(validator, watch, found, kept, samples),
        reproduce=_reproduce(kept, asked),
        kept=kept,
        samples=tuple(samples),
    )


def keep_pack(desk: Desk, pack: Pack, manifest: str) -> PackKept:
    """Keep that a pack was made, with its sample and the digest of its list of digests."""
    kept = replace(pack.kept, manifest=manifest)
    record = {
        "pack": kept.pack_id,
        "seed": kept.seed,
        "algorithm": kept.algorithm,
        "threshold": kept.threshold,
        "lists": dict(kept.versions),
        "sample": len(pack.samples),
        "manifest": manifest,
        "figures": dict(kept.figures),
    }
    with desk.store.transaction():
        desk.store.validation.add_pack(kept, pack.samples)
        desk.store.act(MADE, record, at=kept.at, by=kept.by, reason=MADE)
    return kept


def _measure(validator: Validator, asked: PackRequest, on: date) -> _Measured:
    store, step = validator.desk.store, validator.step
    step("lists")
    past = past_of(store, validator.lists, on, None)
    if not past.lists.versions:
        raise NoListError
    scored = validator.scoring.index(past.lists.parties.values())
    step("screening")
    pairs = near_pairs(scored, past.screened)
    last = next(iter(store.matches.runs(limit=1)), None)
    waiting = () if last is None else waiting_for_activation(store.matches.matches(), last)
    step("test names")
    detected = detect(scored, past.lists, asked.seed, asked.names)
    step("records")
    return _Measured(
        scored=scored,
        past=past,
        detected=detected,
        below=below(pairs, scored.threshold, asked.seed, asked.sample),
        completeness=completeness(
            store,
            past.screened,
            store.matches.baseline(),
            rejected_rows(store, validator.desk.scope),
            on=on,
        ),
        held_back=len(waiting),
    )


def _figures(found: _Measured) -> Mapping[str, Any]:
    """Return the counts of a pack, without a name."""
    kinds = found.detected.by_kind()
    return {
        "test_names": len(found.detected.tried),
        "test_names_found": sum(one.score is not None for one in found.detected.tried),
        "by_kind": {kind.value: [share.hits, share.of] for kind, share in kinds.items()},
        "strangers": found.detected.recombined.of,
        "strangers_alerted": found.detected.recombined.hits,
        "below_threshold": found.below.of,
        "records": len(found.completeness.records),
        "screened": found.completeness.screened,
        "waiting": len(found.completeness.waiting),
        "missed_records": found.completeness.missed,
        "unknown": len(found.completeness.unknown),
        "name_faults": len(found.completeness.faults()),
        "rejected_rows": sum(found.completeness.rejected.values()),
        "held_back": found.held_back,
    }


def _sections(
    validator: Validator,
    watch: Watch,
    found: _Measured,
    kept: PackKept,
    samples: Sequence[SampledPair],
) -> tuple[Section, ...]:
    desk = validator.desk
    proposals = desk.store.validation.proposals()
    replayed = {
        one.checksum: one.proposal_id
        for one in proposals
        if one.checksum and one.state is ProposalState.ACTIVATED
    }
    past = found.past
    drawn = [
        SampledNow(
            one.sample_id,
            pair,
            past.screened.parties[one.party_id],
            past.lists.parties[one.listed_id],
        )
        for one, pair in zip(samples, found.below.drawn, strict=True)
    ]
    return (
        _summary(kept),
        *detection_sections(found.detected, kept.seed),
        sample_section(found.below, drawn, kept.threshold),
        review_section(reviews(desk.store.validation)),
        *completeness_sections(found.completeness),
        lists_section(desk.store, watch, replayed, kept.at),
        *run_sections(desk.store, desk.scope, watch, kept.at),
        *change_sections(desk.store, proposals, found.held_back),
    )


def _summary(kept: PackKept) -> Section:
    figures = kept.figures
    named = {
        "test_names": say("Test names"),
        "test_names_found": say("Test names found"),
        "strangers": say("Names that nobody lists"),
        "strangers_alerted": say("Names that nobody lists, with an alert"),
        "below_threshold": say("Pairs just below the score of an alert"),
        "records": say("Records of customers and owners"),
        "screened": say("Screened parties"),
        "missed_records": say("Records that should be screened and are not"),
        "waiting": say("Parties not screened since they changed"),
        "unknown": say("Screened parties that no record states"),
        "name_faults": say("Names that no engine can find"),
        "rejected_rows": say("Rows that intake refused"),
        "held_back": say("Alerts that wait for a change to be activated"),
    }
    columns = (
        Column("figure", say("Figure"), lambda name: Coded(name, named[name])),
        Column("value", say("Value"), lambda name: figures[name]),
    )
    return Section.of(
        "summary",
        say("Summary"),
        columns,
        named,
        say(
            "Screening looks for every customer, owner and director among the listed parties and "
            "gives near pairs a score from 0 to 1. A pair alerts from {threshold} on; a person "
            "then says whether the two are one.",
            threshold=score_text(kept.threshold),
        ),
    )


def _heading(kept: PackKept, asked: PackRequest, past: Past) -> Sequence[tuple[Sentence, str]]:
    return (
        (say("Node"), asked.node),
        (say("Pack"), kept.pack_id),
        (say("Made at"), kept.at.isoformat(timespec="seconds")),
        (say("Made by"), kept.by),
        (say("Algorithm"), kept.algorithm),
        (say("Score of an alert"), score_text(kept.threshold)),
        (say("Lists"), "; ".join(f"{name} {one}" for name, one in past.lists.versions.items())),
        (say("Seed"), str(kept.seed)),
        (say("Software"), f"sluicegate {asked.product}"),
    )


def _reproduce(kept: PackKept, asked: PackRequest) -> tuple[Sentence, ...]:
    return (
        say(
            "On the node or a restored backup of it, with the same lists, run: {command}",
            command=f"sluicegate screening validate --seed {kept.seed} --names {asked.names} "
            f"--sample {asked.sample}",
        ),
        say(
            "The same seed, lists, customers and algorithm give the same test names, the same "
            "sample and the same figures; ids, times and the rows of runs differ."
        ),
        say(
            "The algorithm is version {algorithm}; after its name stands the digest of its files.",
            algorithm=kept.algorithm,
        ),
        say(
            "To check that no file was changed, run: {command}", command="sha256sum -c digests.txt"
        ),
        say("The digest of digests.txt stands in the node's record of acts under the pack's id."),
        say("The pack names customers and test names; keep it as you keep customer files."),
    )
