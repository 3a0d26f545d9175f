"""A small rule file and a small question, for tests of the rule engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sluicegate.rules.fields import parse_fields
from sluicegate.rules.instruments import Title
from sluicegate.rules.specifications import Outcome, Reading, Spec

RULE = """\
instrument:
  id: local.harbour
  issuer: {en: Harbour Board, zh: 港务局}
  title: {en: Harbour compute order, zh: 港口算力令}
  citation: Harbour order 7
  kind: law
  published: 2025-01-10
  status:
  - {from: 2025-01-10, text: published, enforcement: not_yet_due, reference: s. 1, mark: found}
  - {from: 2025-07-01, text: in_force, enforcement: enforced, reference: s. 2, mark: found}
parameters:
- id: limit
  title: {en: Limit, zh: 上限}
  unit: FLOP
  comparator: greater_than
  values:
  - {from: 2025-07-01, value: "1e24", reference: s. 3, mark: found}
  - {from: 2026-07-01, value: "5e23", reference: s. 3a, mark: found, known_from: 2026-02-01}
- id: near
  title: {en: Near, zh: 接近}
  unit: share
  values:
  - {from: undated, value: "0.8", reference: s. 4, mark: found}
- id: period
  title: {en: Time to report, zh: 报告期限}
  unit: day
  values:
  - {from: 2025-07-01, value: 30, reference: s. 5, mark: found}
obligations:
- id: report
  duty: {en: Report the run, zh: 报告训练运行}
  who: developer
  to: {en: Harbour Board, zh: 港务局}
  period: period
  counted_from: crossing
  reference: s. 5
thresholds:
- id: run
  title: {en: Large run, zh: 大型训练}
  subject: run
  measure: training_compute
  parameter: limit
  approach: local.harbour.near
  question: eu_systemic_risk
  fact: training_compute
  passed: {presumed_systemic: true}
  obligations: [report]
notes:
- {id: fine, text: {en: A fine, zh: 罚款}, reference: s. 9, mark: second_hand}
"""


def line_of(text: str, part: str) -> int:
    """Return the line, from 1, on which a part of a text first stands."""
    return text[: text.index(part)].count("\n") + 1


def spec_of(
    facts: Mapping[str, Any], answer: Mapping[str, Any] | None = None, **parts: Any
) -> Spec:
    """Return the specification of a question with these fields."""
    readings = parts.pop("readings", {})
    return Spec(
        name=parts.pop("name", "toy"),
        area="toys",
        title=Title("Toy", "玩具"),
        citations=("Toy text",),
        instruments=(),
        source_status="",
        first_recorded=parts.pop("first_recorded", None),
        notes="",
        readings=tuple(
            Reading(name, tuple(values), values[0], "which") for name, values in readings.items()
        ),
        facts=parse_fields({n: {"meaning": "A fact", **raw} for n, raw in facts.items()}),
        answer=parse_fields({n: {"meaning": "It", **raw} for n, raw in (answer or {}).items()}),
        bad_input=(),
        outcomes=(Outcome.parse({"en": "The toy is answered.", "zh": "玩具已有答案。"}),),
    )
