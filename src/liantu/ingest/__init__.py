"""Files in, typed rows or every problem out; and the same tables written for a spreadsheet."""

from liantu.ingest.checking import check
from liantu.ingest.exporting import write_export
from liantu.ingest.intake import Intake, Limits, Sheet
from liantu.ingest.kinds import listed
from liantu.ingest.marking import mark
from liantu.ingest.placing import placed
from liantu.ingest.progress import Stage, reached, reporting
from liantu.ingest.reading import read
from liantu.ingest.resolving import resolve
from liantu.ingest.scratch import scratch_folder
from liantu.ingest.template import write_template
from liantu.ingest.wording import Wording, recalling, wording_of

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
    "wording_of",
    "write_export",
    "write_template",
]
