"""Records of XML files, one after the other; what was read is let go, so large files take little.

Names of elements are told without their namespace: issuers changed these while
the elements stayed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from sluicegate.adapters.lists.notes import AGAIN_WAY_OUT
from sluicegate.adapters.lists.source import ListFile, ListFileError
from sluicegate.adapters.lists.values import clean

_DEEPEST = 60
_ROOT = 2000
"""Bytes at the start of a file within which its root element stands."""


def local_name(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def records(file: ListFile, wanted: frozenset[str]) -> Iterator[Element]:
    """Yield every outermost element of a wanted name; its names are bare, below it too.

    An element is emptied when the next is asked for. Raises ListFileError when
    the file is no XML, is cut short, defines entities or is nested too deep.
    """
    with file.open() as stream:
        try:
            yield from _records(iterparse(stream, events=("start", "end"), forbid_dtd=True), wanted)
        except ListFileError:
            raise
        except DefusedXmlException as error:
            problem = "defines entities or names a document type, which no list needs"
            raise ListFileError(file.name, problem, AGAIN_WAY_OUT) from error
        except (ParseError, ValueError, LookupError) as error:
            problem = f"is cut short or no XML: {error}"
            raise ListFileError(file.name, problem, AGAIN_WAY_OUT) from error
        except RecursionError as error:
            raise ListFileError(file.name, "is nested too deep", AGAIN_WAY_OUT) from error


def _records(events: Any, wanted: frozenset[str]) -> Iterator[Element]:
    open_elements: list[Element] = []
    inside = 0
    for event, element in events:
        if event == "start":
            open_elements.append(element)
            if len(open_elements) > _DEEPEST:
                raise RecursionError
            inside += local_name(element.tag) in wanted
            continue
        open_elements.pop()
        is_wanted = local_name(element.tag) in wanted
        inside -= is_wanted
        if inside:
            continue
        if is_wanted:
            for one in element.iter():
                one.tag = local_name(one.tag)
            yield element
        if open_elements:
            open_elements[-1].remove(element)
        element.clear()


def root_of(head: bytes) -> str:
    """Return the name of the root element by the first bytes of a file, or nothing.

    >>> root_of(b'<?xml version="1.0"?><!-- made --><a:sdnList xmlns:a="b">')
    'sdnList'
    """
    text = _decoded(head).lstrip("\ufeff \t\r\n")
    while text.startswith(("<?", "<!")):
        end = "-->" if text.startswith("<!--") else ">"
        text = text.partition(end)[2].lstrip()
    if not text.startswith("<"):
        return ""
    name = text[1:].split(maxsplit=1)[0] if text[1:2].strip() else ""
    return name.partition(">")[0].rstrip("/").rpartition(":")[2]


def attribute_of_root(head: bytes, name: str) -> str:
    """Return an attribute of the root element by the first bytes of a file, or nothing.

    >>> attribute_of_root(b'<export generationDate="2026-11-20T14:00:16"/>', "generationDate")
    '2026-11-20T14:00:16'
    """
    text = _decoded(head[:_ROOT])
    found = re.search(rf"\s{name}\s*=\s*([\"'])(.*?)\1", text)
    return clean(found[2]) if found else ""


def _decoded(head: bytes) -> str:
    return head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def said(element: Element | None, path: str = "") -> str:
    """Return the text at a path below an element, clean; nothing where there is none."""
    found = element.find(path) if element is not None and path else element
    return clean(found.text or "") if found is not None else ""


def said_all(element: Element, path: str) -> list[str]:
    """Return the texts at a path below an element that are not blank."""
    return [text for one in element.iterfind(path) if (text := said(one))]


def said_in(element: Element, tag: str) -> list[str]:
    """Return the texts of all elements of a name, at any depth, that are not blank."""
    return [text for one in element.iter(tag) if (text := said(one))]
