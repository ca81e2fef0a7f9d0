"""Whether the record bears out what was said."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.lens import Ask, lens, query_string
from liantu.result import Answer, Bars, Entry, Figure, Row, Sentence, Series, rows_of, say
from liantu.schema import column

Reason = Literal[
    "over the whole range of what is unknown",
    "what is unknown could turn it",
    "the answer would rest on synthetic rows",
    "another source states otherwise",
    "nothing is on record",
    "it is stated in another unit than the answer",
    "it states no value to compare",
    "the lens has no such entry",
    "the lens could not answer",
    "no lens examines it yet",
]
VERDICTS = ("holds", "fails", "conflict", "no_data")
ABOUT = 0.1  # "about" is within a tenth of the stated value

READS = {
    "claims": """
        select
          claim_id, statement, lens, params, summary, "row", "column", comparison, value, unit,
          source_id, evidence
        from claims
        order by claim_id
    """,
}


class ClaimRow(Row):
    """One claim and what became of it."""

    claim_id: str = column("The claim.", title="Claim", key=True)
    statement: str = column("What was said, in our words.")
    stated: float | None = column("The value that was stated.")
    measured: float | None = column("The value on record, where there is one.")
    unit: str | None = column("Unit of both.")
    verdict: Literal["holds", "fails", "no_data", "conflict"] = column(
        "Whether the record bears it out."
    )
    reason: Reason = column("Why, in a few words.")
    lens: str | None = column("The lens that examines it.")
    source_id: str | None = column(
        "Who said it.", title="Source", references="sources", separator=";"
    )


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """How many claims hold, fail, or cannot be judged."""
    values = {entry.name: entry.value for entry in answer.summary}
    if not values["claims"]:
        yield say("Nothing was claimed yet. Import claims.")
        return
    yield say(
        "Of {claims:count} claims {holds:count} hold and {fails:count} fail; on "
        "{undecided:count} the record does not decide, and {unexamined:count} no lens "
        "examines yet.",
        **{name: values[name] for name in ("claims", *VERDICTS[:2], "undecided", "unexamined")},
    )
    yield say(
        "A claim is judged by what is recorded: not where the answer would rest on synthetic "
        "rows, nor where what is unknown could turn it."
    )
    if len(counted := [name for name in VERDICTS if values[name]]) > 3:
        yield Bars(
            title=say("Claims by verdict"),
            unit="number of claims",
            labels=tuple(say(name) for name in counted),
            series=(
                Series(
                    say("number of claims"), tuple(float(values[name] or 0) for name in counted)
                ),
            ),
        )


def asks(tables: Mapping[str, pa.Table], params: Mapping[str, Any]) -> list[Ask]:
    """What each claim asks of the lens that it names."""
    shared = {} if params["synthetic"] else {"synthetic": "false"}
    return [
        Ask(
            row["lens"],
            query_string(row["params"]) | shared,
            query_string(row["row"]),
            None if row["summary"] else row["column"],
        )
        for row in _examined(tables["claims"])
    ]


@lens(
    "Claims",
    group="Judgement",
    reads=READS,
    row=ClaimRow,
    show=show,
    example={},
    asks=asks,
)
def claims(
    claims: pa.Table,
    answers: pa.Table,
    *,
    verdict: Annotated[
        Literal["holds", "fails", "conflict", "no_data"] | None,
        Field(description="Only claims with this verdict; all of them where blank."),
    ] = None,
) -> Answer:
    """Does the record bear out what was said?

    Each claim names a lens, its parameters, and an entry of its summary (or a row and column).
    The entry is a range: what it would be if every unknown turned out against it, or for it.
    The claim holds if it holds over the whole range, and fails if it holds nowhere in it; else
    there is no data to judge it. Nor is there where no lens answers, or where the entry rests
    on synthetic rows and the claim itself is not synthetic. Claims that cannot be judged and
    state different values about the same entry are in conflict. About means within a tenth.
    """
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for entry in answers.to_pylist():
        found[entry["ask"]].append(entry)
    examined = {row["claim_id"]: k for k, row in enumerate(_examined(claims))}
    rows = [
        _judged(row, found[examined[row["claim_id"]]] if row["claim_id"] in examined else [])
        for row in claims.to_pylist()
    ]
    _settle(rows, claims.to_pylist())
    counts = {name: sum(row["verdict"] == name for row in rows) for name in VERDICTS}
    chosen = [row for row in rows if verdict in (None, row["verdict"])]
    columns = {name: [row[name] for row in chosen] for name in ClaimRow.model_fields}
    return Answer(rows_of(ClaimRow, columns), tuple(_summary(rows, counts)))


def _examined(claims: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = claims.filter(pc.is_valid(claims["lens"])).to_pylist()
    return rows


def _judged(claim: dict[str, Any], answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    name = claim["summary"] or claim["column"]
    answer = next(
        (entry for entry in answers if entry["refused"] or entry["name"] == name), None
    )
    verdict, reason = _verdict(claim, answer)
    return {
        "claim_id": claim["claim_id"],
        "statement": claim["statement"],
        "stated": claim["value"],
        "measured": answer["value"] if answer else None,
        "unit": claim["unit"],
        "verdict": verdict,
        "reason": reason,
        "lens": claim["lens"],
        "source_id": claim["source_id"],
    }


def _verdict(claim: dict[str, Any], answer: Mapping[str, Any] | None) -> tuple[str, str]:
    """The verdict on one claim, and the reason for it."""
    if reason := _unanswered(claim, answer):
        return "no_data", reason
    entry = answer or {}
    if entry["synthetic"] and claim["evidence"] != "synthetic":
        return "no_data", "the answer would rest on synthetic rows"
    low, high = _span(claim["comparison"], claim["value"])
    if low <= entry["low"] and entry["high"] <= high:
        return "holds", "over the whole range of what is unknown"
    if entry["high"] < low or high < entry["low"]:
        return "fails", "over the whole range of what is unknown"
    return "no_data", "what is unknown could turn it"


def _unanswered(claim: dict[str, Any], answer: Mapping[str, Any] | None) -> str | None:
    """Why there is nothing to compare; None where there is."""
    if not claim["lens"]:
        return "no lens examines it yet"
    if claim["value"] is None or claim["comparison"] is None:
        return "it states no value to compare"
    if answer is None:
        return "the lens has no such entry"
    if answer["refused"]:
        is_unknown = str(answer["refused"]).startswith("unknown-lens")
        return "no lens examines it yet" if is_unknown else "the lens could not answer"
    if claim["unit"] and answer["unit"] and claim["unit"] != answer["unit"]:
        return "it is stated in another unit than the answer"
    return "nothing is on record" if answer["value"] is None else None


def _span(comparison: str, value: float) -> tuple[float, float]:
    """The values for which a claim holds, both ends included."""
    margin = ABOUT * abs(value) if comparison == "about" else 1e-9 * abs(value)
    low = -math.inf if comparison == "le" else value - margin
    high = math.inf if comparison == "ge" else value + margin
    return low, high


def _settle(rows: list[dict[str, Any]], claims: list[dict[str, Any]]) -> None:
    """Mark the claims that no data decides and that contradict one another."""
    asked: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for k, claim in enumerate(claims):
        if claim["lens"] and claim["value"] is not None and rows[k]["verdict"] == "no_data":
            place = sorted(query_string(claim["params"]).items())
            which = (claim["lens"], *place, claim["summary"], claim["row"], claim["column"])
            asked[which].append(k)
    for group in asked.values():
        spans = [_span(claims[k]["comparison"] or "eq", claims[k]["value"]) for k in group]
        if max(low for low, _ in spans) > min(high for _, high in spans):
            for k in group:
                rows[k] |= {"verdict": "conflict", "reason": "another source states otherwise"}


def _summary(rows: Sequence[Mapping[str, Any]], counts: Mapping[str, int]) -> Iterator[Entry]:
    base = say("of {claims:count} claims", claims=len(rows))
    unknown = counts["no_data"] + counts["conflict"]
    unexamined = sum(row["reason"] == "no lens examines it yet" for row in rows)
    yield Entry("claims", say("Claims on record"), len(rows))
    yield Entry("holds", say("Claims that hold"), counts["holds"], None, base, unknown)
    yield Entry("fails", say("Claims that fail"), counts["fails"], None, base, unknown)
    yield Entry("conflict", say("Claims in conflict"), counts["conflict"], None, base)
    yield Entry("no_data", say("Claims without data"), counts["no_data"], None, base)
    undecided = unknown - unexamined
    yield Entry(
        "undecided", say("Claims that the record does not decide"), undecided, base=base
    )
    yield Entry("unexamined", say("Claims that no lens examines yet"), unexamined, base=base)
