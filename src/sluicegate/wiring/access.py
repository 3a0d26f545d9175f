"""The policies of a node, joined to the services that ask them."""

from __future__ import annotations

from pathlib import Path

from sluicegate.services.access.authority import Policies
from sluicegate.services.node import NodeError
from sluicegate.wiring.nodes import OpenNode, node_settings


def authority_of(node: OpenNode | Path | None = None) -> Policies:
    """Return the authority of a node: the shipped policies with the node's own.

    `node` is an open node, a node's folder, or None for the shipped policies
    alone. `roles` names every role that they know.

    Raises:
        NodeError: no node is there, or its policies have faults; it names each with
            file and line. A node whose policies cannot be read permits nothing.
    """
    from sluicegate.adapters.policies import (
        POLICIES_FOLDER,
        CedarAuthority,
        PoliciesError,
        read_policies,
    )

    if isinstance(node, Path):
        node_settings(node)
    place = node.node.folder.path if isinstance(node, OpenNode) else node
    folder = None if place is None else place / POLICIES_FOLDER
    try:
        return CedarAuthority(read_policies(folder))
    except PoliciesError as error:
        raise NodeError(f"{error}\ncorrect the policies of the node; see docs/roles.md") from error
