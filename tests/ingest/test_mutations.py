"""Good files, mutated in one to three of some ninety ways: read rightly, or answered by cell.

``python -m benchmarks.mutations`` does the same with five thousand.
"""

import pytest

from liantu import ingest
from tests.ingest.drafts import Draft
from tests.ingest.good_files import draft
from tests.ingest.mutations import OPERATORS, Trial, alone, file_of, read_here

FILES, PARTS = 2_000, 16


@pytest.fixture
def trial(monkeypatch):
    monkeypatch.setattr(ingest, "read", read_here)
    with Trial() as made:
        yield made


def require_right(trial, made: Draft, seed):
    verdict = trial(made)
    assert not verdict.wrong, f"seed {seed}, {made.kind} in {made.language}, {made.applied}"


def test_there_are_forty_mutations_at_least_of_each_answer_some():
    assert len(OPERATORS) >= 40
    assert {operator.answer for operator in OPERATORS.values()} == {"read", "cell", "cause"}


def test_a_good_file_is_read_as_it_is(trial):
    for seed in range(6):
        assert trial(draft(seed)).answer == "read"


@pytest.mark.parametrize("name", OPERATORS)
def test_a_mutation_alone_has_the_answer_that_it_must_have(trial, name):
    for seed in (0, 500):
        made = alone(OPERATORS[name], seed)
        verdict = trial(made)
        assert not verdict.wrong, f"{made.kind} in {made.language}"
        answers = {"read": {"read"}, "cell": {"by cell"}, "cause": {"by cause"}}
        assert verdict.answer in answers[OPERATORS[name].answer]


@pytest.mark.parametrize("part", range(PARTS))
def test_mutations_together_are_answered_by_cell_or_by_cause_or_read_rightly(trial, part):
    for seed in range(part, FILES, PARTS):
        require_right(trial, file_of(seed), seed)


def test_the_oracle_notices_a_value_that_is_another_and_a_fault_that_is_not_told(trial):
    made = draft(1)
    made.pages[0].data[1].truth["name"] = "another"
    assert trial(made).answer == "misread"
    made = draft(1)
    line = made.pages[0].data[1]
    line.faulty.add(made.pages[0].heads[0])
    assert trial(made).answer == "accepted"
    made = alone(OPERATORS["a_required_cell_left_blank"], 0)
    (line,) = (line for page in made.pages for line in page.data if line.faulty)
    line.faulty = {None}
    assert trial(made).answer == "missed"
