"""Lineages: what models and outputs were made from, and what that counts as compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.reasons import Sentence
from sluicegate.lineage.accounting import Options
from sluicegate.lineage.document import Lineage, NodeKind, Query
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.lineage import keeping
from sluicegate.services.lineage.asking import usual_quantity
from sluicegate.services.lineage.bounding import TooMuchBehindError
from sluicegate.services.lineage.keeping import LineageError, Stating
from sluicegate.services.lineage.pictured import AS_A_PICTURE, Limits
from sluicegate.services.lineage.showing import (
    KeptLineage,
    kept_lineage,
    lineage_versions,
    list_lineages,
    totals,
)
from sluicegate.services.ports.lineage import LineageFilesError, LineageVersion, StatementKind
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import LineageJob
from sluicegate.web.case_parts import people_named
from sluicegate.web.lineage_views import (
    ON_A_PAGE,
    TargetShown,
    compared_of,
    law_of,
    lineage_words,
    rates_shown,
    rule_chosen,
    target_shown,
)
from sluicegate.web.pages import lineage_accounting
from sluicegate.web.pages.sources import UPLOAD_LIMIT, blocks
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.works import work_files

_MOST_TOTALS = 50
"""Models and outputs of a lineage that its page totals; the command line gives all."""
DEPTHS = (3, AS_A_PICTURE.depth, 12, 24)
"""Rows of causes that a page offers to draw."""
_UNFIT = 422
_LONGEST = 2_000


def list_all(visit: Visit) -> Response:
    """List the lineages that the node keeps, each at its last version."""
    return _list_page(visit)


def _list_page(visit: Visit, faults: Mapping[str, str] | None = None) -> Response:
    return visit.render(
        "lineages/list.html",
        status=_UNFIT if faults else 200,
        rows=list_lineages(visit.desk),
        given=visit.text,
        faults=faults or {},
        may_write=visit.may(Action.LINEAGE_WRITE),
        at=address_of,
    )


def take_in(visit: Visit) -> Response:
    """Keep the file of the form and ask for the job that takes its lineages in."""
    given = visit.form.get("file")
    texts = {name: visit.text(name) for name in ("source", "name", "reason")}
    faults = {name: visit._("This is too long.") for name in texts if len(texts[name]) > _LONGEST}
    if not isinstance(given, UploadFile) or not given.filename:
        return _list_page(visit, {**faults, "file": visit._("Choose the file.")})
    if faults:
        return _list_page(visit, faults)
    kept = work_files(visit.served.node).keep(given.filename, blocks(given.file))
    asked = LineageJob(
        kept,
        texts["source"] or "default",
        texts["name"],
        texts["reason"],
        visit.text("dry_run") == "yes",
    )
    job = ask_job(visit.desk, asked)
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The file waits to be taken in."))


def address_of(lineage_id: str, page_name: str = "", **query: str) -> str:
    """Return where a lineage, or a page of it, is shown."""
    path = f"/lineages/{quote(lineage_id, safe='')}"
    asked = f"?{urlencode(query)}" if query else ""
    return f"{path}/{page_name}{asked}" if page_name else path + asked


def _kept(visit: Visit) -> KeptLineage:
    """Return the lineage of the address, at the version that it names."""
    version = visit.query.get("version", "")
    wanted = int(version) if version.isdecimal() and len(version) < 10 else None
    return kept_lineage(visit.desk, visit.path["lineage"], version=wanted)


def show_lineage(visit: Visit) -> Response:
    """Show a lineage: its models and outputs with their totals, statements, versions."""
    return _lineage_page(visit)


def _lineage_page(
    visit: Visit, faults: Mapping[str, str] | None = None, said: Sentence | None = None
) -> Response:
    try:
        kept = _kept(visit)
    except LineageFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back="/lineages")
    rule = rule_chosen(visit.query.get("rule", ""))
    versions = lineage_versions(visit.desk, kept.version.lineage_id)
    statements = kept.version.statements
    last = versions[-1].version
    people = [one.by for one in versions] + [one.by for one in statements]
    return visit.render(
        "lineages/show.html",
        status=_UNFIT if faults or said else 200,
        kept=kept,
        versions=versions[::-1],
        is_last=kept.version.version == last,
        rule=rule,
        totals=list(totals(kept, law_of(visit), rule=rule, most=_MOST_TOTALS)),
        node=lambda one: kept.lineage.nodes[kept.lineage.places[one]],
        counted=_counted(kept.lineage),
        kinds=[one.value for one in StatementKind],
        statements=statements,
        given=visit.text,
        faults=faults or {},
        said=said,
        may_write=visit.may(Action.LINEAGE_WRITE) and kept.version.version == last,
        person=people_named(visit, people) if visit.may(Action.CASE_READ) else str,
        at=address_of,
        **lineage_words(visit),
    )


def _target(visit: Visit, kept: KeptLineage) -> str:
    """Return the node of the address. Raises NotFoundError where the lineage has none such."""
    target = visit.query.get("id", "")
    if target not in kept.lineage.places:
        raise NotFoundError("node", target[:100])
    return target


def _shown(visit: Visit, kept: KeptLineage, target: str) -> TargetShown:
    rule = rule_chosen(visit.query.get("rule", ""))
    query = Query((target,), usual_quantity(kept.lineage, target), rule)
    options = Options(presume=visit.query.get("presume") != "off")
    limits = Limits(_depth(visit), ON_A_PAGE.in_row)
    return target_shown(visit, kept.lineage, query, options, limits)


def _counted(lineage: Lineage) -> int:
    """Return how much of a lineage is totalled: its models, outputs and stated intervals."""
    kinds = NodeKind.MODEL, NodeKind.OUTPUT
    return sum(one.kind in kinds for one in lineage.nodes) + len(lineage.intervals)


def _depth(visit: Visit) -> int:
    """Return how many rows of causes are drawn: one of those offered."""
    given = visit.query.get("depth", "")
    return int(given) if given in map(str, DEPTHS) else AS_A_PICTURE.depth


def show_target(visit: Visit) -> Response:
    """Show what a model or an output comes to, with its picture."""
    kept = _kept(visit)
    target = _target(visit, kept)
    try:
        shown = _shown(visit, kept, target)
    except TooMuchBehindError as error:
        return _too_much(visit, kept, error)
    return visit.render(
        "lineages/target.html",
        kept=kept,
        node=kept.lineage.nodes[kept.lineage.places[target]],
        shown=shown,
        findings=_findings_about(visit, kept, target),
        rates=rates_shown(visit, kept.lineage, target, shown.account),
        depth=_depth(visit),
        depths=DEPTHS,
        chosen={name: visit.query.get(name, "") for name in ("version", "presume")},
        at=address_of,
        **lineage_words(visit),
    )


def _findings_about(visit: Visit, kept: KeptLineage, target: str) -> str:
    """Return where the findings about a node are listed; empty for who may not see findings."""
    if not visit.may(Action.FINDING_READ):
        return ""
    is_output = kept.lineage.nodes[kept.lineage.places[target]].kind is NodeKind.OUTPUT
    kind = SubjectKind.OUTPUT if is_output else SubjectKind.MODEL
    subject = Subject.of(kind, f"{kept.version.lineage_id}/{target}")
    return f"/findings?subject={quote(str(subject), safe='')}"


def _too_much(visit: Visit, kept: KeptLineage, error: TooMuchBehindError) -> Response:
    back = address_of(kept.version.lineage_id)
    return problem_page(visit, Problem.UNFIT, reasons=(error.sentence,), back=back)


def show_compared(visit: Visit) -> Response:
    """Show a target under every counting rule: what each counts, leaves out, does not address."""
    kept = _kept(visit)
    target = _target(visit, kept)
    try:
        found = compared_of(visit, kept.lineage, target)
    except TooMuchBehindError as error:
        return _too_much(visit, kept, error)
    return visit.render(
        "lineages/compare.html",
        kept=kept,
        node=kept.lineage.nodes[kept.lineage.places[target]],
        found=found,
        at_version=visit.query.get("version", ""),
        at=address_of,
        **lineage_words(visit),
    )


def state(visit: Visit) -> Response:
    """Enter a human's change, or that earlier computation had no effect, for a reason."""
    texts = {name: visit.text(name) for name in ("cause", "target", "reason", "evidence")}
    faults = {name: visit._("This is needed.") for name, text in texts.items() if not text}
    faults |= {name: visit._("This is too long.") for name in texts if len(texts[name]) > _LONGEST}
    kinds = {one.value: one for one in StatementKind}
    kind, day = kinds.get(visit.text("kind")), None
    if kind is None:
        faults["kind"] = visit._("Choose one.")
    try:
        day = parse_day(visit.text("on")) if visit.text("on") else None
    except ValueError:
        faults["on"] = visit._("This is no day; write e.g. 2026-01-31.")
    if faults or kind is None:
        return _lineage_page(visit, faults)
    stating = Stating(kind, **texts, on=day)
    return _changed(visit, lambda: keeping.state(visit.desk, visit.path["lineage"], stating))


