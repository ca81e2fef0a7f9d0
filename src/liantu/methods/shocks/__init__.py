"""What stops: organisations, sites, places, import sources or a circle."""

from liantu.methods.shocks.asked import (
    Stop,
    Stopped,
    StoppedOrganisations,
    StoppedPlaces,
    StoppedSites,
)
from liantu.methods.shocks.fractions import Reason, Shock, shock
from liantu.methods.shocks.losses import (
    LEAST,
    Cause,
    Losses,
    Mode,
    business,
    cascade_of,
    losses,
)
from liantu.methods.shocks.products import PRODUCT_READS, lost_products, standing, ways
from liantu.methods.shocks.reads import SHOCK_READS
from liantu.methods.shocks.sums import summed

__all__ = [
    "LEAST",
    "PRODUCT_READS",
    "SHOCK_READS",
    "Cause",
    "Losses",
    "Mode",
    "Reason",
    "Shock",
    "Stop",
    "Stopped",
    "StoppedOrganisations",
    "StoppedPlaces",
    "StoppedSites",
    "business",
    "cascade_of",
    "losses",
    "lost_products",
    "shock",
    "standing",
    "summed",
    "ways",
]
