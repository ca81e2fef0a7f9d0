"""What was said, so that it can be held against the record."""

from typing import Literal

from liantu.schema.column import Table, column


class Claims(Table):
    """A statement that the record may bear out: what was said, and which answer tests it."""

    claim_id: str = column("Identifier of the claim.", title="Claim", key=True)
    statement: str = column("What was said, in our words.")
    lens: str | None = column("The lens whose answer tests it.")
    params: str | None = column(
        "Parameters of the lens, as a query string: product=loco&origin=works.",
        title="Parameters",
    )
    summary: str | None = column("Entry of the summary that is compared; else row and column.")
    row: str | None = column("Row that is compared, as a query string: place_id=zhuzhou.")
    comparison: Literal["eq", "ge", "le", "about"] | None = column(
        "How the stated value relates to the measured one: about is within a tenth."
    )
    value: float | None = column("The value that was stated.", title="Stated")
    unit: str | None = column("Unit of the value.")
    column: str | None = column("Column that is compared.")
