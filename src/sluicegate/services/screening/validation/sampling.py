"""Pairs just below the score of an alert: drawn, reviewed by people, and what that says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.reasons import Sentence, say
from sluicegate.demo.draws import Draws
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.matches import Pair
from sluicegate.services.ports.validation import (
    GivenVerdict,
    PackKept,
    SampledPair,
    SampleVerdict,
    ValidationStore,
)
from sluicegate.services.screening.allowances import PairKey
from sluicegate.services.screening.engine import ListsInUse, Scored, score_text
from sluicegate.services.screening.screened import Screened
from sluicegate.services.screening.validation.shares import Share

BAND = 1_000
"""How far below the score of an alert pairs are drawn from, in ten-thousandths."""

JUDGED = "sampled pair judged"
"""The act of a reviewer's verdict."""


@dataclass(frozen=True, slots=True)
class Below:
    """Pairs of a band below the score of an alert, and those that were drawn of them."""

    of: int
    drawn: tuple[Pair, ...]


def below(pairs: Mapping[PairKey, Pair], threshold: int, seed: int, size: int) -> Below:
    """Draw up to `size` of the pairs that lie below a threshold, in order of falling score."""
    under = [pairs[key] for key in sorted(pairs) if pairs[key].score < threshold]
    drawn = Draws(seed).some(under, size)
    return Below(
        len(under),
        tuple(sorted(drawn, key=lambda one: (-one.score, one.party_id, one.listed_id))),
    )


def near_pairs(scored: Scored, screened: Screened) -> Mapping[PairKey, Pair]:
    """Return the pairs of a node that alert, and those of the band below."""
    floor = max(scored.threshold - BAND, 1)
    return Scored(scored.index, floor).pairs(list(screened.parties.values()))


def sampled(
    pack_id: str, drawn: Iterable[Pair], threshold: int, screened: Screened, lists: ListsInUse
) -> list[SampledPair]:
    """Return what is kept of drawn pairs: ids, scores and digests."""
    return [
        SampledPair(
            sample_id="s-" + digest([pack_id, one.party_id, one.listed_id])[:16],
            pack_id=pack_id,
            party_id=one.party_id,
            listed_id=one.listed_id,
            score=one.score,
            threshold=threshold,
            algorithm=one.algorithm,
            party_mark=screened.parties[one.party_id].essence,
            listed_mark=lists.parties[one.listed_id].essence,
        )
        for one in drawn
    ]


def last_verdicts(store: ValidationStore) -> dict[str, GivenVerdict]:
    """Return sample → the verdict that counts."""
    return {one.sample_id: one for one in store.verdicts()}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What reviewers said of the sample of a pack.

    `missed` is the share that is the listed party after all, of those on which
    somebody could decide.
    """

    pack: PackKept
    drawn: int
    waiting: int
    unclear: int
    missed: Share


def reviews(store: ValidationStore) -> list[Reviewed]:
    """Return what became of each sample, the newest pack first."""
    verdicts = last_verdicts(store)
    of_pack: dict[str, list[SampledPair]] = {}
    for one in store.samples():
        of_pack.setdefault(one.pack_id, []).append(one)
    found = []
    for pack in store.packs():
        drawn = of_pack.get(pack.pack_id, [])
        said = [verdicts[one.sample_id].verdict for one in drawn if one.sample_id in verdicts]
        same = said.count(SampleVerdict.SAME)
        found.append(
            Reviewed(
                pack=pack,
                drawn=len(drawn),
                waiting=len(drawn) - len(said),
                unclear=said.count(SampleVerdict.UNCLEAR),
                missed=Share(same, same + said.count(SampleVerdict.DIFFERENT)),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class SampleShown:
    """A sampled pair with the names of today; empty where one of the two is gone.

    `has_changed` says that one of the two says something else than when it was drawn.
    """

    pair: SampledPair
    party_name: str
    listed_name: str
    lists: tuple[str, ...]
    has_changed: bool
    verdict: GivenVerdict | None

    def row(self) -> dict[str, Any]:
        """Return it as a row for people and programs."""
        return {
            "sample": self.pair.sample_id,
            "pack": self.pair.pack_id,
            "party": self.pair.party_id,
            "party_name": self.party_name,
            "listed": self.pair.listed_id,
            "listed_name": self.listed_name,
            "lists": list(self.lists),
            "score": score_text(self.pair.score),
            "threshold": score_text(self.pair.threshold),
            "changed": self.has_changed,
            "verdict": "" if self.verdict is None else self.verdict.verdict.value,
            "reviewer": "" if self.verdict is None else self.verdict.by,
            "reason": "" if self.verdict is None else self.verdict.reason,
        }


def samples_shown(
    desk: Desk, screened: Screened, lists: ListsInUse, pack_id: str | None = None
) -> Sequence[SampleShown]:
    """Return the sampled pairs of a pack, of the newest one without an id, as people review them.

    Raises:
        RefusedError: the principal may not read validation.
    """
    desk.must(Action.VALIDATION_READ)
    kept = desk.store.validation
    newest = next(iter(kept.packs()), None)
    wanted = pack_id or ("" if newest is None else newest.pack_id)
    verdicts = last_verdicts(kept)
    return [
        _shown(one, screened, lists, verdicts.get(one.sample_id)) for one in kept.samples(wanted)
    ]


def _shown(
    pair: SampledPair, screened: Screened, lists: ListsInUse, verdict: GivenVerdict | None
) -> SampleShown:
    party = screened.parties.get(pair.party_id)
    listed = lists.parties.get(lists.surviving(pair.listed_id))
    marks = (party.essence if party else "", listed.essence if listed else "")
    return SampleShown(
        pair,
        party.name if party else "",
        listed.name if listed else "",
        listed.lists if listed else (),
        marks != (pair.party_mark, pair.listed_mark),
        verdict,
    )


class VerdictRefusedError(ValueError):
    """A verdict that is not taken as it stands; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


def judge(desk: Desk, sample_id: str, verdict: SampleVerdict, reason: str) -> GivenVerdict:
    """Keep a reviewer's word on a sampled pair; the next pack counts it.

    Raises:
        RefusedError: the principal may not review samples.
        NotFoundError: no such pair was drawn.
        VerdictRefusedError: it says that screening missed a party, and not why.
    """
    desk.must(Action.VALIDATION_WORK)
    kept = desk.store.validation
    if all(one.sample_id != sample_id for one in kept.samples()):
        raise NotFoundError("sample", sample_id)
    if verdict is SampleVerdict.SAME and not reason.strip():
        raise VerdictRefusedError(say("Say by what the two are one; give a reason."))
    at, by = desk.now(), desk.principal.id
    given = GivenVerdict(sample_id, verdict, reason.strip(), at, by)
    with desk.store.transaction():
        kept.add_verdict(given)
        record = {"sample": sample_id, "verdict": verdict.value}
        desk.store.act(JUDGED, record, at=at, by=by, reason=JUDGED)
    return given
