"""Files of a case: attached with their digest, read back, and erased but for the digest."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass

from sluicegate.cases.case import Attachment, Case
from sluicegate.cases.commands import Attach
from sluicegate.cases.docket import Docket
from sluicegate.cases.events import EventKind, Named
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.writing import found, resource_of, rules_on, write
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import CaseChange

ANY_TYPE = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_MOST_NAME = 120


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file of a case with its content."""

    file: Attachment
    content: bytes


def safe_name(name: str) -> str:
    """Return a file's name that is safe in any folder, header and page.

    Folders before it, signs that file systems read, and characters that are
    not seen are taken out.

    >>> safe_name("../../etc/pass\\nwd"), safe_name("C:\\\\a\\\\b.pdf"), safe_name("...")
    ('passwd', 'b.pdf', 'file')
    """
    last = re.split(r"[\\\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    plain = _FORBIDDEN.sub("_", seen).strip(" .")
    return plain[-_MOST_NAME:].strip(" .") or "file"


def attach(
    desk: Desk,
    case_id: str,
    name: str,
    media_type: str,
    content: bytes,
    *,
    book: RuleBook | None = None,
) -> Case:
    """Attach a file to a case; its digest stays even when its content is erased.

    Raises:
        NotFoundError, RefusedError, NotAllowedNowError: as for every act; the last
            also for a file above the limit of size.
    """
    kind = media_type.strip().lower()
    command = Attach(
        attachment_id="a-" + secrets.token_hex(8),
        name=safe_name(name),
        media_type=kind if _MEDIA_TYPE.fullmatch(kind) else ANY_TYPE,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    with desk.store.transaction():
        after = act(desk, case_id, command, book=book)
        desk.store.cases.put_attachment(
            after,
            command.attachment_id,
            content,
            command.sha256,
            at=after.changed_at,
            by=desk.principal.id,
        )
    return after


def attachment(desk: Desk, case_id: str, attachment_id: str) -> FileRead:
    """Return a file of a case; reading it is an act.

    Raises:
        NotFoundError: there is no such case or file, or its content was erased.
    """
    case = found(desk, case_id)
    file = _file(case, attachment_id)
    resource = resource_of(case, desk.principal.tenant)
    desk.read(Action.CASE_READ, resource, attachment=attachment_id)
    content = desk.store.cases.attachment(case_id, attachment_id, desk.scope)
    if content is None:
        raise NotFoundError("attachment", attachment_id)
    return FileRead(file, content)


def erase_attachment(
    desk: Desk, case_id: str, attachment_id: str, reason: str, *, book: RuleBook | None = None
) -> Case:
    """Erase the content of a file, as an officer may; name and digest stay in the case.

    Raises:
        NotFoundError: there is no such case or file, or its content was erased.
        RefusedError, NotAllowedNowError: not this principal, or without a reason.
    """
    at = desk.now()
    with desk.store.transaction():
        case = found(desk, case_id)
        _file(case, attachment_id)
        desk.must(Action.CASE_OVERRIDE, resource_of(case, desk.principal.tenant))
        docket = Docket(case, desk.principal.id, at, rules_on(book, at))
        docket.write(EventKind.ERASED, Named(attachment_id), docket.need_text(reason))
        if not desk.store.cases.erase_attachment(case_id, attachment_id, desk.scope):
            raise NotFoundError("attachment", attachment_id)
        change = CaseChange(case, docket.case, tuple(docket.events))
        write(desk.store, change, act="case_erase", at=at, by=desk.principal.id)
    return docket.case


def _file(case: Case, attachment_id: str) -> Attachment:
    for one in case.attachments:
        if one.attachment_id == attachment_id:
            return one
    raise NotFoundError("attachment", attachment_id)
