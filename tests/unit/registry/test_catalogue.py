"""The hardware catalogue: what it holds, how names resolve, how the unknown is bounded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.problems import ProblemsError
from sluicegate.core.quantities import NumericFormat
from sluicegate.registry.catalogue import Accelerator, Catalogue, InstanceType, ResolutionKind
from sluicegate.registry.hardware import DensityState, EvidenceKind

CATALOGUE = Catalogue.load()
ACCELERATORS = st.sampled_from(CATALOGUE.accelerators)
INSTANCE_TYPES = st.sampled_from(CATALOGUE.instance_types)
LOCAL: dict[str, Any] = {
    "id": "local.northwind-n1",
    "name": "Northwind N1",
    "manufacturer": "Northwind",
    "valid_from": "2026-02-01",
    "aliases": ["nw-n1"],
    "peaks": {"bf16": "3e15"},
}


def named(known: Accelerator) -> list[str]:
    return [known.id, known.name, *known.aliases, *known.short_names]


def dressed(text: str, case: Callable[[str], str], separator: str) -> str:
    for old in " -_/":
        text = text.replace(old, separator)
    return case(text)


def test_the_catalogue_is_as_large_as_promised() -> None:
    assert len(CATALOGUE.accelerators) >= 60
    assert len(CATALOGUE.instance_types) >= 180
    assert len({known.id for known in CATALOGUE.accelerators}) == len(CATALOGUE.accelerators)
    types = {(offer.provider, offer.name) for offer in CATALOGUE.instance_types}
    assert len(types) == len(CATALOGUE.instance_types)
    assert {"aws", "azure", "gcp", "oci", "lambda", "nebius", "coreweave"} == {
        offer.provider for offer in CATALOGUE.instance_types
    }


@pytest.mark.parametrize(
    ("accelerator_id", "tpp"),
    [
        ("nvidia-h100-sxm5-80gb", 15832),
        ("nvidia-h200-sxm-141gb", 15832),
        ("nvidia-a100-sxm4-80gb", 4992),
        ("nvidia-h20-96gb", 2368),
        ("nvidia-l40s", 5864),
        ("nvidia-b200", 36000),
        ("nvidia-gb300", 60000),
        ("google-tpu-v7", 36912),
        ("aws-trainium", 3610),
        ("amd-instinct-mi355x", Fraction("60397.8")),
        ("microsoft-maia-100", 18000),
    ],
)
def test_tpp_is_the_highest_dense_rate_times_bit_length(
    accelerator_id: str, tpp: int | Fraction
) -> None:
    assert CATALOGUE.accelerator(accelerator_id).tpp == tpp


@pytest.mark.parametrize(
    ("accelerator_id", "numeric_format", "advertised_with_sparsity"),
    [
        ("nvidia-a100-sxm4-80gb", "fp16", 624 * 10**12),
        ("nvidia-h100-sxm5-80gb", "bf16", 1979 * 10**12),
        ("nvidia-h100-sxm5-80gb", "fp8", 3958 * 10**12),
        ("nvidia-l4", "fp8", 485 * 10**12),
        ("nvidia-b200", "fp4", 18 * 10**15),
        ("nvidia-b200", "bf16", 4500 * 10**12),
        ("nvidia-geforce-rtx-5090", "fp4", 3352 * 10**12),
        ("amd-instinct-mi300x", "fp8", 5229_800 * 10**9),
        ("meta-mtia-v2", "int8", 708 * 10**12),
    ],
)
def test_figures_that_count_sparsity_are_halved(
    accelerator_id: str, numeric_format: str, advertised_with_sparsity: int
) -> None:
    peak = CATALOGUE.accelerator(accelerator_id).peak(NumericFormat(numeric_format))
    assert peak == advertised_with_sparsity // 2


def test_performance_density_needs_a_known_area_on_a_non_planar_process() -> None:
    h20, mi300x, k80 = (
        CATALOGUE.accelerator(each)
        for each in ("nvidia-h20-96gb", "amd-instinct-mi300x", "nvidia-tesla-k80-gpu")
    )
    assert h20.performance_density == Fraction(2368, 814)
    assert (mi300x.density_state, mi300x.performance_density) == (DensityState.UNKNOWN, None)
    assert (k80.density_state, k80.performance_density) == (DensityState.NOT_APPLICABLE, None)


@pytest.mark.parametrize(
    ("accelerator_id", "numeric_format", "flop_per_ms_per_bp"),
    [
        ("nvidia-h100-sxm5-80gb", "bf16", 98_950_000),
        ("nvidia-a100-sxm4-40gb", "bf16", 31_200_000),
        ("nvidia-tesla-v100-sxm2-16gb", "fp16", 12_500_000),
        ("nvidia-tesla-p40", "fp32", 1_176_000),
        ("nvidia-tesla-p100-sxm2-16gb", "fp16", 2_122_000),
        ("google-tpu-v1", "int8", 9_200_000),
        ("cambricon-mlu270-s4", "int8", 12_800_000),
    ],
)
def test_usage_is_metered_at_the_fastest_format_of_sixteen_bits_or_more(
    accelerator_id: str, numeric_format: str, flop_per_ms_per_bp: int
) -> None:
    known = CATALOGUE.accelerator(accelerator_id)
    assert known.metering_format is NumericFormat(numeric_format)
    assert known.flop_per_ms_per_bp == flop_per_ms_per_bp


@given(known=ACCELERATORS)
def test_flop_per_millisecond_and_basis_point_is_exact(known: Accelerator) -> None:
    assert known.flop_per_ms_per_bp * 10_000 * 1000 == known.metering_peak


@given(known=ACCELERATORS)
def test_every_value_says_where_it_comes_from(known: Accelerator) -> None:
    values = [each.value for each in known.peaks] + [each.name for each in known.other_peaks]
    values += ["memory"] if known.memory_bytes else []
    values += ["die"] if known.die_area_mm2 else []
    values += ["tdp"] if known.tdp_w else []
    for value in values:
        evidence = known.evidence_for(value)
        assert evidence is not None
        assert evidence.source
        assert evidence.kind is not EvidenceKind.LOCAL


@given(
    known=ACCELERATORS,
    case=st.sampled_from([str.lower, str.upper, str.title]),
    separator=st.sampled_from([" ", "-", "_", ""]),
    data=st.data(),
)
def test_every_name_resolves_to_its_one_accelerator(
    known: Accelerator, case: Callable[[str], str], separator: str, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(named(known)))
    for asked in (text, f"gpu:{text}", f"gres/gpu:{text}", case(text)):
        found = CATALOGUE.resolve(asked)
        assert found.kind is ResolutionKind.ACCELERATOR
        assert (found.stored_as, found.count) == (known.id, Fraction(1))
    if separator:
        assert CATALOGUE.resolve(dressed(text, case, separator)).stored_as == known.id


@given(offer=INSTANCE_TYPES)
def test_every_instance_type_resolves_to_an_existing_accelerator_and_a_positive_count(
    offer: InstanceType,
) -> None:
    found = CATALOGUE.resolve(offer.name.upper())
    assert found.kind is ResolutionKind.INSTANCE_TYPE
    assert found.instance_type == offer
    assert found.accelerator == CATALOGUE.accelerator(offer.accelerator_id)
    assert found.count == offer.count > 0


@given(known=ACCELERATORS)
def test_a_short_name_takes_the_form_with_the_highest_peak_and_says_so(known: Accelerator) -> None:
    for short, others in known.short_names.items():
        assert others
        peaks = [CATALOGUE.accelerator(other).metering_peak for other in others]
        assert known.metering_peak >= max(peaks)
        note = CATALOGUE.resolve(short).note
        assert all(other in note for other in others)


@pytest.mark.parametrize(
    ("text", "accelerator_id"),
    [
        ("H100", "nvidia-h100-sxm5-80gb"),
        ("NVIDIA H100 80GB HBM3", "nvidia-h100-sxm5-80gb"),
        ("nvidia-h100-80gb", "nvidia-h100-sxm5-80gb"),
        ("gpu:h100", "nvidia-h100-sxm5-80gb"),
        ("NVIDIA H100 PCIe", "nvidia-h100-pcie-80gb"),
        ("Tesla V100-SXM2-32GB", "nvidia-tesla-v100-sxm2-32gb"),
        ("NVIDIA A100-SXM4-80GB", "nvidia-a100-sxm4-80gb"),
        ("nvidia-tesla-t4", "nvidia-t4"),
        ("AMD Instinct MI300X", "amd-instinct-mi300x"),
        ("tpu-v5-lite-podslice", "google-tpu-v5e"),
        ("Ascend910B3", "huawei-ascend-910b3"),
    ],
)
def test_names_as_tools_and_clouds_write_them(text: str, accelerator_id: str) -> None:
    assert CATALOGUE.resolve(text).stored_as == accelerator_id


@pytest.mark.parametrize(
    ("text", "provider", "count"),
    [
        ("p5.48xlarge", "aws", Fraction(8)),
        ("ml.p4d.24xlarge", "aws", Fraction(8)),
        ("p2.16xlarge", "aws", Fraction(16)),
        ("Standard_NV6ads_A10_v5", "azure", Fraction(1, 6)),
        ("Standard_NC24ads_A100_v4", "azure", Fraction(1)),
        ("a3-highgpu-8g", "gcp", Fraction(8)),
        ("v4-8", "gcp", Fraction(4)),
        ("v5litepod-16", "gcp", Fraction(16)),
        ("BM.GPU.H100.8", "oci", Fraction(8)),
    ],
)
def test_instance_types_as_bills_write_them(text: str, provider: str, count: Fraction) -> None:
    found = CATALOGUE.resolve(text)
    assert found.instance_type is not None
    assert (found.instance_type.provider, found.count) == (provider, count)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NVIDIA",
        "gpu",
        "gpu:",
        "H1000",
        "AMD T4",
        "Intel H100",
        "m5.large",
        "Standard_p5.48xlarge",
    ],
)
def test_a_name_that_is_not_known_or_contradicts_itself_stays_unknown(text: str) -> None:
    found = CATALOGUE.resolve(text)
    assert found.kind is ResolutionKind.UNKNOWN
    assert found.accelerator is None
    assert found.count == 1
    assert found.stored_as == f"unknown:{text}"
    assert CATALOGUE.resolve(found.stored_as) == found


@given(text=st.text(alphabet="qwzyj 0123-_.", max_size=12))
def test_made_up_names_never_resolve(text: str) -> None:
    assert CATALOGUE.resolve(text).kind is ResolutionKind.UNKNOWN


def test_a_name_before_its_release_is_believed_and_marked() -> None:
    assert CATALOGUE.resolve("H100", on=date(2022, 9, 19)).before_release
    assert not CATALOGUE.resolve("H100", on=date(2022, 9, 20)).before_release
    assert not CATALOGUE.resolve("H100").before_release


@given(
    day=st.dates(date(2012, 12, 1), date(2027, 1, 1)),
    later=st.integers(0, 2000),
    known=ACCELERATORS,
)
def test_the_bound_covers_whatever_was_out_and_never_sinks(
    day: date, later: int, known: Accelerator
) -> None:
    bound = CATALOGUE.bound_for_unknown(day)
    assert bound.valid_from <= day
    if known.valid_from <= day:
        assert bound.metering_peak >= known.metering_peak
    end = date.fromordinal(day.toordinal() + later)
    assert CATALOGUE.bound_for_unknown(end).metering_peak >= bound.metering_peak


def test_before_the_first_release_the_first_accelerator_bounds() -> None:
    first = min(known.valid_from for known in CATALOGUE.accelerators)
    assert CATALOGUE.bound_for_unknown(date(1990, 1, 1)).valid_from == first


def test_a_user_adds_hardware_of_their_own() -> None:
    more = CATALOGUE.extended(
        {
            "accelerators": [LOCAL],
            "instance_types": [
                {"provider": "northwind", "accelerator": LOCAL["id"], "types": {"nw.half": "1/2"}}
            ],
        }
    )
    found = more.resolve("NW N1")
    assert found.accelerator is not None
    assert found.accelerator.metering_peak == 3 * 10**15
    evidence = found.accelerator.evidence_for("bf16")
    assert evidence is not None
    assert evidence.kind is EvidenceKind.LOCAL
    assert more.resolve("nw.half").count == Fraction(1, 2)
    assert more.digest != CATALOGUE.digest
    assert CATALOGUE.resolve("NW N1").kind is ResolutionKind.UNKNOWN


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "northwind-n1"}, "is no local id; call it local.northwind-n1"),
        ({"aliases": ["H100"]}, "'H100' already stands for nvidia-h100-sxm5-80gb"),
        ({"aliases": ["p5.48xlarge"]}, "'p5.48xlarge' already stands for p5.48xlarge"),
        ({"peaks": {}}, "peaks: local.northwind-n1: is missing"),
        ({"peaks": {"bf17": "1e15"}}, "'bf17' is no numeric format"),
        ({"peaks": {"bf16": "1e15.5"}}, "is not decimal text"),
        ({"peaks": {"bf16": "-1e15"}}, "is not above 0"),
        ({"peaks": {"bf16": "1000000000001"}}, "is no multiple of 10000000"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"short_names": {"N": ["nvidia-n2"]}}, "'nvidia-n2' is not in the catalogue"),
        ({"short_names": {"N": ["cerebras-wse-3"]}}, "cerebras-wse-3 has a higher peak"),
        ({"data_centre": "yes"}, "is neither true nor false"),
        ({"aliases": ["AMD N1"]}, "begins with the name of another maker"),
        ({"colour": "grey"}, "colour: local.northwind-n1: is no field of an entry"),
    ],
)
def test_a_faulty_addition_is_refused_with_its_place_and_way_out(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ProblemsError) as refused:
        CATALOGUE.extended({"accelerators": [LOCAL | change]}, file="rules/mine.yaml")
    assert message in str(refused.value)
    assert str(refused.value).startswith("rules/mine.yaml")


@pytest.mark.parametrize(
    ("additions", "message"),
    [
        ({"instance_types": [{"provider": "x", "accelerator": "y", "types": {"z": "1"}}]}, "'y'"),
        (
            {
                "instance_types": [
                    {"provider": "x", "accelerator": "nvidia-t4", "types": {"z": "1/0"}}
                ]
            },
            "z: '1/0' is no count",
        ),
        ({"accelerator": []}, "is no part of this file"),
        ({"accelerators": ["H100"]}, "is no block of fields"),
    ],
)
def test_a_faulty_document_is_refused(additions: dict[str, Any], message: str) -> None:
    with pytest.raises(ProblemsError, match=r"accelerators\.yaml") as refused:
        CATALOGUE.extended(additions)
    assert message in str(refused.value)


def test_all_faults_are_reported_together() -> None:
    broken = [
        LOCAL | {"peaks": {"bf16": "fast"}},
        LOCAL | {"id": "n2", "name": "N2", "aliases": []},
    ]
    with pytest.raises(ProblemsError) as refused:
        CATALOGUE.extended({"accelerators": broken})
    assert len(refused.value.problems) == 2
