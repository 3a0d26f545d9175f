"""Shapes of accounts of people and of machines; none holds a hash, a key of ours or a secret."""

from __future__ import annotations

from pydantic import Field

from sluicegate.api.models.common import Identifier, Line, Shape, Text


class RightsBody(Shape):
    """What someone may do: roles, and where; no jurisdictions means everywhere."""

    roles: list[Identifier] = Field(max_length=50, examples=[["analyst"]])
    jurisdictions: list[Identifier] | None = Field(None, max_length=200)
    sealed_groups: list[Identifier] = Field(default_factory=list, max_length=50)


class RightsShown(Shape):
    """What someone may do."""

    roles: list[str]
    jurisdictions: list[str] | None
    sealed_groups: list[str]


class NewUserBody(Shape):
    """An account to be made for a person."""

    login: Identifier = Field(examples=["mira.okonwo"])
    name: Line = Field(examples=["Mira Okonwo"])
    rights: RightsBody
    language: Line | None = Field(None, pattern="^(en|zh)$")


class UserShown(Shape):
    """An account of a person."""

    id: str
    login: str
    name: str
    language: str | None
    source: str
    rights: RightsShown
    is_disabled: bool
    must_change_password: bool
    has_second_factor: bool
    created_at: str


class UserList(Shape):
    """Accounts, by login."""

    items: list[UserShown]


class IssuedUser(Shape):
    """An account with a new password, which is shown this once and never again."""

    user: UserShown
    password: str | None


class ResetBody(Shape):
    """How an account is given a new password."""

    second_factor: bool = Field(False, description="Forget the authenticator app too.")


class UserSession(Shape):
    """A sign-in of a person that still counts."""

    id: str
    stage: str
    started_at: str
    seen_at: str
    ends_at: str
    agent: str


class SessionList(Shape):
    """The sign-ins of an account that still count, the newest first."""

    items: list[UserSession]


class EndedSessions(Shape):
    """How many sign-ins were ended."""

    ended: int


class NewClientBody(Shape):
    """A machine to be made known by its public keys."""

    name: Line = Field(examples=["cluster scheduler"])
    keys: Text = Field(description="Public keys as text: PEM, JWK or JWKS.")
    rights: RightsBody


class ClientShown(Shape):
    """A machine; its keys are public, and named by their ids."""

    id: str
    name: str
    keys: list[str]
    rights: RightsShown
    created_at: str
    tokens_from: str
    revoked_at: str | None


class ClientList(Shape):
    """Machines, revoked ones too, the oldest first."""

    items: list[ClientShown]


class RotateBody(Shape):
    """New public keys for a machine."""

    keys: Text = Field(description="Public keys as text: PEM, JWK or JWKS.")
    keep_old: bool = Field(False, description="Let the older keys and tokens count as well.")
