"""Drafting a threshold or a guidance note, and revising it: each time a new version."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sluicegate.core.calendars import parse_day
from sluicegate.core.quantities import Exact, parse_decimal
from sluicegate.core.reasons import Sentence, Term, say
from sluicegate.frontier.consultation import Consultation, Happening, Stage, Subject
from sluicegate.frontier.consultation_steps import not_to_revise
from sluicegate.frontier.drafts import Draft, Terms, passages_of, said
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import FIGURE_UNITS, Comparator, Title
from sluicegate.services.access.actions import Action
from sluicegate.services.consultation.rule_files import check_terms
from sluicegate.services.consultation.writing import (
    CONSULTATION,
    MOST_LINE,
    BadEntryError,
    ConsultationError,
    Said,
    held,
    kept_words,
    need,
    need_words,
    resource_of,
    today,
    write,
)
from sluicegate.services.desk import Desk
from sluicegate.services.questions import questions_of

MOST_TEXT = 200_000
"""Signs of the text of a draft at most."""
_RULE = re.compile(r"local(?:\.[a-z][a-z0-9_]*)+")
_APPLIES_TO = ("customer", "group", "run", "cluster")
_MEASURES = ("training_compute", "compute_used", "peak_rate")
_YES, _NO = ("yes", "true"), ("no", "false", "")
_MOST_MONTHS = 1_200


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What a draft says, as it is given: every field as text, empty where nothing is.

    `subject` is threshold or guidance. Of a threshold, `rule` to `issuer` are its
    terms (`frontier.drafts.Terms`); `applies_to` is the kind of subject. Of a note,
    `explains` are ids.
    """

    subject: str
    title: str
    text: str
    title_zh: str = ""
    starts: str = ""
    rule: str = ""
    unit: str = "FLOP"
    comparator: str = ""
    value: str = ""
    is_binding: str = ""
    applies_to: str = ""
    measure: str = ""
    review_months: str = ""
    issuer: str = ""
    explains: tuple[str, ...] = ()


def draft(desk: Desk, book: RuleBook, new: NewDraft, *, supersedes: str = "") -> Consultation:
    """Begin a consultation with the first version of its draft.

    `supersedes` is a consultation of the same kind whose result this one takes the
    place of once it is issued.

    Raises:
        RefusedError: the principal may not draft.
        NotFoundError: what it would supersede is not there.
        ConsultationError: the draft cannot be used; the sentence says why.
    """
    desk.must(Action.CONSULTATION_WORK, desk.of(CONSULTATION))
    subject = _subject(new.subject)
    older = held(desk, supersedes) if supersedes else None
    if older is not None and (older.subject is not subject or older.stage is not Stage.ISSUED):
        why = "{consultation}: is not an issued {subject}; nothing can take its place."
        kind = Title("threshold", "阈值") if subject is Subject.THRESHOLD else Title("note", "指南")
        raise ConsultationError(say(why, consultation=supersedes, subject=Term(kind)))
    name = "cn-" + secrets.token_hex(6)
    first = _read(desk, book, new, name, older)
    data = {"subject": subject.value, "supersedes": supersedes, "version": 1, **said(first)}
    write(desk, name, 1, Said(Happening.DRAFTED, data))
    return held(desk, name)


@dataclass(frozen=True, slots=True)
class Change:
    """Why a version follows: what is changed, and the comments that led to it."""

    change: str
    led_by: tuple[str, ...] = ()


def revise(
    desk: Desk, book: RuleBook, consultation: str, new: NewDraft, why: Change
) -> Consultation:
    """Write the next version of a draft, with what changed and which comments led to it.

    Raises:
        RefusedError: the principal may not draft.
        NotFoundError: there is no such consultation.
        ConsultationError: it is too late, nothing is changed, or the draft cannot be used.
        ConsultationChangedError: somebody else wrote meanwhile.
    """
    desk.must(Action.CONSULTATION_WORK, resource_of(desk, consultation))
    one = held(desk, consultation)
    if _subject(new.subject) is not one.subject:
        raise ConsultationError(say("A consultation stays about what it began with."))
    older = held(desk, one.supersedes) if one.supersedes else None
    change = kept_words(say("What is changed"), why.change)
    read = _read(desk, book, new, consultation, older)
    version = len(one.drafts) + 1
    whole = Draft(
        version=version,
        title=read.title,
        text=read.text,
        starts=read.starts,
        terms=read.terms,
        explains=read.explains,
        change=change,
        led_by=tuple(dict.fromkeys(filter(None, map(str.strip, why.led_by)))),
        at=read.at,
        by=read.by,
    )
    need(not_to_revise(one, whole))
    data = {
        **said(whole),
        "version": version,
        "change": whole.change,
        "led_by": list(whole.led_by),
    }
    write(desk, consultation, one.events + 1, Said(Happening.REVISED, data))
    return held(desk, consultation)


def given_of(one: Draft, subject: Subject) -> NewDraft:
    """Return a version as it could have been given: what a form for the next one begins with."""
    terms = one.terms
    begun = NewDraft(
        subject=subject.value,
        title=one.title.en,
        title_zh=one.title.zh,
        text=one.text,
        starts="" if one.starts is None else one.starts.isoformat(),
        explains=one.explains,
    )
    if terms is None:
        return begun
    document: Mapping[str, Any] = terms.as_json()
    months = terms.review_months
    return replace(
        begun,
        rule=terms.rule,
        unit=terms.unit,
        comparator=terms.comparator.value,
        value=document["value"],
        is_binding="yes" if terms.is_binding else "no",
        applies_to=terms.subject,
        measure=terms.measure,
        review_months="" if months is None else str(months),
        issuer=terms.issuer,
    )


