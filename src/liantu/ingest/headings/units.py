"""Units of measure as headers write them: 万元, 亿元, CNY 10,000, 公里, km, tonnes, %.

A unit is so many of its base: 万元 is 10,000 CNY, 亩 is 2,000/3 m². Two units can be converted
where the base is the same. 10,000 may stand before any of them, written 万. One unit by another
is a unit too: 人/平方公里, 元每人, units per year.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from liantu.ingest.headings.currencies import code_of

_MANY = {
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
# What is counted one by one, and is no piece of something.
_COUNTED = "艘 架 座 次 人次 条 片 根 支 张 份 例 箱"
# For each kind of measure: words, the base that they count, and how many of it.
_TABLE: dict[str, tuple[tuple[str, str, float], ...]] = {
    "length": (
        ("米 m metre metres meter meters", "m", 1.0),
        ("公里 千米 km kilometre kilometres kilometer kilometers", "m", 1e3),
        ("厘米 cm", "m", 1e-2),
        ("毫米 mm", "m", 1e-3),
    ),
    "area": (
        ("平方米 m2 sqm squaremetres", "m2", 1.0),
        ("平方公里 平方千米 km2 sqkm squarekilometres", "m2", 1e6),
        ("公顷 ha hectare hectares", "m2", 1e4),
        ("亩 mu", "m2", 2000 / 3),
    ),
    "time": (
        ("天 日 自然日 day days", "day", 1.0),
        ("周 week weeks", "day", 7.0),
        ("小时 h hour hours", "day", 1 / 24),
        ("工作日 个工作日 workingday workingdays", "working day", 1.0),
        ("月 个月 month months", "month", 1.0),
        ("年 year years", "month", 12.0),
    ),
    "mass": (
        ("吨 t tonne tonnes ton tons", "kg", 1e3),
        ("千克 公斤 kg kilogram kilograms", "kg", 1.0),
        ("克 g gram grams", "kg", 1e-3),
    ),
    "count": (
        ("件 个 只 piece pieces pcs", "piece", 1.0),
        ("套 set sets", "set", 1.0),
        ("台 unit units", "台", 1.0),
        ("辆 vehicle vehicles", "辆", 1.0),
        ("列 train trains", "列", 1.0),
        ("节 car cars", "节", 1.0),
        ("家 户 firm firms company companies", "firm", 1.0),
        ("人 person persons people", "person", 1.0),
        ("项 item items", "item", 1.0),
        *((word, word, 1.0) for word in _COUNTED.split()),
    ),
    "volume": (
        ("立方米 m3", "m3", 1.0),
        ("升 l litre litres liter liters", "m3", 1e-3),
    ),
    "energy": (
        ("千瓦时 kwh", "kWh", 1.0),
        ("兆瓦时 mwh", "kWh", 1e3),
    ),
    "power": (
        ("千瓦 kw", "kW", 1.0),
        ("兆瓦 mw", "kW", 1e3),
    ),
    "coal": (
        ("吨标准煤 吨标煤 tce", "tce", 1.0),
        ("千克标准煤 kgce", "tce", 1e-3),
    ),
    "points": (("个百分点 百分点", "percentage point", 1.0),),
    "share": (
        ("share 比例", "share", 1.0),
        ("% percent 百分比 百分数", "share", 1e-2),
        ("‰ 千分比", "share", 1e-3),
    ),
    "angle": (("degree degrees 度 °", "degree", 1.0),),
}
_BRACKETS = re.compile(r"(.+?)\s*[(\[【{]([^()\[\]【】{}]*)[)\]】}]", re.DOTALL)
_PARTED = re.compile(r"(.+?)\s*(?:[,，、:：/_]|\s)\s*([^,，、:：/_\s]+)", re.DOTALL)
_PARTED_BY = re.compile(
    r"(.+?)\s*(?:[,，、:：_]|\s)\s*([^,，、:：/_\s]+/[^,，、:：/_\s]+)", re.DOTALL
)
_BY = re.compile(r"(.+?)\s*(?:/|每|(?<=\s)per\s)\s*(.+)", re.IGNORECASE | re.DOTALL)
# What something may be counted by; alone these are no units, for they say which year or month.
_PERIODS = {
    **dict.fromkeys(("年", "year", "yr", "a", "annum"), "year"),
    **dict.fromkeys(("月", "month"), "month"),
    **dict.fromkeys(("天", "日", "day"), "day"),
    **dict.fromkeys(("小时", "时", "hour", "h"), "hour"),
}
_MONEY = re.compile(r"(\D*?)(\d*)(\D*)")
# Longer words are no header with a unit; looking at them would take their length squared.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was written, the kind of measure, and how many of which base it is.

    Without a base it is a mere number, such as 万, of whatever is counted. One unit by another
    is of the kind "by", and has both as its ``parts``.
    """

    words: str
    kind: str
    base: str
    factor: float
    parts: "tuple[Unit, Unit] | None" = None

    def is_same(self, other: "Unit") -> bool:
        """Whether both are so many of the same base."""
        return (self.kind, self.base, self.factor) == (other.kind, other.base, other.factor)


