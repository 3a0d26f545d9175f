"""Provisions in rule files: read, and refused when they name what does not exist."""

from __future__ import annotations

import pytest

from sluicegate.rules.loading import gather, shipped_book
from sluicegate.rules.provisions import Effect, Provision, Relates, SubjectKind, Topic, Wanted

BOOK = shipped_book()
FILE = """\
instrument:
  id: local.pier
  issuer: {en: Pier Office, zh: 码头办公室}
  title: {en: Pier order, zh: 码头令}
  citation: Pier order 2
  kind: law
  status:
  - {from: 2026-01-01, text: in_force, enforcement: enforced, reference: s. 1, mark: found}
parameters:
- id: large
  title: {en: Large run, zh: 大型运行}
  unit: FLOP
  comparator: at_least
  values:
  - {from: 2026-01-01, value: "1e24", reference: s. 2, mark: found}
- id: days
  title: {en: Days, zh: 天数}
  unit: day
  values:
  - {from: 2026-01-01, value: 9, reference: s. 3, mark: found}
obligations:
- id: tell
  duty: {en: Tell the office, zh: 告知办公室}
  who: developer
  to: {en: Pier Office, zh: 码头办公室}
  period: days
  counted_from: incident
  reference: s. 3
provisions:
- id: incident
  title: {en: Report of an incident, zh: 事件报告}
  subject: [run, model]
  topic: incident_report
  question: sb53_incident_report
  applies: {report_required: true, authority_by: {not: null}}
  from_answer: {frontier_developer: sb53_duties.frontier_developer}
  from_fact: {discovered: learned}
  facts: {imminent_risk: true}
  deadline: office_by
  obligations: [tell, eu.ai_act.secure_model]
- id: size
  title: {en: Size, zh: 规模}
  subject: run
  topic: notification
  effect: defines
  question: korea_ai_basic_act
  applies: always
  trigger: {field: training_compute, parameter: large}
"""


def faults(old: str, new: str) -> list[str]:
    assert old in FILE
    text = FILE.replace(old, new)
    return [f"{one.path}: {one.problem}" for one in gather([("p.yaml", text)], base=BOOK).faults]


def test_a_provision_is_read_with_own_names_in_full() -> None:
    gathered = gather([("pier.yaml", FILE)], base=BOOK)
    assert gathered.faults == ()
    one = gathered.book.provisions["local.pier.incident"]
    assert one.subjects == (SubjectKind.RUN, SubjectKind.MODEL)
    assert (one.topic, one.effect) == (Topic.INCIDENT_REPORT, Effect.REQUIRES)
    assert one.obligations == ("local.pier.tell", "eu.ai_act.secure_model")
    assert one.from_answer == (("frontier_developer", "sb53_duties", "frontier_developer"),)
    assert one.applies[1] == Wanted("authority_by", Relates.NOT, (None,))
    size = gathered.book.provisions["local.pier.size"]
    assert size.trigger is not None
    assert size.trigger.parameter == "local.pier.large"
    assert size.applies == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("subject: run\n", "subject: ship\n", "provisions.1.subject: ship is not known"),
        ("topic: notification", "topic: cats", "provisions.1.topic: 'cats' is not known"),
        ("applies: always", "applies: {}", "provisions.1.applies: says nothing"),
        ("{not: null}", "{above: 3}", "authority_by is compared in no known way"),
        ("sb53_duties.frontier_developer", "sb53_duties", "sb53_duties names no answer field"),
        ("  effect: defines\n", "  colour: red\n", "provisions.1.colour: is not a field"),
        ("question: korea_ai_basic_act", "question: nobody", "names question nobody"),
        ("obligations: [tell,", "obligations: [sing,", "names sing, which no rule file holds"),
        ("deadline: office_by", "deadline: report_required", "report_required is no day"),
        ("deadline: office_by", "deadline: someday", "someday is no day"),
        ("report_required: true", "report_wanted: true", "report_wanted is neither fact nor"),
        ("facts: {imminent_risk", "facts: {imminent_luck", "imminent_luck is no fact of"),
        ("facts: {imminent_risk", "facts: {discovered", "discovered is given twice"),
        ("duties.frontier_developer", "duties.colour", "comes from sb53_duties.colour"),
        ("field: training_compute", "field: size", "size is neither fact nor answer field"),
        ("parameter: large", "parameter: small", "names small, which no rule file holds"),
        ("parameter: large", "parameter: days", "parameter local.pier.days has no comparator"),
        ("- id: size", "- id: incident", "stands twice"),
    ],
)
def test_a_provision_that_does_not_fit_is_named_with_its_place(
    old: str, new: str, fault: str
) -> None:
    found = faults(old, new)
    assert any(fault in one for one in found), found


def test_a_provision_has_another_id_than_a_threshold() -> None:
    text = FILE + (
        "thresholds:\n- id: size\n  title: {en: Size, zh: 规模}\n  subject: run\n"
        "  measure: training_compute\n  parameter: large\n  topic: training\n"
    )
    found = [one.problem for one in gather([("p.yaml", text)], base=BOOK).faults]
    assert found == ["has the id of a threshold"]


@pytest.mark.parametrize(
    ("wanted", "value", "met"),
    [
        (Wanted("x", Relates.IS, ("a", "b")), "b", True),
        (Wanted("x", Relates.IS, (None,)), None, True),
        (Wanted("x", Relates.NOT, (None,)), None, False),
        (Wanted("x", Relates.NOT, ([],)), {}, False),
        (Wanted("x", Relates.NOT, ([],)), ["a"], True),
        (Wanted("x", Relates.HAS, ("a",)), ["b", "a"], True),
        (Wanted("x", Relates.HAS, ("a",)), ["b"], False),
        (Wanted("x", Relates.HAS, ("a",)), None, False),
    ],
)
def test_what_is_wanted_of_an_answer(wanted: Wanted, value: object, met: bool) -> None:
    assert wanted.met_by(value) is met


def test_every_shipped_threshold_has_a_topic_and_every_subject_has_provisions() -> None:
    assert [rule.id for rule in BOOK.thresholds.values() if rule.topic is None] == []
    subjects = {kind for one in BOOK.provisions.values() for kind in one.subjects}
    assert subjects == set(SubjectKind)
    assert {type(one) for one in BOOK.provisions.values()} == {Provision}
