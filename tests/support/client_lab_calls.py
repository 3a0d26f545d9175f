"""How the operations of the policy lab are called through the client."""

from __future__ import annotations

from collections.abc import Mapping

from client_call import Call
from tiny_world import AS_OF

_TABLE = b"name,developers,published,flop\nAlder 1,Example Labs,2026-01-02,1.5e25\n"

LAB: Mapping[str, Call] = {
    "list_datasets": Call("datasets"),
    "get_dataset": Call("dataset", ("registry",)),
    "import_dataset": Call(
        "import_dataset",
        ("own.csv", _TABLE),
        {"name": "own-models", "known_on": AS_OF, "source": "Example Institute"},
    ),
    "try_thresholds": Call(
        "try_thresholds", ("registry", ["1e25"]), {"as_of": AS_OF, "first_year": 2025}
    ),
    "get_thresholds_picture": Call("thresholds_picture", ("registry", ["1e25"])),
}
"""Operation → how the client calls it."""
