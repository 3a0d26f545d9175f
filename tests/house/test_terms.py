"""Every code that an answer can show has a label in both languages, and no label is for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path

from sluicegate.cases.case import (
    CaseKind,
    ClockState,
    DecisionKind,
    Judgement,
    Outcome,
    Priority,
    State,
)
from sluicegate.cases.events import EventKind
from sluicegate.cases.filings.filing import FilingState
from sluicegate.cases.trying import act_codes
from sluicegate.core.estimates import Convention, Method
from sluicegate.core.exact import load_yaml
from sluicegate.core.phrases import Language, term
from sluicegate.core.reasons import Mark
from sluicegate.frontier.consultation import Outcome as Reply
from sluicegate.frontier.consultation import Party, Stage
from sluicegate.frontier.threshold_register import ReviewState, SetBy
from sluicegate.kyc.diligence.events import Kind as Happened
from sluicegate.kyc.diligence.file import Band, Document, Ground, Purpose, Standing
from sluicegate.kyc.diligence.file import Decision as CustomerDecision
from sluicegate.kyc.diligence.file import Method as Verified
from sluicegate.kyc.diligence.file import Outcome as Checked
from sluicegate.kyc.diligence.items import Origin
from sluicegate.kyc.diligence.production import Part
from sluicegate.kyc.diligence.production import State as Production
from sluicegate.kyc.diligence.rating import Factor
from sluicegate.kyc.diligence.retention import Records
from sluicegate.lineage.document import Discard, NodeKind, Quantity
from sluicegate.lineage.visitors import VISITORS
from sluicegate.rules.deadlines import FINDING
from sluicegate.rules.fields import FieldSpec
from sluicegate.rules.fields import Kind as FieldKind
from sluicegate.rules.instruments import Comparator, Enforcement, Kind, TextState
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.moving import MovingForm
from sluicegate.rules.moving import Role as MovingRole
from sluicegate.rules.provisions import Effect, Topic
from sluicegate.rules.provisions import SubjectKind as ProvisionSubject
from sluicegate.rules.specifications import specifications
from sluicegate.rules.threshold_questions import threshold_question
from sluicegate.rules.thresholds import Level
from sluicegate.screening.linkage import LinkKind, Verdict
from sluicegate.screening.model import PartKind
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import PrincipalKind
from sluicegate.services.access.roles import WorkRole
from sluicegate.services.findings import Certainty, SubjectKind
from sluicegate.services.lab.forecast_rows import Column as ForecastColumn
from sluicegate.services.lineage.drawing import Standing as Treated
from sluicegate.services.lineage.drawing import Tie, discard_code, kind_code
from sluicegate.services.ownership.methods import Method as OwnershipMethod
from sluicegate.services.ports.matches import (
    AllowanceState,
    Cause,
    MatchState,
    RunKind,
    Trigger,
)
from sluicegate.services.ports.ownership_diligence import DiligenceState as GapState
from sluicegate.services.ports.ownership_diligence import Ground as Gap
from sluicegate.services.ports.work import (
    DeliveryProblem,
    DeliveryState,
    JobKind,
    JobState,
    NoticeKind,
)
from sluicegate.services.ports.work import EventKind as ToldOf
from sluicegate.services.screening.beside import Side as Beside

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "src" / "sluicegate" / "data" / "vocabularies" / "terms.yaml"
TERMS: dict[str, dict[str, str]] = load_yaml(FILE.read_text(encoding="utf-8"))

CLOSED_SETS: tuple[type[Enum], ...] = (
    *(Mark, TextState, Enforcement, Kind, Comparator, Level, SubjectKind),
    *(Method, Convention, Effect, Topic, ProvisionSubject),
    *(Action, PrincipalKind, WorkRole),
    *(LinkKind, Verdict, PartKind, ForecastColumn),
    *(CaseKind, State, Outcome, Judgement, DecisionKind, FilingState),
)
CJK = re.compile(r"[\u4e00-\u9fff]")
NAME = re.compile(r"[A-Z0-9][A-Z0-9.-]*(?:\.[a-z])?")
"""A code or acronym that is written alike in both languages, such as 3A090.a, RT-0 or FP64."""


def codes_of(specs: Iterable[FieldSpec]) -> Iterator[str]:
    """Yield the names of fields and of the parts of records, and the values of closed sets."""
    for spec in specs:
        yield spec.name
        yield from spec.values
        yield from codes_of(spec.fields)


def codes_of_questions() -> Iterator[str]:
    """Yield every code of the question files: fields, values, readings."""
    for spec in specifications().values():
        yield from codes_of((*spec.facts, *spec.answer))
        for reading in spec.readings:
            yield from (reading.name, *reading.values)


def codes_of_threshold_rules() -> Iterator[str]:
    """Yield the fields of threshold rules that are asked themselves, and the events of duties.

    The ids of duties are left out: a duty has its own title.
    """
    book = shipped_book()
    for rule in book.thresholds.values():
        spec = threshold_question(rule, book).spec
        for field in (*spec.facts, *spec.answer):
            yield field.name
            yield from (part.name for part in field.fields)
            yield from field.values if field.shape.kind is FieldKind.ENUM else ()
    yield from ({duty.counted_from for duty in book.obligations.values()} - {FINDING})


def codes_of_regimes() -> Iterator[str]:
    """Yield what a comparison of regimes names: jurisdictions, and facts by other names."""
    book = shipped_book()
    yield from (home.jurisdiction for home in book.instruments.values() if home.jurisdiction)
    yield from (name for one in book.provisions.values() for _, name in one.from_fact)
    yield "other_duties"


def codes_of_casework() -> Iterator[str]:
    """Yield what a case shows besides its closed sets: codes with a prefix of their own."""
    yield from (one.code for kind in (Priority, ClockState, EventKind) for one in kind)
    yield from act_codes()


def codes_of_work() -> Iterator[str]:
    """Yield the codes of long work, webhooks and notices, each kind with a prefix of its own."""
    for kind in (JobKind, JobState, ToldOf, DeliveryState, DeliveryProblem, NoticeKind):
        yield from (one.code for one in kind)


def codes_of_diligence() -> Iterator[str]:
    """Yield the codes of due diligence, each kind with a prefix of its own."""
    for kind in (
        *(Happened, Origin, Verified, Document, Checked, Purpose, Band, CustomerDecision, Ground),
        *(Standing, Factor, Records, Part, Production),
    ):
        yield from (one.code for one in kind)


def codes_of_ownership() -> Iterator[str]:
    """Yield the codes of ownership: its methods, gaps, and records of diligence into it."""
    for kind in (OwnershipMethod, Gap, GapState):
        yield from (one.code for one in kind)


def codes_of_screening() -> Iterator[str]:
    """Yield the codes of matches, allowances and runs of screening."""
    for kind in (MatchState, Cause, AllowanceState, RunKind, Trigger, Beside):
        yield from (one.code for one in kind)


def codes_of_lineages() -> Iterator[str]:
    """Yield the codes of lineages, each kind with a prefix of its own."""
    yield from map(kind_code, NodeKind)
    yield from map(discard_code, Discard)
    yield from VISITORS
    yield from (one.value for one in Quantity)
    yield from (one.code for kind in (Treated, Tie) for one in kind)


def codes_of_moving() -> Iterator[str]:
    """Yield what a threshold that moves is tied to, and what its parameters are to it."""
    for kind in (MovingForm, MovingRole):
        yield from (one.code for one in kind)


def codes_of_consultations() -> Iterator[str]:
    """Yield the codes of consultations and of the register of thresholds."""
    for kind in (Stage, Party, Reply, ReviewState, SetBy):
        yield from (one.code for one in kind)


USED = frozenset(
    [
        *codes_of_consultations(),
        *codes_of_moving(),
        *codes_of_lineages(),
        *codes_of_screening(),
        *codes_of_ownership(),
        *codes_of_diligence(),
        *codes_of_work(),
        *(one.code for one in Certainty),
        *codes_of_casework(),
        *codes_of_regimes(),
        *codes_of_questions(),
        *codes_of_threshold_rules(),
        *(str(member.value) for one in CLOSED_SETS for member in one),
    ]
)


def test_every_code_has_a_label() -> None:
    assert sorted(USED - set(TERMS)) == []


def test_no_label_is_unused() -> None:
    assert sorted(set(TERMS) - USED) == []


def test_a_label_stands_in_both_languages_and_in_no_other() -> None:
    languages = {language.value for language in Language}
    assert {code for code, label in TERMS.items() if set(label) != languages} == set()
    blank = {
        code for code, label in TERMS.items() for text in label.values() if text != text.strip()
    }
    assert blank == set()
    assert all(text for label in TERMS.values() for text in label.values())


def test_a_chinese_label_is_chinese_unless_it_is_a_name_in_both_languages() -> None:
    odd = {
        code: label["zh"]
        for code, label in TERMS.items()
        if not CJK.search(label["zh"])
        and not (NAME.fullmatch(label["zh"]) and label["zh"] == label["en"])
    }
    assert odd == {}
    assert {code for code, label in TERMS.items() if CJK.search(label["en"])} == set()


def test_a_label_is_a_phrase_for_people_and_not_a_code() -> None:
    texts = [text for label in TERMS.values() for text in label.values()]
    assert [text for text in texts if "_" in text or text.endswith((".", "。", ";", "；"))] == []
    assert max(len(label["en"]) for label in TERMS.values()) <= 60
    assert max(len(label["zh"]) for label in TERMS.values()) <= 30


def test_each_group_of_labels_has_a_heading_and_is_sorted() -> None:
    groups: list[list[str]] = []
    for line in FILE.read_text(encoding="utf-8").splitlines()[1:]:
        if line.startswith("# "):
            groups.append([])
        elif line:
            groups[-1].append(line.split(":")[0].strip('"'))
    assert sum(map(len, groups)) == len(TERMS)
    assert [group for group in groups if group != sorted(group) or not group] == []


def test_values_of_one_field_are_told_apart() -> None:
    """Two values of a field with the same label could not be distinguished by who reads them."""

    def fields(specs: Iterable[FieldSpec]) -> Iterator[FieldSpec]:
        for spec in specs:
            yield spec
            yield from fields(spec.fields)

    alike = []
    for question in specifications().values():
        sets = [one.values for one in fields((*question.facts, *question.answer))]
        sets += [reading.values for reading in question.readings]
        for values in sets:
            for language in Language:
                labels = [term(value, language) for value in values]
                alike += [(question.name, one) for one in labels if labels.count(one) > 1]
    assert alike == []
