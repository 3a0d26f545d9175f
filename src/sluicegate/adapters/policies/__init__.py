"""Policies as Cedar files: the shipped ones, a node's own, and the authority that asks them."""

from sluicegate.adapters.policies.authority import CedarAuthority
from sluicegate.adapters.policies.reading import (
    POLICIES_FOLDER,
    PoliciesError,
    PolicyFault,
    policy_faults,
    read_policies,
    shipped_statements,
)
from sluicegate.adapters.policies.statements import Hides, Statement

__all__ = [
    "POLICIES_FOLDER",
    "CedarAuthority",
    "Hides",
    "PoliciesError",
    "PolicyFault",
    "Statement",
    "policy_faults",
    "read_policies",
    "shipped_statements",
]
