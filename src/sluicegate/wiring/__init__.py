"""The one place that chooses adapters and joins them to services.

A name is imported from its module when it is first used: a command that asks
one question waits for no store.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sluicegate.adapters.rule_files import (
        FileThereError,
        own_cases,
    )
    from sluicegate.services.node import (
        NodeError,
    )
    from sluicegate.services.ports import (
        LakeError,
        StoreError,
    )
    from sluicegate.wiring.nodes import (
        IntakeOptions,
        OpenNode,
        actor,
        backup_node,
        check_node,
        csv_to_parquet,
        fact_rows,
        make_node,
        node_settings,
        opened,
        rebuild_node,
        restore_node,
        take_in,
        timeline_svg,
        today,
        write_report_files,
    )
    from sluicegate.wiring.rule_books import (
        book_for,
        check_rule_files,
        gather_rule_files,
        new_rule_file,
    )

_PLACES = {
    "sluicegate.adapters.rule_files": (
        "FileThereError",
        "own_cases",
    ),
    "sluicegate.services.node": ("NodeError",),
    "sluicegate.services.ports": (
        "LakeError",
        "StoreError",
    ),
    "sluicegate.wiring.nodes": (
        "IntakeOptions",
        "OpenNode",
        "actor",
        "backup_node",
        "check_node",
        "csv_to_parquet",
        "fact_rows",
        "make_node",
        "node_settings",
        "opened",
        "rebuild_node",
        "restore_node",
        "take_in",
        "timeline_svg",
        "today",
        "write_report_files",
    ),
    "sluicegate.wiring.rule_books": (
        "book_for",
        "check_rule_files",
        "gather_rule_files",
        "new_rule_file",
    ),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a name of this package when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_MODULES[name]), name)
    globals()[name] = found
    return found


__all__ = [
    "FileThereError",
    "IntakeOptions",
    "LakeError",
    "NodeError",
    "OpenNode",
    "StoreError",
    "actor",
    "backup_node",
    "book_for",
    "check_node",
    "check_rule_files",
    "csv_to_parquet",
    "fact_rows",
    "gather_rule_files",
    "make_node",
    "new_rule_file",
    "node_settings",
    "opened",
    "own_cases",
    "rebuild_node",
    "restore_node",
    "take_in",
    "timeline_svg",
    "today",
    "write_report_files",
]
