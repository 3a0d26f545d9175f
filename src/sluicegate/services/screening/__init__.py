"""Screening of a node: who is screened, matches and how they stand, allowances, monitoring."""
