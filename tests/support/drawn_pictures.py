"""What a drawn picture holds: its texts, and coordinates inside its frame."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
_X = {"x", "x1", "x2", "cx"}
_Y = {"y", "y1", "y2", "cy"}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def checked(svg: str) -> ET.Element:
    """Parse a picture; fail when a coordinate lies outside its frame or a title is missing."""
    root = ET.fromstring(svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for one in root.iter():
        for name, value in one.attrib.items():
            if name in _X:
                assert 0 <= float(value) <= width, (one.tag, name, value)
            elif name in _Y:
                assert 0 <= float(value) <= height, (one.tag, name, value)
            elif name in ("width", "height"):
                assert float(value) >= 0
            elif name in ("points", "d"):
                figures = [float(found) for found in _NUMBER.findall(value)]
                assert all(0 <= x <= width for x in figures[::2]), value
                assert all(0 <= y <= height for y in figures[1::2]), value
    title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert described is not None
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], described.attrib["id"]]
    return root


def texts(root: ET.Element) -> list[str]:
    """Return every text of a picture, in order."""
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
