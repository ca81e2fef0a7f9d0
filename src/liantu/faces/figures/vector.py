"""SVG that may stand inside a page under a strict policy: attributes only, no style, no ids."""

import re
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_SHORTENED = ("d", "transform", "x", "y", "x2", "y2", "width", "height")
_NEEDLESS = frozenset({"class", "id", "role", "pointer-events"})
_SOLID = "1,0"

ET.register_namespace("", SVG)


def presentable(svg: str, *, aria_label: str | None = None) -> str:
    """The SVG with its style as presentation attributes and without what a page has no use for.

    Classes, ids and the roles that the renderer writes are left out, so that several pictures
    stand in one page; coordinates are rounded to 0.01 px; the family stands once, at the root.
    """
    root = ET.fromstring(svg)  # noqa: S314 - written by our own renderer
    for element in list(root.iter()):
        _drop_hidden(element)
        _unstyle(element)
        for name in _SHORTENED:
            if name in element.attrib:
                element.set(name, _NUMBER.sub(_rounded, element.get(name, "")))
    _lift_family(root)
    if aria_label is not None:
        root.set("role", "img")
        root.set("aria-label", aria_label)
    return ET.tostring(root, encoding="unicode")


def _drop_hidden(element: ET.Element) -> None:
    """Leave out style sheets, scripts, empty groups and what is never shown."""
    for child in list(element):
        name = child.tag.rpartition("}")[2]
        is_bare = name == "path" and (not child.get("d") or child.get("class") == "background")
        is_unpainted = "fill" not in child.attrib and "stroke" not in child.attrib
        is_hidden = child.get("display") == "none" or (is_bare and is_unpainted)
        if name in {"style", "script"} or is_hidden:
            element.remove(child)


def _unstyle(element: ET.Element) -> None:
    """Style declarations as attributes of the same name; needless attributes left out."""
    for declaration in element.attrib.pop("style", "").split(";"):
        name, _, value = declaration.partition(":")
        if value.strip():
            element.set(name.strip(), value.strip())
    for name in list(element.attrib):
        if name in _NEEDLESS or name.startswith("aria-"):
            del element.attrib[name]
    if element.get("stroke-dasharray") == _SOLID:
        del element.attrib["stroke-dasharray"]


def _rounded(match: re.Match[str]) -> str:
    text = f"{float(match.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _lift_family(root: ET.Element) -> None:
    """One family for the whole picture, where all its texts share it."""
    texts = [element for element in root.iter() if "font-family" in element.attrib]
    families = {element.get("font-family", "") for element in texts}
    if len(families) != 1:
        return
    for element in texts:
        del element.attrib["font-family"]
    root.set("font-family", families.pop())
