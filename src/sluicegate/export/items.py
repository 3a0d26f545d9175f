"""Items: the export control classification numbers that the licence questions know."""

from __future__ import annotations

from enum import Enum


class Eccn(Enum):
    """A classification that a licence is asked for."""

    CHIP_A = "3A090.a"
    CHIP_B = "3A090.b"
    COMPUTER_A = "4A090.a"
    COMPUTER_B = "4A090.b"
    WEIGHTS = "4E091"

    @property
    def is_a(self) -> bool:
        """Whether this is an .a item: a chip of the upper class, or a computer with one."""
        return self in (Eccn.CHIP_A, Eccn.COMPUTER_A)

    @property
    def is_b(self) -> bool:
        """Whether this is a .b item: a chip of the lower class, or a computer with one."""
        return self in (Eccn.CHIP_B, Eccn.COMPUTER_B)
