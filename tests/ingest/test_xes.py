"""Event logs in XES, and in CSV with words of their own: what is read, and what is refused."""

import datetime as dt
import gzip

import pytest

from liantu.ingest import read
from tests.ingest.desk import csv, gathered, lines, rows

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://x.org/">\n'
MAPPING = """
item = "permit"
[activities]
"受理" = "accept"
"办结" = "decide"
[items]
"施工许可" = "build"
"""


def event(activity, time, transition="complete"):
    return (
        f'<event><string key="concept:name" value="{activity}"/>'
        f'<string key="lifecycle:transition" value="{transition}"/>'
        f'<date key="time:timestamp" value="{time}"/></event>\n'
    )


def trace(case, *events, item='<string key="item_id" value="build"/>'):
    return (
        f'<trace><string key="concept:name" value="{case}"/>{item}\n{"".join(events)}</trace>\n'
    )


def log(tmp_path, *traces, head=HEAD, tail="</log>\n", mapping=None, name="permits.xes"):
    path = tmp_path / name
    text = (head + "".join(traces) + tail).encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    if mapping is not None:
        (tmp_path / "permits.log.toml").write_text(mapping, encoding="utf-8")
    return path


ACCEPT, DECIDE = event("accept", "2022-09-01T09:00:00.000+08:00"), event("decide", "2022-09-05")
READ = [
    {"case_id": "7", "item_id": "build", "activity": "accept",
     "time": dt.datetime.fromisoformat("2022-09-01T09:00")},
    {"case_id": "7", "item_id": "build", "activity": "decide",
     "time": dt.datetime.fromisoformat("2022-09-05")},
]  # fmt: skip


@pytest.mark.parametrize("name", ["permits.xes", "permits.xes.gz", "PERMITS.XES"])
def test_the_events_of_a_log_become_rows_of_service_events(tmp_path, name):
    found = read([log(tmp_path, trace("7", ACCEPT, DECIDE), name=name)])
    assert lines(found) == []
    assert rows(found, "service_events") == READ
    assert found.tables["service_events"]["origin_row"].to_pylist() == [4, 5]


def test_a_mapping_beside_the_log_gives_our_words_and_is_taken_along(tmp_path):
    path = log(
        tmp_path,
        trace("7", event("受理", "2022-09-01T09:00"), event("办结", "2022-09-05"),
              item='<string key="permit" value="施工许可"/>'),
        mapping=MAPPING,
    )  # fmt: skip
    for asked in ([path], [tmp_path], [path, tmp_path / "permits.log.toml"]):
        found = gathered(asked)
        assert lines(found) == []
        assert rows(found, "service_events") == READ


def test_a_csv_log_with_the_same_mapping_has_other_columns_and_words(tmp_path):
    csv(tmp_path, permits="no,permit,step,when,clerk,evidence\n"
        "7,施工许可,受理,2022-09-01T09:00,x,synthetic\n"
        "7,施工许可,办结,2022-09-05,y,synthetic")  # fmt: skip
    mapping = 'case = "no"\nactivity = "step"\ntime = "when"\n' + MAPPING
    (tmp_path / "permits.log.toml").write_text(mapping, encoding="utf-8")
    found = gathered([tmp_path / "permits.csv"])
    assert lines(found) == []
    marked = [row | {"evidence": "synthetic"} for row in READ]
    assert rows(found, "service_events") == marked


def test_a_column_that_the_mapping_names_and_the_log_lacks_is_named(tmp_path):
    csv(tmp_path, permits="no,step,when\n7,accept,2022-09-01")
    mapping = 'case = "number"\nactivity = "step"\ntime = "when"\nitem_id = "build"\n'
    (tmp_path / "permits.log.toml").write_text(mapping, encoding="utf-8")
    assert lines(gathered([tmp_path / "permits.csv"])) == [
        (
            "permits.csv:1:case_id missing-column: a column number, which the mapping names as "
            "the case; found no, step, when; known: no, step, when"
        )
    ]


def test_only_events_that_are_complete_count_and_nested_attributes_are_not_the_event_s(
    tmp_path,
):
    nested = ACCEPT.replace(
        "<event>",
        '<event><list key="l"><string key="concept:name" value="no"/></list>'
        '<string key="x" value="y"><string key="concept:name" value="no"/></string>',
    )
    start = event("decide", "2022-09-04", "start")
    found = gathered([log(tmp_path, trace("7", nested, start, DECIDE))])
    assert rows(found, "service_events") == READ


