"""Lineages: what models and outputs were made from, and what counts of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    JobShown,
    LineageAccounts,
    LineageChanges,
    LineageComparison,
    LineageDocument,
    LineageDrawing,
    LineageRow,
    LineageShown,
    LineageUnknown,
)

Rule = Literal["kthf", "us_4e091", "sb53", "eu_ai_act", "raise"]


class Counting(TypedDict, total=False):
    """How is counted: rule, quantity, presumption, where a human's change cuts, which version."""

    rule: Rule
    quantity: Literal[
        "training_compute", "output_compute", "union_compute", "inference_compute_rate"
    ]
    seconds_between: str
    presume: bool
    human_change: Literal["cuts_everywhere", "kthf_only"]


Statement = Literal["independence", "human_change"]


class Lineages(Calls):
    """Lineages of models and outputs as a program works with them."""

    def lineages(self, *, known_on: date | None = None) -> list[LineageRow]:
        """List the lineages that the node keeps, each at its last version."""
        return self._items(LineageRow, "/v1/lineages", {"known_on": known_on})

    def lineage(
        self, lineage: str, *, version: int | None = None, known_on: date | None = None
    ) -> LineageShown:
        """Return a version of a lineage, what people stated of it, and all versions."""
        query = {"version": version, "known_on": known_on}
        return self._read(LineageShown, _of(lineage), query)

    def lineage_document(self, lineage: str, *, version: int | None = None) -> LineageDocument:
        """Return a version whole, as lineage.json states it."""
        return self._read(LineageDocument, f"{_of(lineage)}/document", {"version": version})

    def account_lineage(
        self, lineage: str, targets: Sequence[str] = (), **counting: Unpack[Counting]
    ) -> LineageAccounts:
        """Account for nodes of a kept lineage; for every model and output if none is named."""
        query = {"target": list(targets), **counting}
        return self._read(LineageAccounts, f"{_of(lineage)}/accounts", query)

    def account_for_lineage(
        self, content: bytes, targets: Sequence[str] = (), **counting: Unpack[Counting]
    ) -> LineageAccounts:
        """Account for a lineage that is sent and not kept."""
        query = {"target": list(targets), **counting}
        return self._upload(LineageAccounts, "/v1/lineages/account", query, content)

    def compare_counting_rules(self, lineage: str, target: str) -> LineageComparison:
        """Count a target under every rule: what each counts, leaves out, does not address."""
        return self._read(LineageComparison, f"{_of(lineage)}/compare", {"target": target})

    def lineage_unknowns(
        self, lineage: str, target: str, **counting: Unpack[Counting]
    ) -> list[LineageUnknown]:
        """List what is not known of a total, the largest effect first."""
        query = {"target": target, **counting}
        return self._items(LineageUnknown, f"{_of(lineage)}/unknowns", query)

    def what_if(
        self,
        lineage: str,
        target: str,
        *,
        without: Sequence[str] = (),
        cut_off: Sequence[str] = (),
        rule: Rule = "kthf",
    ) -> LineageChanges:
        """Return a total without each node, and with all that each of others gave cut."""
        query = {"target": target, "without": without, "cut_off": cut_off, "rule": rule}
        return self._read(LineageChanges, f"{_of(lineage)}/what-if", query)

    def lineage_picture(self, lineage: str, target: str, **counting: Unpack[Counting]) -> bytes:
        """Return what led to a target as SVG."""
        return self._file(f"{_of(lineage)}/picture", {"target": target, **counting})

    def lineage_tree(
        self, lineage: str, target: str, **counting: Unpack[Counting]
    ) -> LineageDrawing:
        """Return what the picture of a target shows as data."""
        query = {"target": target, **counting}
        return self._read(LineageDrawing, f"{_of(lineage)}/tree", query)

    def import_lineage(
        self,
        name: str,
        content: bytes,
        *,
        source: str = "default",
        lineage: str = "",
        reason: str = "",
        dry_run: bool = False,
    ) -> JobShown:
        """Send lineages to be taken in, as a job; the same file changes nothing."""
        query = {
            "name": name,
            "source": source,
            "lineage": lineage or None,
            "reason": reason or None,
            "dry_run": dry_run,
        }
        return self._upload(JobShown, "/v1/lineages/import", query, content)

    def state_of_lineage(
        self,
        lineage: str,
        statement: Statement,
        cause: str,
        target: str,
        *,
        reason: str,
        evidence: str,
        on: date | None = None,
    ) -> LineageRow:
        """State independence, or a human's change of a stated cause: a new version has it."""
        body = {
            "statement": statement,
            "cause": cause,
            "target": target,
            "reason": reason,
            "evidence": evidence,
            "on": on,
        }
        return self._change(LineageRow, f"{_of(lineage)}/statements", body)

    def withdraw_lineage_statement(
        self, lineage: str, statement: Statement, cause: str, target: str, reason: str
    ) -> LineageRow:
        """Take back what was stated by hand."""
        body = {"statement": statement, "cause": cause, "target": target, "reason": reason}
        return self._change(LineageRow, f"{_of(lineage)}/statements/withdraw", body)


def _of(lineage: str) -> str:
    return f"/v1/lineages/{part(lineage)}"
