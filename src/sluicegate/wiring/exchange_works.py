"""The job that approves a comparison with another provider: it measures, blinds, and writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sluicegate.adapters.work.files import WorkFiles
from sluicegate.core.exact import dump_json, load_json
from sluicegate.kyc.joint_compute import TermsError
from sluicegate.services.desk import Desk
from sluicegate.services.exchange.messages import ANSWER, OFFER, Answer, Offer, terms_of
from sluicegate.services.exchange.sessions import ExchangeRefusedError
from sluicegate.services.ports.exchange import (
    NoIntersectionError,
    SessionSide,
    UnreadableMessageError,
)
from sluicegate.services.work.kinds import ExchangeJob
from sluicegate.services.work.running import JobFailedError, Task, both
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.exchange import exchange_at, inputs_of, intersection
from sluicegate.wiring.nodes import OpenNode


@dataclass(frozen=True)
class ExchangeWorks:
    """What does the jobs of comparisons; their results hold an id and the name of a file."""

    node: OpenNode
    files: WorkFiles

    def approve(self, task: Task) -> Mapping[str, Any]:
        """Approve with the rights of who asked, and leave the message with the job's results."""
        try:
            return self._approved(task, ExchangeJob.of(task.parameters))
        except (
            ExchangeRefusedError,
            NoIntersectionError,
            TermsError,
            UnreadableMessageError,
        ) as error:
            raise JobFailedError(both(error.sentence)) from error

    def _approved(self, task: Task, asked: ExchangeJob) -> Mapping[str, Any]:
        node = self.node
        desk = Desk(task.principal, node.store, authority_of(node), node.clock)
        exchange = exchange_at(node, desk)
        offer = None if asked.offer is None else _offer(self.files.path(asked.offer))
        standing = exchange.awaiting(asked.session, offer)
        task.step("totals")
        inputs = inputs_of(node.parts, terms_of(standing.terms).as_of)
        task.step("blinding")
        name = OFFER if standing.side is SessionSide.ASKING else ANSWER
        with node.store.transaction():
            message: Offer | Answer
            if offer is None:
                message = exchange.offer(asked.session, inputs, intersection())
            else:
                message = exchange.answer(asked.session, offer, inputs, intersection())
            place = self.files.results(task.job.job_id) / f"{name}.json"
            place.write_text(dump_json(message.document()), encoding="utf-8")
        return {"session": asked.session, "message": name, "files": [place.name]}


def _offer(file: Path) -> Offer:
    return Offer.of(load_json(file.read_text(encoding="utf-8")))
