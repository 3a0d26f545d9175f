"""One example for each endpoint; the tests send every one and check what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Example:
    """What is sent: values of the address and the query, headers, and a body.

    `body` is a document, or text of another media type.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


FACTS = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}

LAW: Mapping[str, Example] = {
    "list_questions": Example(),
    "get_question": Example({"question": "eu_systemic_risk"}),
    "ask": Example({"question": "eu_systemic_risk"}, {"facts": FACTS, "as_of": "2025-09-01"}),
    "ask_many": Example(
        {"question": "eu_systemic_risk", "as_of": "2025-09-01"},
        '{"id": "m-1", "facts": {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}}\n'
        '{"id": "m-2", "facts": {"training_compute": "9e24"}}\n',
        "application/x-ndjson",
    ),
    "list_rules": Example({"as_of": "2026-06-30", "jurisdiction": "EU"}),
    "get_rule": Example({"rule": "eu.ai_act", "as_of": "2026-06-30"}),
    "diff_rules": Example({"earlier": "2025-01-01", "later": "2026-06-30"}),
    "rule_timeline": Example({"rule": "eu.ai_act"}),
    "compare_regimes": Example(
        body={"facts": {"training_compute": "1.2e26"}, "as_of": "2026-06-30", "subject": "run"}
    ),
}

SYSTEM: Mapping[str, Example] = {
    "health_live": Example(),
    "health_ready": Example(),
    "metrics": Example(),
    "me": Example(),
    "access_why": Example({"action": "case:check"}),
    "get_problem": Example({"kind": "not-found"}),
    "token": Example(
        body="grant_type=client_credentials"
        "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        "&client_assertion=JWT",
        media_type="application/x-www-form-urlencoded",
    ),
}

EXAMPLES: Mapping[str, Example] = {**LAW, **SYSTEM}
"""Operation → what to send."""
