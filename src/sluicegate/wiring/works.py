"""What each kind of job does, joined to the adapters of a node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sluicegate.adapters.work.files import WorkFiles
from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.problems import ProblemsError
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import RuleFilesError
from sluicegate.services.assess import Scope
from sluicegate.services.desk import Desk
from sluicegate.services.detectors.binding import UnaskableRuleError
from sluicegate.services.intake import intake
from sluicegate.services.measuring import Measure
from sluicegate.services.node import NodeError
from sluicegate.services.passes import Pass, run_pass
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.ports.work import JobKind, Told
from sluicegate.services.reporting import Heading, report_of
from sluicegate.services.screening.not_screened import refusal
from sluicegate.services.screening.running import Screen, run_screening
from sluicegate.services.screening.showing import run_document
from sluicegate.services.work.acts import command_of
from sluicegate.services.work.jobs import ask_for
from sluicegate.services.work.kinds import (
    AskManyJob,
    AssessJob,
    BulkActsJob,
    IntakeJob,
    ReportJob,
    ScreeningJob,
)
from sluicegate.services.work.running import JobFailedError, Task, Work, both
from sluicegate.wiring.exchange_works import ExchangeWorks
from sluicegate.wiring.lineage_works import LineageWorks
from sluicegate.wiring.link_works import LinkWorks
from sluicegate.wiring.list_works import REJECTS, ListWorks
from sluicegate.wiring.nodes import OpenNode, fact_rows, write_report_files
from sluicegate.wiring.screening import screening_of
from sluicegate.wiring.validation_works import ValidationWorks

WORK_FOLDER = "work"
ANSWERS = "answers.csv"
EXPECTED: tuple[type[Exception], ...] = (
    BadFactsError,
    ListFilesError,
    NodeError,
    RuleFilesError,
    UnaskableRuleError,
)
"""Exceptions, beside those of all work, whose text is meant for people."""


def work_files(node: OpenNode) -> WorkFiles:
    """Return the files of a node's jobs: `keep` one before its job is asked for."""
    return WorkFiles(node.node.folder.path / WORK_FOLDER)


def works_of(node: OpenNode) -> Mapping[JobKind, Work]:
    """Return what does the jobs of each kind in a node, for the tenant of its store."""
    files = work_files(node)
    works, lists = _Works(node, files), ListWorks(node, files)
    validation, links = ValidationWorks(node, files), LinkWorks(node)
    exchange, lineages = ExchangeWorks(node, files), LineageWorks(node, files)
    return {
        JobKind.INTAKE: works.take_in,
        JobKind.ASSESS: works.assess,
        JobKind.REPORT: works.report,
        JobKind.ASK_MANY: works.ask_many,
        JobKind.BULK_ACTS: works.bulk_acts,
        JobKind.SCREENING: works.screen,
        JobKind.LIST_IMPORT: lists.take_in,
        JobKind.LIST_FETCH: lists.fetch,
        JobKind.OWNERSHIP: lists.ownership,
        JobKind.VALIDATION: validation.pack,
        JobKind.SCREENING_CHANGE: validation.change,
        JobKind.LINKS: links.find,
        JobKind.EXCHANGE: exchange.approve,
        JobKind.LINEAGE: lineages.take_in,
    }


