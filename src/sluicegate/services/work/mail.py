"""The texts of mails: what kind of thing waits, and a link; nothing about anyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.ports.work import NoticeKind

SUBJECTS: dict[NoticeKind, Sentence] = {
    NoticeKind.ASSIGNED: say("A case was assigned to you"),
    NoticeKind.CHECKED: say("Your proposal was checked"),
    NoticeKind.CHECK_WAITS: say("A proposal waits for your check"),
    NoticeKind.DUE_SOON: say("A due day comes near"),
    NoticeKind.ESCALATED: say("A case was escalated to you"),
    NoticeKind.LIST_NOT_FETCHED: say("A list could not be fetched; the old version stays in use"),
    NoticeKind.SCREENING_LATE: say("Screening did not run in time, or a list is too old"),
    NoticeKind.WEBHOOK_DISABLED: say("A webhook was disabled because it failed for long"),
}

OPEN, SIGN_IN, SETTINGS = (
    say("Open it here:"),
    say("Sign in to see it:"),
    say("You get this mail because you asked for it in the settings of your account."),
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as text."""

    to: str
    subject: str
    text: str


class MailError(RuntimeError):
    """A mail that was not taken; `is_final` says that trying again does not help."""

    def __init__(self, text: str, *, is_final: bool) -> None:
        self.is_final = is_final
        super().__init__(text)


class Mailer(Protocol):
    """Sends mail."""

    def __call__(self, mail: Mail) -> None:
        """Hand a mail over; raise MailError when it is not taken."""
        ...


@dataclass(frozen=True, slots=True)
class DueLine:
    """A case in the daily mail: its id and its due day."""

    case_id: str
    due: date


def notice_mail(
    to: str, kind: NoticeKind, path: str, *, public_url: str, language: Language, is_sealed: bool
) -> Mail:
    """Return the mail of one notice; that of a sealed case names no case and leads to none."""
    subject = SUBJECTS[kind].text(language)
    lead = SIGN_IN if is_sealed else OPEN
    link = _link(public_url, "/" if is_sealed else path)
    return Mail(to, subject, _text(subject, lead, [link], language))


def digest_mail(to: str, lines: Sequence[DueLine], *, public_url: str, language: Language) -> Mail:
    """Return the daily mail of what is due; the lines hold no sealed case."""
    subject = say("Due days that come near: {count}", count=len(lines)).text(language)
    links = [
        f"{line.due.isoformat()}  {_link(public_url, f'/cases/{line.case_id}')}" for line in lines
    ]
    return Mail(to, subject, _text(subject, OPEN, links, language))


def _link(public_url: str, path: str) -> str:
    return f"{public_url.rstrip('/')}{path}"


def _text(subject: str, lead: Sentence, links: Sequence[str], language: Language) -> str:
    parts = [subject, "", lead.text(language), *links, "", "-- ", SETTINGS.text(language), ""]
    return "\n".join(parts)
