"""Codes whose shape is known: registration numbers, and codes of goods and of activities.

A bad one is a warning with its address, never a refusal: registers make mistakes too, and the
row is as good without it. Numbers are checked a column at a time; codes of a classification,
of which there are few, once each. Schemes that are not known here are taken as they are.

Sources: GB 32100-2015 (unified social credit code), ISO 17442 with ISO 7064 mod 97-10 (legal
entity identifier), the Harmonized System of the World Customs Organization, GB/T 4754-2017,
and ISIC revisions 4 and 5 of the United Nations.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.errors import Problem
from liantu.ingest.contents.outcome import is_true
from liantu.ingest.intake import Sheet, quoted
from liantu.ingest.many import more, n_listed

_CREDIT_SIGNS = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_LENGTH, _ENTITY_LENGTH = 18, 20
_NO_SIGN = 255
# What was meant as a credit code: a department, a category, a six-digit region, and the rest.
_CREDIT_SHAPE = r"^[1-9ANY][1-9A-Z][0-9]{6}[0-9A-Z]{9,11}$"
_ENTITY_SHAPE = r"^[0-9A-Z]{18}[0-9]{2}$"
_NOT_PLAIN = r"[^0-9A-Z]"
_BETWEEN = r"[\s\-\x{2010}-\x{2015}]"

# The first division of each section, A, B and so on; then the first that is in none.
_NATIONAL = "1 6 13 44 47 51 53 61 63 66 70 71 73 76 80 83 84 86 91 97 98"
_ISIC_4 = "1 5 10 35 36 41 45 49 55 58 64 68 69 77 84 85 86 90 94 97 99 100"
_ISIC_5 = "1 5 10 35 36 41 46 49 55 58 61 64 68 69 77 84 85 86 90 94 97 99 100"
_NOT_ISIC = frozenset({4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89})
_NOT_LETTERS = re.compile(r"[^0-9A-Z]")
_HARMONIZED = re.compile(r"([0-9]{2})(?:[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8})?")
_SECTIONED = re.compile(r"([A-Z])?(?:([0-9]{2})[0-9]{0,2})?")

_EXPECTED = {
    "registration": "a registration number whose check character fits its other characters",
    "harmonized": "a code of the Harmonized System: 2, 4, 6, 8 or 10 digits, chapter 01 to 99",
    "national": "a code of GB/T 4754: a section A to T, then a division and up to two digits",
    "isic": "a code of ISIC: a section A to V, then a division and up to two digits",
}
_CODES = {"sector_inputs": ("supplier_code", "buyer_code")}


def doubtful(rows: pa.Table, table: str, sheet: Sheet) -> Iterator[Problem]:
    """A warning for each identifier in rows of a table that cannot be right.

    Parameters
    ----------
    rows
        Typed rows with ``origin_row``.
    table
        Which table they are rows of.
    sheet
        Where they stood.
    """
    names = rows.column_names
    if "registration_no" in names:
        bad = _bad_numbers(rows.column("registration_no"))
        yield from _warnings(rows, sheet, ("registration_no", "registration"), bad)
    if "scheme" in names and table != "recognitions":
        for column in _CODES.get(table, ("code",)):
            for family, bad in _bad_codes(rows, column):
                yield from _warnings(rows, sheet, (column, family), bad)


def plain_numbers(numbers: pa.Array) -> pa.Array:
    """Registration numbers as registers write them: half width, in capitals, without blanks.

    Others than credit codes and legal entity identifiers stay as they are.
    """
    if not pc.any(pc.match_substring_regex(numbers, _NOT_PLAIN)).as_py():
        return numbers
    even = pc.utf8_upper(pc.utf8_normalize(numbers, "NFKC"))
    even = pc.replace_substring_regex(even, _BETWEEN, "")
    is_known = pc.or_(_matches(even, _CREDIT_SHAPE), _matches(even, _ENTITY_SHAPE))
    return pc.if_else(is_known, even, numbers)


def credit_codes_hold(codes: pa.Array) -> NDArray[np.bool_]:
    """Whether the check character of each unified social credit code is the right one.

    Seventeen characters, each the number of its place among 31 signs, times 3 to the power of
    its position modulo 31, must add up with the last to a multiple of 31.

    Parameters
    ----------
    codes : (n,) string of 18 ASCII characters each

    Returns
    -------
    (n,) bool
    """
    values = np.full(256, _NO_SIGN, dtype=np.uint8)
    values[np.frombuffer(_CREDIT_SIGNS, dtype=np.uint8)] = np.arange(31)
    signs = values[_characters(codes, _CREDIT_LENGTH)]
    weights = np.array([pow(3, place, 31) for place in range(17)] + [1], dtype=np.int32)
    fits: NDArray[np.bool_] = (signs.astype(np.int32) @ weights) % 31 == 0
    fits &= (signs != _NO_SIGN).all(axis=1)
    return fits


def entity_identifiers_hold(codes: pa.Array) -> NDArray[np.bool_]:
    """Whether each legal entity identifier is 1 modulo 97, a letter standing for two digits.

    Parameters
    ----------
    codes : (n,) string of 20 capitals and digits each

    Returns
    -------
    (n,) bool
    """
    signs = _characters(codes, _ENTITY_LENGTH).astype(np.int32)
    rest = np.zeros(len(signs), dtype=np.int32)
    for sign in signs.T:
        is_digit = sign < ord("A")
        value = np.where(is_digit, sign - ord("0"), sign - ord("A") + 10)
        rest = (rest * np.where(is_digit, 10, 100) + value) % 97
    return np.asarray(rest == 1)


def is_harmonized(code: str) -> bool:
    """Whether a code has the shape of the Harmonized System; 77 is kept for later use."""
    found = _HARMONIZED.fullmatch(code.replace(".", "").replace(" ", ""))
    return found is not None and found[1] not in ("00", "77")


def is_national(code: str) -> bool:
    """Whether a code is of the shape of GB/T 4754, its division in its section, if any."""
    return _in_sections(code, (_NATIONAL,), frozenset())


def is_isic(code: str) -> bool:
    """Whether a code has the shape of ISIC, of revision 4 or 5."""
    return _in_sections(code, (_ISIC_4, _ISIC_5), _NOT_ISIC)


_FAMILIES: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    (r"HS[0-9]*", "harmonized", is_harmonized),
    (r"GBT?4754[0-9]*", "national", is_national),
    (r"ISIC(REV)?[0-9]*", "isic", is_isic),
)


def _in_sections(code: str, revisions: tuple[str, ...], absent: frozenset[int]) -> bool:
    found = _SECTIONED.fullmatch(code.strip().upper())
    if found is None or not code.strip():
        return False
    section, division = found[1], found[2]
    number = int(division) if division else None
    return any(
        _is_section(section, number, [int(start) for start in starts.split()])
        and (number is None or number not in absent)
        for starts in revisions
    )


def _is_section(section: str | None, division: int | None, starts: list[int]) -> bool:
    last = len(starts) - 2
    if division is None:
        return section is not None and ord(section) - ord("A") <= last
    place = bisect_right(starts, division) - 1
    if not 0 <= place <= last:
        return False
    return section is None or ord(section) - ord("A") == place


def _bad_numbers(numbers: pa.ChunkedArray) -> NDArray[np.int64]:
    """The rows whose registration number was meant as one that is known, and is wrong.

    A credit code with a character too few or too many was meant as one, too.
    """
    column = numbers.combine_chunks()
    if column.null_count == len(column):
        return np.empty(0, dtype=np.int64)
    wrong = np.zeros(len(column), dtype=bool)
    length = pc.utf8_length(column)
    is_entity = pc.and_(pc.equal(length, _ENTITY_LENGTH), _matches(column, _ENTITY_SHAPE))
    is_meant = pc.and_not(_matches(column, _CREDIT_SHAPE), is_entity)
    is_whole = pc.and_(is_meant, pc.equal(length, _CREDIT_LENGTH))
    wrong |= is_true(pc.and_not(is_meant, is_whole))
    for chosen, hold in ((is_whole, credit_codes_hold), (is_entity, entity_identifiers_hold)):
        at = np.flatnonzero(is_true(chosen))
        if len(at):
            wrong[at[~hold(column.take(pa.array(at)))]] = True
    return np.flatnonzero(wrong)


def _bad_codes(rows: pa.Table, column: str) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """For each family of classifications on record the rows with a code that it cannot hold."""
    schemes = rows.column("scheme").combine_chunks()
    for shape, family, fits in _FAMILIES:
        named = [
            scheme
            for scheme in schemes.unique().drop_null().to_pylist()
            if re.fullmatch(shape, _NOT_LETTERS.sub("", scheme.upper()))
        ]
        if not named:
            continue
        chosen = pc.is_in(schemes, value_set=pa.array(named))
        codes = rows.column(column).combine_chunks()
        met = pc.if_else(chosen, codes, None).unique().drop_null()
        strange = [code for code in met.to_pylist() if not fits(code)]
        wrong = pc.and_(chosen, pc.is_in(codes, value_set=pa.array(strange, pa.string())))
        yield family, np.flatnonzero(is_true(wrong))


def _warnings(
    rows: pa.Table, sheet: Sheet, kind: tuple[str, str], bad: NDArray[np.int64]
) -> Iterator[Problem]:
    column, family = kind
    shown = n_listed(len(bad))
    found = rows.select([column, "origin_row"]).take(pa.array(bad[:shown])).to_pylist()
    for row in found:
        yield Problem(
            "doubtful-code",
            _EXPECTED[family],
            quoted(row[column]),
            "compare it with the register; it is kept as it is",
            file=sheet.file,
            sheet=sheet.sheet,
            row=row["origin_row"],
            column=column,
            severity="warning",
        )
    if len(bad) > shown:
        yield more(len(bad) - shown, column, sheet.file, sheet.sheet, severity="warning")


def _characters(codes: pa.Array, length: int) -> NDArray[np.uint8]:
    """The bytes of texts of one length, a row each."""
    fixed = codes.cast(pa.binary()).cast(pa.binary(length))
    values = np.frombuffer(fixed.buffers()[1], dtype=np.uint8)
    start = fixed.offset * length
    return values[start : start + len(fixed) * length].reshape(len(fixed), length)


def _matches(column: pa.Array, shape: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(column, shape), fill_value=False)
