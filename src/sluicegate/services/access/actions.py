"""Everything that can be done, named once: policies permit these and nothing else."""

from __future__ import annotations

from enum import Enum


class Action(Enum):
    """An action, as a noun and a verb."""

    QUESTION_ASK = "question:ask"
    RULES_READ = "rules:read"
    FINDING_READ = "finding:read"
    CUSTOMER_READ = "customer:read"
    RUN_READ = "run:read"
    USAGE_READ = "usage:read"
    SOURCE_READ = "source:read"
    REPORT_READ = "report:read"
    INTAKE_WRITE = "intake:write"
    ASSESS_RUN = "assess:run"
    JOB_READ = "job:read"
    JOB_CANCEL = "job:cancel"
    LIST_READ = "list:read"
    """Read lists and listed parties, and screen names that are no customer's."""
    LIST_LOAD = "list:load"
    """Take in or fetch a version of a list."""
    LIST_DECIDE = "list:decide"
    """Enter a designation by hand, withdraw it, join and split listed parties."""
    LINK_READ = "link:read"
    LINK_DECIDE = "link:decide"
    """Cut a link between customers, restore it, accept one that was suggested."""
    CASE_READ = "case:read"
    CASE_OPEN = "case:open"
    CASE_ASSIGN = "case:assign"
    CASE_WORK = "case:work"
    """Comment, attach, snooze, escalate, ask for information, enter events, link."""
    CASE_PROPOSE = "case:propose"
    """Decide, or propose a decision that a second person checks."""
    CASE_CHECK = "case:check"
    """Approve or reject what another person proposed."""
    CASE_OVERRIDE = "case:override"
    """Set a due date against its calculation, with a reason."""
    CASE_EXPORT = "case:export"
    SEALED_OPEN = "sealed:open"
    FILING_READ = "filing:read"
    FILING_DRAFT = "filing:draft"
    DILIGENCE_READ = "diligence:read"
    DILIGENCE_WORK = "diligence:work"
    """Collect, verify, rate and review."""
    DILIGENCE_DECIDE = "diligence:decide"
    """Refuse, restrict or close, undo it, or propose it to a second person."""
    DILIGENCE_CHECK = "diligence:check"
    """Approve or reject what another person proposed about a customer."""
    HOLD_MANAGE = "hold:manage"
    DISPOSAL_RUN = "disposal:run"
    PRODUCTION_REQUEST = "production:request"
    PRODUCTION_RELEASE = "production:release"
    EXCHANGE_READ = "exchange:read"
    EXCHANGE_PROPOSE = "exchange:propose"
    """Propose to compare with another provider, take its offer in, read its answer."""
    EXCHANGE_APPROVE = "exchange:approve"
    VALIDATION_READ = "validation:read"
    VALIDATION_WORK = "validation:work"
    """Make a validation pack of screening, review its sample, propose a change of screening."""
    VALIDATION_DECIDE = "validation:decide"
    """Activate or reject a change of screening that another person proposed."""
    LINEAGE_READ = "lineage:read"
    """Account for a lineage, compare counting rules, see its picture."""
    LINEAGE_WRITE = "lineage:write"
    """Take in a lineage, a human's change or a statement of independence."""
    LAB_READ = "lab:read"
    """Try a threshold on a data set, forecast, set options side by side."""
    LAB_LOAD = "lab:load"
    """Take in a snapshot of a data set."""
    CONSULTATION_READ = "consultation:read"
    CONSULTATION_WORK = "consultation:work"
    """Draft, open and close a consultation, enter comments, reply to them."""
    CONSULTATION_ISSUE = "consultation:issue"
    """Issue what was consulted on, or withdraw it."""
    WEBHOOK_READ = "webhook:read"
    WEBHOOK_MANAGE = "webhook:manage"
    USER_READ = "user:read"
    USER_MANAGE = "user:manage"
    CLIENT_MANAGE = "client:manage"
    SETTINGS_READ = "settings:read"
    AUDIT_READ = "audit:read"
    METRICS_READ = "metrics:read"

    @property
    def noun(self) -> str:
        """What kind of resource it is done to."""
        return self.value.partition(":")[0]


PRIVILEGED_READS = frozenset(
    {
        Action.CUSTOMER_READ,
        Action.CASE_READ,
        Action.FILING_READ,
        Action.DILIGENCE_READ,
        Action.CASE_EXPORT,
        Action.AUDIT_READ,
        Action.USER_READ,
    }
)
"""Reads of one record that are acts themselves: who looked, at what, when."""
