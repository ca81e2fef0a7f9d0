"""Firms of our making, each written again in a named way of misspelling, and firms like them.

Every character, trade and place is drawn from lists below, so no firm here is a real one but by
chance. The same number and seed give the same rows.
"""

# ruff: noqa: ARG001, S311 - every way is called alike; what is drawn guards nothing

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from liantu.schema import TABLES, arrow_schema

# Signs of trade names with their pinyin; those of one group sound or look alike.
SOUND = (
    "华hua 骅hua|鑫xin 新xin 欣xin|宏hong 鸿hong 弘hong|盛sheng 胜sheng 晟sheng|达da 大da|力li "
    "立li 利li|恒heng 衡heng|科ke 克ke|明ming 铭ming|诚cheng 成cheng|伟wei 维wei|志zhi 智zhi|"
    "源yuan 元yuan 远yuan|金jin 锦jin|佳jia 嘉jia"
)
LOOK = (
    "天tian 夭yao|未wei 末mo|土tu 士shi|日ri 曰yue|己ji 已yi|折zhe 拆chai|博bo 搏bo|湘xiang "
    "相xiang|轨gui 轧ya|侯hou 候hou"
)
ALONE = (
    "时shi 代dai 东dong 方fang 海hai 通tong 中zhong 兴xing 南nan 北bei 龙long 腾teng 泰tai "
    "康kang 安an 瑞rui 丰feng 联lian 合he 创chuang 永yong 邦bang 凯kai 润run 祥xiang 隆long "
    "顺shun 昌chang 光guang 辉hui 飞fei 翔xiang 云yun 峰feng 山shan 江jiang 湖hu 河he 星xing "
    "宇yu 航hang 信xin 德de 义yi 仁ren 和he 美mei 长chang 久jiu 富fu 强qiang"
)
TRADES = {
    "机械": "Machinery", "电气": "Electric", "轨道装备": "Rail Equipment",
    "精密铸造": "Casting",
    "新材料": "New Materials", "自动化": "Automation", "电子科技": "Electronics",
    "橡胶制品": "Rubber", "复合材料": "Composites", "液压": "Hydraulics", "轴承": "Bearings",
    "电机": "Motors", "变压器": "Transformers", "铝业": "Aluminium", "硬质合金": "Carbide",
    "电缆": "Cable", "紧固件": "Fasteners", "齿轮传动": "Gears", "环保科技": "Environment",
    "模具": "Moulds", "减振器": "Dampers", "制动系统": "Brakes", "空调设备": "Air Conditioning",
    "涂料": "Coatings", "物流": "Logistics", "信息技术": "Information Technology",
    "陶瓷": "Ceramics", "航空零部件": "Aviation Parts", "电力机车配件": "Locomotive Parts",
    "测控技术": "Measurement",
}  # fmt: skip
CITIES = {
    "hunan": {"zhuzhou": "株洲", "changsha": "长沙", "xiangtan": "湘潭"},
    "jiangsu": {"nanjing": "南京", "changzhou": "常州", "wuxi": "无锡"},
    "hubei": {"wuhan": "武汉"},
    "guangdong": {"guangzhou": "广州", "shenzhen": "深圳"},
    "shandong": {"qingdao": "青岛", "jinan": "济南"},
    "liaoning": {"dalian": "大连"},
}
PROVINCES = {
    "hunan": "湖南", "jiangsu": "江苏", "hubei": "湖北", "guangdong": "广东",
    "shandong": "山东", "liaoning": "辽宁",
}  # fmt: skip
DISTRICTS = {"tianyuan": "天元区", "shifeng": "石峰区", "hetang": "荷塘区", "lusong": "芦淞区"}
FORMS = ("有限公司", "有限责任公司", "股份有限公司")
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_PLAIN = [part for group in (SOUND, LOOK) for part in group.replace("|", " ").split()]
PINYIN = {part[0]: part[1:] for part in [*_PLAIN, *ALONE.split()]}


def _alike(groups):
    found = {}
    for group in groups.split("|"):
        signs = [part[0] for part in group.split()]
        found.update({sign: [other for other in signs if other != sign] for sign in signs})
    return found


HOMOPHONES, LOOKALIKES = _alike(SOUND), _alike(LOOK)


@dataclass
class Firm:
    """One firm, in the pieces that its name is made of."""

    trade: str
    line: str
    form: str
    city: str
    province: str
    place: str
    number: str
    bracketed: bool = False
    parent: str | None = None
    tail: str = ""
    place_shown: bool = True
    infix: str = ""

    @property
    def head(self):
        shown = CITIES[self.province][self.city] if self.place_shown else ""
        if self.bracketed and shown:
            return f"{self.trade}{self.infix}（{shown}）{self.line}"
        return f"{shown}{self.trade}{self.infix}{self.line}"

    @property
    def chinese(self):
        return f"{self.head}{self.form}{self.tail}"

    @property
    def english(self):
        said = "".join(PINYIN[sign] for sign in self.trade).capitalize()
        shown = f"{self.city.capitalize()} " if self.place_shown else ""
        return f"{shown}{said} {TRADES.get(self.line, self.line)} Co., Ltd."


