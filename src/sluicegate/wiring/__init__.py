"""The one place that chooses adapters and joins them to services."""

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
    book_for,
    check_node,
    check_rule_files,
    csv_to_parquet,
    fact_rows,
    gather_rule_files,
    make_node,
    new_rule_file,
    node_settings,
    opened,
    rebuild_node,
    restore_node,
    take_in,
    timeline_svg,
    today,
    write_report_files,
)

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
