"""Cases of services: their legal clocks, and what they amount to."""

from liantu.methods.casework.clocks import SUSPENDED, Cases, Casework, casework
from liantu.methods.casework.measures import BASES, base_days, curve, kept, share, summary

__all__ = [
    "BASES",
    "SUSPENDED",
    "Cases",
    "Casework",
    "base_days",
    "casework",
    "curve",
    "kept",
    "share",
    "summary",
]
