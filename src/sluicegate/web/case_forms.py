"""Forms for everything that can be done to a case, or to many, in the language of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sluicegate.cases.case import Case, Clock, ClockState, DecisionKind, Judgement, Priority
from sluicegate.cases.clocks import counts_from_event
from sluicegate.core.phrases import term
from sluicegate.core.reasons import Sentence
from sluicegate.services.access.roles import WorkRole
from sluicegate.services.casework.colleagues import Colleague
from sluicegate.services.casework.reading import Ability
from sluicegate.web.case_parts import rule_title
from sluicegate.web.visit import Visit

NOBODY = "nobody"

Option = tuple[str, str]
Faults = Mapping[str, str]


class FieldShape(Enum):
    """How a part of a command is asked for."""

    LINE = "line"
    LINES = "lines"
    DAY = "day"
    NUMBER = "number"
    CHOICE = "choice"
    TICKS = "ticks"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form; `values` are what was typed or is offered, `fault` what is wrong."""

    name: str
    label: str
    shape: FieldShape = FieldShape.LINE
    options: tuple[Option, ...] = ()
    is_needed: bool = True
    help: str = ""
    values: tuple[str, ...] = ()
    fault: str = ""

    @property
    def value(self) -> str:
        """What stands in a field of one value."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class ActForm:
    """A form for one command: its name, its fields, and whether it may be done now.

    `ability` is None on forms for many cases, where each case says so itself.
    """

    name: str
    fields: tuple[FormField, ...] = ()
    ability: Ability | None = None
    is_sent: bool = False
    refusal: Sentence | None = None

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"act_{self.name}"

    @property
    def is_allowed(self) -> bool:
        """Whether it may be done now."""
        return self.ability is None or self.ability.is_allowed


@dataclass(frozen=True)
class FormMaker:
    """Makes the forms of a case, or of many, in the language of a page."""

    visit: Visit
    team: Sequence[Colleague]

    def reason(self, *, is_needed: bool = True) -> FormField:
        """Return the field for why."""
        return FormField("reason", self.visit._("Why"), FieldShape.LINES, is_needed=is_needed)

    def assign(self) -> tuple[FormField, ...]:
        """Return the fields of giving a case to someone."""
        _ = self.visit._
        people = [(one.id, one.name) for one in self.team]
        options = ((NOBODY, _("nobody")), *people)
        to = FormField("to", _("To"), FieldShape.CHOICE, options, values=(self.visit.principal.id,))
        return to, self.reason(is_needed=False)

    def escalate(self) -> tuple[FormField, ...]:
        """Return the fields of handing a case up: to a role or a person."""
        language = self.visit.language
        roles = [
            (one.value, term(one.value, language)) for one in (WorkRole.OFFICER, WorkRole.REVIEWER)
        ]
        people = [(one.id, one.name) for one in self.team]
        to = FormField("to", self.visit._("To"), FieldShape.CHOICE, (*roles, *people))
        return to, self.reason()

    def snooze(self) -> tuple[FormField, ...]:
        """Return the fields of letting a case rest."""
        until = FormField("until", self.visit._("Until"), FieldShape.DAY)
        return until, self.reason()

    def comment(self) -> tuple[FormField, ...]:
        """Return the field of a comment."""
        return (FormField("text", self.visit._("Comment"), FieldShape.LINES),)


BULK = ("assign", "comment", "snooze", "escalate", "clear")
"""What can be done to many cases at once."""


@dataclass(frozen=True, slots=True)
class BulkForm:
    """The choices of the form for many cases."""

    acts: tuple[Option, ...]
    people: tuple[Option, ...]


def bulk_form(visit: Visit, team: Sequence[Colleague]) -> BulkForm:
    """Return the choices of acts on many cases."""
    make = FormMaker(visit, team)
    acts = tuple((one, term(f"act_{one}", visit.language)) for one in BULK)
    (to, _why), (up, _reason) = make.assign(), make.escalate()
    mine = tuple(sorted(to.options, key=lambda one: one[0] != visit.principal.id))
    roles = tuple(one for one in up.options if one not in to.options)
    return BulkForm(acts, (*mine, *roles))


def one_for_many(visit: Visit, name: str, team: Sequence[Colleague]) -> ActForm:
    """Return the form of one act on many cases, to be filled in again."""
    make = FormMaker(visit, team)
    fields: Mapping[str, tuple[FormField, ...]] = {
        "assign": make.assign(),
        "comment": make.comment(),
        "snooze": make.snooze(),
        "escalate": make.escalate(),
        "clear": (make.reason(),),
    }
    return ActForm(name, fields[name])


def case_forms(
    visit: Visit, case: Case, abilities: Sequence[Ability], team: Sequence[Colleague]
) -> dict[str, ActForm]:
    """Return the form of everything that can be done to a case, by name."""
    make = FormMaker(visit, team)
    fields = {
        **_plain(make, case),
        **_timed(make, case),
        **{one.value: _decision(make, case, one) for one in DecisionKind},
    }
    return {
        one.name: ActForm(one.name, fields.get(one.name, ()), one)
        for one in abilities
        if one.name in fields
    }


def act_form(
    form: ActForm, visit: Visit, faults: Faults, refusal: Sentence | None = None
) -> ActForm:
    """Return a form with what was typed into it, and what was wrong."""
    typed = tuple(
        replace(one, values=tuple(visit.texts(one.name)), fault=faults.get(one.name, ""))
        for one in form.fields
    )
    return replace(form, fields=typed, is_sent=True, refusal=refusal)


def _plain(make: FormMaker, case: Case) -> dict[str, tuple[FormField, ...]]:
    _ = make.visit._
    language = make.visit.language
    priorities = tuple((one.code, term(one.code, language)) for one in Priority)
    return {
        "assign": make.assign(),
        "comment": make.comment(),
        "snooze": make.snooze(),
        "wake": (make.reason(is_needed=False),),
        "escalate": make.escalate(),
        "prioritise": (
            FormField(
                "priority",
                _("Priority"),
                FieldShape.CHOICE,
                priorities,
                values=(case.priority.code,),
            ),
            make.reason(),
        ),
        "link": (*_links(make, case), make.reason(is_needed=False)),
        "reopen": (make.reason(),),
        "request_information": (
            FormField("asked_of", _("Asked of")),
            FormField("what", _("What is asked"), FieldShape.LINES),
            FormField(
                "ground",
                _("Ground on which legal periods stop"),
                is_needed=False,
                help=_("Empty: only the case's own day stands still."),
            ),
        ),
        "receive_information": (
            FormField("request_id", _("Request"), FieldShape.CHOICE, _requests(case)),
            FormField("summary", _("What came"), FieldShape.LINES),
        ),
    }


def _links(make: FormMaker, case: Case) -> tuple[FormField, ...]:
    """Return the field for another case, and where there are links one to cut them."""
    _ = make.visit._
    if not case.links:
        return (FormField("case_id", _("Id of the other case")),)
    keep = ("", _("link the case written above"))
    cut = (keep, *((one, _("cut the link to %(id)s", id=one)) for one in case.links))
    return (
        FormField("case_id", _("Id of the other case"), is_needed=False),
        FormField("cut", _("Or cut a link"), FieldShape.CHOICE, cut, is_needed=False),
    )


def _requests(case: Case) -> tuple[Option, ...]:
    return tuple(
        (one.request_id, f"{one.asked_of}: {one.what[:60]}")
        for one in case.requests
        if one.answered_at is None
    )


def _timed(make: FormMaker, case: Case) -> dict[str, tuple[FormField, ...]]:
    _ = make.visit._
    undone = [one for one in case.clocks if one.is_live or one.state is ClockState.WAITING]
    waiting = [one for one in undone if one.state is ClockState.WAITING and counts_from_event(one)]
    moving = [one for one in undone if one.is_live and one.due is not None]
    running = [one for one in moving if one.state is ClockState.RUNNING]
    reason = make.reason()
    return {
        "enter_event": (
            _clock(make, waiting),
            FormField("happened_on", _("Happened on"), FieldShape.DAY),
            reason,
        ),
        "extend": (_clock(make, moving), FormField("days", _("Days"), FieldShape.NUMBER), reason),
        "lapse": (_clock(make, running), reason),
        "withdraw": (_clock(make, undone), reason),
        "meet": (_clock(make, undone), FormField("done_on", _("Done on"), FieldShape.DAY), reason),
        "override_due": (
            _clock(make, undone),
            FormField("due", _("New due day"), FieldShape.DAY),
            reason,
        ),
    }


def _clock(make: FormMaker, clocks: Sequence[Clock]) -> FormField:
    duty = duty_named(make.visit)
    options = tuple((one.clock_id, duty(one)) for one in clocks)
    return FormField("clock_id", make.visit._("Due day of"), FieldShape.CHOICE, options)


def duty_named(visit: Visit) -> Callable[[Clock], str]:
    """Return what names a clock's duty in the language of the page."""
    duties = {one.duty.en: one.duty.zh for one in visit.served.book.obligations.values()}

    def shown(clock: Clock) -> str:
        if clock.is_own:
            return visit._("Decide the case")
        chinese = duties.get(clock.duty)
        return chinese if chinese and visit.language.value == "zh" else clock.duty

    return shown


def _decision(make: FormMaker, case: Case, decision: DecisionKind) -> tuple[FormField, ...]:
    if decision not in (DecisionKind.CONFIRM, DecisionKind.CLEAR):
        return (make.reason(),)
    title = rule_title(make.visit)
    shown = [(one.alert_id, title(one.rule)) for one in case.alerts if not one.is_gone]
    left = [
        one.alert_id for one in case.alerts if not one.is_gone and one.judgement is Judgement.NONE
    ]
    ticks = FormField(
        "alerts",
        make.visit._("Alerts"),
        FieldShape.TICKS,
        tuple(shown),
        is_needed=False,
        values=tuple(left),
    )
    return (ticks, make.reason())
