"""Thresholds that move over HTTP: the value of the library, and problems with their status."""

from __future__ import annotations

from served_api import Caller
from tiny_world import AS_OF

CAP = "/v1/lab/moving/kthf.lowered_limits.training_cap"
NEAR = "/v1/lab/moving/paper.kumar_manning_2025.within_one_order"


def test_a_value_has_its_digits_and_what_it_rests_on(caller: Caller) -> None:
    got = caller.get(f"{CAP}/value?as_of=2026-07-01").json()
    assert int(got["low"]) < int(got["value"]) < int(got["high"]) < 10**27
    assert {one["role"] for one in got["parameters"]} == {
        *("base", "base_day", "halving_low", "halving", "halving_high")
    }
    told = caller.get(f"{CAP}/value?as_of=2026-07-01", headers={"Accept-Language": "zh"}).json()
    assert told["value"] == got["value"]
    assert told["why"] != got["why"]


def test_the_registry_can_stand_in_for_a_data_set_that_is_not_there(caller: Caller) -> None:
    without = caller.get(f"{NEAR}/value?as_of={AS_OF}").json()
    assert without["value"] is None
    assert "epoch-notable" in without["why"]
    got = caller.get(f"{NEAR}/value?as_of={AS_OF}&data=registry").json()
    assert got["snapshots"][0]["name"] == "registry"


def test_a_series_is_a_picture_as_well(caller: Caller) -> None:
    days = "from=2026-01-01&to=2026-06-30"
    steps = caller.get(f"{CAP}/series?{days}").json()
    assert steps["gliding"]
    assert len(steps["steps"]) >= 6
    drawn = caller.get(f"{CAP}/series?{days}&format=svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.text.startswith("<svg")


def test_what_is_not_there_or_cannot_be_is_told(caller: Caller) -> None:
    assert caller.get("/v1/lab/moving/no.such").status == 404
    assert caller.get("/v1/lab/moving/no.such/value").status == 404
    assert caller.get(f"{CAP}/series?from=2026-02-01&to=2026-01-01").status == 422
    assert caller.get(f"{CAP}/value?as_of=soon").status == 422
    assert caller.get(f"{NEAR}/value?data=none").status in (404, 422)
