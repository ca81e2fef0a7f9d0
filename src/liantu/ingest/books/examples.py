"""One example value for each column, so that a template can show a row of every table.

In a template each cell of that row says that it is an example, so that an import leaves the
row out as long as nobody has written over it.
"""

from liantu.ingest.books.titles import choices
from liantu.locale import Language, translated
from liantu.schema import Column

MARKS: dict[Language, str] = {"en": "e.g. ", "zh": "例："}

_BY_TABLE: dict[tuple[str, str], str] = {
    ("sources", "title"): "Statistical yearbook 2024",
    ("places", "name"): "Zhuzhou",
    ("places", "name_local"): "株洲市",
    ("organisations", "name"): "First Bogie Works",
    ("organisations", "name_local"): "第一转向架厂",
    ("other_names", "other_name"): "First Bogie Factory",
    ("sites", "name"): "North works",
    ("products", "name"): "Bogie",
    ("products", "name_local"): "转向架",
    ("chains", "name"): "Rail transit equipment",
    ("chains", "name_local"): "轨道交通装备",
    ("platforms", "name"): "Traction laboratory",
    ("platforms", "kind"): "key laboratory",
    ("service_items", "name"): "Construction permit",
    ("product_codes", "scheme"): "HS2022",
    ("product_codes", "code"): "860719",
    ("activities", "code"): "3714",
    ("codes", "code"): "3714",
    ("codes", "name"): "Parts of high-speed trains",
    ("codes", "name_local"): "高铁设备、配件制造",
    ("recognitions", "scheme"): "MIIT",
    ("recognitions", "title"): "Little giant",
    ("collaborations", "kind"): "joint patent",
    ("trade", "scheme"): "HS2022",
    ("trade", "reporter"): "zhuzhou",
    ("observations", "value"): "1500",
    ("observations", "unit"): "CNY 100 million",
    ("observations", "activity"): "rail",
    ("milestones", "date"): "2021-11",
    ("service_events", "activity"): "accept",
    ("claims", "value"): "10000",
    ("claims", "unit"): "piece",
    ("makes", "value"): "2500000",
    ("trade", "currency"): "USD",
}
_BY_NAME: dict[str, str] = {
    "authority": "construction office",
    "baseline_days": "45",
    "baseline_year": "2018",
    "calendar": "CN",
    "capacity": "1200",
    "case_id": "C-0001",
    "chain_id": "rail",
    "claim_id": "claim-1",
    "code": "8607",
    "column": "parts",
    "cost_share": "0.12",
    "count": "3",
    "currency": "CNY",
    "date": "2024-05-01",
    "description": "Locomotives, trains and their parts",
    "field": "traction",
    "founded": "1998",
    "industry_group": "equipment",
    "item_id": "permit-1",
    "latitude": "27.83",
    "lens": "reach",
    "longitude": "113.13",
    "market_share": "0.2",
    "measure": "output",
    "milestone_id": "M1",
    "note": "Printed edition",
    "org_a": "O1",
    "org_b": "O2",
    "org_id": "O1",
    "output": "900",
    "params": "product=loco&origin=zhuzhou",
    "part_id": "bogie",
    "partner": "DE",
    "place_id": "zhuzhou",
    "platform_id": "L1",
    "product_id": "loco",
    "promised_days": "10",
    "published": "2024-10",
    "publisher": "Bureau of statistics",
    "quantity": "2",
    "row": "radius_km=5",
    "scheme": "GB/T 4754",
    "scope": "above size",
    "scope_note": "Enterprises above designated size",
    "segment": "Bogie",
    "short_name": "Bogie",
    "site_id": "W1",
    "source_id": "S1",
    "statement": "10,000 parts within 5 km",
    "statutory_days": "20",
    "subject_id": "zhuzhou",
    "summary": "parts_within",
    "supplier_code": "C33",
    "buyer_code": "C37",
    "supplier_id": "O2",
    "buyer_id": "O1",
    "time": "2024-05-06T09:30",
    "unit": "piece",
    "url": "https://example.org/yearbook",
    "valid_until": "2027-06-30",
    "value": "120000",
    "weight": "1",
    "year": "2024",
}


def example(table: str, entry: Column) -> str:
    """A value that the column takes; blank where none would help."""
    if entry.choices:
        return entry.choices[0]
    if entry.type == "boolean":
        return "true"
    return _BY_TABLE.get((table, entry.name)) or _BY_NAME.get(entry.name, "")


def shown(table: str, entry: Column, language: Language) -> str:
    """The example in the words of a language."""
    if entry.type == "boolean":
        return choices(entry, language)[0]
    words = example(table, entry)
    return translated(words, language) if entry.choices else words


def marked(table: str, entry: Column, language: Language) -> str:
    """The example as a template has it: ``e.g. 27.83``; blank where there is none."""
    words = shown(table, entry, language)
    return f"{MARKS[language]}{words}" if words else ""