@dataclass(frozen=True, slots=True)
class Parted:
    """A header parted into the words that name a column and those that may be its unit."""

    name: str
    unit: str
    is_bracketed: bool


@cache
def unit_of(words: str) -> Unit | None:
    """The unit that words mean; None where they are no unit that is known."""
    if len(words) > _LONGEST:
        return None
    shape = _shape(words)
    if shape in _known():
        kind, base, factor = _known()[shape]
        return Unit(words.strip(), kind, base, factor)
    if money := _money(shape):
        return Unit(words.strip(), "money" if money[0] else "number", *money)
    for many in sorted(_MANY, key=len, reverse=True):
        rest = shape.removeprefix(many)
        if rest != shape and rest in _known():
            kind, base, factor = _known()[rest]
            return Unit(words.strip(), kind, base, _MANY[many] * factor)
    return _one_by_another(words)


def parted(header: str) -> list[Parted]:
    """Every way in which a header may be words and a unit: 产值（万元）, 产值 万元, value_cny.

    Without brackets only units that are known are taken for units.
    """
    even = unicodedata.normalize("NFKC", header).strip()
    if len(even) > _LONGEST:
        return []
    if found := _BRACKETS.fullmatch(even):
        return [Parted(found[1], found[2].strip(), is_bracketed=True)]
    for shape in (_PARTED_BY, _PARTED):
        found = shape.fullmatch(even)
        if found and unit_of(found[2]):
            return [Parted(found[1], found[2], is_bracketed=False)]
    return []


def known_units(kind: str | None = None) -> str:
    """Some units that are known, of one kind of measure or of all, as a remedy lists them."""
    if kind == "money":
        return "元, 万元, 亿元, CNY, CNY 10,000, CNY million, USD"
    if kind in _TABLE:
        return ", ".join(word for entry in _TABLE[kind] for word in entry[0].split()[:2])
    return "元, 万元, 亿元, USD, 米, 公里, 平方米, 平方公里, 亩, 天, 工作日, 千克, 吨, 件, %"


@cache
def _known() -> dict[str, tuple[str, str, float]]:
    """Every unit but those of money by its words, with its kind, base and factor."""
    return {
        _shape(word): (kind, base, factor)
        for kind, entries in _TABLE.items()
        for words, base, factor in entries
        for word in words.split()
    }


def _one_by_another(words: str) -> Unit | None:
    """人/平方公里, 元每人, units per year: what is counted, and by what."""
    found = _BY.fullmatch(unicodedata.normalize("NFKC", words).strip())
    if found is None:
        return None
    counted, period = unit_of(found[1]), _PERIODS.get(_shape(found[2]))
    by = Unit(found[2], "period", period, 1.0) if period else unit_of(found[2])
    if counted is None or by is None or counted.parts or by.parts or by.kind == "number":
        return None
    base, factor = f"{counted.base}/{by.base}", counted.factor / by.factor
    return Unit(words.strip(), "by", base, factor, (counted, by))


def _money(shape: str) -> tuple[str, float] | None:
    """The currency and how many of it: 人民币万元, cny10000, usdmillion; "" for a number."""
    found = _MONEY.fullmatch(shape)
    if not shape or not found:
        return None
    before, digits, after = found.groups()
    if digits:
        factor = float(digits)
        codes = {code_of(words) for words in (before, after) if words}
        is_number = re.fullmatch("10+", digits) is not None
        return (codes.pop() or "", factor) if is_number and _is_one(codes) else None
    for start in range(len(shape) + 1):
        for end in range(len(shape), start - 1, -1):
            many = shape[start:end]
            if many and many not in _MANY:
                continue
            codes = {code_of(words) for words in (shape[:start], shape[end:]) if words}
            if not codes and many:
                return "", _MANY[many]
            if _is_one(codes):
                return codes.pop() or "", _MANY.get(many, 1.0)
    return None


def _is_one(codes: set[str | None]) -> bool:
    return len(codes) == 1 and None not in codes


def _shape(words: str) -> str:
    """The words as units are compared: half width, lower case, without blanks and commas."""
    even = unicodedata.normalize("NFKC", words).casefold()
    return re.sub(r"[\s,_\-]+", "", even)
