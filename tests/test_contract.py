"""What every lens keeps to, whichever it is: DESIGN's contract, tested over all of them."""

import copy
import csv
import hashlib
import html
import io
import json
import math
import re
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from liantu.errors import Missing, Refusal
from liantu.faces import cli
from liantu.faces.render import result_csv, result_json, result_xlsx
from liantu.faces.report import report_html
from liantu.faces.web import app
from liantu.faces.words import Words
from liantu.lens import discover, run
from liantu.result import Ref, Sentence
from liantu.schema import TABLES, columns, key_columns
from liantu.store import Store
from tests.answers import (
    asked,
    numbers_of,
    renamed_params,
    renamed_result,
    renamed_table,
    said,
    shuffled,
)
from tests.record import written

GOLDEN = Path(__file__).parent / "golden"
GOLDEN_ROWS = 20
SHOWN_ROWS = 5
UNITS = {e.unit for table in TABLES.values() for e in columns(table) if e.unit} | {
    "share", "km", "degree", "year", "day", "persons", "CNY", "USD", "EUR",
}  # fmt: skip


@pytest.fixture(params=list(discover()))
def lens(request):
    return discover()[request.param]


@pytest.fixture
def result(lens, example):
    return example.run(lens.name, lens.example)


@pytest.fixture(scope="session")
def example_tables(example):
    """The tables of the example as Arrow, by name."""
    return {name: pq.read_table(file) for name, file in example.generation.files.items()}


@pytest.fixture(scope="session")
def reordered(example_tables, tmp_path_factory):
    """The example with its rows shuffled, once for each of several seeds."""
    stores = [
        Store(
            written(
                tmp_path_factory.mktemp(f"shuffled-{seed}"),
                {name: shuffled(table, seed) for name, table in example_tables.items()},
            )
        )
        for seed in (1, 2, 3)
    ]
    yield stores
    for store in stores:
        store.close()


@pytest.fixture(scope="session")
def renamed(example_tables, tmp_path_factory):
    """The example with other ids in the same order."""
    known = {
        name: set(table[key_columns(TABLES[name])[0].name].to_pylist())
        for name, table in example_tables.items()
    }
    tables = {name: renamed_table(name, t, known) for name, t in example_tables.items()}
    with Store(written(tmp_path_factory.mktemp("renamed"), tables)) as store:
        yield store


@pytest.fixture(scope="session")
def recorded(example_tables, tmp_path_factory):
    """The example from which every synthetic row has been taken out beforehand."""
    tables = {
        name: table.filter([cell != "synthetic" for cell in table["evidence"].to_pylist()])
        for name, table in example_tables.items()
    }
    with Store(written(tmp_path_factory.mktemp("recorded"), tables)) as store:
        yield store


@pytest.fixture(scope="session")
def web(example):
    return TestClient(app(example))


def is_number(entry):
    return entry.type in {"integer", "number"} and not entry.choices


# Documented.


def test_a_lens_asks_a_question_and_says_how_it_answers(lens):
    assert lens.question.endswith("?")
    assert len(lens.method.split()) > 10
    assert lens.title
    assert lens.title[0].isupper()


def test_every_parameter_and_column_has_a_meaning_and_a_known_unit(lens):
    for entry in (*columns(lens.parameters), *columns(lens.row)):
        assert entry.meaning.endswith("."), entry.name
        assert entry.title, entry.name
        assert entry.unit is None or entry.unit in UNITS, (entry.name, entry.unit)
        assert set(entry.references) <= set(TABLES), entry.name


def test_only_parameters_of_the_lens_stand_in_its_example(lens):
    assert set(lens.example) <= {entry.name for entry in columns(lens.parameters)}


# The answer.


def test_the_table_has_the_declared_columns_and_keeps_their_bounds(lens, result):
    declared = columns(lens.row)
    assert result.table.column_names == [entry.name for entry in declared]
    assert result.table.num_rows
    for entry in declared:
        held = result.table[entry.name].to_pylist()
        assert entry.nullable or None not in held, entry.name
        for value in (cell for cell in held if cell is not None):
            said = set(value) if entry.is_list else {value}
            assert not entry.choices or said <= set(entry.choices), (entry.name, value)
            assert entry.minimum is None or value >= entry.minimum, (entry.name, value)
            assert entry.maximum is None or value <= entry.maximum, (entry.name, value)


