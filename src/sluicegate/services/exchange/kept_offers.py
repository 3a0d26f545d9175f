"""What a node keeps of its own offer until the answer comes: no identifier of anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.core.quantities import Exact
from sluicegate.kyc.joint_compute import Element


@dataclass(frozen=True)
class KeptOffer:
    """The key of an offer, its elements in the order in which they went out, and party → FLOP."""

    key: bytes
    elements: Sequence[Element]
    compute: Mapping[str, Exact]

    def content(self) -> bytes:
        """Return it as it is kept: parties by id, and numbers in place of identifiers."""
        parties = sorted({one.party for one in self.elements if one.party})
        names = dict.fromkeys(one.identifier for one in self.elements)
        numbers = {name: str(number) for number, name in enumerate(names)}
        return canonical_bytes(
            {
                "key": self.key.hex(),
                "elements": [
                    [one.party, numbers[one.identifier], one.level] for one in self.elements
                ],
                "compute": {party: str(Fraction(self.compute[party])) for party in parties},
            }
        )

    @classmethod
    def of(cls, content: bytes) -> KeptOffer:
        """Read what `content` wrote."""
        said = load_json(content.decode())
        return cls(
            key=bytes.fromhex(said["key"]),
            elements=[Element(party, name, int(level)) for party, name, level in said["elements"]],
            compute={party: Fraction(text) for party, text in said["compute"].items()},
        )
