"""Jobs that take lists and ownership in from files and addresses, for a node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sluicegate.adapters.work.files import WorkFiles
from sluicegate.core.phrases import Language
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.kept_words import problems_text
from sluicegate.services.lists.fetching import FetchOptions
from sluicegate.services.lists.importing import ImportOptions, import_list
from sluicegate.services.lists.parts import ListRefusedError
from sluicegate.services.lists.rows import fetch_row, import_row, refused_row
from sluicegate.services.lists.scheduling import alarm
from sluicegate.services.ownership.showing import Standpoint
from sluicegate.services.ports.work import Told
from sluicegate.services.work.kinds import ListFetchJob, ListImportJob, OwnershipJob
from sluicegate.services.work.running import JobFailedError, Task, both
from sluicegate.wiring.lists import fetch_lists, list_parts, read_list_files, write_rejects
from sluicegate.wiring.nodes import OpenNode
from sluicegate.wiring.ownership import ImportOptions as OwnershipOptions
from sluicegate.wiring.ownership import take_in_ownership

REJECTS = "rejects.csv"
SHOWN = 20
"""Problems that the result of a job shows; its file of rejects has all."""


@dataclass(frozen=True)
class ListWorks:
    """What does the jobs that take in lists and statements of ownership."""

    node: OpenNode
    files: WorkFiles

    def take_in(self, task: Task) -> Mapping[str, Any]:
        """Take the lists of a file in; a list that is refused leaves its old version in use."""
        asked = ListImportJob.of(task.parameters)
        place = self.files.path(asked.file)
        task.step("reading")
        try:
            read = read_list_files([place], asked.list_id)
        except ProblemsError as error:
            raise _failed(error, f"{place.parent}/") from error
        parts = list_parts(self.node, task.principal.id)
        options = ImportOptions(
            asked.published, asked.accept_smaller, dry_run=asked.is_dry_run, source=asked.file.name
        )
        rows, refused = [], list[Sentence]()
        for number, one in enumerate(read, 1):
            try:
                taken = import_list(parts, one, options)
            except ListRefusedError as error:
                refused.append(error.sentence)
                rows.append(refused_row(one, error.sentence, _in_both))
            else:
                rows.append(import_row(one, taken, dry_run=asked.is_dry_run))
            task.tell("lists", number, len(read))
        if refused and len(refused) == len(rows):
            raise JobFailedError(both(refused[0]))
        problems = [problem for one in read for problem in one.problems]
        named = self._rejects(task, problems)
        shown = [_problem_row(one, place) for one in problems[:SHOWN]]
        return {"lists": rows, "problems": shown, "rejects": named, "dry_run": asked.is_dry_run}

    def fetch(self, task: Task) -> Mapping[str, Any]:
        """Fetch lists from their issuers; what fails leaves the old version in use."""
        asked = ListFetchJob.of(task.parameters)
        options = FetchOptions(accept_smaller=asked.accept_smaller)
        task.step("fetching")
        try:
            found = fetch_lists(self.node, asked.lists, options, task.principal.id)
        except ListRefusedError as error:
            raise JobFailedError(both(error.sentence)) from error
        if not found:
            raise JobFailedError(both(say("No list in use has a known address; name a list.")))
        alarm(self.node.store, found, at=self.node.clock.now())
        return {"lists": [fetch_row(one, dry_run=False, told=_in_both) for one in found]}

    def ownership(self, task: Task) -> Mapping[str, Any]:
        """Read statements of ownership into the registry; bad ones are refused one by one."""
        asked, node = OwnershipJob.of(task.parameters), self.node
        place = self.files.path(asked.file)
        day = node.clock.now().date()
        options = OwnershipOptions(
            Standpoint.of(node.store, node.book, day).majority,
            asked.source,
            dict(asked.same),
            self.files.results(task.job.job_id) / REJECTS,
            asked.is_dry_run,
            task.principal.id,
        )
        task.step("reading")
        try:
            result = take_in_ownership(node, [place], options)
        except ProblemsError as error:
            raise _failed(error, f"{place.parent}/") from error
        rejects = [REJECTS] if result.rejected else []
        document = _named(result.document(), f"{place.parent}/")
        return {**document, "rejects": rejects, "dry_run": asked.is_dry_run}

    def _rejects(self, task: Task, problems: Sequence[Problem]) -> list[str]:
        if not problems:
            return []
        write_rejects(problems, self.files.results(task.job.job_id) / REJECTS)
        return [REJECTS]


def _in_both(sentence: Sentence) -> dict[str, str]:
    return {one.value: sentence.text(one) for one in Language}


def _problem_row(one: Problem, place: Path) -> dict[str, Any]:
    """Return what is wrong with a row; the texts are read back by `services/kept_words.py`."""
    return {
        "file": one.file.replace(f"{place.parent}/", ""),
        "line": one.line,
        "field": one.field,
        "problem": one.problem,
        "way_out": one.way_out,
    }


def _failed(error: ProblemsError, place: str) -> JobFailedError:
    """Return the end of a job that cannot read its file, told without where the file lies."""
    en, zh = (problems_text(error.problems, one).replace(place, "") for one in Language)
    return JobFailedError(Told(en, zh))


def _named(value: Any, place: str) -> Any:
    """Return a document in which files are named without where they lie on this machine."""
    if isinstance(value, dict):
        return {name: _named(one, place) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_named(one, place) for one in value]
    return value.replace(place, "") if isinstance(value, str) else value
