"""The official rules for titles of firms: data in ``rules``, read, checked, and applied."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from liantu.errors import Problem, Refusal, did_you_mean

Title = Literal[
    "technology_innovative", "srdi", "little_giant", "single_champion", "chain_leader"
]
Scope = Literal["new", "renewal"]
Verdict = Literal["meets", "fails", "unknown", "manual"]
Over = Literal["last", "latest", "each", "either", "sum", "mean"]
Measure = Literal[
    "award_exempt", "debt_ratio", "domestic_rank", "equity_2y", "equity_3y", "global_rank",
    "high_tech_enterprise", "innovative_score", "ip_class1", "key_link", "main_revenue",
    "main_share", "maker_china", "market_share", "new_product", "platform_score", "rd_body",
    "rd_body_provincial", "rd_share", "rd_spend", "rd_staff_share", "revenue",
    "revenue_growth_2y", "score_growth", "score_innovation", "score_specialisation",
    "segment_years", "srdi_score",
]  # fmt: skip
Name = Literal[
    Measure, "advanced_technology", "excluded_title", "held_title", "holding_relation",
    "leads_its_chain", "market_position", "provincial_score",
]  # fmt: skip
TITLES: tuple[Title, ...] = get_args(Title)
MEASURES: tuple[Measure, ...] = get_args(Measure)


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Test(_Data):
    """A bound that a measure must keep to, or titles of which one must be held.

    ``over`` says which years count: the last fiscal year; the latest figure whatever its year;
    each, or either, of the last ``years``; their sum or mean. A bound may be a parameter.
    """

    measure: Measure | None = None
    title: tuple[Title, ...] = ()
    at_least: float | Literal["leader_revenue"] | None = None
    at_most: float | None = None
    below: float | None = None
    over: Over = "last"
    years: int = Field(default=1, ge=1, le=5)

    @model_validator(mode="after")
    def _has_a_bound(self) -> Self:
        bounds = (self.at_least, self.at_most, self.below)
        if (self.measure is None) == (not self.title) or (
            self.measure is not None and all(bound is None for bound in bounds)
        ):
            message = "a test names a measure with a bound, or titles"
            raise ValueError(message)
        return self


class Criterion(_Data):
    """One thing asked for: any of several groups of tests, all of a group; none: by hand.

    Who falls short of it is exempt where one of the ``exempt`` measures is 1.
    """

    name: Name
    text: str
    any: tuple[tuple[Test, ...], ...] = ()
    exempt: tuple[Measure, ...] = ()
    scopes: tuple[Scope, ...] = ("new", "renewal")


class Valid(_Data):
    """The days, both included, on which a rule is in force for a scope."""

    scope: Scope
    first: dt.date = Field(alias="from")
    until: dt.date = dt.date.max

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until < self.first:
            message = "a last day that is not before the first"
            raise ValueError(message)
        return self


class Rule(_Data):
    """What one title asks for, and when, by whose word and how sure that is."""

    id: str
    title: Title
    valid: tuple[Valid, ...] = Field(min_length=1)
    requires: Title | None = None
    excludes: Title | None = None
    criterion: tuple[Criterion, ...] = Field(min_length=1)
    certainty: str = ""
    note: str = ""
    scheme: str = ""
    source: str = ""


class Book(_Data):
    """A file of rules, from one scheme and one source."""

    scheme: str
    source: str
    certainty: str
    rule: tuple[Rule, ...] = Field(min_length=1)


def read_rules(texts: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules in files, by file name, each checked; every Problem names file and key.

    Raises
    ------
    Refusal
        A file is no TOML; a key, a measure or a title is unknown; two rules for one title and
        scope are in force on the same day.
    """
    rules: list[tuple[str, Rule]] = []
    problems: list[Problem] = []
    for name, text in texts.items():
        try:
            book = Book.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            problems.append(_problem(name, "a TOML file", str(error), "mend the file"))
        except ValidationError as error:
            problems += [_wrong(name, detail) for detail in _causes(error)]
        else:
            told = {"scheme": book.scheme, "source": book.source}
            rules += [
                (
                    name,
                    rule.model_copy(
                        update=told | {"certainty": rule.certainty or book.certainty}
                    ),
                )
                for rule in book.rule
            ]
    problems += _overlaps(rules)
    if problems:
        raise Refusal(problems)
    return tuple(rule for _, rule in rules)


@cache
def official_rules() -> tuple[Rule, ...]:
    """The rules that come with the package."""
    folder = files("liantu") / "rules"
    named = {f.name: f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}
    return read_rules(dict(sorted(named.items())))


def in_force(rules: Iterable[Rule], title: Title, scope: Scope, on: dt.date) -> Rule | None:
    """The rule for a title and scope on a day; None where there is none."""
    for rule in rules:
        if rule.title == title and any(
            valid.scope == scope and valid.first <= on <= valid.until for valid in rule.valid
        ):
            return rule
    return None