def test_every_number_of_the_summary_says_what_it_is_and_lies_in_its_range(result):
    named = [(entry.name, entry.subject) for entry in result.summary]
    assert len(set(named)) == len(named), "two entries cannot be told apart"
    for entry in result.summary:
        assert entry.title.template, entry.name
        assert entry.unit is None or entry.unit in UNITS, (entry.name, entry.unit)
        assert entry.unknown >= 0, entry.name
        assert entry.synthetic >= 0, entry.name
        if isinstance(entry.value, str):
            assert entry.value_of in TABLES, entry.name
        elif entry.value is not None:
            low = entry.value if entry.low is None else entry.low
            high = entry.value if entry.high is None else entry.high
            assert not math.isnan(entry.value), entry.name
            assert low <= entry.value + 1e-12, entry.name
            assert entry.value <= high + 1e-12, entry.name
            if entry.unit == "share" and not entry.name.startswith(("growth", "residual")):
                assert low >= 0, entry.name
                assert high <= 1 + 1e-12, entry.name


def test_a_headline_says_of_what_it_is_a_number(result):
    for entry in result.summary:
        assert not entry.headline or entry.base or entry.subject, entry.name


def test_a_finding_claims_nothing_that_the_reader_cannot_find(lens, result):
    found = numbers_of(result)
    subjects = {entry.subject.id for entry in result.summary if entry.subject}
    for sentence in result.findings:
        for name, value in sentence.values.items():
            known = value.id in found | subjects if isinstance(value, Ref) else value in found
            assert known or value is None, (lens.name, sentence.template, name, value)


def test_the_first_finding_is_one_short_sentence(result):
    assert result.findings
    assert len(result.findings[0].template.split()) <= 24
    assert all(isinstance(finding, Sentence) for finding in result.findings)


def test_every_sentence_has_a_value_for_each_of_its_names(result, example):
    words = Words("en", example.names)
    for sentence in (*result.findings, *result.answer.left_out):
        assert "{" not in words.say(sentence)


def test_the_provenance_names_what_was_read_and_from_which_sources(lens, result, example):
    origin = result.provenance
    assert [read.name for read in origin.reads] == list(lens.reads)
    assert origin.stamp == example.stamp
    on_record = example.store.query("select source_id from sources")["source_id"].to_pylist()
    assert set(origin.sources) <= set(on_record)


# The same question, the same answer.


def test_the_same_answer_comes_twice_from_fresh_stores(lens, result, example):
    for _ in range(2):
        with Store(example.generation.files) as store:
            again = run(lens.name, lens.example, store=store, stamp=example.stamp)
            assert result_json(again) == result_json(result)


def test_the_order_of_rows_carries_no_meaning(lens, result, reordered):
    for store in reordered:
        again = run(lens.name, lens.example, store=store)
        assert again.table.equals(result.table)
        assert said(again) == said(result)


def test_ids_carry_no_meaning_but_their_order(lens, result, renamed):
    again = run(lens.name, renamed_params(lens, lens.example), store=renamed)
    assert said(again) == said(renamed_result(lens, result))


def test_asking_leaves_the_parameters_as_they_were(lens, example):
    given = copy.deepcopy(dict(lens.example))
    with Store(example.generation.files) as store:
        run(lens.name, given, store=store)
    assert given == dict(lens.example)


# Absence and refusals.


def in_words(study, lens, given):
    """The findings or the problems that an empty workspace gives, as text."""
    try:
        result = study.run(lens.name, given)
    except Refusal as refusal:
        return [problem.remedy for problem in refusal.problems], "refused"
    return [Words("en", study.names).say(finding) for finding in result.findings], "answered"


def test_an_empty_workspace_answers_in_words(lens, empty):
    for given in ({}, lens.example):
        words, outcome = in_words(empty, lens, given)
        assert words
        assert all(words)
        if given or outcome == "answered":
            assert any("import" in text.lower() for text in words), words
        else:
            assert all(text.startswith("give ") for text in words), words


@pytest.mark.parametrize(
    "found", [math.nan, math.inf, -math.inf, "nan", "inf", "Infinity", "some"]
)
def test_what_is_no_finite_number_is_refused_by_name(lens, example, found):
    for entry in filter(is_number, columns(lens.parameters)):
        with pytest.raises(Refusal) as refused:
            example.run(lens.name, {**lens.example, entry.name: found})
        assert [problem.column for problem in refused.value.problems] == [entry.name]