def take_back(visit: Visit) -> Response:
    """Take back what was stated by hand, for a reason."""
    reason, kinds = visit.text("reason"), {one.value: one for one in StatementKind}
    kind = kinds.get(visit.text("kind"))
    if kind is None or not reason:
        return _lineage_page(visit, {"back": visit._("Say why; a reason is needed.")})
    return _changed(
        visit,
        lambda: keeping.withdraw(
            visit.desk,
            visit.path["lineage"],
            kind,
            visit.text("cause"),
            visit.text("target"),
            reason,
        ),
    )


def _changed(visit: Visit, change: Callable[[], LineageVersion]) -> Response:
    try:
        version = change()
    except LineageError as error:
        return _lineage_page(visit, said=error.sentence)
    said = visit._("It is kept as version %(version)s.", version=version.version)
    return visit.redirect(address_of(version.lineage_id), said)


PAGES: tuple[Page, ...] = (
    page("/lineages", list_all, Action.LINEAGE_READ),
    post("/lineages", take_in, Action.LINEAGE_WRITE, body_limit=UPLOAD_LIMIT),
    *lineage_accounting.PAGES,
    page("/lineages/{lineage}", show_lineage, Action.LINEAGE_READ),
    page("/lineages/{lineage}/target", show_target, Action.LINEAGE_READ),
    page("/lineages/{lineage}/compare", show_compared, Action.LINEAGE_READ),
    post("/lineages/{lineage}/statements", state, Action.LINEAGE_WRITE),
    post("/lineages/{lineage}/statements/end", take_back, Action.LINEAGE_WRITE),
)
