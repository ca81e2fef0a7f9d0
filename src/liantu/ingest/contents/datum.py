"""Positions as they are kept: on WGS 84, whatever datum they came on."""

import pyarrow as pa
import pyarrow.compute as pc


def on_wgs84(table: pa.Table) -> pa.Table:
    """The table with every position on another datum converted, and its datum then blank."""
    if "datum" not in table.column_names:
        return table
    others = pc.fill_null(
        pc.is_in(table["datum"], pa.array(["gcj02", "bd09"])), fill_value=False
    )
    if not pc.any(others).as_py():
        return table
    from liantu.kernels.datums import wgs84_of_bd09, wgs84_of_gcj02  # noqa: PLC0415

    east, north = (table[name].to_numpy() for name in ("longitude", "latitude"))
    moved = east.copy(), north.copy()
    for datum, converted in (("gcj02", wgs84_of_gcj02), ("bd09", wgs84_of_bd09)):
        chosen = pc.fill_null(pc.equal(table["datum"], datum), fill_value=False).to_numpy()
        for axis, values in zip(moved, converted(east[chosen], north[chosen]), strict=True):
            axis[chosen] = values
    columns = {
        "longitude": pa.array(moved[0], from_pandas=True),
        "latitude": pa.array(moved[1], from_pandas=True),
        "datum": pc.if_else(others, None, table["datum"]),
    }
    for name, values in columns.items():
        position = table.schema.get_field_index(name)
        table = table.set_column(position, table.schema.field(name), values)
    return table
