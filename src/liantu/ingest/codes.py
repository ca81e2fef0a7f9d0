"""The stable code of every problem that an import can have, with what it means."""

CODES: dict[str, str] = {
    "unknown-kind": "The file is of none of the kinds that are read, or is not what it says.",
    "unreadable-file": "The file is damaged, missing, not UTF-8, or stopped its reader.",
    "empty-file": "The file holds nothing, not even a header.",
    "too-large": "Reading the file needs more memory than an import may use.",
    "too-slow": "Reading the file takes longer than an import may take.",
    "ragged-row": "A row has more or fewer cells than the header.",
    "unknown-table": "A file or sheet is not named after a table.",
    "unknown-column": "A header names no column of the table.",
    "repeated-column": "Two headers name the same column.",
    "missing-column": "A required column is absent.",
    "missing-value": "A required cell is blank.",
    "wrong-type": "A cell cannot be read as the type of its column.",
    "not-finite": "A number is infinite or not a number.",
    "out-of-bounds": "A number lies outside the bounds of its column.",
    "unknown-choice": "A cell is none of the words its column allows.",
    "duplicate-key": "Two rows of one import have the same key.",
    "dangling-reference": "A cell names a row that is not on record.",
    "cycle": "Rows lead back to themselves: a product that is part of itself.",
    "more-problems": "A column has more problems than are listed.",
}
