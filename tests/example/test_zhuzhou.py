"""The worked example fits the tables, names its sources, and marks what is generated."""

import datetime as dt
import math
import tomllib
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pyarrow.csv as pa_csv
import pytest

from liantu.schema import TABLES, Column, columns, key_columns

EXAMPLE = Path(__file__).parents[2] / "examples" / "zhuzhou"
RECORD = EXAMPLE / "tables"


def key(table, row):
    return tuple(row.get(entry.name) or "" for entry in key_columns(TABLES[table]))


def fault(entry: Column, text: str) -> str | None:
    """What is wrong with a cell, or None."""
    if not text:
        return None if entry.nullable else "blank"
    if entry.choices:
        return None if text in entry.choices else "not a choice"
    readers = {
        "text": str,
        "integer": int,
        "number": float,
        "boolean": {"true": True, "false": False}.__getitem__,
        "date": dt.date.fromisoformat,
        "time": dt.datetime.fromisoformat,
    }
    try:
        value = readers[entry.type](text)
    except (KeyError, ValueError):
        return f"not {entry.expected}"
    low = entry.minimum is not None and value < entry.minimum
    low = low or (entry.above is not None and value <= entry.above)
    high = entry.maximum is not None and value > entry.maximum
    return "out of bounds" if low or high else None


def row_of(record, table, **wanted):
    found = [
        row
        for row in record[table]
        if all((row.get(name) or "") == str(value) for name, value in wanted.items())
    ]
    assert len(found) == 1, (table, wanted, found)
    return found[0]


@pytest.mark.parametrize("which", ["record", "generated"])
def test_every_cell_fits_its_column(which, request):
    faults = []
    for table, rows in request.getfixturevalue(which).items():
        entries = {entry.name: entry for entry in columns(TABLES[table])}
        for row in rows:
            assert set(row) <= set(entries), table
            for name, entry in entries.items():
                if wrong := fault(entry, row.get(name) or ""):
                    faults.append((table, key(table, row), name, row.get(name), wrong))
    assert faults == []


def test_arrow_reads_as_many_rows_as_there_are(record):
    for table, rows in record.items():
        assert pa_csv.read_csv(RECORD / f"{table}.csv").num_rows == len(rows)


def test_no_key_stands_twice_and_no_generated_row_replaces_a_fact(whole):
    for table, rows in whole.items():
        keys = [key(table, row) for row in rows]
        assert len(keys) == len(set(keys)), table


def test_every_reference_leads_to_a_row(whole):
    known = {table: {key(table, row)[0] for row in rows} for table, rows in whole.items()}
    kinds = {
        "place": "places",
        "org": "organisations",
        "chain": "chains",
        "product": "products",
    }
    lost = []
    for table, rows in whole.items():
        for entry in columns(TABLES[table]):
            for row in rows if entry.references else ():
                text = row.get(entry.name) or ""
                targets = entry.references
                if entry.depends_on:
                    targets = (kinds[row[entry.depends_on]],)
                parts = text.split(entry.separator) if entry.separator else [text]
                lost += [
                    (table, entry.name, part)
                    for part in parts
                    if part and not any(part in known[target] for target in targets)
                ]
    assert lost == []


def test_every_row_of_the_record_names_its_source_and_nothing_is_verified(record):
    for table, rows in record.items():
        for row in rows:
            assert row["source_id"], table
            assert row["evidence"] in {"declared", "assumed"}, table


def test_the_record_is_sorted_and_utf8(record):
    order = ["subject_kind", "subject_id", "measure", "activity", "year", "scope", "source_id"]
    for table, rows in record.items():
        names = [entry.name for entry in key_columns(TABLES[table])]
        names = order if table == "observations" else names
        keys = [tuple(row.get(name) or "" for name in names) for row in rows]
        assert keys == sorted(keys), table


def test_names_are_unique_so_that_they_can_stand_for_ids(whole):
    for table in ("places", "organisations", "products", "chains"):
        names = [row["name"] for row in whole[table]]
        assert len(names) == len(set(names)), table


def test_the_rail_chain_has_its_two_hundred_families_and_six_vehicles(record):
    links = [row for row in record["chain_products"] if row["chain_id"] == "rail"]
    stages = defaultdict(int)
    for row in links:
        stages[row["stage"]] += 1
    assert stages == {"upstream": 41, "midstream": 151, "downstream": 14}
    assert sum(row["segment"] == "Vehicles" for row in links) == 6
    assert len(record["chains"]) == 8


def test_figures_are_those_of_the_sources(record):
    def figure(subject, measure, year, source, **more):
        row = row_of(
            record,
            "observations",
            subject_id=subject,
            measure=measure,
            year=year,
            source_id=source,
            **more,
        )
        return Decimal(row["value"]), row["unit"], row["comparability"], row["evidence"]

    rail = {"activity": "rail"}
    assert figure("zhuzhou", "output", 2015, "VOC16", **rail) == (
        Decimal(100_370_000_000),
        "CNY",
        "near",
        "declared",
    )
    assert figure("zhuzhou", "output", 2023, "GXT24", **rail)[0] == 160_000_000_000
    assert figure("zhuzhou", "output", 2020, "CD17", **rail)[2] == "target"
    assert figure("zhuzhou", "output", 2025, "CXH25", **rail)[3] == "assumed"
    assert figure("zhuzhou", "world_share", 2015, "PPL20")[0] == Decimal("0.27")
    assert figure("zhuzhou", "world_share", 2015, "HNLOC15")[0] == Decimal("0.2")
    assert figure("shifeng", "registered_enterprises", 2019, "REG19")[0] == 139
    assert figure("nanjing", "output", 2020, "NJ20", scope="revenue, first three quarters")[
        :3
    ] == (Decimal(68_535_000_000), "CNY", "partial_period")
    assert figure("guangzhou", "output", 2022, "GZ23")[2] == "other"
    assert figure("qingdao", "value_added_growth", 2024, "QD24")[0] == Decimal("0.418")
    assert figure("lukou", "output", 2022, "LK22")[0] == 3_500_000_000
    assert not [row for row in record["observations"] if row["subject_id"] == "tangshan"]


