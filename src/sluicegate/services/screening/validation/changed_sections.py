"""Changes of screening that were proposed, with what their replays gain and lose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sluicegate.core.reasons import Sentence, say
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.validation import (
    ChangeKind,
    Proposal,
    ProposalState,
    ReplayedMoment,
)
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.screened import screened_at
from sluicegate.services.screening.validation.replaying import shift_rows
from sluicegate.services.screening.validation.sections import Coded, Column, Section


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


def proposal_row(one: Proposal) -> dict[str, Any]:
    """Return a proposal as a row, with what its replay of the newest moment gains and loses."""
    newest = one.moments[0]
    return {
        "proposal": one.proposal_id,
        "kind": Coded(one.kind.value, words_of(one.kind)),
        "state": Coded(one.state.value, words_of(one.state)),
        "algorithm_before": one.algorithm_before,
        "algorithm": one.algorithm,
        "threshold_before": score_text(one.threshold_before),
        "threshold": score_text(one.threshold),
        "list": f"{one.list_id} {one.list_version}".strip(),
        "gained": len(newest.gained),
        "lost": len(newest.lost),
        "reason": one.reason,
        "proposed_by": one.proposed_by,
        "decided_by": one.decided_by,
        "at": one.at,
    }


def moment_row(one: Proposal, moment: ReplayedMoment) -> dict[str, Any]:
    """Return the figures of a replay at one moment."""
    return {
        "proposal": one.proposal_id,
        "run": moment.run_id,
        "at": moment.at,
        "screened": moment.screened,
        "listed": moment.listed,
        "before": moment.before,
        "after": moment.after,
        "gained": len(moment.gained),
        "lost": len(moment.lost),
        "confirmed": moment.confirmed,
        "confirmed_kept": moment.confirmed_kept,
        "cleared": moment.cleared,
        "cleared_kept": moment.cleared_kept,
    }


def named_shifts(store: Store, proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Return every alert that a replay gains or loses, with the names of then."""
    rows: list[dict[str, Any]] = []
    for one in proposals:
        for moment in one.moments:
            if moment.gained or moment.lost:
                then = screened_at(store, moment.as_of, moment.at)
                rows += [{"proposal": one.proposal_id, **row} for row in shift_rows(moment, then)]
    return rows


def change_sections(store: Store, proposals: Sequence[Proposal], held_back: int) -> list[Section]:
    """Return the changes that were proposed, the figures of their replays, and each alert."""
    run = Column("run", say("Run"))
    proposal = Column("proposal", say("Proposal"))
    gained, lost = Column("gained", say("Gained")), Column("lost", say("Lost"))
    return [
        Section(
            "changes",
            say("Changes of screening"),
            (
                say(
                    "A change is replayed over the runs of the node before a second person "
                    "activates it. {held} alerts stand only because such a change waits.",
                    held=held_back,
                ),
            ),
            (
                proposal,
                Column("kind", say("What changes")),
                Column("state", say("State")),
                Column("algorithm_before", say("Algorithm before")),
                Column("algorithm", say("Algorithm")),
                Column("threshold_before", say("Score before")),
                Column("threshold", say("Score of an alert")),
                Column("list", say("List")),
                gained,
                lost,
                Column("reason", say("Reason")),
                Column("proposed_by", say("Proposed by")),
                Column("decided_by", say("Decided by")),
                Column("at", say("At")),
            ),
            [proposal_row(one) for one in proposals],
        ),
        Section(
            "replays",
            say("Replays over history"),
            (
                say(
                    "Confirmed and cleared are matches that a person judged, and how many of them "
                    "would still alert."
                ),
            ),
            (
                proposal,
                run,
                Column("at", say("Known at")),
                Column("screened", say("Screened parties")),
                Column("listed", say("Listed parties")),
                Column("before", say("Pairs before")),
                Column("after", say("Pairs after")),
                gained,
                lost,
                Column("confirmed", say("Confirmed")),
                Column("confirmed_kept", say("Confirmed that still alert")),
                Column("cleared", say("Cleared")),
                Column("cleared_kept", say("Cleared that still alert")),
            ),
            [moment_row(one, moment) for one in proposals for moment in one.moments],
        ),
        Section(
            "shifts",
            say("Alerts gained and lost"),
            (),
            (
                proposal,
                run,
                Column("change", say("Gained or lost")),
                Column("party", say("Screened party")),
                Column("party_name", say("Screened name")),
                Column("listed", say("Listed party")),
                Column("listed_name", say("Listed name")),
                Column("lists", say("On lists")),
                Column("before", say("Score before")),
                Column("after", say("Score after")),
                Column("stood", say("How it stood")),
            ),
            [_worded(row) for row in named_shifts(store, proposals)],
        ),
    ]


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    words = {"gained": say("gained"), "lost": say("lost")}
    stood = {
        "open": say("waiting for a judgement"),
        "confirmed": say("confirmed"),
        "cleared": say("cleared"),
    }
    return {
        **row,
        "change": Coded(row["change"], words[row["change"]]),
        "stood": Coded(row["stood"], stood[row["stood"]]) if row["stood"] else "",
    }
