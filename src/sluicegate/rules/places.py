"""Where things stand in a rule file: the line of a field, and of the block that gives an id."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import yaml

from sluicegate.rules.instruments import Instrument, RuleFault, Severity

Path = tuple[str | int, ...]


@dataclass
class Places:
    """The lines of one text that is known to be YAML; it is read when a line is first asked for."""

    text: str
    _root: yaml.Node | None = None
    _is_read: bool = False
    _fields: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = field(default_factory=dict)
    _ids: dict[str, dict[str, int]] = field(default_factory=dict)

    def line(self, path: Path) -> int | None:
        """Return the line of a field, or of the nearest block above it that is there."""
        node = self._whole()
        line = None if node is None else node.start_mark.line + 1
        for part in path:
            if isinstance(node, yaml.MappingNode):
                found = self._fields_of(node).get(str(part))
                if found is None:
                    return line
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                if part >= len(node.value):
                    return line
                node = node.value[part]
                line = node.start_mark.line + 1
        return line

    def line_of(self, section: str, identifier: str, below: Path = ()) -> int | None:
        """Return the line of the block of a section with an id, the last where it stands twice."""
        number = self._ids_of(section).get(identifier)
        return None if number is None else self.line((section, number, *below))

    def _whole(self) -> yaml.Node | None:
        if not self._is_read:
            self._root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
            self._is_read = True
        return self._root

    def _fields_of(self, node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        if id(node) not in self._fields:
            found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
            for key, value in node.value:
                found.setdefault(str(key.value), (key, value))
            self._fields[id(node)] = found
        return self._fields[id(node)]

    def _ids_of(self, section: str) -> dict[str, int]:
        if section not in self._ids:
            root = self._whole()
            found = self._fields_of(root) if isinstance(root, yaml.MappingNode) else {}
            held = found.get(section)
            blocks = held[1].value if held and isinstance(held[1], yaml.SequenceNode) else []
            self._ids[section] = {
                str(parts["id"][1].value): number
                for number, block in enumerate(blocks)
                if isinstance(block, yaml.MappingNode) and "id" in (parts := self._fields_of(block))
            }
        return self._ids[section]


@dataclass(frozen=True, slots=True)
class Spot:
    """A block of an instrument's file, by its section and full id, or a field below it."""

    instrument: Instrument
    section: str
    id: str
    below: Path = ()

    @property
    def path(self) -> str:
        """The spot as people read it: the full id, then the field."""
        return ".".join(map(str, (self.id, *self.below)))

    def at(self, *below: str | int) -> Spot:
        """Return the spot of a field below this one."""
        return replace(self, below=(*self.below, *below))

    def line(self, places: Places | None) -> int | None:
        """Return the line on which it stands."""
        if places is None:
            return None
        if self.section == "instrument":
            return places.line((self.section, *self.below))
        local = self.id.removeprefix(self.instrument.id + ".")
        return places.line_of(self.section, local, self.below)


@dataclass(frozen=True, slots=True)
class Spotted:
    """What is wrong at a spot, with a way out."""

    spot: Spot
    severity: Severity
    problem: str
    way_out: str

    def fault(self, places: Places | None) -> RuleFault:
        """Return it with file and line."""
        return RuleFault(
            self.spot.instrument.file,
            self.spot.line(places),
            self.spot.path,
            self.problem,
            self.way_out,
            self.severity,
        )
