"""The places that a name may speak of, and where the places on record lie."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

# Provinces, and cities that many firms carry in their names, where no place on record is meant.
_PROVINCES = {
    "北京": "北京",
    "上海": "上海",
    "天津": "天津",
    "重庆": "重庆",
    "河北": "石家庄 唐山 保定",
    "山西": "太原 大同",
    "辽宁": "沈阳 大连",
    "吉林": "长春",
    "黑龙江": "哈尔滨 齐齐哈尔",
    "江苏": "南京 苏州 无锡 常州",
    "浙江": "杭州 宁波 温州",
    "安徽": "合肥 芜湖 马鞍山",
    "福建": "福州 厦门 泉州",
    "江西": "南昌 赣州",
    "山东": "济南 青岛 烟台",
    "河南": "郑州 洛阳",
    "湖北": "武汉 襄阳 宜昌",
    "湖南": "长沙 株洲 湘潭 衡阳 岳阳 常德 郴州 永州 怀化 娄底 邵阳 益阳 张家界",
    "广东": "广州 深圳 佛山 东莞 珠海 中山",
    "广西": "南宁 柳州 桂林",
    "海南": "海口 三亚",
    "四川": "成都 绵阳 德阳 资阳 眉山",
    "贵州": "贵阳 遵义",
    "云南": "昆明",
    "陕西": "西安 宝鸡 咸阳",
    "甘肃": "兰州",
    "青海": "西宁",
    "内蒙古": "呼和浩特 包头",
    "宁夏": "银川",
    "新疆": "乌鲁木齐",
    "西藏": "拉萨",
}
_WIDE = ("country", "province", "city")
_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|省|市|区|县)$")
_WORD = re.compile(r"[^\W_]+")
_SUFFIXES = "(?:省|市|自治区|特别行政区)?"


@dataclass(frozen=True, slots=True)
class Area:
    """Where something lies: its place, and the city and province around it; blank: unknown."""

    place: str | None = None
    city: str | None = None
    province: str | None = None


@dataclass(slots=True)
class Gazetteer:
    """Places by identifier, and by the names that firms carry."""

    areas: dict[str, Area] = field(default_factory=dict)
    named: dict[str, Area] = field(default_factory=dict)
    pattern: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    words: dict[str, Area] = field(default_factory=dict)

    def cited(self, name: str) -> tuple[str, Area]:
        """A Chinese name without its places, and the narrowest area that they name."""
        met = [self.named[found[1]] for found in self.pattern.finditer(name)]
        if not met:
            return name, Area()
        return self.pattern.sub("", name), next((a for a in met if a.city), met[0])

    def cited_words(self, words: list[str]) -> tuple[list[str], Area]:
        """The words of a Latin name without its places, and the narrowest area named."""
        met = [self.words[word] for word in words if word in self.words]
        if not met:
            return words, Area()
        rest = [word for word in words if word not in self.words]
        return rest, next((a for a in met if a.city), met[0])


def gazetteer(places: pa.Table) -> Gazetteer:
    """The places on record, and provinces and great cities that are not."""
    rows = {row["place_id"]: row for row in places.to_pylist()}
    made = Gazetteer({name: _area(name, rows) for name in rows})
    made.named["中国"] = Area()
    for province, cities in _PROVINCES.items():
        made.named[province] = Area(None, None, province)
        for city in cities.split():
            made.named[city] = Area(None, city, province)
    for row in rows.values():
        _name(made, row, made.areas[row["place_id"]])
    _even(made)
    longest = sorted(made.named, key=lambda name: (-len(name), name))
    made.pattern = re.compile(f"({'|'.join(map(re.escape, longest))}){_SUFFIXES}")
    return made


def _area(name: str, rows: Mapping[str, dict[str, Any]]) -> Area:
    """Where a place on record lies; a place that is a city lies in itself."""
    levels: dict[str, str] = {}
    at, met = name, set[str]()
    while at in rows and at not in met:
        met.add(at)
        levels.setdefault(rows[at]["level"] or "", at)
        at = rows[at]["parent_id"]
    return Area(name, levels.get("city"), levels.get("province"))


def _name(made: Gazetteer, row: dict[str, Any], area: Area) -> None:
    """Note the names of a place, short and, of a narrow one, only as it is written."""
    for name in filter(None, (row["name"], row["name_local"])):
        short = _SUFFIX.sub("", name) if row["level"] in _WIDE else name
        if re.search(r"[\u4e00-\u9fff]", short):
            if len(short) >= 2 and (row["level"] in _WIDE or short != _SUFFIX.sub("", short)):
                made.named[short] = area
        elif row["level"] in _WIDE and len(words := _WORD.findall(short.lower())) == 1:
            made.words[words[0]] = area


def _even(made: Gazetteer) -> None:
    """Call a city or province on record, and the same one that is not, by one name."""
    alias = {
        part: name
        for name, area in made.named.items()
        for part in _parts(area)
        if area.place == part
    }
    for known in (made.areas, made.named, made.words):
        for key, area in known.items():
            known[key] = Area(
                area.place,
                alias.get(area.city or "", area.city),
                alias.get(area.province or "", area.province),
            )


def _parts(area: Area) -> Iterable[str]:
    return filter(None, (area.city, area.province))
