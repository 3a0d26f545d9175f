"""Answers kept for idempotency keys."""
