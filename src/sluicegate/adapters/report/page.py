"""The report as one HTML page that needs nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from sluicegate.adapters.pictures import PAGE_STYLE, Language, for_people, line_label
from sluicegate.adapters.pictures.svg import clean
from sluicegate.adapters.report import words
from sluicegate.adapters.report.catalogue import Catalogue
from sluicegate.adapters.report.charts import largest_view, subject_view, total_sentence
from sluicegate.adapters.report.listed import is_about_lists, match_rows, owned_rows
from sluicegate.adapters.report.standing import standing_of
from sluicegate.core.phrases import Language as Tongue
from sluicegate.core.quantities import Exact, flop_text, parse_decimal, percent
from sluicegate.core.trace import Figure
from sluicegate.rules.thresholds import Level
from sluicegate.services import figures
from sluicegate.services.findings import Certainty, Finding, ObligationDue
from sluicegate.services.report import Report

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
GROUPS = ("certain", "likely", "possible", "approaching", "cleared")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a big node one page shows; the data files hold the rest."""

    charts: int = 40
    details: int = 150
    listed: int = 50
    rows: int = 1000
    changes: int = 100
    trace_children: int = 40


def render_page(report: Report, language: Language, limits: Limits | None = None) -> str:
    """Return the page in a language."""
    limits = limits or Limits()
    say = Catalogue(language)
    style = page_style()
    template = page_template("report.html.j2")
    page = template.render(
        _=say,
        language="zh-Hans" if language == "zh" else "en",
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        report=report,
        heading=report.heading,
        limits=limits,
        groups=_groups(report),
        detailed=_detailed(report, limits),
        matches=match_rows(report, say),
        owned=owned_rows(report),
        links={one.id: f"finding-{place}" for place, one in enumerate(report.findings)},
        summary=_summary(report, say),
        nearest=report.obligations[:8],
        largest=largest_view(report, say),
        subjects=[
            subject_view(subject, place, report, say)
            for place, subject in enumerate(report.subjects[: limits.charts])
        ],
        rejected_rows=sum(one.rejected for one in report.coverage.rejected),
        growth=_growth,
        dict=dict,
        line_label=line_label,
        percent=percent,
        times=words.times,
        crossing=lambda finding: words.crossing_sentences(finding, report.as_of, say),
        limit_words=lambda limit: words.limit_in_words(limit, say),
        amount=words.amount_with_unit,
        passed_on=_passed_on,
        group_of=_group,
        standing=lambda finding: standing_of(finding.legal_status, say),
        why=lambda finding: finding.why(Tongue(language)),
        assumed=lambda finding: _assumptions(finding, language),
        traced=lambda finding: _trace(finding, language),
        sole_figure=_sole_figure,
        plain=_plain,
        is_past=lambda due: due is not None and due < report.as_of,
    )
    return clean(page)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sluicegate.adapters.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["chinese"] = lambda text: bool(_CHINESE.search(text))
    environment.filters.update(flop=_flop, svg=Markup, many=_many, zipped=zip)
    return environment


def page_template(name: str) -> Template:
    """Return a template of this package."""
    return _environment().get_template(name)


@lru_cache(maxsize=1)
def page_style() -> str:
    """Return the one style sheet of every page that is a file of its own."""
    own = files("sluicegate.adapters.report").joinpath("templates", "report.css").read_text("utf-8")
    return f"\n{PAGE_STYLE}\n{own}"


def _flop(value: Exact) -> Markup:
    """Write an amount for people, with all its digits for programs."""
    return Markup('<data value="{}">{}</data>').format(flop_text(value), for_people(value))


def _many(count: int) -> str:
    """Write a count with groups of three digits, which both languages read.

    >>> _many(181223)
    '181,223'
    """
    return f"{count:,}"


def _group(finding: Finding) -> str:
    approaches = finding.certainty is Certainty.CLEARED and finding.level is Level.APPROACHING
    return "approaching" if approaches else finding.certainty.value


def _groups(report: Report) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {name: [] for name in GROUPS}
    for finding in report.findings:
        groups[_group(finding)].append(finding)
    return groups


def _detailed(report: Report, limits: Limits) -> frozenset[str]:
    """Return the ids of the findings that the page explains one by one.

    The gravest, and those about listed parties, which are seldom among them: a
    match is likely at most until a person confirms it.
    """
    listed = [one for one in report.findings if is_about_lists(one)]
    shown = (*report.findings[: limits.details], *listed[: limits.listed])
    return frozenset(finding.id for finding in shown)


def _passed_on(finding: Finding) -> date | None:
    """Return the day since which the finding has been as certain as it is."""
    crossing = finding.crossing
    return {
        Certainty.CERTAIN: crossing.low,
        Certainty.LIKELY: crossing.central,
        Certainty.POSSIBLE: crossing.high,
        Certainty.CLEARED: None,
    }[finding.certainty]


def _assumptions(finding: Finding, language: Language) -> list[str]:
    return [figures.words(one, Tongue(language)) for one in finding.assumptions]


def _trace(finding: Finding, language: Language) -> Figure:
    """Return how a finding came about, in a language, headed by the title of its rule."""
    title = finding.rule_title.zh if language == "zh" else finding.rule_title.en
    return figures.in_language(replace(finding.trace, label=title), Tongue(language))


def _sole_figure(figure: Figure) -> str:
    """Return a trace's value for people: amounts short, other text as it stands."""
    if figure.value is None:
        return ""
    try:
        return for_people(parse_decimal(figure.value)) if figure.unit == "FLOP" else figure.value
    except ValueError:
        return figure.value


def _growth(share: str) -> str:
    """Write a month's growth for people; text that is no figure stands as it is."""
    try:
        return percent(parse_decimal(share))
    except ValueError:
        return share


def _plain(value: Any) -> str:
    """Write a fact or a part of an answer as text."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_plain(one) for one in value) or "–"
    return str(value)


def _summary(report: Report, say: Catalogue) -> list[str]:
    """Say in a few sentences how much was used, what was found, and what is due next."""
    day = words.day_in_words(report.as_of, say)
    own = "provider" not in report.heading.roles
    key = "summary.compute_own" if own else "summary.compute"
    if report.total.ceiling or report.total.high:
        sentences = [total_sentence(key, report.total, say, day=day, node=report.heading.node)]
    else:
        sentences = [say("summary.nothing", day=day)]
    counted = [
        f"{_many(count)} {say.word('kinds', kind.removesuffix('s'))}"
        for kind, count in report.subjects_counted
    ]
    if counted:
        sentences.append(say("summary.subjects", subjects=say.joined(counted)))
    if not report.findings:
        sentences.append(say("summary.no_findings"))
    return [*sentences, *_due_sentences(report, say)]


def _due_sentences(report: Report, say: Catalogue) -> list[str]:
    if not report.obligations:
        return [say("summary.no_due")]
    dated = [one for one in report.obligations if one.due is not None]
    past = sum(one.due < report.as_of for one in dated if one.due)
    ahead = [one for one in dated if one.due and one.due >= report.as_of]
    ahead = [one for one in ahead if one.binding][:1] or ahead[:1]
    sentences = [_next_due(one, say) for one in ahead]
    if past:
        key = "summary.past_due_one" if past == 1 else "summary.past_due"
        sentences.append(say(key, n=past))
    return sentences


def _next_due(obligation: ObligationDue, say: Catalogue) -> str:
    day = words.day_in_words(obligation.due, say) if obligation.due else ""
    return say(
        "summary.next_due" if obligation.binding else "summary.next_due_proposal",
        day=day,
        duty=say.title(obligation.duty),
        subject=say.named(obligation.subject.name),
    )