@dataclass
class Labelled:
    """Organisations and places as tables, and which pairs are one firm, by way of writing.

    ``alike`` are pairs that are two firms, by what makes them look like one.
    """

    organisations: pa.Table
    places: pa.Table
    same: dict[tuple[str, str], str] = field(default_factory=dict)
    alike: dict[tuple[str, str], str] = field(default_factory=dict)


def labelled(n_organisations, seed=1):
    """About so many organisations: most firms once, others twice or like another."""
    draw = random.Random(seed)
    rows, same, alike, seen = [], {}, {}, set()
    ways, likes = list(WAYS), list(LIKES)
    turn = 0
    while len(rows) < n_organisations:
        firm = _firm(draw)
        if (firm.city, firm.trade, firm.line) in seen:
            continue
        seen.add((firm.city, firm.trade, firm.line))
        own = _id(rows)
        rows.append(_row(own, firm, draw))
        chance = draw.random()
        if chance < 0.2:
            way = ways[turn % len(ways)]
            turn += 1
            made = WAYS[way](rows[-1], firm, draw)
            if made is not None:
                again = {**rows[-1], **_careless(rows[-1], way, draw), **made}
                again["org_id"] = _id(rows)
                rows.append(again)
                same[own, again["org_id"]] = way
        elif chance < 0.32:
            like = draw.choice(likes)
            other = LIKES[like](own, firm, draw)
            rows.append(_row(_id(rows), other, draw))
            alike[own, rows[-1]["org_id"]] = like
    draw.shuffle(rows)
    schema = arrow_schema(TABLES["organisations"])
    return Labelled(pa.Table.from_pylist(rows, schema), places(), same, alike)


def places():
    rows = [{"place_id": "china", "name": "China", "name_local": "中国", "level": "country"}]
    for province, cities in CITIES.items():
        rows.append(_place(province, PROVINCES[province], "province", "china"))
        rows += [_place(city, name, "city", province) for city, name in cities.items()]
    rows += [_place(name, local, "district", "zhuzhou") for name, local in DISTRICTS.items()]
    return pa.Table.from_pylist(rows, arrow_schema(TABLES["places"]))


def _place(name, local, level, parent):
    return {
        "place_id": name,
        "name": name.capitalize(),
        "name_local": local,
        "level": level,
        "parent_id": parent,
    }


def _id(rows):
    return f"o{len(rows):06d}"


def _firm(draw, city=None):
    signs = draw.choices(list(PINYIN), k=2 if draw.random() < 0.9 else 3)
    province = "hunan" if draw.random() < 0.5 else draw.choice(list(CITIES))
    city = city or draw.choice(list(CITIES[province]))
    place = draw.choice(list(DISTRICTS)) if city == "zhuzhou" else city
    return Firm(
        trade="".join(signs),
        line=draw.choice(list(TRADES)),
        form=draw.choices(FORMS, (7, 2, 1))[0],
        city=city,
        province=province,
        place=place,
        number=number(draw),
        bracketed=draw.random() < 0.08,
    )


def number(draw):
    """A unified social credit code whose check character holds."""
    body = f"9143{draw.randrange(10**4):04d}" + "".join(draw.choices(SIGNS, k=9))
    return body + check(body)


def check(body):
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return SIGNS[-total % 31]


def _row(name, firm, draw):
    chance = draw.random()
    english = firm.english if chance < 0.55 and not firm.tail else None
    return {
        "org_id": name,
        "name": english or firm.chinese,
        "name_local": firm.chinese if english else None,
        "kind": "company",
        "place_id": firm.place,
        "parent_org_id": firm.parent,
        "registration_no": firm.number if draw.random() < 0.7 else None,
    }


def _careless(row, way, draw):
    """What a second row of a firm leaves out, beside its name."""
    found = {"kind": None}
    if draw.random() < 0.6 and not way.startswith("number"):
        found["registration_no"] = None
    chance = draw.random()
    if chance < 0.12:
        found["place_id"] = None
    elif chance < 0.24 and row["place_id"] in DISTRICTS:
        found["place_id"] = "zhuzhou"
    return found


def _only(chinese):
    return {"name": chinese, "name_local": None}


def _full_width(row, firm, draw):
    wide = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)} | {" ": "\u3000"})
    return {"name": row["name"].translate(wide), "name_local": row["name_local"]}


def _brackets_moved(row, firm, draw):
    shown = CITIES[firm.province][firm.city]
    if firm.bracketed:
        return _only(f"{shown}{firm.trade}{firm.line}{firm.form}")
    return _only(f"{firm.trade}{firm.line}({shown}){firm.form}")


