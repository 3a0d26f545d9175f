"""Who people and machines are, joined to a node: accounts, sessions, keys, the provider."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.authority import Policies
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.desk import Desk
from sluicegate.services.identity import DemoAccount, Identities, Identity, IdentityParts
from sluicegate.services.identity.demo import add_demo_people
from sluicegate.services.node import SETTINGS_FILE, NodeError
from sluicegate.services.ports import Store
from sluicegate.services.ports.identity import Provider
from sluicegate.services.settings import Settings
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.nodes import OpenNode, actor

HERE = "http://127.0.0.1:8400"
"""The address of a node that names no other: this machine, the port that `serve` takes."""


def store_of(node: OpenNode, tenant: TenantId | None = None) -> Store:
    """Return the store of a tenant over the node's one database.

    Raises:
        NodeError: the node does not serve that tenant.
    """
    from sluicegate.adapters.store import SqlStore

    settings = node.node.settings
    wanted = tenant or settings.tenant
    if wanted == settings.tenant:
        return node.store
    if wanted not in settings.served_tenants:
        raise NodeError(
            f"tenant {wanted}: is not served here; add it to tenants under [serve] "
            f"in {SETTINGS_FILE}"
        )
    return SqlStore(node.store.engine, wanted, node.clock)


def identities_of(
    node: OpenNode, *, base_url: str | None = None, authority: Policies | None = None
) -> Identities:
    """Return the identity of every tenant of a node, over shared keys and one provider.

    `base_url` is the address under which people and machines reach the node;
    the setting `public_url`, or this machine, if left out.

    Raises:
        NodeError: the provider is set in part only, or a group has an unknown role.
    """
    from sluicegate.adapters.identity.jose import JoseSignatures
    from sluicegate.adapters.identity.proofs import AppCodes, Argon2Hashes
    from sluicegate.adapters.identity.secret_box import NodeSecretBox
    from sluicegate.adapters.identity.token_keys import NodeTokenKeys

    settings, keys = node.node.settings, node.node.folder.keys
    roles = frozenset((authority or authority_of(node)).roles)
    _check_groups(settings, roles)
    hashes, codes, box = Argon2Hashes().warm(), AppCodes(), NodeSecretBox(keys)
    signatures = JoseSignatures()
    token_keys = NodeTokenKeys(keys)
    provider = _provider(node, settings)
    common = _common_passwords()
    made: dict[TenantId, Identity] = {}
    for tenant in settings.served_tenants:
        made[tenant] = Identity(
            IdentityParts(
                store=store_of(node, tenant),
                tenant=tenant,
                clock=node.clock,
                settings=settings,
                hashes=hashes,
                codes=codes,
                box=box,
                signatures=signatures,
                token_keys=token_keys,
                base_url=base_url or settings.public_url or HERE,
                provider=provider if tenant == settings.tenant else None,
                common_passwords=common,
                known_roles=roles,
            )
        )
    return Identities(made)


def identity_of(
    node: OpenNode, tenant: TenantId | None = None, *, base_url: str | None = None
) -> Identity:
    """Return the identity of one tenant of a node. Raises NodeError."""
    wanted = tenant or node.node.settings.tenant
    found = identities_of(node, base_url=base_url).of(wanted)
    if found is None:
        raise NodeError(
            f"tenant {wanted}: is not served here; add it to tenants under [serve] "
            f"in {SETTINGS_FILE}"
        )
    return found


def operator_desk(node: OpenNode, tenant: TenantId | None = None) -> Desk:
    """Return the desk of who works on the command line of the node's machine.

    Raises:
        NodeError: the node does not serve that tenant, or its policies have faults.
    """
    wanted = tenant or node.node.settings.tenant
    who = actor()
    operator = Principal(who, PrincipalKind.OPERATOR, wanted, who, frozenset())
    return Desk(operator, store_of(node, wanted), authority_of(node), node.clock)


def demo_accounts(node: OpenNode) -> tuple[DemoAccount, ...]:
    """Make the accounts of a demo; their passwords are in no other place than the answer.

    Raises:
        AccountError: they are there already.
    """
    return add_demo_people(identity_of(node).parts, operator_desk(node))


def allow_passwords_alone(folder: Path) -> None:
    """Let the local accounts of a demo's node sign in without a second factor."""
    file = folder / SETTINGS_FILE
    text = file.read_text(encoding="utf-8")
    more = '\n[identity]\ntotp = "optional"   # a demo; leave it out for real work\n'
    file.write_text(text + more, encoding="utf-8")


def _check_groups(settings: Settings, roles: frozenset[str]) -> None:
    for group, grant in sorted(settings.groups.items()):
        unknown = sorted(grant.roles - roles)
        if unknown:
            raise NodeError(
                f"{SETTINGS_FILE}, identity.groups, {group}: there is no role "
                f"{', '.join(unknown)}; the roles are {', '.join(sorted(roles))}"
            )


def _provider(node: OpenNode, settings: Settings) -> Provider | None:
    """Return the provider that the settings name, or None when they name none."""
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_client_id is None:
        raise NodeError(
            f"{SETTINGS_FILE}, identity: oidc_issuer is set without oidc_client_id; "
            "give the id that the provider gave this node"
        )
    from sluicegate.adapters.identity.oidc import OidcProvider, OidcSettings

    return OidcProvider(
        OidcSettings(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=_client_secret(node.node.folder.path, settings),
            scopes=settings.oidc_scopes,
            groups_claim=settings.oidc_groups_claim,
        ),
        node.clock,
    )


def _client_secret(folder: Path, settings: Settings) -> str | None:
    """Return the secret from the settings, the environment or the file that they name."""
    if settings.oidc_client_secret is not None or settings.oidc_client_secret_file is None:
        return settings.oidc_client_secret
    file = folder / settings.oidc_client_secret_file
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NodeError(
            f"{file}: the provider's client secret cannot be read; "
            "check oidc_client_secret_file and who may read the file"
        ) from error


def _common_passwords() -> frozenset[str]:
    file = resources.files("sluicegate") / "data" / "common_passwords.txt"
    return frozenset(file.read_text(encoding="utf-8").split("\n")) - {""}