def test_a_number_out_of_bounds_is_refused_by_name(lens, example):
    for entry in filter(is_number, columns(lens.parameters)):
        beyond = [
            *([entry.minimum - 1] if entry.minimum is not None else []),
            *([entry.maximum + 1] if entry.maximum is not None else []),
            *([entry.above] if entry.above is not None else []),
        ]
        for found in beyond:
            with pytest.raises(Refusal) as refused:
                example.run(lens.name, {**lens.example, entry.name: found})
            assert [problem.column for problem in refused.value.problems] == [entry.name]


def test_a_word_that_is_no_choice_is_refused_by_name(lens, example):
    for entry in columns(lens.parameters):
        if entry.choices or entry.type == "boolean":
            with pytest.raises(Refusal) as refused:
                example.run(lens.name, {**lens.example, entry.name: "neither"})
            assert [problem.column for problem in refused.value.problems] == [entry.name]


def test_an_unknown_parameter_is_refused_by_name(lens, example):
    with pytest.raises(Refusal) as refused:
        example.run(lens.name, {**lens.example, "nonesuch": "1"})
    assert [problem.code for problem in refused.value.problems] == ["unknown-parameter"]
    assert refused.value.problems[0].column == "nonesuch"


def test_an_unknown_record_is_refused_by_name(lens, example):
    for entry in columns(lens.parameters):
        if entry.references:
            found = ["nonesuch"] if entry.is_list else "nonesuch"
            with pytest.raises(Refusal) as refused:
                example.run(lens.name, {**lens.example, entry.name: found})
            assert [problem.column for problem in refused.value.problems] == [entry.name]
            assert "nonesuch" in refused.value.problems[0].found


def test_every_problem_with_the_parameters_is_told_at_once(lens, example):
    wrong = {entry.name: "some" for entry in filter(is_number, columns(lens.parameters))}
    with pytest.raises(Refusal) as refused:
        example.run(lens.name, {**lens.example, **wrong, "nonesuch": "1"})
    assert {problem.column for problem in refused.value.problems} == {*wrong, "nonesuch"}


# Synthetic rows.


def test_without_synthetic_rows_none_is_read_and_that_is_said(lens, example, recorded):
    kept = example.run(lens.name, {**lens.example, "synthetic": "false"})
    assert sum(read.synthetic for read in kept.provenance.reads) == 0
    assert sum(entry.synthetic for entry in kept.summary) == 0
    without = run(lens.name, lens.example, store=recorded)
    same = ("rows", "summary", "figures", "findings")
    assert [said(kept)[name] for name in same] == [said(without)[name] for name in same]
    *left_out, unread = said(kept)["left_out"]
    assert left_out == said(without)["left_out"]
    assert "Synthetic rows" in str(unread)


# Every face gives the same.


def commanded(*arguments):
    return CliRunner().invoke(cli.app, ["run", *map(str, arguments)], catch_exceptions=False)


def flags(given):
    return [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]


def test_python_command_and_web_give_the_same_json(lens, result, example_folder, web):
    given = asked(lens)
    line = commanded(lens.name, "-w", example_folder, "--format", "json", *flags(given))
    page = web.get(f"/lens/{lens.name}.json", params=given)
    assert page.status_code == 200
    assert json.loads(line.stdout) == page.json() == json.loads(json.dumps(result_json(result)))


def test_python_command_and_web_give_the_same_files(lens, result, example, example_folder, web):
    given, words = asked(lens), Words("en", example.names)
    for kind, made in (("csv", result_csv), ("xlsx", result_xlsx)):
        line = commanded(lens.name, "-w", example_folder, "--format", kind, *flags(given))
        page = web.get(f"/lens/{lens.name}.{kind}", params=given)
        assert line.stdout_bytes == page.content == made(result, words)


