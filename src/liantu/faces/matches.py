"""Proposals of what may be one firm: as text, JSON, CSV and a workbook to be marked."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import xlsxwriter

from liantu.faces.study import Study
from liantu.faces.words import Words
from liantu.matching import Proposal, Proposals, propose
from liantu.result import Sentence, Stamp, say

SHOWN = 40
_ROWS = """
    select org_id, name, name_local, kind, place_id, parent_org_id, registration_no, founded
    from organisations
"""
_PLACES = "select place_id, name, name_local, level, parent_id from places"
_SIDE = ("name", "name_local", "place_id", "registration_no")
_HEADS = {
    "same": "Same firm",
    "keep": "Keep",
    "drop": "Drop",
    "probability": "Probability",
    "weight": "Weight, bits",
    "name": "Name",
    "name_local": "Local name",
    "place_id": "Place",
    "registration_no": "Registration number",
    "why": "Why",
}
_WIDTHS = {"same": 9, "probability": 9, "weight": 9, "why": 90}


def proposals(study: Study, at_least: float) -> Proposals:
    """What may be one firm in the generation of the study."""
    organisations, places = study.store.query(_ROWS), study.store.query(_PLACES)
    apart = study.workspace.apart()
    return propose(organisations, places, at_least=at_least, apart=apart)


def told(found: Proposals) -> Iterator[Sentence]:
    """What was compared, what the probabilities rest on, and what was cut."""
    if not found.organisations:
        yield say("No organisation is on record yet. Import organisations.")
        return
    yield say(
        "{shown:count} pairs may be one firm, of {compared:count} that share a number or a "
        "part of a name, among {organisations:count} organisations. {below:count} are less "
        "probable than {at_least:decimal}, and not listed.",
        shown=len(found.proposals),
        compared=found.compared,
        organisations=found.organisations,
        below=found.below,
        at_least=found.at_least,
    )
    if found.apart:
        yield say(
            "{apart:count} pairs are left out that you said are not the same.",
            apart=found.apart,
        )
    if found.learnt:
        yield say(
            "The weights rest on ours and on {learnt:count} pairs whose registration numbers "
            "tell.",
            learnt=found.learnt,
        )
    else:
        yield say("The weights are ours alone: too few registration numbers to learn from.")
    if found.cut_blocks:
        yield say(
            "Cut: {blocks:count} parts of names are shared by more than {most:count} "
            "organisations of one city, or of none; {firms:count} organisations were not "
            "compared by these.",
            blocks=found.cut_blocks,
            most=found.most_in_block,
            firms=found.cut_firms,
        )
    yield say("Nothing is merged until you confirm it.")


def as_text(found: Proposals, words: Words) -> str:
    """The proposals for a terminal, each in three lines."""
    lines = [words.say(sentence) for sentence in told(found)]
    for entry in found.proposals[:SHOWN]:
        lines += ["", f"{_percent(entry.probability):<8}{_line(entry.keep, words)}"]
        lines += [f"{'':<8}{_line(entry.drop, words)}", f"{'':<8}{_joined(entry, words)}"]
        lines.append(f"{'':<8}--merge {entry.keep['org_id']}={entry.drop['org_id']}")
    if (more := len(found.proposals) - SHOWN) > 0:
        lines += ["", words.say(say("{more:count} more pairs: --format xlsx", more=more))]
    return "\n".join(lines)


def as_json(found: Proposals, stamp: Stamp) -> dict[str, Any]:
    """The proposals and what they rest on, as plain values."""
    return {
        "generation": stamp.generation,
        "fingerprint": stamp.fingerprint,
        "organisations": found.organisations,
        "compared": found.compared,
        "at_least": found.at_least,
        "below": found.below,
        "apart": found.apart,
        "share": found.share,
        "learnt": found.learnt,
        "cut": {"parts": found.cut_blocks, "organisations": found.cut_firms},
        "proposals": [
            {
                "keep": entry.keep,
                "drop": entry.drop,
                "probability": entry.probability,
                "weight": entry.weight,
                "why": [
                    {"comparison": part.comparison, "level": part.level, "weight": part.weight}
                    for part in entry.why
                ],
            }
            for entry in found.proposals
        ],
    }


def as_csv(found: Proposals, words: Words) -> bytes:
    """The proposals as UTF-8 text that Excel opens, with a column to mark."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_names())
    for row in _rows(found, words):
        writer.writerow("" if value is None else value for value in row)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(found: Proposals, words: Words) -> bytes:
    """A workbook to mark: ``same`` is yes or no by a list, and --confirmed reads it."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(words.say("Proposals"))
        sheet.freeze_panes(1, 3)
        for place, name in enumerate(_names()):
            sheet.write_string(0, place, _head(name, words), bold)
            sheet.set_column(place, place, _WIDTHS.get(name, 18))
        for number, row in enumerate(_rows(found, words), start=1):
            for place, value in enumerate(row):
                if isinstance(value, float):
                    sheet.write_number(number, place, value)
                elif value is not None:
                    sheet.write_string(number, place, value)
        choices = [words.say("yes"), words.say("no")]
        last = max(len(found.proposals), 1)
        sheet.data_validation(1, 0, last, 0, {"validate": "list", "source": choices})
        notes = book.add_worksheet(words.say("Notes"))
        notes.set_column(0, 0, 120)
        for number, sentence in enumerate(told(found)):
            notes.write_string(number, 0, words.say(sentence))
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class Side:
    """One organisation of a pair, as a page shows it."""

    id: str
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A proposal as a page shows it; ``value`` is what its mark sends."""

    value: str
    probability: str
    keep: Side
    drop: Side
    why: tuple[str, ...]


