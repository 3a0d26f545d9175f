"""Mail over SMTP, by the standard library; TLS is checked against the machine's authorities."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from sluicegate.core.clock import Clock
from sluicegate.core.identifiers import uuid7
from sluicegate.services.work.mail import Mail, MailError
from sluicegate.services.work.settings import EmailSettings, MailSecurity

_SECONDS = 20
_FINAL = 500


@dataclass(frozen=True)
class SmtpMailer:
    """Implements `services.work.mail.Mailer`. The password enters no text of an error."""

    settings: EmailSettings
    password: str | None
    clock: Clock
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: int = _SECONDS

    def __repr__(self) -> str:
        return f"SmtpMailer({self.settings})"

    def __call__(self, mail: Mail) -> None:
        """Hand a mail over; raise MailError when it is not taken."""
        message = self._message(mail)
        try:
            with self._connected() as server:
                if self.settings.login and self.password:
                    server.login(self.settings.login, self.password)
                server.send_message(message)
        except smtplib.SMTPAuthenticationError as error:
            raise MailError(f"{self._server}: refused the login", is_final=False) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            is_final = all(code >= _FINAL for code in codes)
            raise MailError(f"{self._server}: refused the address", is_final=is_final) from error
        except smtplib.SMTPResponseException as error:
            is_final = error.smtp_code >= _FINAL
            raise MailError(
                f"{self._server}: answered {error.smtp_code}", is_final=is_final
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            kind = type(error).__name__
            raise MailError(f"{self._server}: cannot be reached: {kind}", is_final=False) from error

    @property
    def _server(self) -> str:
        return f"mail server {self.settings.host}:{self.settings.port}"

    def _connected(self) -> smtplib.SMTP:
        host, port = self.settings.host, self.settings.port
        if self.settings.security is MailSecurity.TLS:
            return smtplib.SMTP_SSL(host, port, timeout=self.seconds, context=self.context())
        server = smtplib.SMTP(host, port, timeout=self.seconds)
        if self.settings.security is MailSecurity.STARTTLS:
            try:
                server.starttls(context=self.context())
            except BaseException:
                server.close()
                raise
        return server

    def _message(self, mail: Mail) -> EmailMessage:
        """Return the message; a line break in an address or subject is refused by the library."""
        now = self.clock.now()
        message = EmailMessage()
        message["From"] = self.settings.sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{uuid7(now)}@{self.settings.sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message