_SUBJECTS = {one.value: one for one in Subject}
_COMPARATORS = {one.value: one for one in Comparator}


def _subject(text: str) -> Subject:
    found = _SUBJECTS.get(text.strip())
    if found is None:
        raise BadEntryError(_one_of(say("What is consulted on"), text, list(_SUBJECTS)))
    return found


def _one_of(name: Sentence, given: str, known: Sequence[str]) -> Sentence:
    return say(
        "{name}: {given} is not known; give one of {known}.",
        name=name,
        given=repr(given),
        known=list(known),
    )


def _read(
    desk: Desk, book: RuleBook, new: NewDraft, consultation: str, older: Consultation | None
) -> Draft:
    """Return what was given as a first version, or refuse it."""
    title = need_words(say("The title"), new.title, MOST_LINE)
    text = need_words(say("The text"), new.text, MOST_TEXT)
    subject = _subject(new.subject)
    is_threshold = subject is Subject.THRESHOLD
    whole = Draft(
        version=1,
        title=Title(title, kept_words(say("The title"), new.title_zh, MOST_LINE) or title),
        text="\n\n".join(passages_of(text)),
        starts=_day(new.starts),
        terms=_terms(new) if is_threshold else None,
        explains=() if is_threshold else _explained(book, new.explains),
        change="",
        led_by=(),
        at=desk.now(),
        by=desk.principal.id,
    )
    for line in (whole.title.en, whole.title.zh, "" if whole.terms is None else whole.terms.issuer):
        if not line.isprintable():
            raise BadEntryError(say("The title holds a sign that cannot be printed."))
    if is_threshold:
        check_terms(book, whole, consultation, older, today(desk))
    return whole


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return parse_day(text.strip())
    except ValueError as error:
        why = say("{given} is no day; write e.g. 2026-01-31.", given=text.strip()[:40])
        raise BadEntryError(why) from error


def _terms(new: NewDraft) -> Terms:
    rule = new.rule.strip()
    if not _RULE.fullmatch(rule):
        raise BadEntryError(
            say(
                "{rule} is no id of a rule of one's own; write local. and a name of small "
                "letters, digits and _, e.g. local.harbour_act.",
                rule=repr(rule[:MOST_LINE]),
            )
        )
    unit = new.unit.strip()
    if unit not in FIGURE_UNITS:
        raise BadEntryError(_one_of(say("The unit"), unit, sorted(FIGURE_UNITS)))
    comparator = _COMPARATORS.get(new.comparator.strip())
    if comparator is None:
        raise BadEntryError(_one_of(say("The comparator"), new.comparator, list(_COMPARATORS)))
    applies_to, measure = new.applies_to.strip(), new.measure.strip()
    if bool(applies_to) != bool(measure):
        raise BadEntryError(
            say("Give both whom the threshold applies to and what is measured, or neither.")
        )
    for name, given, known in (
        (say("Whom it applies to"), applies_to, _APPLIES_TO),
        (say("What is measured"), measure, _MEASURES),
    ):
        if given and given not in known:
            raise BadEntryError(_one_of(name, given, known))
    return Terms(
        rule=rule,
        unit=unit,
        comparator=comparator,
        value=_figure(new.value),
        is_binding=_is_yes(new.is_binding),
        subject=applies_to,
        measure=measure,
        review_months=_months(new.review_months),
        issuer=kept_words(say("The issuer"), new.issuer, MOST_LINE),
    )


def _figure(text: str) -> Exact:
    try:
        figure = parse_decimal(text.strip())
    except ValueError as error:
        why = say("{given} is no figure; write e.g. 1e26.", given=repr(text.strip()[:40]))
        raise BadEntryError(why) from error
    if figure < 0:
        raise BadEntryError(say("A threshold is not negative."))
    return figure


def _is_yes(text: str) -> bool:
    plain = text.strip().lower()
    if plain not in (*_YES, *_NO):
        raise BadEntryError(_one_of(say("Whether it binds"), text, ("yes", "no")))
    return plain in _YES


def _months(text: str) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and 1 <= int(plain[:6]) <= _MOST_MONTHS:
        return int(plain)
    raise BadEntryError(
        say("{given} is no number of months from 1 to {most}.", given=plain[:40], most=_MOST_MONTHS)
    )


def _explained(book: RuleBook, ids: Sequence[str]) -> tuple[str, ...]:
    """Return what a note explains: texts, rules, parameters, duties, provisions or questions."""
    wanted = tuple(dict.fromkeys(filter(None, map(str.strip, ids))))
    if not wanted:
        raise BadEntryError(
            say("A guidance note names what it explains: ids of rules, parameters or questions.")
        )
    known = {
        *book.instruments,
        *book.parameters,
        *book.thresholds,
        *book.obligations,
        *book.provisions,
        *questions_of(book),
    }
    unknown = [one[:MOST_LINE] for one in wanted if one not in known]
    if unknown:
        raise BadEntryError(
            say(
                "{ids}: no rule file and no question is called so; see sluicegate rules list.",
                ids=unknown,
            )
        )
    return wanted
