"""XML and JSON from outside, read without doing anything that they ask for."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree


def rooted(body: bytes, *roots: str) -> etree._Element:
    """The root of an XML document, which must be one of ``roots``.

    Raises:
        ValueError: it is no such document, or not the whole of one.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        found = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as fault:
        raise ValueError(f"it is no whole XML, line {fault.lineno}") from fault
    if found.tag not in roots:
        raise ValueError(f"it is <{str(found.tag)[:40]}>, not <{'> or <'.join(roots)}>")
    return found


def text_of(element: etree._Element | None) -> str | None:
    """The text of an element without white space around it; None where there is none."""
    return (element.text or "").strip() or None if element is not None else None


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        ValueError: it is none.
    """
    try:
        found = json.loads(body)
    except RecursionError as fault:
        raise ValueError("it is no JSON that can be read") from fault
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - a reader says so by ValueError
    return found
