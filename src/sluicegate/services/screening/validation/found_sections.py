"""What screening finds and misses, as parts of a pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sluicegate.core.reasons import say
from sluicegate.services.ports.validation import SampledPair
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.validation import names
from sluicegate.services.screening.validation.detection import Detected, Tried
from sluicegate.services.screening.validation.replaying import Past
from sluicegate.services.screening.validation.sampling import BAND, Below, Reviewed
from sluicegate.services.screening.validation.sections import (
    SHARE,
    Coded,
    Column,
    Section,
    share_cells,
)

_NAMES = (
    Column("list", say("List")),
    Column("listed", say("Listed party")),
    Column("kind", say("Way of writing")),
    Column("listed_name", say("Listed name")),
    Column("asked", say("Test name")),
    Column("found", say("Found")),
    Column("score", say("Score")),
)


def detection_sections(detected: Detected, seed: int) -> list[Section]:
    """Return how many test names found their party: by way of writing, by list, and each."""
    kind, of_list = Column("kind", say("Way of writing")), Column("list", say("List"))
    missed = [one for one in detected.tried if one.score is None]
    strangers = detected.recombined
    return [
        Section(
            "detection_by_kind",
            say("Test names found, by way of writing"),
            (
                say(
                    "Names were drawn from the lists in use with seed {seed}, written in several "
                    "ways, and screened as names of customers are. A test name is found when its "
                    "own listed party alerts.",
                    seed=seed,
                ),
                say(
                    "Of {of} names put together of two listed persons, which nobody lists, {hits} "
                    "raised an alert.",
                    of=strangers.of,
                    hits=strangers.hits,
                ),
            ),
            (kind, *SHARE),
            [
                {"kind": _kind(key), **share_cells(share)}
                for key, share in detected.by_kind().items()
            ],
        ),
        Section(
            "detection_by_list",
            say("Test names found, by list and way of writing"),
            (),
            (of_list, kind, *SHARE),
            [
                {"list": key[0], "kind": _kind(key[1]), **share_cells(share)}
                for key, share in detected.by_list().items()
            ],
        ),
        Section(
            "missed_names",
            say("Test names that were not found"),
            (),
            _NAMES[:-2],
            [_name_row(one) for one in missed],
        ),
        Section(
            "test_names",
            say("All test names"),
            (),
            _NAMES,
            [_name_row(one) for one in detected.tried],
            on_page=False,
        ),
    ]


def _kind(kind: names.NameKind) -> Coded:
    return Coded(kind.value, names.words_of(kind))


def _name_row(one: Tried) -> dict[str, Any]:
    return {
        "list": one.name.list_id,
        "listed": one.name.listed_id,
        "kind": _kind(one.name.kind),
        "listed_name": one.name.listed_name,
        "asked": one.name.asked,
        "found": one.score is not None,
        "score": "" if one.score is None else score_text(one.score),
    }


_SAMPLE = (
    Column("sample", say("Sample")),
    Column("party", say("Screened party")),
    Column("party_name", say("Screened name")),
    Column("listed", say("Listed party")),
    Column("listed_name", say("Listed name")),
    Column("lists", say("On lists")),
    Column("score", say("Score")),
)


def sample_section(
    drawn: Below, kept: Iterable[SampledPair], past: Past, threshold: int
) -> Section:
    """Return the pairs just below the score of an alert that were drawn for review."""
    pairs = {(one.party_id, one.listed_id): one for one in drawn.drawn}
    rows = []
    for one in kept:
        pair = pairs[one.party_id, one.listed_id]
        listed = past.lists.parties[one.listed_id]
        rows.append(
            {
                "sample": one.sample_id,
                "party": one.party_id,
                "party_name": pair.name,
                "listed": one.listed_id,
                "listed_name": pair.alias,
                "lists": list(listed.lists),
                "score": score_text(one.score),
            }
        )
    return Section(
        "below_threshold",
        say("Pairs just below the score of an alert, for review"),
        (
            say(
                "{drawn} of the {of} pairs that score from {low} to below {threshold} were drawn. "
                "A reviewer says of each whether the two are one; the next pack tells the result.",
                drawn=len(rows),
                of=drawn.of,
                low=score_text(max(threshold - BAND, 0)),
                threshold=score_text(threshold),
            ),
        ),
        _SAMPLE,
        rows,
    )


def review_section(reviews: Sequence[Reviewed]) -> Section:
    """Return what reviewers said of earlier samples."""
    return Section(
        "reviews",
        say("What reviewers said of earlier samples"),
        (
            say(
                "Hits are pairs below the score of an alert that are the listed party after all, "
                "of those on which the reviewer could decide."
            ),
        ),
        (
            Column("pack", say("Pack")),
            Column("at", say("Made at")),
            Column("threshold", say("Score of an alert")),
            Column("drawn_from", say("Pairs in the band")),
            Column("drawn", say("Drawn")),
            Column("waiting", say("Not reviewed")),
            Column("unclear", say("Unclear")),
            *SHARE,
        ),
        [
            {
                "pack": one.pack.pack_id,
                "at": one.pack.at,
                "threshold": score_text(one.pack.threshold),
                "drawn_from": one.pack.drawn_from,
                "drawn": one.drawn,
                "waiting": one.waiting,
                "unclear": one.unclear,
                **share_cells(one.missed),
            }
            for one in reviews
        ],
    )
