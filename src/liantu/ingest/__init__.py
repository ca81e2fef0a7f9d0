"""Files in, typed rows or every problem out; and the same tables written for a spreadsheet."""

from liantu.ingest.checking import check
from liantu.ingest.exporting import write_export
from liantu.ingest.intake import Intake, Limits, Sheet
from liantu.ingest.kinds import listed
from liantu.ingest.reading import read
from liantu.ingest.template import write_template

__all__ = [
    "Intake",
    "Limits",
    "Sheet",
    "check",
    "listed",
    "read",
    "write_export",
    "write_template",
]
