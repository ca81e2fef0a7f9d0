"""Cells of a row that names its own unit."""

import pytest

from liantu.faces.address import Address
from liantu.faces.cells import row_cells
from liantu.faces.words import Words
from liantu.schema import TABLES, columns


def shown(example, table, language="en", **row):
    declared = columns(TABLES[table])
    whole = {entry.name: row.get(entry.name) for entry in declared}
    cells = row_cells(declared, whole, Words(language, example.names), Address())
    return {e.name: cell.text for e, cell in zip(declared, cells, strict=True)}


@pytest.mark.parametrize(
    ("language", "unit", "value", "number", "word"),
    [
        ("en", "CNY", 131e9, "131", "bn CNY"),
        ("zh", "CNY", 131e9, "1,310", "亿元"),
        ("en", "share", 0.8, "80", "%"),
        ("en", "year", 2023.0, "2023", "year"),
        ("en", "firms", 58.0, "58", "firms"),
    ],
)
def test_a_number_is_in_the_unit_that_its_row_names(
    example, language, unit, value, number, word
):
    cells = shown(example, "observations", language, value=value, unit=unit)
    assert (cells["value"], cells["unit"]) == (number, word)


def test_money_is_in_the_currency_and_amounts_in_the_unit_of_their_row(example):
    row = {"value": 2.5e6, "currency": "USD", "quantity": 12.0, "unit": "kg"}
    cells = shown(example, "trade", **row)
    assert (cells["value"], cells["currency"]) == ("2.50", "m USD")
    assert (cells["quantity"], cells["unit"]) == ("12", "kg")


def test_a_number_whose_row_names_no_unit_is_shown_as_it_is(example):
    cells = shown(example, "observations", value=1234.5)
    assert (cells["value"], cells["unit"]) == ("1,234.5", "not on record")
