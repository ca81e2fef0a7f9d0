"""Every word of the schema has its Chinese, and no two columns of a table share theirs."""

import re

import pytest

from liantu.ingest.books.layout import choices
from liantu.ingest.codes import CODES
from liantu.ingest.headings.headers import plain
from liantu.locale import catalogue, translated
from liantu.schema import TABLES, columns

HAN = re.compile(r"[一-鿿]|WGS84")


@pytest.mark.parametrize("name", TABLES)
def test_every_name_title_meaning_unit_and_choice_has_its_chinese(name):
    words = {name, TABLES[name].__doc__}
    for entry in columns(TABLES[name]):
        words |= {entry.title, entry.meaning, entry.type, *entry.choices}
        words |= {entry.unit} if entry.unit else set()
    known = catalogue("zh")
    assert sorted(word for word in words if word not in known) == []
    assert sorted(word for word in words if not HAN.search(known[word])) == []


@pytest.mark.parametrize("name", TABLES)
def test_no_header_of_a_table_means_two_columns(name):
    accepted = {}
    for entry in columns(TABLES[name]):
        for words in (entry.name, entry.title, translated(entry.title, "zh")):
            assert accepted.setdefault(plain(words), entry.name) == entry.name
        assert len(set(choices(entry, "zh"))) == len(choices(entry, "zh"))


def test_table_names_differ_and_fit_a_sheet():
    titles = [translated(name, "zh") for name in TABLES]
    assert len(set(titles)) == len(TABLES)
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)


def test_every_code_has_its_line():
    assert all(
        re.fullmatch("[a-z-]+", code) and line.endswith(".") for code, line in CODES.items()
    )
