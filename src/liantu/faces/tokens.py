"""The colours and typefaces of every picture and page; style.css repeats them."""

from collections.abc import Mapping
from types import MappingProxyType

from liantu.result import State

TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#1A2129",
        "ink2": "#46515C",
        "ink3": "#626D78",
        "control": "#868F99",
        "rule": "#D9DEE3",
        "grid": "#E9ECEF",
        "wash": "#F5F7F8",
        "band": "#ECF0F3",
        "link": "#14508C",
        "mark": "#FFF4CC",
        "strong": "#123F6D",
        "present": "#4F88BD",
        "present-ink": "#0A1219",
        "weak": "#4F88BD",
        "weak-bar": "#A9C6E0",
        "missing": "#AE1F0D",
        "missing-wash": "#FDEDE9",
        "foreign": "#B57C00",
        "foreign-ink": "#6F4800",
        "foreign-wash": "#FCF3E0",
        "unknown": "#8A939D",
        "unknown-bar": "#DFE4E8",
        "synthetic": "#6B4FA0",
        "ok": "#1E6B3C",
        "ok-wash": "#E6F1EA",
    }
)

SEQUENCE: tuple[str, ...] = ("#C9DBEC", "#8FB4D8", "#4F88BD", "#123F6D")

STATES: tuple[State, ...] = (
    "strong",
    "present",
    "weak",
    "missing",
    "foreign_only",
    "unknown",
)

STATE_TOKENS: Mapping[State, str] = MappingProxyType(
    {
        "strong": "strong",
        "present": "present",
        "weak": "weak",
        "missing": "missing",
        "foreign_only": "foreign",
        "unknown": "unknown",
    }
)

FONTS = (
    "'Source Sans 3','Source Sans Pro','Noto Sans CJK SC','Source Han Sans SC','PingFang SC',"
    "'Microsoft YaHei',system-ui,sans-serif"
)
