"""What is made, of what, by whom, and who buys it."""

from typing import Literal

from liantu.schema.column import Table, column


class Products(Table):
    """A product, part, material or service."""

    product_id: str = column("Identifier of the product.", title="Product", key=True)
    name: str = column("Name.")
    name_local: str | None = column("Name in the local language.", title="Local name")
    short_name: str | None = column("Name for narrow places.")
    parent_id: str | None = column(
        "The wider product that it is a kind of.", title="Kind of", references="products"
    )
    unit: str | None = column("Unit in which it is counted, such as piece.")


class ProductCodes(Table):
    """The codes of a product in classifications of goods."""

    product_id: str = column("The product.", title="Product", key=True, references="products")
    scheme: str = column("The classification, such as HS2022.", key=True)
    code: str = column("Code in the classification.", key=True)


class Chains(Table):
    """An industrial chain, from raw material to final product."""

    chain_id: str = column("Identifier of the chain.", title="Chain", key=True)
    name: str = column("Name.")
    name_local: str | None = column("Name in the local language.", title="Local name")
    place_id: str | None = column("The place whose chain it is.", references="places")
    industry_group: str | None = column("Group of industries in the place's own plan.")
    cluster_level: Literal["world", "national", "provincial", "municipal"] | None = column(
        "Level at which the cluster is recognised."
    )
    description: str | None = column("What it covers.")


class ChainProducts(Table):
    """A link: a product that belongs to a chain, and where in it the product stands."""

    chain_id: str = column("The chain.", title="Chain", key=True, references="chains")
    product_id: str = column("The product.", title="Product", key=True, references="products")
    stage: Literal["upstream", "midstream", "downstream"] | None = column("Stage of the chain.")
    segment: str | None = column("Segment of the stage, such as Bogie.")
    weight: float | None = column("Weight of the link in the chain; 1 where blank.", ge=0)


class Parts(Table):
    """A line of a bill of materials: what goes into one unit of a product."""

    product_id: str = column("What is built.", title="Product", key=True, references="products")
    part_id: str = column("What goes into it.", title="Part", key=True, references="products")
    quantity: float | None = column(
        "Units of the part in one unit of the product; blank is unknown, not 1.", gt=0
    )
    unit: str | None = column("Unit of the quantity.")
    cost_share: float | None = column(
        "Share of the part in the cost of the product.", unit="share", ge=0, le=1
    )
    essential: bool | None = column("Whether the product cannot be built without it.")
    sourcing: Literal["make", "buy"] | None = column(
        "Whether the part is made in the house or bought whole; bought is not taken apart."
    )


class Makes(Table):
    """An organisation makes a product."""

    org_id: str = column(
        "Who makes it.", title="Organisation", key=True, references="organisations"
    )
    product_id: str = column("What is made.", title="Product", key=True, references="products")
    site_id: str | None = column("At which site.", title="Site", key=True, references="sites")
    year: int | None = column("In which year.", unit="year", key=True, ge=1900, le=2200)
    output: float | None = column("Units made in the year.", ge=0)
    capacity: float | None = column("Units that could be made in a year.", ge=0)
    unit: str | None = column("Unit of output and capacity.")
    value: float | None = column("Value of the output, in the currency given.", ge=0)
    currency: str | None = column("Currency of the value, such as CNY.")
    market_share: float | None = column(
        "Share of the market that the maker holds.", unit="share", ge=0, le=1
    )


class Supplies(Table):
    """A supplier sells to a buyer."""

    supplier_id: str = column(
        "Who sells.", title="Supplier", key=True, references="organisations"
    )
    buyer_id: str = column("Who buys.", title="Buyer", key=True, references="organisations")
    product_id: str | None = column(
        "What is sold.", title="Product", key=True, references="products"
    )
    year: int | None = column("In which year.", unit="year", key=True, ge=1900, le=2200)
    value: float = column("Value of the sales, in the currency given.", ge=0)
    currency: str | None = column("Currency of the value, such as CNY.")


class SectorInputs(Table):
    """How much a sector needs what another sector supplies."""

    scheme: str = column("The classification of sectors.", key=True)
    supplier_code: str = column("Sector that supplies.", key=True)
    buyer_code: str = column("Sector that buys.", key=True)
    importance: Literal["essential", "non_essential", "negligible"] = column(
        "Whether the buyer can work without it."
    )


class Trade(Table):
    """Imports or exports of a good in a year, as reported."""

    reporter: str = column("Who reports: a place, or the code of a country.", key=True)
    partner: str = column("Whom with.", key=True)
    scheme: str = column("The classification of goods, such as HS2022.", key=True)
    code: str = column("Code of the good.", key=True)
    flow: Literal["import", "export"] = column("Direction, as seen by the reporter.", key=True)
    year: int = column("Year.", unit="year", key=True, ge=1900, le=2200)
    value: float | None = column("Value of the goods.", ge=0)
    currency: str | None = column("Currency of the value, such as USD.")
    quantity: float | None = column("Quantity of the goods.", ge=0)
    unit: str | None = column("Unit of the quantity.")
