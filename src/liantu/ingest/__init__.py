"""Files in, typed rows or every problem out; and the same tables written for a spreadsheet."""

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
