"""What an Office archive is, the sheets of a workbook, and the links that lead out of it."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from liantu.errors import Problem
from liantu.ingest.formats.containers import MOST_CELLS, Container
from liantu.ingest.intake import quoted, refused

MOST_SHEETS, _SHOWN_LINKS = 1_000, 5
_TYPES, _WORKBOOK = "[content_types].xml", "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_READ_TOO = ("xl/sharedstrings.xml", "xl/styles.xml", _WORKBOOK, _RELATIONS)
_LINKED, _MOST_LINKED = "xl/externallinks/", 100
_DDE = re.compile(rb'ddeService="([^"]*)"\s+ddeTopic="([^"]*)"')
# What the type of the main part says, and what to do about each that is no plain workbook.
_KINDS = (
    ("sheet.macroenabled", "a workbook with macros", "save it as .xlsx, without macros"),
    ("sheet.binary", "a binary workbook (.xlsb)", "save it as .xlsx"),
    ("wordprocessingml", "a Word document", "save its table as .xlsx or CSV"),
    ("presentationml", "a PowerPoint presentation", "save its table as .xlsx or CSV"),
    ("opendocument.spreadsheet", "an OpenDocument sheet (.ods)", "save it as .xlsx"),
    ("opendocument", "an OpenDocument file", "save its table as .xlsx or CSV"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A worksheet: its name, the part that holds its cells, and whether it is hidden."""

    name: str
    part: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook's worksheets, and whether its formulas are marked to be computed anew."""

    pages: tuple[Page, ...]
    computes_anew: bool
    links: tuple[Problem, ...]


def described(container: Container) -> Package:
    """The worksheets of an archive; refused where it is no plain workbook."""
    _refuse_other_kinds(container)
    container.check()
    for name in (_WORKBOOK, _RELATIONS):
        if name not in container.parts:
            raise container.damaged(name, "missing")
    targets = {
        link.get("Id", ""): (link.get("Type", ""), _target(link.get("Target", "")))
        for _, link in container.elements(_RELATIONS, "Relationship")
    }
    pages: list[Page] = []
    computes_anew = False
    for tag, named in container.elements(_WORKBOOK, "sheet", "calcPr"):
        if tag == "calcPr":
            computes_anew = named.get("fullCalcOnLoad") in ("1", "true")
            continue
        relation = next((value for name, value in named.items() if name.endswith(":id")), "")
        kind, part = targets.get(relation, ("", named.get("name", "")))
        if not kind or part not in container.parts:
            raise container.damaged(part, "missing")
        if kind.endswith("/worksheet"):
            hidden = named.get("state", "visible") != "visible"
            pages.append(Page(named.get("name", ""), part, hidden))
    if len(pages) > MOST_SHEETS:
        words = (f"at most {MOST_SHEETS:,} sheets", f"{len(pages):,}", "part the workbook")
        raise refused(container.file, "too-large", words)
    return Package(tuple(pages), computes_anew, _links(container))


def check_parts(container: Container, pages: Sequence[Page]) -> None:
    """Refuse a workbook whose parts, these sheets among them, are damaged or hold too much.

    The sheets themselves are gone through elsewhere.
    """
    names = [name for name in _READ_TOO if name in container.parts]
    container.check_size([*names, *(page.part for page in pages)])
    for name in names:
        n_texts = sum(
            chunk.count(b"si>") // 2 + chunk.count(b"si/>") for chunk in container.chunks(name)
        )
        if n_texts > MOST_CELLS:
            words = (f"at most {MOST_CELLS:,} texts in a workbook", "more", "part the workbook")
            raise refused(container.file, "too-large", words)


def _refuse_other_kinds(container: Container) -> None:
    if _TYPES in container.parts:
        named = [entry for _, entry in container.elements(_TYPES, "Override", "Default")]
        said = " ".join(entry.get("ContentType", "").lower() for entry in named)
        if "spreadsheetml.sheet.main+xml" in said or "spreadsheetml.template.main" in said:
            said = ""
            if not any(name.endswith("vbaproject.bin") for name in container.parts):
                return
            said = "sheet.macroenabled"
    elif "mimetype" in container.parts and container.size("mimetype") < 200:
        said = b"".join(container.chunks("mimetype")).decode("ascii", "replace").lower()
    else:
        said = ""
    first = next(iter(container.parts.values()), None)
    unpack = "unpack it, and import the tables in it"
    holding = f"a zip archive with {quoted(first.filename)} in it" if first else "a zip archive"
    others = ((words, remedy) for kind, words, remedy in _KINDS if kind in said)
    found, remedy = next(others, (holding, unpack))
    raise refused(container.file, "unknown-kind", ("an Excel workbook", found, remedy))


def _target(target: str) -> str:
    """The name of a part as the workbook's relations give it, in lower case."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()


def _links(container: Container) -> tuple[Problem, ...]:
    """A warning that names the files, or programs, that formulas take values from."""
    names = sorted(name for name in container.parts if name.startswith(_LINKED))
    found: list[str] = []
    for name in names[:_MOST_LINKED]:
        if name.endswith(".rels"):
            links = [link for _, link in container.elements(name, "Relationship")]
            found += [link.get("Target", "") for link in links if "TargetMode" in link]
        elif dde := _DDE.search(next(container.chunks(name), b"")):
            found.append(b"|".join(dde.groups()).decode("utf-8", "replace"))
    if not found:
        return ()
    named = list(dict.fromkeys(found))
    more = f" and {len(named) - _SHOWN_LINKS} more" if len(named) > _SHOWN_LINKS else ""
    problem = Problem(
        "external-link",
        "values that are kept in the workbook itself",
        f"links to {', '.join(map(quoted, named[:_SHOWN_LINKS]))}{more}",
        "nothing was fetched: the values that Excel stored last were read; see that they hold",
        file=container.file,
        severity="warning",
    )
    return (problem,)
