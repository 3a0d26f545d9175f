"""Provisions: what a text says about one kind of subject, and which question settles it.

A provision stands in a rule file and holds no number: its question decides
whether it applies, its parameter is its trigger, its obligations say what is
owed. `regimes compare` puts the provisions of all texts side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sluicegate.core.reasons import Named


class SubjectKind(Enum):
    """What a provision is about."""

    RUN = "run"
    MODEL = "model"
    CUSTOMER = "customer"
    SHIPMENT = "shipment"


class Effect(Enum):
    """What a text does with its subject."""

    REQUIRES = "requires"
    PROHIBITS = "prohibits"
    PERMITS = "permits"
    DEFINES = "defines"


class Topic(Enum):
    """What a provision is about in substance; only provisions of one topic are compared."""

    CLASSIFICATION = "classification"
    REGISTRATION = "registration"
    TRAINING = "training"
    PERMISSION = "permission"
    NOTIFICATION = "notification"
    TRAINING_REPORT = "training_report"
    INCIDENT_REPORT = "incident_report"
    PERIODIC_REPORT = "periodic_report"
    FRAMEWORK = "framework"
    TRANSPARENCY = "transparency"
    REPRESENTATIVE = "representative"
    DEPLOYMENT_CONDITIONS = "deployment_conditions"
    LIABILITY = "liability"
    IDENTIFICATION = "identification"
    BENEFICIAL_OWNERSHIP = "beneficial_ownership"
    DEALINGS = "dealings"
    SUSPICION_REPORT = "suspicion_report"
    ANNUAL_CERTIFICATION = "annual_certification"
    RECORD_RETENTION = "record_retention"
    LICENCE = "licence"
    LICENCE_REVIEW = "licence_review"
    ALLOCATION = "allocation"
    LICENCE_EXCEPTION = "licence_exception"
    VALIDATED_END_USER = "validated_end_user"
    LOCATION_VERIFICATION = "location_verification"


class Relates(Enum):
    """How a field of an answer is compared."""

    IS = "is"
    NOT = "not"
    HAS = "has"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one field of an answer must be, must not be, or, of a list, must hold."""

    field: str
    relates: Relates
    values: tuple[Any, ...]

    def met_by(self, value: Any) -> bool:
        """Say whether a value meets this; an empty list or map equals `[]`.

        >>> Wanted("duties", Relates.HAS, ("report",)).met_by(["report", "framework"])
        True
        >>> Wanted("covered", Relates.NOT, ([],)).met_by([])
        False
        """
        if self.relates is Relates.HAS:
            return isinstance(value, list | tuple) and any(one in value for one in self.values)
        if isinstance(value, list | tuple | dict) and not value:
            value = []
        return (value in self.values) is (self.relates is Relates.IS)


@dataclass(frozen=True, slots=True)
class Trigger:
    """The amount that a provision begins with: a field of the facts or the answer, and its limit.

    `parameter` is a full id; `field` is looked up in the answer first.
    """

    field: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Provision:
    """One thing that a text says about a subject.

    `applies` and `enforced` read the answer of `question`, or its facts; without
    `enforced` the status of the instrument says whether it is. `facts` are given
    to the question as they stand. `from_fact` gives a field from a fact of
    another name, `from_parameter` from a parameter of the day, `from_answer`
    from a field of an earlier question's answer, as (field, question, answer
    field); a fact of the field's own name goes first.
    `needs` are facts without which the provision says nothing, although the
    question has a default for them. `deadline` is a field of the answer.
    """

    id: str
    instrument: str
    title: Named
    subjects: tuple[SubjectKind, ...]
    topic: Topic | None
    effect: Effect
    question: str
    applies: tuple[Wanted, ...]
    enforced: tuple[Wanted, ...] = ()
    trigger: Trigger | None = None
    deadline: str | None = None
    obligations: tuple[str, ...] = ()
    facts: tuple[tuple[str, Any], ...] = ()
    from_fact: tuple[tuple[str, str], ...] = ()
    from_parameter: tuple[tuple[str, str], ...] = ()
    from_answer: tuple[tuple[str, str, str], ...] = ()
    needs: tuple[str, ...] = ()
