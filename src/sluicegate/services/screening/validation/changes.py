"""A change of screening: proposed with its replay, activated by another person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.lists.importing import ImportOptions
from sluicegate.services.lists.parts import ListParts
from sluicegate.services.ports.lists import ListRead
from sluicegate.services.ports.matches import WHOLE
from sluicegate.services.ports.validation import (
    ChangeKind,
    Proposal,
    ProposalState,
    ReplayedMoment,
)
from sluicegate.services.screening.engine import Scoring
from sluicegate.services.screening.validation.replaying import (
    MOMENTS,
    PastLists,
    past_of,
    replay_lists,
    replay_run,
    runs_to_replay,
)
from sluicegate.services.screening.validation.trial import lists_on_trial

_MANY = 100_000
PROPOSED, DECIDED = "change of screening proposed", "change of screening decided"
"""The acts of a proposal, and of what became of it."""


class ChangeRefusedError(ValueError):
    """A change of screening that cannot be proposed or decided; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


Step = Callable[[str], None]
"""Is told what begins, by the name of a step of long work."""


@dataclass(frozen=True)
class Validator:
    """What screening is validated with: who asks, the lists, and how the node screens now.

    `step` is told what begins; by raising it ends the work.
    """

    desk: Desk
    lists: PastLists
    scoring: Scoring
    step: Step = lambda _step: None


def threshold_of(text: str) -> int:
    """Read the score of an alert, in ten-thousandths.

    Raises:
        ChangeRefusedError: it is no decimal of up to four digits.

    >>> threshold_of("0.7250")
    7250
    """
    try:
        score = Decimal(text) * WHOLE
        if score != int(score):
            raise InvalidOperation
    except (InvalidOperation, ValueError, OverflowError) as error:
        why = say("{text} is no score; give up to four digits, e.g. 0.7250.", text=text)
        raise ChangeRefusedError(why) from error
    return int(score)


@dataclass(frozen=True, slots=True)
class NewChange:
    """What is proposed: the installed algorithm, or a score of an alert in ten-thousandths."""

    reason: str
    threshold: int | None = None
    moments: int = MOMENTS


@dataclass(frozen=True)
class NewList:
    """What is proposed: a file of a list, as it was read."""

    reason: str
    parts: ListParts
    read: ListRead
    options: ImportOptions


def propose(validator: Validator, new: NewChange) -> Proposal:
    """Replay another score of an alert, or the installed algorithm, and propose it.

    Raises:
        RefusedError: the principal may not propose.
        ChangeRefusedError: no reason, no run to replay, a score out of range, or no change.
        ListFilesError: files of a list that a run used are missing or damaged.
    """
    desk, probe = validator.desk, validator.scoring.index(())
    desk.must(Action.VALIDATION_WORK)
    _need(bool(new.reason.strip()), say("Say why the change is wanted; give a reason."))
    runs = runs_to_replay(desk.store, new.moments)
    _need(bool(runs), say("Nothing was screened yet; there is no history to replay over."))
    threshold = probe.threshold if new.threshold is None else new.threshold
    _need(0 < threshold < WHOLE, say("A score of an alert lies above 0 and below 1."))
    before = _in_force(desk, runs[0].threshold)
    _need(
        (probe.algorithm, threshold) != before,
        say("The node screens with this algorithm and score already; nothing would change."),
    )
    scoring = replace(validator.scoring, threshold=threshold)
    moments = []
    for run in runs:
        validator.step("replay")
        moments.append(replay_run(desk.store, validator.lists, scoring, run))
    kind = ChangeKind.ALGORITHM if new.threshold is None else ChangeKind.THRESHOLD
    made = _made(desk, kind, new.reason, moments)
    return _kept(
        desk,
        replace(
            made,
            algorithm=probe.algorithm,
            threshold=threshold,
            algorithm_before=before[0],
            threshold_before=before[1],
        ),
    )


def propose_list(validator: Validator, new: NewList) -> Proposal:
    """Replay a file of a list against everybody who is screened now, and propose to take it in.

    Raises:
        RefusedError: the principal may not propose.
        ChangeRefusedError: no reason.
        ListRefusedError: the file would not be taken in.
        ListFilesError: files of a list in use are missing or damaged.
    """
    desk, probe = validator.desk, validator.scoring.index(())
    desk.must(Action.VALIDATION_WORK)
    _need(bool(new.reason.strip()), say("Say why the change is wanted; give a reason."))
    at = desk.now()
    on = at.date()
    validator.step("lists")
    now = past_of(desk.store, validator.lists, on, None)
    trial = lists_on_trial(new.parts, new.read, new.options, on=on)
    validator.step("replay")
    moment = replay_lists(desk.store, now, trial, validator.scoring, at=at, on=on)
    made = _made(desk, ChangeKind.LIST, new.reason, [moment])
    return _kept(
        desk,
        replace(
            made,
            algorithm=probe.algorithm,
            threshold=probe.threshold,
            algorithm_before=probe.algorithm,
            threshold_before=probe.threshold,
            list_id=new.read.list_id,
            list_version=new.read.version,
            checksum=new.read.checksum,
        ),
    )


def _in_force(desk: Desk, last: int) -> tuple[str, int]:
    """Return algorithm and score activated last; else those that the node began with.

    `last` is the score of the last run: a lower one acts without being activated.
    """
    activated = desk.store.validation.activated()
    if activated is not None:
        return activated.algorithm, activated.threshold
    first = desk.store.matches.runs(limit=_MANY)[-1]
    return first.algorithm, min(first.threshold, last)


