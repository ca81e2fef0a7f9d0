"""Files in, typed rows or every problem out; and the same tables written for a spreadsheet."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liantu.ingest.books.exporting import write_export
    from liantu.ingest.books.marking import mark, targets, write_marked
    from liantu.ingest.books.template import write_template
    from liantu.ingest.formats.kinds import listed
    from liantu.ingest.headings.wording import Wording, recalling, wording_of
    from liantu.ingest.intake import Intake, Limits, Sheet
    from liantu.ingest.placing import placed
    from liantu.ingest.progress import Stage, reached, reporting
    from liantu.ingest.reading import read
    from liantu.ingest.references.checking import check
    from liantu.ingest.references.resolving import resolve
    from liantu.ingest.scratch import scratch_folder

_PARTS = {
    "Intake": "intake",
    "Limits": "intake",
    "Sheet": "intake",
    "Stage": "progress",
    "Wording": "headings.wording",
    "check": "references.checking",
    "listed": "formats.kinds",
    "mark": "books.marking",
    "placed": "placing",
    "reached": "progress",
    "read": "reading",
    "recalling": "headings.wording",
    "reporting": "progress",
    "resolve": "references.resolving",
    "scratch_folder": "scratch",
    "targets": "books.marking",
    "wording_of": "headings.wording",
    "write_export": "books.exporting",
    "write_marked": "books.marking",
    "write_template": "books.template",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each part loads when it is asked for
    if name not in _PARTS:
        message = f"module 'liantu.ingest' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"liantu.ingest.{_PARTS[name]}"), name)


__all__ = [
    "Intake",
    "Limits",
    "Sheet",
    "Stage",
    "Wording",
    "check",
    "listed",
    "mark",
    "placed",
    "reached",
    "read",
    "recalling",
    "reporting",
    "resolve",
    "scratch_folder",
    "targets",
    "wording_of",
    "write_export",
    "write_marked",
    "write_template",
]