def _brackets_added(row, firm, draw):
    return _only(f"{firm.chinese}（{firm.trade}{firm.line[:2]}）")


def _form_dropped(row, firm, draw):
    return _only(firm.head)


def _form_other(row, firm, draw):
    return _only(firm.head + draw.choice([form for form in FORMS if form != firm.form]))


def _one_wrong(table):
    def made(row, firm, draw):
        at = [place for place, sign in enumerate(firm.trade) if sign in table]
        if not at:
            return None
        place = draw.choice(at)
        wrong = draw.choice(table[firm.trade[place]])
        trade = firm.trade[:place] + wrong + firm.trade[place + 1 :]
        return _only(firm.chinese.replace(firm.trade, trade))

    return made


def _abbreviated(row, firm, draw):
    return _only(f"{firm.trade}{firm.line[0]}{firm.line[-1]}"[:4])


def _place_short(row, firm, draw):
    shown = CITIES[firm.province][firm.city]
    return _only(f"{shown[0]}{firm.trade}{firm.line}"[:5])


def _english_only(row, firm, draw):
    return {"name": firm.english, "name_local": None} if row["name_local"] else None


def _english_slip(row, firm, draw):
    if not row["name_local"]:
        return None
    text = firm.english
    at = draw.randrange(2, len(text.removesuffix(" Co., Ltd.")) - 2)
    return {"name": text[:at] + text[at + 1] + text[at] + text[at + 2 :], "name_local": None}


def _chinese_only(row, firm, draw):
    return _only(firm.chinese) if row["name_local"] else None


def _languages_apart(row, firm, draw):
    return None if row["name_local"] else {"name": firm.english, "name_local": None}


def _place_dropped(row, firm, draw):
    return _only(firm.chinese.replace(CITIES[firm.province][firm.city], "").replace("（）", ""))


def _province_added(row, firm, draw):
    return None if firm.bracketed else _only(f"{PROVINCES[firm.province]}{firm.chinese}")


def _swapped(row, firm, draw):
    swapped = firm.trade[1] + firm.trade[0] + firm.trade[2:]
    return None if swapped == firm.trade else _only(firm.chinese.replace(firm.trade, swapped))


def _number_slip(row, firm, draw):
    at = draw.randrange(2, 18)
    wrong = draw.choice([sign for sign in "0123456789" if sign != firm.number[at]])
    row["registration_no"] = firm.number
    return {"registration_no": firm.number[:at] + wrong + firm.number[at + 1 :]}


def _number_missing(row, firm, draw):
    row["registration_no"] = firm.number
    return {"registration_no": None}


WAYS: dict[str, Callable] = {
    "full width": _full_width,
    "brackets moved": _brackets_moved,
    "short name added in brackets": _brackets_added,
    "legal form dropped": _form_dropped,
    "another legal form": _form_other,
    "a sign that sounds alike": _one_wrong(HOMOPHONES),
    "a sign that looks alike": _one_wrong(LOOKALIKES),
    "abbreviated": _abbreviated,
    "abbreviated, with a sign of its place": _place_short,
    "English alone": _english_only,
    "English alone, letters swapped": _english_slip,
    "Chinese alone": _chinese_only,
    "English in one row, Chinese in the other": _languages_apart,
    "place dropped": _place_dropped,
    "province added": _province_added,
    "two signs swapped": _swapped,
    "number with a wrong sign": _number_slip,
    "number missing": _number_missing,
}


def _branch(own, firm, draw):
    city = draw.choice(["上海", "北京", "成都", "西安"])
    return Firm(
        **{**vars(firm), "number": number(draw), "tail": f"{city}分公司", "parent": own}
    )


def _works(own, firm, draw):
    which = draw.choice(["一厂", "二厂", "三厂"])
    return Firm(**{**vars(firm), "number": number(draw), "tail": which})


def _elsewhere(own, firm, draw):
    province, city = draw.choice(
        [(p, c) for p, cities in CITIES.items() for c in cities if c != firm.city]
    )
    place = draw.choice(list(DISTRICTS)) if city == "zhuzhou" else city
    changed = {"province": province, "city": city, "place": place, "number": number(draw)}
    return Firm(**{**vars(firm), **changed})


def _subsidiary(own, firm, draw):
    line = draw.choice([line for line in TRADES if line != firm.line])
    return Firm(**{**vars(firm), "number": number(draw), "line": line, "parent": own})


def _group_alone(own, firm, draw):
    return Firm(**{**vars(firm), "number": number(draw), "line": "", "form": "集团有限公司"})


def _numbered(own, firm, draw):
    return Firm(**{**vars(firm), "number": number(draw), "infix": draw.choice("一二三") + "号"})


LIKES: dict[str, Callable] = {
    "a branch": _branch,
    "a numbered works": _works,
    "the same name in another city": _elsewhere,
    "a subsidiary with the group's name": _subsidiary,
    "the group itself": _group_alone,
    "a number in the name": _numbered,
}