def pairs(found: Proposals, words: Words, *, limit: int) -> list[Pair]:
    """The surest proposals, for a page."""
    return [
        Pair(
            urlencode({"keep": entry.keep["org_id"], "drop": entry.drop["org_id"]}),
            _percent(entry.probability),
            _side(entry.keep, words),
            _side(entry.drop, words),
            why(entry, words),
        )
        for entry in found.proposals[:limit]
    ]


def why(entry: Proposal, words: Words) -> tuple[str, ...]:
    """Each reason in words with its weight, the weightiest first."""
    return tuple(
        f"{words.say(part.comparison)}{words.say(': ')}{words.say(part.level)} "
        f"({'+' if part.weight >= 0 else '−'}{abs(part.weight):.1f})"  # noqa: RUF001 - minus
        for part in entry.why
    )


def _side(row: dict[str, Any], words: Words) -> Side:
    name, *cells = (_cell(row, column, words) for column in _SIDE)
    return Side(row["org_id"], name or row["org_id"], tuple(filter(None, cells)))


def _names() -> list[str]:
    sides = [f"{side}_{name}" for side in ("keep", "drop") for name in _SIDE]
    return ["same", "keep", "drop", "probability", "weight", *sides, "why"]


def _head(name: str, words: Words) -> str:
    """The head of a column: of one of the two rows, with which of them it is."""
    side, _, column = name.partition("_")
    if not column:
        return words.say(_HEADS[name])
    return f"{words.say(_HEADS[side])}{words.say(': ')}{words.say(_HEADS[column])}"


def _rows(found: Proposals, words: Words) -> Iterator[list[str | float | None]]:
    for entry in found.proposals:
        keep, drop = entry.keep, entry.drop
        sides = [_cell(row, name, words) for row in (keep, drop) for name in _SIDE]
        numbers = [round(entry.probability, 4), round(entry.weight, 2)]
        yield [None, keep["org_id"], drop["org_id"], *numbers, *sides, _joined(entry, words)]


def _cell(row: dict[str, Any], name: str, words: Words) -> str | None:
    value = row[name]
    if value is None:
        return None
    return words.name("places", value) if name == "place_id" else str(value)


def _joined(entry: Proposal, words: Words) -> str:
    return words.say("; ").join(why(entry, words))


def _line(row: dict[str, Any], words: Words) -> str:
    cells = [row["org_id"], *(_cell(row, name, words) for name in _SIDE)]
    return "  ".join(cell for cell in cells if cell)


def _percent(share: float) -> str:
    """A probability in per cent, never rounded up to certainty."""
    return f"{min(100 * share, 99.9):.1f}%"
