"""Our catalogue beside Epoch AI's public hardware table; every difference has a reason.

Data: Epoch AI, Data on Machine Learning Hardware, epoch.ai/data, CC BY 4.0,
kept outside the project.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from sluicegate.core.quantities import NumericFormat
from sluicegate.registry.catalogue import Accelerator, Catalogue

TABLE = Path(__file__).parents[3] / "shared/data/compute/epoch/ml_hardware_2026-07-23.csv"
TOLERANCE = Fraction(1, 100)
COLUMNS = {
    "fp64": "FP64 (double precision) performance (FLOP/s)",
    "fp32": "FP32 (single precision) performance (FLOP/s)",
    "tf32": "TF32 (TensorFloat-32) performance (FLOP/s)",
    "tensor16": "Tensor-FP16/BF16 performance (FLOP/s)",
    "fp16": "FP16 (half precision) performance (FLOP/s)",
    "fp8": "FP8 performance (FLOP/s)",
    "int8": "INT8 performance (OP/s)",
    "fp4": "FP4 performance (FLOP/s)",
    "int4": "INT4 performance (OP/s)",
    "memory": "Memory (bytes)",
    "bandwidth": "Memory bandwidth (byte/s)",
    "die": "Die Size (mm^2)",
    "tdp": "TDP (W)",
    "tpp": "Total processing performance (bit-OP/s)",
}


# Reason, then each row and field it explains, with our value.
EXPLAINED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "The row's TPP does not follow from its own rates; ours is 15e15 at 4 bits.": (
        ("NVIDIA GB300 (Blackwell Ultra)", "tpp", "6e16"),
    ),
    "The row rounds; ours are the platform sheet's figures divided by eight.": (
        ("NVIDIA B300 (Blackwell Ultra)", "tf32", "1.125e15"),
        ("NVIDIA B300 (Blackwell Ultra)", "fp4", "1.35e16"),
    ),
    "The row's FP16 figure is older; its tensor figure agrees with ours.": (
        ("AMD Instinct MI355X", "fp16", "2.5166e15"),
        ("AMD Instinct MI350X", "fp16", "2.3096e15"),
    ),
    "The row repeats the MI350X's figures; its INT8 figure agrees with our FP8.": (
        ("AMD Instinct MI355X", "fp8", "5.0332e15"),
        ("AMD Instinct MI355X", "fp4", "1.00663e16"),
    ),
    "Ours counts FP6, which runs at the dense FP4 rate; the row does not.": (
        ("AMD Instinct MI355X", "tpp", "6.03978e16"),
        ("AMD Instinct MI350X", "tpp", "5.5365e16"),
    ),
    "The row keeps the announcement's figures; the maker later lowered them.": (
        ("NVIDIA GB200", "fp64", "4e13"),
        ("NVIDIA GB200", "fp32", "8e13"),
    ),
    "The row leaves out TF32; ours counts it at 19 bits.": (
        ("Amazon Trainium2", "tpp", "1.2673e16"),
    ),
    "The row follows another public table; ours is the maker's data sheet.": (
        ("NVIDIA B200", "fp64", "3.7e13"),
        ("NVIDIA B200", "fp32", "7.5e13"),
    ),
    "The row gives the vector rate; ours is the dense matrix rate.": (
        ("Intel Habana Gaudi3", "fp16", "1.678e15"),
        ("MTT S4000", "fp16", "1e14"),
        ("NVIDIA L20 PCle", "fp16", "1.195e14"),
        ("NVIDIA L4", "fp16", "1.21e14"),
        ("NVIDIA GeForce RTX 4070", "fp16", "1.166e14"),
        ("Intel Data Center GPU Max 1100", "fp16", "3.52e14"),
        ("Intel Data Center GPU Max 1550", "fp16", "8.39e14"),
        ("NVIDIA RTX 6000 Ada Generation", "fp16", "3.642e14"),
        ("NVIDIA A800 PCIe 40 GB", "fp16", "3.12e14"),
        ("NVIDIA A800 PCIe 80 GB", "fp16", "3.12e14"),
        ("NVIDIA L40", "fp16", "1.81e14"),
        ("NVIDIA H100 PCIe", "fp16", "7.56e14"),
        ("NVIDIA GeForce RTX 4090", "fp16", "3.303e14"),
        ("NVIDIA H100 SXM5 80GB", "fp16", "9.895e14"),
        ("NVIDIA GeForce RTX 4080", "fp16", "1.949e14"),
        ("NVIDIA A800 SXM", "fp16", "3.12e14"),
        ("NVIDIA GeForce RTX 3090 Ti", "fp16", "1.6e14"),
        ("NVIDIA RTX A4000", "fp16", "7.67e13"),
        ("NVIDIA RTX A5000", "fp16", "1.111e14"),
        ("NVIDIA A10 PCIe", "fp16", "1.25e14"),
        ("NVIDIA A100 SXM4 80 GB", "fp16", "3.12e14"),
        ("NVIDIA RTX A6000", "fp16", "1.548e14"),
        ("NVIDIA A40 PCIe", "fp16", "1.497e14"),
        ("NVIDIA GeForce RTX 3080", "fp16", "1.19e14"),
        ("NVIDIA GeForce RTX 3090", "fp16", "1.423e14"),
        ("NVIDIA A100 PCIe", "fp16", "3.12e14"),
        ("NVIDIA A100 SXM4 40 GB", "fp16", "3.12e14"),
        ("NVIDIA A100", "fp16", "3.12e14"),
        ("NVIDIA Tesla V100S PCIe 32 GB", "fp16", "1.3e14"),
        ("NVIDIA Quadro RTX 4000", "fp16", "5.7e13"),
        ("NVIDIA GeForce RTX 2080 Ti 11GB", "fp16", "1.138e14"),
        ("NVIDIA Quadro RTX 6000", "fp16", "1.305e14"),
        ("NVIDIA Quadro RTX 5000", "fp16", "8.92e13"),
        ("NVIDIA Quadro RTX 8000", "fp16", "1.305e14"),
        ("NVIDIA Tesla V100 DGXS 16 GB", "fp16", "1.25e14"),
        ("NVIDIA Tesla V100 PCIe 32 GB", "fp16", "1.12e14"),
        ("NVIDIA Tesla V100 DGXS 32 GB", "fp16", "1.25e14"),
        ("NVIDIA Tesla V100 SXM3 32 GB", "fp16", "1.25e14"),
        ("NVIDIA Tesla V100 SXM2 32 GB", "fp16", "1.25e14"),
        ("NVIDIA Titan V", "fp16", "1.1e14"),
        ("NVIDIA Tesla V100 SXM2", "fp16", "1.25e14"),
        ("NVIDIA Tesla V100 SXM2 16 GB", "fp16", "1.25e14"),
        ("NVIDIA Tesla V100 PCIe 16 GB", "fp16", "1.12e14"),
        ("NVIDIA V100", "fp16", "1.25e14"),
    ),
    "The row gives provisioned power; ours the design limit.": (("Maia 100 (M100)", "tdp", "700"),),
    "The row counts BF16; ours the dense 6-bit rate, which gives more.": (
        ("Maia 100 (M100)", "tpp", "1.8e16"),
    ),
    "The row gives the memory on the chip; ours the memory outside it.": (
        ("Meta MTIA v2 (MTIA 200)", "memory", "1.28e11"),
        ("Meta MTIA v2 (MTIA 200)", "bandwidth", "2.048e11"),
        ("Meta MTIA v1 (MTIA 100)", "memory", "6.4e10"),
        ("Meta MTIA v1 (MTIA 100)", "bandwidth", "1.76e11"),
    ),
    "The row is ten times too high: 1.8 TB/s is the published figure.": (
        ("MetaX MXC500 (PCIe)", "bandwidth", "1.8e12"),
        ("MetaX MXC500 (OAM)", "bandwidth", "1.8e12"),
    ),
    "The row follows another table; the maker cuts only FP64, to 1e12.": (
        ("NVIDIA H800 SXM5", "fp64", "1e12"),
        ("NVIDIA H800 SXM5", "fp32", "6.69e13"),
        ("NVIDIA H800 SXM5", "tf32", "4.947e14"),
    ),
    "The row describes the bare die; ours is the SXM5 board made from it.": (
        ("NVIDIA GH100", "bandwidth", "3.35e12"),
    ),
    "The row gives the power of the 4070 Ti.": (("NVIDIA GeForce RTX 4070", "tdp", "200"),),
    "The row rests on vector rates; ours on those of the matrix units.": (
        ("Intel Data Center GPU Max 1100", "tpp", "5.632e15"),
        ("Intel Data Center GPU Max 1550", "tpp", "1.3424e16"),
        ("NVIDIA RTX A4000", "tpp", "1.2272e15"),
        ("NVIDIA RTX A5000", "tpp", "1.7776e15"),
        ("NVIDIA RTX A6000", "tpp", "2.4776e15"),
        ("NVIDIA GeForce RTX 3080", "tpp", "1.904e15"),
        ("NVIDIA Quadro RTX 4000", "tpp", "9.12e14"),
        ("NVIDIA Quadro RTX 6000", "tpp", "2.088e15"),
        ("NVIDIA Quadro RTX 5000", "tpp", "1.4272e15"),
        ("NVIDIA Quadro RTX 8000", "tpp", "2.088e15"),
        ("NVIDIA Titan V", "tpp", "1.76e15"),
    ),
    "The row gives the 250 W of the first A100 card; ours is this card's.": (
        ("NVIDIA A800 PCIe 40 GB", "tdp", "240"),
        ("NVIDIA A800 PCIe 80 GB", "tdp", "300"),
    ),
    "The row swaps two digits of 355.": (("AMD Radeon RX 7900 XTX", "tdp", "355"),),
    "Early documentation said 420e12; later documentation says 380e12.": (
        ("Amazon Trainium1", "int8", "3.8e14"),
    ),
    "The row's BF16 rate is rounded up; ours is the maker's 432e12.": (
        ("Intel Habana Gaudi2", "tensor16", "4.32e14"),
        ("Intel Habana Gaudi2", "tpp", "6.92e15"),
    ),
    "The row names no form; ours is the one with the highest peak.": (
        ("Huawei Ascend 910B", "fp16", "4e14"),
        ("Huawei Ascend 910B", "memory", "6.4e10"),
        ("Huawei Ascend 910B", "bandwidth", "1.6e12"),
        ("Huawei Ascend 910B", "tpp", "6.4e15"),
        ("NVIDIA A100 PCIe", "memory", "8e10"),
        ("NVIDIA A100", "memory", "8e10"),
        ("NVIDIA A100", "bandwidth", "2.039e12"),
        ("Huawei Ascend 910", "fp16", "3.2e14"),
        ("Huawei Ascend 910", "int8", "6.4e14"),
        ("Huawei Ascend 910", "tpp", "5.12e15"),
        ("NVIDIA P100", "fp64", "5.304e12"),
        ("NVIDIA P100", "fp32", "1.061e13"),
        ("NVIDIA P100", "fp16", "2.122e13"),
        ("NVIDIA P100", "tdp", "300"),
        ("NVIDIA P100", "tpp", "3.3952e14"),
    ),
    "The row lists the FP32 matrix rate, which is ours, as TF32.": (
        ("AMD Radeon Instinct MI250X", "fp32", "9.57e13"),
    ),
    "The row gives one of two dies; ours is the whole, as our note says.": (
        ("AMD Radeon Instinct MI250X", "die", "1448"),
        ("NVIDIA TESLA M60", "die", "796"),
        ("NVIDIA Tesla K80", "bandwidth", "4.8e11"),
        ("NVIDIA Tesla K80", "die", "1122"),
    ),
    "The row gives typical power; ours the maximum.": (
        ("AMD Radeon Instinct MI250X", "tdp", "560"),
    ),
    "The row is the 32 GB variant; ours the 16 GB base card with the same peak.": (
        ("Baidu Kunlun II", "memory", "1.6e10"),
    ),
    "The row takes 1/32 of FP32; these dies run FP64 at 1/64.": (
        ("NVIDIA RTX A4000", "fp64", "2.995e11"),
        ("NVIDIA RTX A5000", "fp64", "4.339e11"),
        ("NVIDIA RTX A6000", "fp64", "6.048e11"),
    ),
    "The row follows another table; ours are the maker's figures.": (
        ("NVIDIA A10G", "fp32", "3.5e13"),
        ("NVIDIA A10G", "fp16", "7e13"),
        ("NVIDIA A10G", "tdp", "300"),
        ("NVIDIA A10G", "tpp", "1.12e15"),
    ),
    "The row gives lower rates; ours are those of the maker's launch.": (
        ("Tianshu Zhixin Tiangai 100 (BI-V100)", "fp32", "3.7e13"),
        ("Tianshu Zhixin Tiangai 100 (BI-V100)", "fp16", "1.47e14"),
        ("Tianshu Zhixin Tiangai 100 (BI-V100)", "int8", "2.95e14"),
        ("Tianshu Zhixin Tiangai 100 (BI-V100)", "tpp", "2.36e15"),
    ),
    "The row says 1288 GB/s; ours is the published 1.2 TB/s.": (
        ("Huawei Ascend 910A", "bandwidth", "1.2e12"),
        ("Huawei Ascend 910A Premium", "bandwidth", "1.2e12"),
        ("Huawei Ascend 910", "bandwidth", "1.2e12"),
        ("Huawei Ascend 910 (320 TFLOPS)", "bandwidth", "1.2e12"),
    ),
    "The row repeats the SXM2 board; the SXM3 board has more of both.": (
        ("NVIDIA Tesla V100 SXM3 32 GB", "bandwidth", "9.81e11"),
        ("NVIDIA Tesla V100 SXM3 32 GB", "tdp", "350"),
    ),
    "The row rounds the rate to 45e12; ours is 46e12, the row's own rate.": (
        ("Google TPU v2", "tpp", "7.36e14"),
    ),
    "The row is twice the data sheet's 346 GB/s.": (("NVIDIA P40", "bandwidth", "3.471e11"),),
    "The row is rounded from the data sheet; ours is at the boost clock.": (
        ("NVIDIA P100 PCIe 16GB", "fp64", "4.763e12"),
    ),
    "The row counts GiB; our memory figures take a GiB as 1e9 byte.": (
        ("Google TPU v1", "memory", "8e09"),
    ),
    "The row is at a lower clock; ours at the highest boost clock.": (
        ("NVIDIA Tesla K80", "fp64", "2.91e12"),
        ("NVIDIA Tesla K80", "fp32", "8.74e12"),
        ("NVIDIA Tesla K80", "tpp", "2.7968e14"),
    ),
}


@dataclass(frozen=True)
class Difference:
    """One field in which a row of the table and our entry are more than 1 % apart."""

    row: str
    accelerator: str
    field: str
    ours: Fraction
    theirs: Fraction


def rows() -> list[dict[str, str]]:
    if not TABLE.exists():
        pytest.skip(f"the public hardware table is not at {TABLE}; nothing to compare with")
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def matched() -> Iterator[tuple[dict[str, str], Accelerator]]:
    catalogue = Catalogue.load()
    for row in rows():
        found = catalogue.resolve(row["Hardware name"])
        if found.accelerator is not None:
            yield row, found.accelerator


def ours(known: Accelerator, field: str) -> Fraction | None:
    """Return our value of a field, in the table's unit; None where it is not known."""
    others = {
        "memory": known.memory_bytes,
        "bandwidth": known.memory_bandwidth_bytes_per_second,
        "die": known.die_area_mm2,
        "tdp": known.tdp_w,
    }
    if field == "tpp":
        return None if known.tpp is None else known.tpp * 10**12
    value: int | Fraction | None
    if field in others:
        value = others[field]
    elif field in ("tensor16", "fp16"):
        fp16 = known.peak(NumericFormat.FP16)
        value = known.peak(NumericFormat.BF16) if fp16 is None else fp16
    else:
        value = known.peak(NumericFormat(field))
    return None if value is None else Fraction(value)


def differences() -> list[Difference]:
    found = []
    for row, known in matched():
        for field, column in COLUMNS.items():
            value = ours(known, field)
            if value is None or not row[column]:
                continue
            theirs = Fraction(row[column])
            if abs(value - theirs) > TOLERANCE * max(value, theirs):
                name = row["Hardware name"]
                found.append(Difference(name, known.id, field, value, theirs))
    return found


def test_the_catalogue_covers_the_public_table() -> None:
    assert len({known.id for _, known in matched()}) >= 60


def test_every_difference_above_one_per_cent_is_explained_and_no_explanation_is_stale() -> None:
    explained = [
        (row, field, Fraction(value))
        for entries in EXPLAINED.values()
        for row, field, value in entries
    ]
    assert len(explained) == len({entry[:2] for entry in explained})
    found = {(each.row, each.field, each.ours) for each in differences()}
    assert sorted(found - set(explained)) == []
    assert sorted(set(explained) - found) == []