def test_a_time_is_kept_as_it_was_written_unless_an_offset_is_asked_for(tmp_path):
    times = ("2022-09-01T20:30:00Z", "2022-09-01T20:30:00.1234567+08:00", "2022-09-01T20:30")
    events = [event(f"step {k}", time) for k, time in enumerate(times)]
    written = gathered([log(tmp_path, trace("7", *events))])
    times = written.tables["service_events"]["time"].to_pylist()
    assert [str(time) for time in times] == [
        "2022-09-01 20:30:00", "2022-09-01 20:30:00.123456", "2022-09-01 20:30:00",
    ]  # fmt: skip
    moved = gathered([log(tmp_path, trace("7", *events), mapping='utc_offset = "+08:00"')])
    times = moved.tables["service_events"]["time"].to_pylist()
    assert [str(time) for time in times] == [
        "2022-09-02 04:30:00", "2022-09-01 20:30:00.123456", "2022-09-01 20:30:00",
    ]  # fmt: skip


def test_an_event_without_a_name_or_with_a_bad_time_is_located(tmp_path):
    blank = ACCEPT.replace('<string key="concept:name" value="accept"/>', "")
    path = log(tmp_path, trace("7", blank, event("decide", "soon")))
    assert [str(problem).split(":", 3)[:3] for problem in gathered([path]).problems] == [
        ["permits.xes", "4", "activity missing-value"],
        ["permits.xes", "5", "time wrong-type"],
    ]


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;">]>\n<log>'
)
OUTSIDE = '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<log>'
DTD = '<?xml version="1.0"?>\n<!DOCTYPE log SYSTEM "http://example.org/xes.dtd">\n<log>'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE, DTD], ids=["bomb", "outside", "dtd"])
def test_a_document_type_is_refused_by_name_before_anything_is_expanded(tmp_path, head):
    (line,) = lines(gathered([log(tmp_path, trace("&c;", ACCEPT), head=head)]))
    assert "unreadable-file: a log without a document type; found a document type (DTD)" in line
    assert "take out <!DOCTYPE" in line


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"tail": ""}, "one that ends before its last tag is closed"),
        ({"tail": "<event", "head": HEAD}, "one that ends before its last tag is closed"),
        ({"tail": "</trace>"}, "mismatched tag at character 3"),
        ({"head": "<logs>", "tail": "</logs>"}, "<logs>"),
        ({"tail": event("a", "2022-01-01") + "</log>"}, "one outside any"),
        ({"tail": "<a>" * 200}, "more"),
    ],
)
def test_a_log_that_is_cut_short_or_not_in_order_is_located(tmp_path, changed, found):
    (problem,) = gathered([log(tmp_path, trace("7", ACCEPT), **changed)]).problems
    assert (problem.code, problem.file) == ("unreadable-file", "permits.xes")
    assert found in problem.found
    assert problem.row >= 1


def test_an_archive_that_is_cut_short_is_named(tmp_path):
    path = log(tmp_path, trace("7", ACCEPT), name="permits.xes.gz")
    path.write_bytes(path.read_bytes()[:-12])
    assert "a whole gzip archive" in lines(gathered([path]))[0]


def test_an_empty_log_and_one_without_a_service_are_named(tmp_path):
    assert (
        "a log with events that are complete; found no event"
        in (lines(gathered([log(tmp_path)]))[0])
    )
    started = event("accept", "2022-09-01", "start")
    assert (
        "found 1 events that are not"
        in lines(gathered([log(tmp_path, trace("7", started))]))[0]
    )
    assert lines(gathered([log(tmp_path, trace("7", ACCEPT, item=""))])) == [
        (
            "permits.xes:item_id missing-column: an attribute item_id of each trace, which "
            'names the service; found none; write item = "ATTRIBUTE", or item_id = "ONE", in '
            "permits.log.toml"
        )
    ]


def test_a_log_of_one_service_names_it_in_the_mapping(tmp_path):
    path = log(tmp_path, trace("7", ACCEPT, DECIDE, item=""), mapping='item_id = "build"')
    assert rows(gathered([path]), "service_events") == READ


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("activity = ", "a mapping in TOML"),
        ('activty = "x"', "did you mean activity"),
        ("item = 7", "permits.log.toml:item wrong-type: text; found '7'"),
        ("[activities]\na = 1", "a table of words under [activities]"),
        ('utc_offset = "8"', "an offset, such as +08:00"),
    ],
)
def test_a_mapping_that_is_wrong_is_named(tmp_path, mapping, words):
    (line,) = lines(gathered([log(tmp_path, trace("7", ACCEPT), mapping=mapping)]))
    assert words in line


def test_a_mapping_without_a_log_is_named(tmp_path):
    (tmp_path / "permits.log.toml").write_text('item = "x"')
    assert lines(gathered([tmp_path / "permits.log.toml"])) == [
        (
            "permits.log.toml unknown-kind: a log beside it: permits.xes or permits.csv; found "
            "none; put the log beside it"
        )
    ]
