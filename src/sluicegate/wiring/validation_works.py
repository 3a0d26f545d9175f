"""Jobs that validate the screening of a node: packs, and changes that are replayed and proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.adapters.work.files import WorkFiles
from sluicegate.core.problems import ProblemsError
from sluicegate.services.desk import Desk
from sluicegate.services.lists.parts import ListRefusedError
from sluicegate.services.ports.validation import Proposal
from sluicegate.services.ports.work import Told
from sluicegate.services.screening.validation.changes import (
    ChangeRefusedError,
    NewChange,
    propose,
)
from sluicegate.services.screening.validation.pack import NoListError
from sluicegate.services.work.kinds import KeptFile, ScreeningChangeJob, ValidationJob
from sluicegate.services.work.running import JobFailedError, Task, both
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.nodes import OpenNode
from sluicegate.wiring.validation import (
    ListFile,
    PackOptions,
    propose_list_file,
    validate,
    validator_of,
)


@dataclass(frozen=True)
class ValidationWorks:
    """What does the jobs of validation; their results hold ids and counts, no name."""

    node: OpenNode
    files: WorkFiles

    def pack(self, task: Task) -> Mapping[str, Any]:
        """Make a validation pack; it lies on the node, where backups find it."""
        asked = ValidationJob.of(task.parameters)
        options = PackOptions(asked.seed, asked.names, asked.sample)
        try:
            written = validate(self.node, self._desk(task), options, task.step)
        except NoListError as error:
            raise JobFailedError(both(error.sentence)) from error
        assert written.folder is not None, "a pack that is no trial is written"
        kept = written.kept
        return {
            "pack": kept.pack_id,
            "folder": written.folder.name,
            "manifest": kept.manifest,
            "figures": dict(kept.figures),
        }

    def change(self, task: Task) -> Mapping[str, Any]:
        """Replay a change and propose it; a second person activates it."""
        asked, desk = ScreeningChangeJob.of(task.parameters), self._desk(task)
        try:
            if asked.file is None:
                new = NewChange(asked.reason, asked.threshold)
                made = propose(validator_of(self.node, desk, task.step), new)
            else:
                made = self._list_change(task, asked, asked.file, desk)
        except (ChangeRefusedError, ListRefusedError) as error:
            raise JobFailedError(both(error.sentence)) from error
        newest = made.moments[0]
        return {
            "proposal": made.proposal_id,
            "moments": len(made.moments),
            "gained": len(newest.gained),
            "lost": len(newest.lost),
        }

    def _list_change(
        self, task: Task, asked: ScreeningChangeJob, kept: KeptFile, desk: Desk
    ) -> Proposal:
        place = self.files.path(kept)
        file = ListFile(place, asked.reason, asked.list_id, asked.published)
        task.step("reading")
        try:
            return propose_list_file(self.node, desk, file, task.step)
        except ProblemsError as error:
            text = str(error).replace(f"{place.parent}/", "")
            raise JobFailedError(Told(text, text)) from error

    def _desk(self, task: Task) -> Desk:
        return Desk(task.principal, self.node.store, authority_of(self.node), self.node.clock)
