"""Who people and machines are: accounts, sign-in, sessions, second factors, tokens."""

from sluicegate.services.identity.demo import DemoAccount
from sluicegate.services.identity.errors import (
    AccountError,
    IdentityError,
    PasswordRefusedError,
    SignInRefusedError,
    TokenRefusedError,
)
from sluicegate.services.identity.facade import Identities, Identity
from sluicegate.services.identity.machines import (
    AUDIENCE_PATH,
    TOKEN_PATH,
    AccessToken,
    exchange,
    principal_of_token,
)
from sluicegate.services.identity.parts import IdentityParts
from sluicegate.services.identity.people import Issued, NewPerson
from sluicegate.services.identity.provider import CALLBACK, Returned, SentOut
from sluicegate.services.identity.sessions import (
    SessionShown,
    SignedIn,
    Started,
    principal,
    session,
    sign_out,
)
from sluicegate.services.identity.signing_in import (
    Enrolled,
    Enrolment,
    change_password,
    second_factor,
    sign_in,
)
from sluicegate.services.ports.identity import (
    Account,
    AccountSource,
    Client,
    ProviderError,
    Rights,
    SessionRecord,
    SessionStage,
)

__all__ = [
    "AUDIENCE_PATH",
    "CALLBACK",
    "TOKEN_PATH",
    "AccessToken",
    "Account",
    "AccountError",
    "AccountSource",
    "Client",
    "DemoAccount",
    "Enrolled",
    "Enrolment",
    "Identities",
    "Identity",
    "IdentityError",
    "IdentityParts",
    "Issued",
    "NewPerson",
    "PasswordRefusedError",
    "ProviderError",
    "Returned",
    "Rights",
    "SentOut",
    "SessionRecord",
    "SessionShown",
    "SessionStage",
    "SignInRefusedError",
    "SignedIn",
    "Started",
    "TokenRefusedError",
    "change_password",
    "exchange",
    "principal",
    "principal_of_token",
    "second_factor",
    "session",
    "sign_in",
    "sign_out",
]
