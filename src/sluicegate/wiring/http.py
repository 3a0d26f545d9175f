"""What stands before the HTTP applications: limits, headers, rates, metrics, problems."""

from __future__ import annotations

from sluicegate.adapters.http.bodies import BodyGuard, BodyLimits
from sluicegate.adapters.http.headers import STRICT_POLICY, Headers
from sluicegate.adapters.http.messages import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    answer,
    header,
    language_of,
    refuse,
)
from sluicegate.adapters.http.metrics import MEDIA_TYPE as METRICS_MEDIA_TYPE
from sluicegate.adapters.http.metrics import HttpMetrics
from sluicegate.adapters.http.problems import MEDIA_TYPE as PROBLEM_MEDIA_TYPE
from sluicegate.adapters.http.problems import ROOT as PROBLEM_ROOT
from sluicegate.adapters.http.problems import HttpProblem, ProblemKind
from sluicegate.adapters.http.rates import Buckets, Rate

__all__ = [
    "METRICS_MEDIA_TYPE",
    "PROBLEM_MEDIA_TYPE",
    "PROBLEM_ROOT",
    "STRICT_POLICY",
    "App",
    "BodyGuard",
    "BodyLimits",
    "Buckets",
    "Headers",
    "HttpMetrics",
    "HttpProblem",
    "Message",
    "ProblemKind",
    "Rate",
    "Receive",
    "Scope",
    "Send",
    "answer",
    "header",
    "language_of",
    "refuse",
]
