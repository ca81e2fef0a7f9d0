"""Dates and times as offices write them; what may be two days is refused with both."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.ingest.contents.dates import days, from_serials, meant, partial_days, times
from tests.ingest.desk import csv, gathered

QUIET = settings(max_examples=200, deadline=None, derandomize=True)
DAY = dt.date(2024, 5, 31)


def day(text):
    found = days(pa.array([text]))
    return found.values[0].as_py(), next(iter(found.faults), "")


@pytest.mark.parametrize(
    "text",
    [
        "2024年5月31日",
        "2024年05月31号",
        "二〇二四年五月三十一日",
        "二零二四年五月卅一日",
        "２０２４年５月３１日",
        "2024/5/31",
        "2024.5.31",
        "2024-5-31",
        "20240531",
        "２０２４－０５－３１",
        "5/31/2024",
        "31/5/2024",
        "2024/5/31 0:00:00",
        "2024-05-31T00:00",
    ],
)
def test_a_day_is_read_as_it_is_written(text):
    assert day(text) == (DAY, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5/6/2024", "ambiguous-value"),
        ("24/5/31", "wrong-type"),
        ("24年5月31日", "wrong-type"),
        ("二四年五月三十一日", "wrong-type"),
        ("二〇二四年五月三十二日", "wrong-type"),
        ("二〇二四年二月三十日", "wrong-type"),
        ("2024年5月", "wrong-type"),
        ("2024", "wrong-type"),
        ("45443", "wrong-type"),
        ("20240230", "wrong-type"),
        ("2024-5/31", "wrong-type"),
        ("2024/5/31 9:00", "wrong-type"),
        ("31.5.2024", "wrong-type"),
    ],
)
def test_what_is_no_one_day_is_refused(text, code):
    assert day(text) == (None, code)


def test_the_remedy_names_what_may_be_meant(tmp_path):
    written = ("5/6/2024", "24/5/31", "2024年2月", "45443", "2024年", "三月")
    text = "\n".join(f"{n},{word},1" for n, word in enumerate(written))
    problems = gathered(csv(tmp_path, calendar_days=f"calendar,date,working\n{text}")).problems
    assert [problem.remedy for problem in problems] == [
        "write 2024-05-06 or 2024-06-05",
        "write the year in four digits",
        "write the day too, from 2024-02-01 to 2024-02-29",
        "if 45443 is Excel's number of 2024-05-31, write that",
        "write the day too, from 2024-01-01 to 2024-12-31",
        "correct the cell",
    ]


def test_a_year_in_chinese_numerals_is_read_where_years_stand(tmp_path):
    text = "1,甲厂,二〇〇一年\n2,乙厂,一九三六年八月\n3,丙厂,二〇〇一"
    intake = gathered(csv(tmp_path, organisations=f"org_id,name,founded\n{text}"))
    assert [(problem.code, problem.row) for problem in intake.problems] == [
        ("year-of-date", 3),
        ("wrong-type", 4),
    ]


def test_the_same_day_and_month_is_no_doubt():
    assert day("5/5/2024") == (dt.date(2024, 5, 5), "")


def digits(year):
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))


def numeral(number):
    tens, ones = divmod(number, 10)
    return (["", "十", "二十", "三十"][tens]) + ("一二三四五六七八九"[ones - 1] if ones else "")


@QUIET
@given(date=st.dates(dt.date(1000, 1, 1)))
def test_any_day_comes_back_in_every_way_with_the_year_first(date):
    year, month, number = date.year, date.month, date.day
    for way in (
        date.isoformat(),
        f"{year}/{month}/{number}",
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{year}{month:02d}{number:02d}",
        f"{digits(year)}年{numeral(month)}月{numeral(number)}日",
    ):
        assert day(way) == (date, ""), way
    both = {dt.date(year, month, number)}
    if number <= 12:
        both.add(dt.date(year, number, month))
    assert set(meant(f"{month}/{number}/{year}")) == both


def test_numbers_of_days_are_read_from_cells_that_are_numbers_only():
    numbers = pa.array([45443.0, 45443.5, 2024.0, 20240531.0, None, 60.0])
    assert from_serials(numbers, "date").to_pylist()[3:5] == ["20240531", None]
    found = days(from_serials(numbers, "date"))
    assert found.values.to_pylist() == [DAY, None, None, DAY, None, None]
    moment = times(from_serials(numbers, "time")).values.to_pylist()
    assert moment[:2] == [
        dt.datetime(2024, 5, 31),  # noqa: DTZ001 - times are local
        dt.datetime(2024, 5, 31, 12),  # noqa: DTZ001
    ]


@pytest.mark.parametrize(
    ("clock", "hour", "minute"),
    [
        ("上午9时30分", 9, 30),
        ("下午3点半", 15, 30),
        ("下午13:30", 13, 30),
        ("中午12:00", 12, 0),
        ("晚上8点", 20, 0),
        ("凌晨0点5分", 0, 5),
        ("9:30 PM", 21, 30),
        ("12:15 am", 0, 15),
        ("9:05", 9, 5),
        ("14时", 14, 0),
    ],
)
def test_a_time_is_read_in_chinese_and_english(clock, hour, minute):
    wanted = dt.datetime(2024, 5, 31, hour, minute)  # noqa: DTZ001
    for date in ("2024年5月31日", "2024/5/31 ", "２０２４－０５－３１ "):
        assert times(pa.array([date + clock])).values.to_pylist() == [wanted]


@pytest.mark.parametrize(
    "clock", ["9:30Z", "9:30+08:00", "25:00", "上午13时", "晚上12点", "9:60", "9", "9:30:61"]
)
def test_a_zone_or_a_time_that_never_was_is_refused(clock):
    found = times(pa.array([f"2024/5/31 {clock}"]))
    assert (found.values.to_pylist(), list(found.faults)) == ([None], ["wrong-type"])


def test_a_zone_is_refused_in_words(tmp_path):
    text = "case_id,item_id,activity,time\nC,I,a,2024-05-31T09:30+08:00"
    (problem,) = gathered(csv(tmp_path, service_events=text)).problems
    assert problem.remedy == "write the local time, without a time zone"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2024年", "2024"),
        ("2024", "2024"),
        ("2024年5月", "2024-05"),
        ("2024-5", "2024-05"),
        ("2024.05", "2024-05"),
        ("2024/5/31", "2024-05-31"),
        ("2006-2014", "2006-2014"),
        ("2006年—2014年", "2006-2014"),
    ],
)
def test_text_that_is_a_day_is_kept_as_precisely_as_it_is_known(text, known):
    assert partial_days(pa.array([text])).values.to_pylist() == [known]


@pytest.mark.parametrize(
    "text", ["2023-13", "2023-00", "2014-2006", "5/6/2024", "soon", "23-5"]
)
def test_text_that_names_no_day_is_refused_where_one_is_meant(tmp_path, text):
    milestones = f"milestone_id,kind,date\nM,in_service,{text}"
    found = gathered(csv(tmp_path, milestones=milestones))
    assert [item.column for item in found.errors] == ["date"]