def test_makers_are_resolved_and_doubtful_ones_are_assumed(record):
    def evidence(org, product):
        return row_of(record, "makes", org_id=org, product_id=product)["evidence"]

    assert evidence("times_electric", "D06") == "declared"
    assert evidence("zz_electric", "D21") == "declared"
    assert evidence("times_electronics", "J12") == "declared"
    assert evidence("skf", "B08") == "assumed"
    assert evidence("bvv", "B04") == "assumed"
    assert row_of(record, "organisations", org_id="knorr")["place_id"] == ""
    assert row_of(record, "organisations", org_id="tmt")["parent_org_id"] == "zz_institute"


def test_part_families_go_only_where_the_vehicle_takes_them(record):
    uses = {(row["product_id"], row["part_id"]) for row in record["parts"]}
    assert ("metro_train", "D10") in uses
    assert ("locomotive", "D10") not in uses
    assert ("D06", "D09") in uses
    vehicles = ("locomotive", "metro_train", "multiple_unit")
    for whole, part in uses:
        if whole not in vehicles:
            taken = [(v, part) in uses for v in vehicles if (v, whole) in uses]
            assert all(taken), (whole, part)


def test_the_two_areas_of_the_parts_claim_are_two_claims(record):
    radius = row_of(record, "claims", claim_id="parts_5km_radius")["params"]
    area = row_of(record, "claims", claim_id="parts_5km2")["params"]
    assert "radius=5&" in radius
    assert "radius=1.2616&" in area
    assert math.isclose(math.pi * 1.2616**2, 5.0, abs_tol=1e-3)


def test_the_defaults_name_rows_of_the_record(record):
    defaults = tomllib.loads((EXAMPLE / "defaults.toml").read_text())["defaults"]
    places = {row["place_id"] for row in record["places"]}
    assert defaults["chain"] in {row["chain_id"] for row in record["chains"]}
    assert {defaults["place"], defaults["origin"], *defaults["rivals"]} <= places
    assert defaults["product"] in {row["product_id"] for row in record["products"]}


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(
    generate, generated_folder, tmp_path
):
    generate(tmp_path / "again")
    generate(tmp_path / "other", seed=21)
    for path in generated_folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
    for name in ("sites", "supplies", "trade", "observations"):
        first = (generated_folder / f"{name}.csv").read_bytes()
        assert first != (tmp_path / "other" / f"{name}.csv").read_bytes()


def test_every_generated_row_is_synthetic_and_cites_the_seed(generated):
    for rows in generated.values():
        assert {(row["source_id"], row["evidence"]) for row in rows} == {("SYN20", "synthetic")}


def test_no_generated_row_says_what_a_real_firm_makes(record, generated):
    real = {row["org_id"] for row in record["organisations"]}
    assert not real & {row["org_id"] for row in generated["makes"]}


def test_the_itemised_locomotive_has_ten_thousand_parts_exactly_five_levels_down(generated):
    inside = defaultdict(set)
    for row in generated["parts"]:
        inside[row["product_id"]].add(row["part_id"])
    level = {"locomotive_itemised"}
    for _ in range(5):
        assert all(inside[item] for item in level)
        level = set().union(*(inside[item] for item in level))
    assert not any(inside[item] for item in level)  # so it ends, and holds no cycle
    leaves = {row["part_id"] for row in generated["parts"]} - {k for k in inside if inside[k]}
    assert leaves == level
    assert len(leaves) > 10_000


def test_the_itemised_bill_has_whole_quantities_blanks_sharing_and_cost_shares(generated):
    bill = generated["parts"]
    blank = sum(not row["quantity"] for row in bill) / len(bill)
    assert blank == pytest.approx(0.03, abs=0.005)
    assert all(row["quantity"].isdigit() for row in bill if row["quantity"])
    totals, users = defaultdict(Decimal), defaultdict(set)
    for row in bill:
        totals[row["product_id"]] += Decimal(row["cost_share"])
        users[row["part_id"]].add(row["product_id"])
    assert set(totals.values()) == {Decimal(1)}
    assert sum(len(wholes) > 1 for wholes in users.values()) > 300
    assert {row["sourcing"] for row in bill} == {"make", "buy"}


def test_sites_stand_where_a_place_has_a_position_and_only_there(whole, generated):
    located = {row["place_id"] for row in whole["places"] if row["latitude"]}
    for row in generated["sites"]:
        assert bool(row["latitude"]) == (row["place_id"] in located)
    orgs = [row["org_id"] for row in generated["sites"]]
    assert len(orgs) == len(set(orgs))
    local = [row for row in generated["organisations"] if row["place_id"] == "shifeng"]
    assert len(local) / 420 == pytest.approx(0.42, abs=0.01)
