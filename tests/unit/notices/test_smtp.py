"""Mail goes out as plain text, and a server's refusal says whether trying again may help."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from loopback_servers import Mailbox, mail_server
from sluicegate.adapters.notices.smtp import SmtpMailer
from sluicegate.core.clock import FixedClock
from sluicegate.core.phrases import Language
from sluicegate.services.ports.work import NoticeKind
from sluicegate.services.work.mail import Mail, MailError, notice_mail
from sluicegate.services.work.settings import EmailSettings, MailSecurity

CLOCK = FixedClock(datetime(2026, 4, 1, 10, tzinfo=UTC))


def mailer(box: Mailbox, security: MailSecurity = MailSecurity.NONE, login: str = "") -> SmtpMailer:
    settings = EmailSettings("127.0.0.1", "gate@node.example", box.port, security, login)
    return SmtpMailer(settings, "open sesame" if login else None, CLOCK, seconds=5)


def mail(language: Language = Language.EN) -> Mail:
    return notice_mail(
        "ana@mail.example",
        NoticeKind.ASSIGNED,
        "/cases/c-1",
        public_url="https://node.example",
        language=language,
        is_sealed=False,
    )


def test_a_mail_is_handed_over_with_its_link_and_no_more() -> None:
    with mail_server() as box:
        mailer(box)(mail())
    [text] = box.mails
    assert "Subject: A case was assigned to you" in text
    assert "https://node.example/cases/c-1" in text
    assert "From: gate@node.example" in text
    assert "Auto-Submitted: auto-generated" in text
    assert [one.upper() for one in box.recipients] == ["RCPT TO:<ANA@MAIL.EXAMPLE>"]
    assert box.logins == []


def test_a_chinese_mail_is_chinese() -> None:
    sent = mail(Language.ZH)
    assert sent.subject == "一个案件已分配给您"
    with mail_server() as box:
        mailer(box)(sent)
    assert len(box.mails) == 1


def test_a_login_is_used_and_its_password_is_in_no_error_and_no_text() -> None:
    with mail_server() as box:
        mailer(box, login="gate")(mail())
        assert len(box.logins) == 1
        box.login_answer = "535 no"
        with pytest.raises(MailError) as refused:
            mailer(box, login="gate")(mail())
    assert "sesame" not in str(refused.value) + repr(mailer(box, login="gate"))
    assert not refused.value.is_final


@pytest.mark.parametrize(("answer", "is_final"), [("550 unknown", True), ("450 later", False)])
def test_a_refused_address_is_final_when_the_server_says_so(answer: str, is_final: bool) -> None:
    with mail_server() as box:
        box.recipient_answer = answer
        with pytest.raises(MailError) as refused:
            mailer(box)(mail())
    assert refused.value.is_final is is_final
    assert "ana@" not in str(refused.value)
    assert box.mails == []


def test_without_starttls_nothing_is_sent_where_it_is_asked_for() -> None:
    with mail_server() as box:
        with pytest.raises(MailError):
            mailer(box, MailSecurity.STARTTLS)(mail())
        assert box.mails == []


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with mail_server() as box:
        pass
    with pytest.raises(MailError) as refused:
        mailer(box)(mail())
    assert not refused.value.is_final


def test_a_line_break_makes_no_header() -> None:
    with mail_server() as box:
        with pytest.raises(ValueError, match="linefeed"):
            mailer(box)(Mail("ana@mail.example\r\nBcc: x@y.example", "a", "b"))
        assert box.mails == []
