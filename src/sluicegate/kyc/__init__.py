"""Know your customer: identification, owners, deadlines, compute, listed owners."""

from __future__ import annotations

from sluicegate.kyc.questions import QUESTIONS

__all__ = ["QUESTIONS"]
