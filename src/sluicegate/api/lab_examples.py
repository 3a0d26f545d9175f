"""Examples of the endpoints of the policy lab."""

from __future__ import annotations

from collections.abc import Mapping

from sluicegate.api.example import Example

LAB: Mapping[str, Example] = {
    "list_datasets": Example(),
    "get_dataset": Example({"name": "registry"}),
    "import_dataset": Example(
        {
            "file": "own_2026-06-28.csv",
            "name": "own-models",
            "known_on": "2026-06-28",
            "source": "Example Institute, CC BY 4.0",
        },
        "name,developers,published,flop\nAlder 1,Example Labs,2026-01-02,1.5e25\n",
        "application/octet-stream",
        status=201,
    ),
    "try_thresholds": Example(
        {"data": "registry", "threshold": "2e25", "as_of": "2026-06-30", "from": "2025"}
    ),
    "get_thresholds_picture": Example(
        {"data": "registry", "threshold": "2e25", "as_of": "2026-06-30"}
    ),
    "list_forecast_scenarios": Example(),
    "forecast_models": Example(
        {"data": "registry", "threshold": "2e26", "set": "last_fit_year=2026"}
    ),
    "get_forecast_picture": Example(
        {"data": "registry", "threshold": "2e26", "set": "last_fit_year=2026"}
    ),
    "list_moving": Example({"as_of": "2026-06-30"}),
    "get_moving": Example({"rule": "us.eccn_4e091.control_level"}),
    "get_moving_value": Example(
        {"rule": "kthf.lowered_limits.training_cap", "as_of": "2026-06-30"}
    ),
    "get_moving_series": Example(
        {"rule": "kthf.lowered_limits.training_cap", "from": "2026-01-01", "to": "2026-06-30"}
    ),
}
"""Operation → what to send."""