def _made(desk: Desk, kind: ChangeKind, reason: str, moments: Sequence[ReplayedMoment]) -> Proposal:
    at = desk.now()
    return Proposal(
        proposal_id=f"sc-{uuid7(at).hex[-16:]}",
        version=1,
        kind=kind,
        state=ProposalState.PROPOSED,
        algorithm="",
        threshold=0,
        algorithm_before="",
        threshold_before=0,
        moments=tuple(moments),
        reason=reason.strip(),
        proposed_by=desk.principal.id,
        proposed_at=at,
        at=at,
        by=desk.principal.id,
    )


def _kept(desk: Desk, made: Proposal) -> Proposal:
    with desk.store.transaction():
        desk.store.validation.add_proposal(made)
        record = {
            **_record(made),
            "moments": [
                {
                    "run": one.run_id,
                    "screened": one.screened,
                    "listed": one.listed,
                    "gained": len(one.gained),
                    "lost": len(one.lost),
                }
                for one in made.moments
            ],
        }
        desk.store.act(PROPOSED, record, at=made.at, by=made.by, reason=PROPOSED)
    return made


def proposals(desk: Desk) -> Sequence[Proposal]:
    """Return every change that was proposed, at its last version, the last proposed first.

    Raises:
        RefusedError: the principal may not read validation.
    """
    desk.must(Action.VALIDATION_READ)
    return desk.store.validation.proposals()


def proposal_at(desk: Desk, proposal_id: str) -> Proposal:
    """Return a proposal at its last version.

    Raises:
        RefusedError: the principal may not read validation.
        NotFoundError: there is no such proposal.
    """
    desk.must(Action.VALIDATION_READ)
    return _held(desk, proposal_id)


def decide(
    desk: Desk,
    proposal_id: str,
    *,
    is_activated: bool,
    installed: str,
    reason: str = "",
    known_as: Collection[str] = (),
) -> Proposal:
    """Activate or reject what another person proposed; the next run screens with it.

    `installed` is the algorithm of the node now. `known_as` are other ids of the
    principal in small letters, such as the login on this machine.

    Raises:
        NotFoundError: there is no such proposal.
        RefusedError: the principal may not activate, proposed it, or did not sign in.
        ChangeRefusedError: it waits no more, was overtaken, or is rejected without a reason.
        ProposalChangedError: somebody else decided meanwhile.
    """
    with desk.store.transaction():
        held = _held(desk, proposal_id)
        desk.must(
            Action.VALIDATION_DECIDE,
            Resource("validation", desk.principal.tenant, maker=held.proposed_by),
        )
        _need(
            held.state is ProposalState.PROPOSED,
            say("The proposal does not wait for a second person."),
        )
        _need(
            held.proposed_by.casefold() not in known_as,
            say("You proposed this at the command line; another person must activate it."),
        )
        if is_activated:
            _need_current(desk, held, installed)
        else:
            _need(bool(reason.strip()), say("Say why it is rejected; give a reason."))
        state = ProposalState.ACTIVATED if is_activated else ProposalState.REJECTED
        return _moved(desk, held, state, reason)


def withdraw(desk: Desk, proposal_id: str, reason: str) -> Proposal:
    """Take a proposal back that nobody decided about.

    Raises:
        NotFoundError: there is no such proposal.
        RefusedError: the principal may not propose changes.
        ChangeRefusedError: it waits no more, or no reason is given.
    """
    with desk.store.transaction():
        held = _held(desk, proposal_id)
        desk.must(Action.VALIDATION_WORK)
        _need(
            held.state is ProposalState.PROPOSED,
            say("The proposal does not wait for a second person."),
        )
        _need(bool(reason.strip()), say("Say why it is withdrawn; give a reason."))
        return _moved(desk, held, ProposalState.WITHDRAWN, reason)


def _need_current(desk: Desk, held: Proposal, installed: str) -> None:
    """Refuse a change whose replay is no longer one of what would be activated."""
    _need(
        held.algorithm == installed,
        say(
            "The change was replayed with {replayed}, and {installed} is installed now; "
            "propose it again.",
            replayed=held.algorithm,
            installed=installed,
        ),
    )
    if held.is_method:
        last = desk.store.validation.activated()
        _need(
            last is None or last.at < held.proposed_at,
            say("Another change was activated since this one was replayed; propose it again."),
        )


def _moved(desk: Desk, held: Proposal, state: ProposalState, reason: str) -> Proposal:
    at, by = desk.now(), desk.principal.id
    after = replace(
        held,
        version=held.version + 1,
        state=state,
        decided_by=by,
        decision=reason.strip(),
        at=at,
        by=by,
    )
    desk.store.validation.add_proposal(after)
    desk.store.act(DECIDED, _record(after), at=at, by=by, reason=state.value)
    return after


def _record(one: Proposal) -> dict[str, object]:
    return {
        "proposal": one.proposal_id,
        "version": one.version,
        "change": one.kind.value,
        "state": one.state.value,
        "algorithm": one.algorithm,
        "algorithm_before": one.algorithm_before,
        "threshold": one.threshold,
        "threshold_before": one.threshold_before,
        "list": one.list_id,
        "checksum": one.checksum,
    }


def _held(desk: Desk, proposal_id: str) -> Proposal:
    versions = desk.store.validation.proposal_versions(proposal_id)
    if not versions:
        raise NotFoundError("proposal", proposal_id)
    return versions[-1]


def _need(holds: bool, why: Sentence) -> None:
    if not holds:
        raise ChangeRefusedError(why)