@dataclass(frozen=True)
class _Works:
    node: OpenNode
    files: WorkFiles

    def take_in(self, task: Task) -> Mapping[str, Any]:
        """Take files in, as `sluicegate intake` does; the result is the same document."""
        from sluicegate.adapters.formats.inputs import FileInputs, InputSettings

        asked, node = IntakeJob.of(task.parameters), self.node
        now = node.clock.now()

        def tell(file: str, done: int, total: int) -> None:
            task.tell(Path(file).name, done, total)

        settings = InputSettings(
            lake_folder=node.lake_folder,
            catalogue=node.catalogue,
            on=now.date(),
            kind=asked.kind,
            mapping=None if asked.mapping is None else self.files.path(asked.mapping),
            source=asked.source,
            offset=asked.offset,
            rejects=self.files.results(task.job.job_id) / REJECTS,
            progress=tell,
        )
        paths = [self.files.path(one) for one in asked.files]
        places = {f"{path.parent}/": "" for path in paths}
        try:
            result = intake(
                paths,
                store=node.store,
                inputs=FileInputs(settings),
                at=now,
                by=task.principal.id,
                dry_run=asked.is_dry_run,
            )
        except ProblemsError as error:
            text = _without(str(error), places)
            raise JobFailedError(Told(text, text)) from error
        document: dict[str, Any] = load_json(_without(dump_json(result.document()), places))
        rejects = [REJECTS] if result.rejected else []
        return {**document, "rejects": rejects, "dry_run": asked.is_dry_run}

    def assess(self, task: Task) -> Mapping[str, Any]:
        """Run a pass and keep it; the result counts what it found."""
        passed = self._pass(task, AssessJob.of(task.parameters).as_of)
        return _counts(passed)

    def report(self, task: Task) -> Mapping[str, Any]:
        """Run a pass, keep it and write its report; the result names the files in the node."""
        passed = self._pass(task, ReportJob.of(task.parameters).as_of)
        task.step("report")
        node = self.node
        day = passed.assessment.as_of
        roles = tuple(role.value for role in node.node.settings.roles)
        folder = node.node.folder.path.resolve()
        heading = Heading(folder.name, roles, node.clock.now())
        report = report_of(passed, self._measure(day, task), heading)
        files = write_report_files(report, self._report_folder(task, folder, day))
        named = [file.relative_to(folder).as_posix() for file in files]
        return {**_counts(passed), "files": named}

    def _report_folder(self, task: Task, folder: Path, day: date) -> Path:
        """Return where a report goes: of another tenant, beside the job's other results.

        The node's folder of reports is read by its own tenant, which sees no other's.
        """
        if self.node.store.tenant == self.node.node.settings.tenant:
            return folder / "reports" / day.isoformat()
        return self.files.results(task.job.job_id).resolve()

    def ask_many(self, task: Task) -> Mapping[str, Any]:
        """Ask a question about every row of a file; the result names the file of answers."""
        from sluicegate.services.asking import question_named
        from sluicegate.services.bulk.answering import Asking
        from sluicegate.services.bulk.files import Layout, UnwritableError, answer_file

        asked, node = AskManyJob.of(task.parameters), self.node
        one = question_named(asked.question, node.book)
        asking = Asking(
            asked.as_of or node.clock.now().date(), node.book, dict(asked.readings), None, None
        )
        target = self.files.results(task.job.job_id) / ANSWERS
        with fact_rows(self.files.path(asked.file), one.spec, layout=Layout.CSV) as rows:
            size = rows.size
            tally = answer_file(one, rows, asking, lambda done: task.tell("rows", done, size))
            try:
                rows.write(target)
            except UnwritableError as error:
                raise JobFailedError(Told(str(error), str(error))) from error
        return {
            "rows": tally.rows,
            "answered": tally.answered,
            "refused": tally.refused,
            "files": [ANSWERS],
        }

    def bulk_acts(self, task: Task) -> Mapping[str, Any]:
        """Do one act to many cases, each whole or not at all; cancelling keeps what was done."""
        from sluicegate.services.casework.acting import bulk
        from sluicegate.wiring.access import authority_of

        node, asked = self.node, BulkActsJob.of(task.parameters)
        command = command_of(asked.act)
        desk = Desk(task.principal, node.store, authority_of(node), node.clock)
        done: list[str] = []
        refused: list[dict[str, Any]] = []
        for number, case_id in enumerate(asked.cases, 1):
            result = bulk(desk, [case_id], command, book=node.book)
            done += result.done
            for one in result.refused:
                told = both(one.reason)
                refused.append({"case": one.case_id, "reason": {"en": told.en, "zh": told.zh}})
            task.tell("cases", number, len(asked.cases))
        return {"done": done, "refused": refused}

    def screen(self, task: Task) -> Mapping[str, Any]:
        """Screen what changed; a pass is asked for when alerts came or went."""
        node, asked = self.node, ScreeningJob.of(task.parameters)
        screening = screening_of(node.node, node.store, node.clock)
        at = node.clock.now()
        task.step("lists")
        lists = screening.lists.in_use(on=at.date())
        missing = refusal(lists, allow_stale=True)
        if missing is not None:
            raise JobFailedError(both(missing.said))
        assert lists is not None
        screen = Screen(
            store=node.store,
            lists=lists,
            scoring=screening.scoring,
            book=node.book,
            tenant=node.store.tenant,
            as_of=at.date(),
            at=at,
            by=task.principal.id,
            trigger=asked.trigger,
            is_full=asked.is_full,
            tell=lambda done, total: task.tell("screening", done, total),
        )
        run = run_screening(screen)
        if run.gained or run.lost:
            ask_for(node.store, AssessJob(), task.principal, at=at)
        return run_document(run)

    def _pass(self, task: Task, day: date | None) -> Pass:
        node = self.node
        at = node.clock.now()
        return run_pass(
            self._measure(day or at.date(), task),
            tenant=node.store.tenant,
            at=at,
            by=task.principal.id,
            scope=Scope(node.node.settings.regimes or ()),
        )

    def _measure(self, day: date, task: Task) -> Measure:
        node = self.node
        return Measure(
            store=node.store,
            lake=node.lake,
            catalogue=node.catalogue,
            book=node.book,
            country=node.node.settings.country,
            as_of=day,
            progress=task.step,
            screening=screening_of(node.node, node.store, node.clock),
        )


def _counts(passed: Pass) -> dict[str, Any]:
    found = passed.assessment
    return {
        "as_of": found.as_of.isoformat(),
        "pass": found.pass_id,
        "findings": len(found.findings),
        "obligations": len(found.obligations),
        "changes": len(found.changes),
        "missing": [one.as_json() for one in found.missing],
    }


def _without(text: str, places: Mapping[str, str]) -> str:
    """Leave out of a text where on this machine files lie."""
    for place in places:
        text = text.replace(place, "")
    return text
