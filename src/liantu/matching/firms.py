"""Organisations as they are compared: names taken apart, numbers made even, places found."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.ingest.contents.identifiers import credit_codes_hold, plain_numbers
from liantu.ingest.references.names import normalised
from liantu.matching.gazetteer import Area, Gazetteer

_HAN = re.compile(r"[\u3400-\u9fff]")
_BRACKETS = re.compile(r"[(\[【\u3014「<《]([^)\]】\u3015」>》]*)[)\]】\u3015」>》]")
_FORM = r"(?:股份)?有限(?:责任)?公司|集团公司|总公司"
_BRANCH = re.compile(rf"^(.{{2,}}?(?:{_FORM}))(.+)$")
_SHORT_BRANCH = re.compile(
    r"^(.{2,}?)([\u4e00-\u9fff]{0,3}(?:分公司|分厂|分院|分部|办事处|代表处))$"
)
_NUMERAL = "一二三四五六七八九十百零〇两"
_NUMBER = re.compile(
    rf"\d+|第[{_NUMERAL}]+|[{_NUMERAL}]+(?=(?:分?[厂公院所局处队号期校区部矿]|车间))"
)
_DIGITS = dict(zip("零〇一二两三四五六七八九", "001223456789", strict=True))
_WORD = re.compile(r"[^\W_]+")
_LEGAL = frozenset(
    (
        *("company", "co", "corporation", "corp", "incorporated", "inc", "limited", "ltd"),
        *("llc", "plc", "gmbh", "ag", "sa", "the", "of", "and"),
    )
)
_NOWHERE = Area()


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart.

    ``whole`` is all of it, normalised; ``core`` is without its places, ``other`` what stood in
    brackets, ``marks`` the numbers and the branch in it, ``area`` the place that it names, and
    ``words`` what it is looked up by.
    """

    whole: str = ""
    core: str = ""
    other: str = ""
    marks: str = ""
    area: Area = _NOWHERE
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Firms:
    """Columns of all organisations, in the order of their identifiers.

    ``numbers`` are registration numbers and ``is_valid`` says whose check character holds; an
    empty text is a blank. ``places``, ``cities``, ``parents`` and the areas that names speak of
    are numbers of distinct values, -1 for a blank. ``own`` numbers the organisation as a
    parent.
    """

    ids: list[str]
    chinese: list[Parts]
    latin: list[Parts]
    numbers: list[str]
    is_valid: NDArray[np.bool_]
    places: NDArray[np.int64]
    cities: NDArray[np.int64]
    cited_cities: NDArray[np.int64]
    cited_provinces: NDArray[np.int64]
    parents: NDArray[np.int64]
    own: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


def firms(organisations: pa.Table, known: Gazetteer) -> Firms:
    """The organisations as they are compared."""
    table = organisations.sort_by("org_id").combine_chunks()
    names, locals_ = table["name"].to_pylist(), table["name_local"].to_pylist()
    met = dict.fromkeys(name for column in (names, locals_) for name in column if name)
    split = _taken_apart(list(met), known)
    pairs = [_both(split.get(a), split.get(b)) for a, b in zip(names, locals_, strict=True)]
    areas = [known.areas.get(place or "", Area()) for place in table["place_id"].to_pylist()]
    cited = [a.area if a.area != _NOWHERE else b.area for a, b in pairs]
    ids: list[str] = table["org_id"].to_pylist()
    parents = table["parent_org_id"].to_pylist()
    cities, cited_cities = _numbered([a.city for a in areas], [a.city for a in cited])
    _, cited_provinces = _numbered([], [a.province for a in cited])
    own, above = _numbered(ids, parents)
    numbers, is_valid = _registered(table["registration_no"].combine_chunks())
    return Firms(
        ids=ids,
        chinese=[a for a, _ in pairs],
        latin=[b for _, b in pairs],
        numbers=numbers,
        is_valid=is_valid,
        places=_numbered([], [a.place for a in areas])[1],
        cities=cities,
        cited_cities=cited_cities,
        cited_provinces=cited_provinces,
        parents=above,
        own=own,
    )


