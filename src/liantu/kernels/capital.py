"""The capital stock that investment builds up."""

from collections.abc import Mapping


def perpetual_inventory(
    investment: Mapping[int, float], *, depreciation: float
) -> dict[int, float]:
    """The capital stock at the end of each year.

    Parameters
    ----------
    investment : by year, at constant prices, at least 0; only the last run of years without a
        gap is used
    depreciation : part of the stock that wears out in a year, 0..1

    Returns
    -------
    dict[int, float]
        By year, in the unit of investment; empty where there are fewer than two years, or
        where depreciation and growth together are not above 0, so that no start can be found.

    Notes
    -----
    K(t) = (1 - d) K(t - 1) + I(t), from K(0) = I(0) / (d + g), with g the growth of investment
    a year between the first and the last year (Harberger 1978). One multiplication a year.
    """
    years = sorted(investment)
    while years and any(year not in investment for year in range(years[0], years[-1])):
        years = years[1:]
    if len(years) < 2 or investment[years[0]] <= 0 or investment[years[-1]] <= 0:
        return {}
    first, last = years[0], years[-1]
    growth = (investment[last] / investment[first]) ** (1 / (last - first)) - 1
    if depreciation + growth <= 0:
        return {}
    stock = investment[first] / (depreciation + growth)
    found = {first: stock}
    for year in years[1:]:
        stock = (1 - depreciation) * stock + investment[year]
        found[year] = stock
    return found
