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
    "list_forecast_scenarios": Call("forecast_scenarios"),
    "forecast_models": Call(
        "forecast_models", ("registry", ["1e25"]), {"changes": ["last_fit_year=2026"]}
    ),
    "get_forecast_picture": Call(
        "forecast_picture", ("registry", ["1e25"]), {"changes": ["last_fit_year=2026"]}
    ),
    "list_moving": Call("moving_thresholds", (), {"as_of": AS_OF}),
    "get_moving": Call("moving_threshold", ("us.eccn_4e091.control_level",)),
    "get_moving_value": Call(
        "moving_value", ("kthf.lowered_limits.training_cap",), {"as_of": AS_OF}
    ),
    "get_moving_series": Call(
        "moving_series", ("kthf.lowered_limits.training_cap",), {"first": AS_OF, "last": AS_OF}
    ),
}
"""Operation → how the client calls it."""