def _taken_apart(names: list[str], known: Gazetteer) -> dict[str, tuple[bool, Parts]]:
    """Whether a name is Chinese, and its parts, for each distinct name."""
    even = [unicodedata.normalize("NFKC", name) for name in names]
    is_han = [bool(_HAN.search(name)) for name in even]
    bare = [_bare(name, known) for name in even]
    branched = [
        _branched(text) if han else (text, "")
        for (text, _), han in zip(bare, is_han, strict=True)
    ]
    whole = normalised(pa.array(names, pa.string())).to_pylist()
    heads = normalised(pa.array([head for head, _ in branched], pa.string())).to_pylist()
    inner = normalised(pa.array([inside for _, inside in bare], pa.string())).to_pylist()
    found = {}
    for place, name in enumerate(names):
        head, tail = branched[place]
        if is_han[place]:
            core, area = known.cited(heads[place])
            core = core if len(core) >= 2 else heads[place]
            marks = _marks(whole[place], tail)
            words: tuple[str, ...] = ()
        else:
            every = [word for word in _WORD.findall(head.lower()) if word not in _LEGAL]
            words_, area = known.cited_words(every)
            words = tuple(words_) if words_ else tuple(every)
            core = "".join(words) or heads[place]
            marks = _marks(whole[place], "")
        if area == _NOWHERE:
            _, area = known.cited(unicodedata.normalize("NFKC", name))
        found[name] = (
            is_han[place],
            Parts(whole[place], core, inner[place], marks, area, words),
        )
    return found


def _bare(name: str, known: Gazetteer) -> tuple[str, str]:
    """A name without its brackets, and what they hold, where that is not just a place."""
    inside = ""
    for found in _BRACKETS.finditer(name):
        rest, _ = known.cited(found[1])
        if len(rest) >= 2 and rest not in ("集团", "控股", "有限合伙", "普通合伙"):
            inside = inside or found[1].removeprefix("原").removeprefix("简称")
    text = _BRACKETS.sub(
        lambda found: "" if found[1] == inside or not found[1] else found[1], name
    )
    return (text if len(text.strip()) >= 2 else name), inside


def _branched(name: str) -> tuple[str, str]:
    """The head office of a Chinese name, and the branch of it that is meant, if any."""
    for shape in (_BRANCH, _SHORT_BRANCH):
        found = shape.match(name)
        if found and not found[2].strip().startswith(("(", ")")):
            return found[1], found[2]
    return name, ""


def _marks(whole: str, tail: str) -> str:
    """The numbers in a name and its branch, as one text that tells two such names apart."""
    numbers = sorted(_digits(found) for found in _NUMBER.findall(whole))
    return "|".join([*numbers, tail] if tail else numbers)


def _digits(text: str) -> str:
    """A number in Chinese or other digits, as digits: 第二十三 is 23."""
    bare = text.removeprefix("第")
    if bare.isdecimal():
        return str(int(bare))
    if "十" in bare and len(bare) <= 3:
        tens, _, ones = bare.partition("十")
        return _DIGITS.get(tens, "1") + _DIGITS.get(ones, "0")
    return "".join(_DIGITS.get(sign, sign) for sign in bare)


def _both(
    name: tuple[bool, Parts] | None, local: tuple[bool, Parts] | None
) -> tuple[Parts, Parts]:
    """The Chinese and the Latin name of an organisation, whichever column they stand in."""
    given = [entry for entry in (local, name) if entry is not None]
    chinese = [parts for is_han, parts in given if is_han]
    latin = [parts for is_han, parts in given if not is_han]
    return _first(chinese), _first(latin)


def _first(names: list[Parts]) -> Parts:
    """The first name; a second one in the same script is its other name."""
    if not names:
        return Parts()
    first = names[0]
    if len(names) > 1 and not first.other and names[1].whole != first.whole:
        return Parts(
            first.whole, first.core, names[1].whole, first.marks, first.area, first.words
        )
    return first


def _registered(column: pa.Array) -> tuple[list[str], NDArray[np.bool_]]:
    """Registration numbers as they are compared, and whether their check character holds."""
    plain = plain_numbers(column)
    even = pc.fill_null(pc.utf8_upper(pc.utf8_normalize(plain, "NFKC")), "")
    even = pc.replace_substring_regex(even, r"[^0-9A-Z]", "")
    is_code = pc.match_substring_regex(even, r"^[0-9A-Z]{18}$")
    at = np.flatnonzero(is_code.to_numpy(zero_copy_only=False))
    is_valid = np.zeros(len(even), dtype=bool)
    if len(at):
        is_valid[at] = credit_codes_hold(even.take(pa.array(at)))
    return even.to_pylist(), is_valid


def _numbered(
    first: list[str] | list[str | None], second: list[str | None]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two columns as numbers of their distinct values, -1 for a blank."""
    codes: dict[str, int] = {}
    found = [
        -1 if value is None else codes.setdefault(value, len(codes))
        for value in [*first, *second]
    ]
    numbers = np.array(found, dtype=np.int64)
    return numbers[: len(first)], numbers[len(first) :]
