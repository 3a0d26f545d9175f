"""What is refused when people and machines say who they are, in words for people."""

from __future__ import annotations

from sluicegate.core.reasons import Sentence


class IdentityError(ValueError):
    """Something refused; `sentence` says what and what to do, and reveals no secret."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


class SignInRefusedError(IdentityError):
    """A sign-in, or one step of it, that is refused.

    A wrong password, a login that does not exist, a disabled account and one
    that is blocked for a while are answered alike.
    """


class PasswordRefusedError(IdentityError):
    """A new password that is too easy to guess, or too long."""


class AccountError(IdentityError):
    """An account or a machine that cannot be made or changed as asked."""


class TokenRefusedError(IdentityError):
    """An assertion or a token that is not accepted; `code` is the error of RFC 6749, 5.2."""

    def __init__(self, sentence: Sentence, code: str = "invalid_client") -> None:
        self.code = code
        super().__init__(sentence)
