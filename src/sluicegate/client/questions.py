"""Questions and rules: one answer, many answers, what texts say and when they change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    Answer,
    AnswerRow,
    AnswersChanged,
    Comparison,
    Estimates,
    JobShown,
    LawChange,
    Me,
    QuestionRow,
    QuestionShown,
    RuleRow,
    RuleShown,
    Timeline,
)

Facts = Mapping[str, Any]
Readings = Mapping[str, str]


class Questions(Calls):
    """What the rules say: facts in, answers with their reasons and citations out."""

    def me(self) -> Me:
        """Say who the token is of, and what it may do."""
        return self._read(Me, "/v1/me")

    def questions(self) -> list[QuestionRow]:
        """List the questions that can be asked."""
        return self._items(QuestionRow, "/v1/questions")

    def question(self, question: str) -> QuestionShown:
        """Return a question with the schemas of its facts and its answer."""
        return self._read(QuestionShown, f"/v1/questions/{part(question)}")

    def ask(
        self,
        question: str,
        facts: Facts,
        *,
        as_of: date,
        readings: Readings | None = None,
        known_on: date | None = None,
    ) -> Answer:
        """Answer a question; the facts are literals as `sluicegate ask` takes them."""
        body = {
            "facts": facts,
            "as_of": as_of,
            "readings": dict(readings or {}),
            "known_on": known_on,
        }
        return self._ask_for(Answer, f"/v1/ask/{part(question)}", body)

    def ask_many(
        self,
        question: str,
        rows: Iterable[Facts],
        *,
        as_of: date,
        readings: Readings | None = None,
        known_on: date | None = None,
    ) -> Iterator[AnswerRow]:
        """Answer a question for many rows, as they are ready; a row is facts, or id and facts."""
        query = {"as_of": as_of, "reading": _chosen(readings), "known_on": known_on}
        return self._answers(AnswerRow, f"/v1/ask/{part(question)}/many", query, rows)

    def ask_many_later(
        self,
        question: str,
        name: str,
        content: bytes,
        *,
        as_of: date | None = None,
        readings: Readings | None = None,
    ) -> JobShown:
        """Ask about every row of a CSV or Parquet file; the job makes `answers.csv`."""
        query = {"name": name, "as_of": as_of, "reading": _chosen(readings)}
        return self._upload(JobShown, f"/v1/ask/{part(question)}/jobs", query, content)

    def compare_regimes(
        self,
        facts: Facts,
        *,
        as_of: date,
        subject: str | None = None,
        known_on: date | None = None,
    ) -> Comparison:
        """Put the same facts to every regime side by side."""
        body = {"facts": facts, "as_of": as_of, "subject": subject, "known_on": known_on}
        return self._ask_for(Comparison, "/v1/regimes/compare", body)

    def estimate(self, rows: Sequence[Facts], *, as_of: date | None = None) -> Estimates:
        """Estimate the compute of runs from hardware and hours, or parameters and tokens."""
        return self._ask_for(Estimates, "/v1/meter/estimate", {"rows": rows, "as_of": as_of})

    def rules(
        self,
        *,
        as_of: date | None = None,
        known_on: date | None = None,
        issuer: str | None = None,
        jurisdiction: str | None = None,
        kind: str | None = None,
        text: str | None = None,
    ) -> list[RuleRow]:
        """List the texts of law, those of a filter."""
        query = {"as_of": as_of, "known_on": known_on, "issuer": issuer}
        query |= {"jurisdiction": jurisdiction, "kind": kind, "text": text}
        return self._items(RuleRow, "/v1/rules", query)

    def rule(
        self, rule: str, *, as_of: date | None = None, known_on: date | None = None
    ) -> RuleShown:
        """Return a text with all that is taken from it, on a day."""
        query = {"as_of": as_of, "known_on": known_on}
        return self._read(RuleShown, f"/v1/rules/{part(rule)}", query)

    def rule_timeline(self, rule: str, *, known_on: date | None = None) -> Timeline:
        """Return what happens to a text, day after day."""
        return self._read(Timeline, f"/v1/rules/timeline/{part(rule)}", {"known_on": known_on})

    def law_changes(
        self, earlier: date, later: date, *, known_on: date | None = None
    ) -> list[LawChange]:
        """List what the texts say differently on two days."""
        query = {"earlier": earlier, "later": later, "known_on": known_on}
        return self._items(LawChange, "/v1/rules/diff", query)

    def answers_changed(
        self,
        question: str,
        subjects: Sequence[Mapping[str, Any]],
        *,
        earlier: date,
        later: date,
        readings: Readings | None = None,
        known_on: date | None = None,
    ) -> AnswersChanged:
        """Say whose answer differs between two days; a subject is an id and facts."""
        body = {
            "question": question,
            "subjects": subjects,
            "earlier": earlier,
            "later": later,
            "readings": dict(readings or {}),
            "known_on": known_on,
        }
        return self._ask_for(AnswersChanged, "/v1/rules/diff", body)


def _chosen(readings: Readings | None) -> list[str]:
    return [f"{name}={value}" for name, value in (readings or {}).items()]
