"""Where commands about consultations begin: the desk, files of drafts, days, and how rows look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.asking import read_literals
from sluicegate.cli.jobs import desk_of
from sluicegate.cli.output import Exit, Format, leave, say, write_json, write_rows
from sluicegate.cli.working import day_option, node_at
from sluicegate.core.phrases import Language, term
from sluicegate.frontier.consultation import Comment, Consultation
from sluicegate.rules.facts import BadFactsError
from sluicegate.services.consultation.draft_files import draft_of_document
from sluicegate.services.consultation.drafting import NewDraft
from sluicegate.services.consultation.showing import comment_json, consultation_json, row_json
from sluicegate.services.consultation.writing import BadEntryError, ConsultationError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.consultation import ConsultationChangedError
from sluicegate.wiring import OpenNode

ROW = ("id", "subject", "stage", "version", "closes", "comments", "unanswered", "title")
COMMENT = ("comment", "version", "passage", "organisation", "received_on", "is_late", "outcome")
MILESTONE = ("name", "planned", "reached")
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a consultation.")]
DraftArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="The draft as YAML or JSON; - reads JSON.")
]


class _UndoneError(Exception):
    """Ends a dry run, so that nothing of it is kept."""


@contextmanager
def consulting(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what cannot be done ends the command with its reason."""
    with node_at(node) as opened, desk_of(opened) as desk:
        try:
            yield opened, desk
        except BadEntryError as error:
            leave(Exit.USAGE, str(error))
        except ConsultationError as error:
            leave(Exit.REFUSED, str(error))
        except ConsultationChangedError as error:
            leave(Exit.REFUSED, f"{error}: somebody else wrote meanwhile; read it again")


@contextmanager
def kept(desk: Desk, *, dry_run: bool) -> Iterator[None]:
    """Keep what is written inside, or nothing of it in a dry run."""
    try:
        with desk.store.transaction():
            yield
            if dry_run:
                raise _UndoneError
    except _UndoneError:
        say("dry run: nothing was kept")


def read_draft(path: Path) -> NewDraft:
    """Read a draft from a file; one that is none ends the command."""
    try:
        return draft_of_document(read_literals(str(path)))
    except BadFactsError as error:
        leave(Exit.USAGE, str(error))
    except ConsultationError as error:
        leave(Exit.USAGE, f"{path}: {error}")


def needed_day(text: str, name: str) -> date:
    """Read a day that an option must give."""
    day = day_option(text, name)
    assert day is not None
    return day


def write_consultation(
    one: Consultation, form: Format, language: Language = Language.EN, *, whole: bool = False
) -> None:
    """Write how a consultation stands; as JSON everything of it."""
    if form is Format.JSON:
        write_json(consultation_json(one, language))
        return
    write_rows([row_json(one, language)], ROW, form, language=language)
    if whole and form is Format.TABLE:
        _write_parts(one, language)


def _write_parts(one: Consultation, language: Language) -> None:
    document: dict[str, Any] = consultation_json(one, language)
    for number, passage in enumerate(one.draft.passages, start=1):
        say(f"{number}  {passage}")
    if document["comment_list"]:
        write_rows(document["comment_list"], COMMENT, Format.TABLE, language=language)
        for comment in one.comments:
            _say_words(comment, language)
    if document["milestones"]:
        write_rows(document["milestones"], MILESTONE, Format.TABLE, language=language)


def _say_words(one: Comment, language: Language) -> None:
    """Say what a comment and its reply say, as far as the reader may see it."""
    if one.text:
        say(f"{one.comment_id}  {one.organisation}: {one.text}")
    if one.reply is not None and one.reply.reasons:
        outcome = term(one.reply.outcome.code, language)
        say(f"{one.comment_id}  {outcome}: {one.reply.reasons}")


def write_comment(one: Comment, form: Format) -> None:
    """Write a comment with its reply."""
    if form is Format.JSON:
        write_json(comment_json(one))
    else:
        write_rows([comment_json(one)], COMMENT, form)
