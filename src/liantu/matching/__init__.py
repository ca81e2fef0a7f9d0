"""Organisations that may be the same firm: which pairs, how sure, and why."""

from liantu.matching.confirmed import Answers, confirmed
from liantu.matching.proposing import AT_LEAST, Proposal, Proposals, Why, propose

__all__ = ["AT_LEAST", "Answers", "Proposal", "Proposals", "Why", "confirmed", "propose"]