def test_the_csv_holds_every_row_under_the_declared_names(lens, result, example):
    text = result_csv(result, Words("en", example.names)).decode("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(text)))
    assert head == [entry.name for entry in columns(lens.row)]
    assert len(rows) == result.table.num_rows


def test_the_command_says_every_finding_and_ends_well(lens, result, example, example_folder):
    line = commanded(lens.name, "-w", example_folder, "--lang", "en", *flags(asked(lens)))
    assert line.exit_code == 0
    words = Words("en", example.names)
    for finding in result.findings:
        assert words.say(finding) in line.stdout


def test_the_command_explains_every_parameter(lens):
    told = commanded(lens.name, "--help").stdout
    assert lens.question in told
    for entry in columns(lens.parameters):
        assert f"--{entry.name.replace('_', '-')}" in told
        assert entry.meaning in told


def test_the_command_refuses_on_standard_error_with_one_line_for_each_problem(
    lens, example_folder, monkeypatch, capsys
):
    line = ["liantu", "run", lens.name, "-w", str(example_folder), "--nonesuch", "1"]
    monkeypatch.setattr(sys, "argv", line)
    with pytest.raises(SystemExit) as end:
        cli.main()
    told = capsys.readouterr()
    assert end.value.code == 1
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "unknown-parameter" in told.err


def test_the_web_refuses_with_the_same_problems(lens, web, example):
    with pytest.raises(Refusal) as refused:
        example.run(lens.name, {**lens.example, "nonesuch": "1"})
    page = web.get(f"/lens/{lens.name}.json", params={**asked(lens), "nonesuch": "1"})
    assert page.status_code == 422
    told = page.json()["problems"]
    assert [(p["code"], p["column"], p["found"]) for p in told] == [
        (p.code, p.column, p.found) for p in refused.value.problems
    ]


def test_an_unknown_lens_is_missing_on_every_face(web, example):
    with pytest.raises(Missing):
        example.run("nonesuch")
    assert web.get("/lens/nonesuch.json").status_code == 404
    assert web.get("/lens/nonesuch").status_code == 404


def test_the_description_for_programs_has_every_parameter_and_column(lens, web):
    told = web.get("/openapi.json").json()
    ask = told["paths"][f"/lens/{lens.name}.json"]["get"]
    assert ask["summary"] == lens.question
    assert {p["name"] for p in ask["parameters"]} >= {e.name for e in columns(lens.parameters)}
    whole = json.dumps(told, ensure_ascii=False)
    for entry in (*columns(lens.parameters), *columns(lens.row)):
        assert json.dumps(entry.meaning, ensure_ascii=False)[1:-1] in whole, entry.name


def plain(markup):
    """What a reader sees of markup, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def part(page, start, end):
    """The first part of a page from one piece of markup to another, or nothing."""
    found = re.search(f"{re.escape(start)}.*?{re.escape(end)}", page, re.DOTALL)
    return found[0] if found else ""


def test_what_the_page_shows_is_in_the_report(lens, example, web):
    page = web.get(f"/lens/{lens.name}", params={"lang": "en"})
    assert page.status_code == 200
    chapter = part(
        report_html(example, "en", [lens.name]), '<article class="chapter"', "</article>"
    )
    told = plain(chapter)
    for start, end in (
        ('<section class="answer">', "</section>"),
        ('<details class="numbers">', "</details>"),
    ):
        assert plain(part(page.text, start, end)) in told
    table = part(page.text, '<section class="table"', "</section>")
    shown = re.findall(r"<tr>.*?</tr>", part(table, "<tbody>", "</tbody>"), re.DOTALL)
    assert shown
    for row in shown[:SHOWN_ROWS]:
        assert plain(row) in told


# Golden answers.


def rounded(value):
    """Plain values with numbers to nine digits, so that no platform is to be named."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def golden(result, words):
    """What is kept of an answer: the first rows by key, a digest of all, numbers, sentences."""
    whole = rounded(result_json(result))
    rows = sorted(whole["rows"], key=lambda row: json.dumps(row, ensure_ascii=False))
    text = json.dumps(rows, ensure_ascii=False)
    return {
        "params": whole["params"],
        "findings": [words.say(finding) for finding in result.findings],
        "left_out": [words.say(sentence) for sentence in result.answer.left_out],
        "summary": [
            {
                "name": entry["name"],
                "title": words.say(known.title),
                "value": entry["value"],
                "unit": entry["unit"],
                "base": words.say(known.base) if known.base else None,
                "low": entry["low"],
                "high": entry["high"],
                "unknown": entry["unknown"],
                "synthetic": entry["synthetic"],
                "subject": known.subject.id if known.subject else None,
            }
            for entry, known in zip(whole["summary"], result.summary, strict=True)
        ],
        "rows": len(rows),
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "first_rows": rows[:GOLDEN_ROWS],
    }


def test_the_example_is_answered_as_it_was_before(lens, result, example, request):
    file = GOLDEN / f"{lens.name}.json"
    now = golden(result, Words("en", example.names))
    if request.config.getoption("--rewrite-golden"):
        file.parent.mkdir(exist_ok=True)
        text = json.dumps(now, ensure_ascii=False, indent=1)
        file.write_text(f"{text}\n", encoding="utf-8")
    assert file.is_file(), "run: pytest tests/test_contract.py --rewrite-golden"
    assert now == json.loads(file.read_text(encoding="utf-8"))
