"""Changes of screening that were proposed, with what their replays gain and lose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.core.reasons import Sentence, say
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.validation import (
    ChangeKind,
    Proposal,
    ProposalState,
    ReplayedMoment,
    Shift,
)
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.screened import screened_at
from sluicegate.services.screening.validation.sections import Coded, Column, Section, row_of


@dataclass(frozen=True, slots=True)
class Replayed:
    """A proposal at one of the moments over which it was replayed."""

    proposal: Proposal
    moment: ReplayedMoment


@dataclass(frozen=True, slots=True)
class NamedShift:
    """An alert that a proposal gains or loses at a moment; a party that is gone has no name."""

    replayed: Replayed
    shift: Shift
    is_gain: bool
    party_name: str


def words_of(value: ChangeKind | ProposalState) -> Sentence:
    """Return what it is called."""
    named: dict[ChangeKind | ProposalState, Sentence] = {
        ChangeKind.ALGORITHM: say("another algorithm"),
        ChangeKind.THRESHOLD: say("another score of an alert"),
        ChangeKind.LIST: say("a file of a list"),
        ProposalState.PROPOSED: say("waits for a second person"),
        ProposalState.ACTIVATED: say("activated"),
        ProposalState.REJECTED: say("rejected"),
        ProposalState.WITHDRAWN: say("withdrawn"),
    }
    return named[value]


def _coded(value: ChangeKind | ProposalState) -> Coded:
    return Coded(value.value, words_of(value))


_STOOD = {
    "open": say("waiting for a judgement"),
    "confirmed": say("confirmed"),
    "cleared": say("cleared"),
}


def _stood(one: NamedShift) -> Coded | str:
    stood = one.shift.stood
    return Coded(stood, _STOOD[stood]) if stood else ""


def _score(value: int | None) -> str:
    return "" if value is None else score_text(value)


_GAINED, _LOST = say("Gained"), say("Lost")
_PROPOSAL = (
    Column("proposal", say("Proposal"), lambda one: one.proposal_id),
    Column("kind", say("What changes"), lambda one: _coded(one.kind)),
    Column("state", say("State"), lambda one: _coded(one.state)),
    Column("algorithm_before", say("Algorithm before")),
    Column("algorithm", say("Algorithm")),
    Column("threshold_before", say("Score before"), lambda one: score_text(one.threshold_before)),
    Column("threshold", say("Score of an alert"), lambda one: score_text(one.threshold)),
    Column("list", say("List"), lambda one: f"{one.list_id} {one.list_version}".strip()),
    Column("gained", _GAINED, lambda one: len(one.moments[0].gained)),
    Column("lost", _LOST, lambda one: len(one.moments[0].lost)),
    Column("reason", say("Reason")),
    Column("proposed_by", say("Proposed by")),
    Column("proposed_at", say("Proposed at")),
    Column("decided_by", say("Decided by")),
    Column("decision", say("Reason of the decision")),
    Column("at", say("At")),
)


def _of_moment(name: str) -> Callable[[Replayed], Any]:
    return lambda one: getattr(one.moment, name)


_MOMENT = (
    Column("proposal", say("Proposal"), lambda one: one.proposal.proposal_id),
    Column("run", say("Run"), lambda one: one.moment.run_id),
    Column("at", say("Known at"), _of_moment("at")),
    Column("screened", say("Screened parties"), _of_moment("screened")),
    Column("listed", say("Listed parties"), _of_moment("listed")),
    Column("before", say("Pairs before"), _of_moment("before")),
    Column("after", say("Pairs after"), _of_moment("after")),
    Column("gained", _GAINED, lambda one: len(one.moment.gained)),
    Column("lost", _LOST, lambda one: len(one.moment.lost)),
    Column("confirmed", say("Confirmed"), _of_moment("confirmed")),
    Column("confirmed_kept", say("Confirmed that still alert"), _of_moment("confirmed_kept")),
    Column("cleared", say("Cleared"), _of_moment("cleared")),
    Column("cleared_kept", say("Cleared that still alert"), _of_moment("cleared_kept")),
)
_SHIFT = (
    Column("proposal", say("Proposal"), lambda one: one.replayed.proposal.proposal_id),
    Column("run", say("Run"), lambda one: one.replayed.moment.run_id),
    Column(
        "change",
        say("Gained or lost"),
        lambda one: Coded("gained", say("gained")) if one.is_gain else Coded("lost", say("lost")),
    ),
    Column("party", say("Screened party"), lambda one: one.shift.party_id),
    Column("party_name", say("Screened name")),
    Column("listed", say("Listed party"), lambda one: one.shift.listed_id),
    Column("listed_name", say("Listed name"), lambda one: one.shift.listed_name),
    Column("lists", say("On lists"), lambda one: list(one.shift.lists)),
    Column("before", say("Score before"), lambda one: _score(one.shift.before)),
    Column("after", say("Score after"), lambda one: _score(one.shift.after)),
    Column("stood", say("How it stood"), _stood),
)


def proposal_row(one: Proposal) -> dict[str, Any]:
    """Return a proposal as a row, with what its replay of the newest moment gains and loses."""
    return row_of(_PROPOSAL, one)


def moment_rows(one: Proposal) -> list[dict[str, Any]]:
    """Return the figures of a proposal's replays, the newest moment first."""
    return [row_of(_MOMENT, Replayed(one, moment)) for moment in one.moments]


def shift_rows(store: Store, one: Proposal) -> list[dict[str, Any]]:
    """Return every alert that a proposal's replays gain or lose, with the names of then."""
    return [row_of(_SHIFT, shift) for shift in named_shifts(store, [one])]


def named_shifts(store: Store, proposals: Sequence[Proposal]) -> list[NamedShift]:
    """Return every alert that a replay gains or loses, with the names of then."""
    found: list[NamedShift] = []
    for one in proposals:
        for moment in one.moments:
            if not (moment.gained or moment.lost):
                continue
            parties = screened_at(store, moment.as_of, moment.at).parties
            for shifts, is_gain in ((moment.gained, True), (moment.lost, False)):
                for shift in shifts:
                    party = parties.get(shift.party_id)
                    name = "" if party is None else party.name
                    found.append(NamedShift(Replayed(one, moment), shift, is_gain, name))
    return found


def change_sections(store: Store, proposals: Sequence[Proposal], held_back: int) -> list[Section]:
    """Return the changes that were proposed, the figures of their replays, and each alert."""
    return [
        Section.of(
            "changes",
            say("Changes of screening"),
            _PROPOSAL,
            proposals,
            say(
                "A change is replayed over the runs of the node before a second person activates "
                "it. {held} alerts stand only because such a change waits.",
                held=held_back,
            ),
            say(
                "The node lets nobody activate what they proposed, and nobody who did not sign "
                "in. Who proposed and who decided stands in each row and in the record of acts."
            ),
        ),
        Section.of(
            "replays",
            say("Replays over history"),
            _MOMENT,
            [Replayed(one, moment) for one in proposals for moment in one.moments],
            say(
                "A run is done again with the customers, owners and lists that were known then, "
                "and held against the matches that stood after it. A file of a list is held "
                "against who is screened now."
            ),
            say(
                "Confirmed and cleared are matches that a person judged, and how many of them "
                "would still alert."
            ),
        ),
        Section.of(
            "shifts",
            say("Alerts gained and lost"),
            _SHIFT,
            named_shifts(store, proposals),
            say("Each alert that a replay has and the node had not, or the other way round."),
        ),
    ]
