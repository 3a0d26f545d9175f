"""The accelerators of the synthetic world and the names that users give them.

Peaks are dense BF16 FLOP per second without sparsity, from the makers' datasheets. They are
kept as FLOP per millisecond and basis point of utilisation, which is a whole number for each.
"""

from dataclasses import dataclass

MILLIONTHS = 1_000_000
MS_PER_SECOND = 1_000
BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class InstanceType:
    """A rented machine: name, accelerators in it, invented price in US cents an hour."""

    name: str
    accelerators: int
    cents_per_hour: int


@dataclass(frozen=True, slots=True)
class Chip:
    """One model of accelerator.

    `names` are spellings found in usage files; the first one also names it in clusters.csv.
    `gres` is its type in Slurm's generic resources. `per_machine` is the usual number of
    accelerators in one machine. `single` is a rented machine with one accelerator, empty
    where there is none.
    """

    key: str
    flop_per_ms_per_bp: int
    names: tuple[str, ...]
    gres: str
    per_machine: int
    instance_types: tuple[InstanceType, ...]
    single: str = ""

    @property
    def flop_per_second_per_bp(self) -> int:
        """FLOP per second of one accelerator at one basis point of utilisation."""
        return self.flop_per_ms_per_bp * MS_PER_SECOND

    @property
    def peak_flop_per_second(self) -> int:
        """Dense BF16 FLOP per second of one accelerator.

        >>> H100.peak_flop_per_second == 9895 * 10**11
        True
        """
        return self.flop_per_second_per_bp * BASIS_POINTS


H100 = Chip(
    key="h100",
    flop_per_ms_per_bp=98_950_000,
    names=("H100 SXM", "NVIDIA H100 80GB HBM3"),
    gres="h100",
    per_machine=8,
    instance_types=(
        InstanceType("p5.48xlarge", 8, 6_011),
        InstanceType("Standard_ND96isr_H100_v5", 8, 6_204),
    ),
    single="p5.4xlarge",
)
H200 = Chip(
    key="h200",
    flop_per_ms_per_bp=98_950_000,
    names=("H200 SXM", "NVIDIA H200"),
    gres="h200",
    per_machine=8,
    instance_types=(InstanceType("p5en.48xlarge", 8, 6_917),),
)
A100 = Chip(
    key="a100",
    flop_per_ms_per_bp=31_200_000,
    names=("NVIDIA A100 80GB", "A100 SXM"),
    gres="a100",
    per_machine=8,
    instance_types=(InstanceType("a2-highgpu-8g", 8, 2_139),),
    single="a2-highgpu-1g",
)
B200 = Chip(
    key="b200",
    flop_per_ms_per_bp=225_000_000,
    names=("B200", "NVIDIA B200"),
    gres="b200",
    per_machine=8,
    instance_types=(InstanceType("p6-b200.48xlarge", 8, 11_393),),
)
L4 = Chip(
    key="l4",
    flop_per_ms_per_bp=12_100_000,
    names=("L4", "NVIDIA L4"),
    gres="l4",
    per_machine=4,
    instance_types=(InstanceType("g6.12xlarge", 4, 466),),
    single="g6.xlarge",
)
MI300X = Chip(
    key="mi300x",
    flop_per_ms_per_bp=130_740_000,
    names=("MI300X", "AMD Instinct MI300X"),
    gres="mi300x",
    per_machine=8,
    instance_types=(InstanceType("Standard_ND96isr_MI300X_v5", 8, 5_388),),
)
TPU_V5E = Chip(
    key="tpu-v5e",
    flop_per_ms_per_bp=19_700_000,
    names=("TPU v5e",),
    gres="tpu_v5e",
    per_machine=4,
    instance_types=(InstanceType("ct5lp-hightpu-4t", 4, 483),),
    single="ct5lp-hightpu-1t",
)

CHIPS = (H100, H200, A100, B200, L4, MI300X, TPU_V5E)


def flop_used(chip: Chip, *, millionths: int, seconds: int, utilisation_bp: int) -> int:
    """True FLOP: accelerators x time x peak x utilisation, in whole numbers.

    The world draws accelerators in quarters and time in whole seconds, so the division by a
    million leaves no rest.

    >>> flop_used(L4, millionths=250_000, seconds=1, utilisation_bp=4000) == 121 * 10**11
    True
    """
    product = millionths * seconds * chip.flop_per_second_per_bp * utilisation_bp
    return product // MILLIONTHS