@dataclass(frozen=True, slots=True)
class Firm:
    """What is on record of a firm: figures by measure and year, and titles held on the day."""

    figures: Mapping[str, Mapping[int, float]]
    titles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A firm against a rule: criteria failed, criteria to judge by hand, measures missing."""

    verdict: Verdict
    failed: tuple[str, ...]
    manual: tuple[str, ...]
    missing: tuple[str, ...]


def judge(
    rule: Rule, firm: Firm, *, scope: Scope, on: dt.date, given: Mapping[str, float]
) -> Judged:
    """The verdict on a firm: fails, else unknown, else manual, else meets.

    Fiscal years are those before the year of ``on``. An exemption that is not on record is not
    claimed. ``given`` holds the bounds that are parameters.
    """
    failed: list[str] = list(_titles(rule, firm, scope))
    manual: list[str] = []
    missing: list[str] = []
    for criterion in rule.criterion:
        if scope not in criterion.scopes:
            continue
        if not criterion.any:
            manual.append(criterion.name)
            continue
        holds, absent = _met(criterion, firm, on.year - 1, given)
        if holds is False:
            failed.append(criterion.name)
        elif holds is None:
            missing += [name for name in dict.fromkeys(absent) if name not in missing]
    verdict: Verdict = (
        "fails" if failed else "unknown" if missing else "manual" if manual else "meets"
    )
    return Judged(verdict, tuple(failed), tuple(manual), tuple(missing))


def _titles(rule: Rule, firm: Firm, scope: Scope) -> Iterator[str]:
    """Titles that must be held, or must not be."""
    needed = {rule.requires} - {None}
    if scope == "renewal":
        needed = {rule.title, rule.requires} - {None}
    if needed and not needed & firm.titles:
        yield "held_title"
    if rule.excludes in firm.titles:
        yield "excluded_title"


def _met(
    criterion: Criterion, firm: Firm, last: int, given: Mapping[str, float]
) -> tuple[bool | None, Sequence[str]]:
    """Whether a criterion is met, None where that is not on record; what is then absent."""
    absent: list[str] = []
    outcomes = []
    for group in criterion.any:
        held = [_holds(test, firm, last, given) for test in group]
        outcomes.append(False if False in held else None if None in held else True)
        if outcomes[-1] is None:
            absent += [
                test.measure
                for test, known in zip(group, held, strict=True)
                if known is None and test.measure
            ]
    if True in outcomes or any(_flag(firm, name, last) for name in criterion.exempt):
        return True, ()
    return (None, absent) if None in outcomes else (False, ())


def _flag(firm: Firm, measure: str, last: int) -> bool:
    values = _values(measure, "latest", 1, firm, last)
    return bool(values and values[0])


def _holds(test: Test, firm: Firm, last: int, given: Mapping[str, float]) -> bool | None:
    if test.measure is None:
        return bool(firm.titles.intersection(test.title))
    values = _values(test.measure, test.over, test.years, firm, last)
    outcomes = [None if value is None else _within(test, value, given) for value in values]
    if test.over == "either":
        return True if True in outcomes else None if None in outcomes else False
    return False if False in outcomes else None if None in outcomes else True


def _values(measure: str, over: Over, years: int, firm: Firm, last: int) -> list[float | None]:
    """The values that a test looks at; None for one that is not on record."""
    known = firm.figures.get(measure, {})
    if measure == "main_revenue" and not known:
        revenue, share = firm.figures.get("revenue", {}), firm.figures.get("main_share", {})
        known = {year: revenue[year] * share[year] for year in revenue.keys() & share.keys()}
    if over == "latest":
        past = [year for year in known if year <= last + 1]
        return [known[max(past)]] if past else [None]
    found = [known.get(last - back) for back in range(years)]
    if over in ("sum", "mean"):
        whole = [value for value in found if value is not None]
        if len(whole) < years:
            return [None]
        return [sum(whole) / (years if over == "mean" else 1)]
    return found


def _within(test: Test, value: float, given: Mapping[str, float]) -> bool:
    """Whether a value keeps to the bounds; a bound that is met to a billionth is met."""
    least = given[test.at_least] if isinstance(test.at_least, str) else test.at_least
    if least is not None and value < least - 1e-9 * abs(least):
        return False
    if test.at_most is not None and value > test.at_most + 1e-9 * abs(test.at_most):
        return False
    return test.below is None or value < test.below - 1e-9 * abs(test.below)


def _overlaps(rules: Sequence[tuple[str, Rule]]) -> Iterator[Problem]:
    spans = [(file, rule, valid) for file, rule in rules for valid in rule.valid]
    for k, (file, rule, valid) in enumerate(spans):
        for place, other, later in spans[k + 1 :]:
            same = (rule.title, valid.scope) == (other.title, later.scope)
            if same and valid.first <= later.until and later.first <= valid.until:
                yield _problem(
                    place,
                    f"one rule for {rule.title}, {valid.scope}, on each day",
                    f"{rule.id} of {file} and {other.id}: "
                    f"two from {max(valid.first, later.first)} on",
                    "end the earlier one the day before the later one begins",
                    f"{other.id}.valid",
                )


def _causes(error: ValidationError) -> Iterator[Any]:
    """What is wrong, without lists that are empty only because an entry of them is wrong."""
    details = error.errors()
    for detail in details:
        loc = detail["loc"]
        deeper = any(d["loc"][: len(loc)] == loc and d["loc"] != loc for d in details)
        if not (deeper and detail["type"] == "too_short"):
            yield detail


def _wrong(name: str, detail: Any) -> Problem:  # noqa: ANN401 - as pydantic gives it
    key = ".".join(str(part) for part in detail["loc"])
    found = f'"{detail["input"]}"' if detail["type"] != "missing" else "none"
    known = {"measure": MEASURES, "exempt": MEASURES, "title": TITLES, "requires": TITLES}
    named = next((known[str(p)] for p in reversed(detail["loc"]) if str(p) in known), None)
    remedy = did_you_mean(str(detail["input"]), list(named)) if named else f"correct {key}"
    return _problem(name, detail["msg"], found[:200], remedy, key)


def _problem(file: str, expected: str, found: str, remedy: str, key: str = "") -> Problem:
    return Problem("bad-rule", expected, found, remedy, file=file, column=key or None)
