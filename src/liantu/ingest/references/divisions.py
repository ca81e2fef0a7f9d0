"""Names of places with and without what says their level: 株洲 and 株洲市, 天元 and 天元区.

What is added must fit the level on record: 吉林市 is no province of that name, 长沙县 no city.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

# What a name says of the level of a place. Of a park nothing says it without doubt.
_ENDS = {
    "province": ("省",),
    "city": ("市", "地区"),
    "district": ("区", "县", "市", "新区"),
}
# What may be left out, but says more than the level where it is added: 天元新区 is not 天元.
_ONLY_LEFT_OUT = ("地区", "新区")
# Names that end in their own way, and those of the municipalities, which are both.
_OWN = {
    "内蒙古": "自治区",
    "广西": "壮族自治区",
    "西藏": "自治区",
    "宁夏": "回族自治区",
    "新疆": "维吾尔自治区",
    "香港": "特别行政区",
    "澳门": "特别行政区",
    "北京": "市",
    "天津": "市",
    "上海": "市",
    "重庆": "市",
}
_ALL = "(?:省|市|地区|新区|区|县|自治区|自治州|盟|旗|特别行政区)$"
_CHINESE = r"^[\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}]{2,}$"

Pairs = tuple[pa.Array, pa.Array]


def other_spellings(names: pa.Array, levels: pa.Array, ids: pa.Array) -> Iterator[Pairs]:
    """The names with and without what says the level, and beside each the identifier.

    A name of one character, such as 赵 of 赵县, stands for no place. Where no level is on
    record, one that is said is left out and none is added.

    Parameters
    ----------
    names, levels, ids : (n,) string
    """
    yield from _own(names, ids)
    for level, ends in _ENDS.items():
        is_level = pc.fill_null(pc.equal(levels, level), fill_value=False)
        bare = pc.match_substring_regex(names, _ALL)
        bare = pc.and_(is_level, pc.invert(bare))
        for end in ends:
            of_end = pc.or_(is_level, pc.is_null(levels))
            whole = pc.and_(of_end, pc.ends_with(names, end))
            yield _cut(names.filter(whole), ids.filter(whole), end)
            if end not in _ONLY_LEFT_OUT:
                yield _added(names.filter(bare), ids.filter(bare), end)


def _own(names: pa.Array, ids: pa.Array) -> Iterator[Pairs]:
    """The regions and municipalities, whose names in full are known."""
    short = pa.array(_OWN, pa.string())
    full = pa.array([f"{name}{end}" for name, end in _OWN.items()])
    for given, other in ((short, full), (full, short)):
        found = other.take(pc.index_in(names, value_set=given))
        yield found.drop_null(), ids.filter(pc.is_valid(found))


def _cut(names: pa.Array, ids: pa.Array, end: str) -> Pairs:
    cut = pc.utf8_slice_codeunits(names, 0, -len(end))
    is_name = pc.match_substring_regex(cut, _CHINESE)
    return cut.filter(is_name), ids.filter(is_name)


def _added(names: pa.Array, ids: pa.Array, end: str) -> Pairs:
    is_name = pc.match_substring_regex(names, _CHINESE)
    added = pc.binary_join_element_wise(names.filter(is_name), end, "")
    return added, ids.filter(is_name)
