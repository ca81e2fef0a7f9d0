"""Names as they are compared: without legal forms, signs and differences of width and case.

Two ways of writing one name come out the same; two organisations should not. So what stands
in brackets is kept, and so are 集团, Group and Holdings, branches, and a place at the front.
"""

import pyarrow as pa
import pyarrow.compute as pc

# Legal forms in Latin letters stand as words of their own: after a blank or a sign.
_LATIN = (
    r"company|co|corporation|corp|incorporated|inc|limited|ltd|llc|llp|plc"
    r"|pte|pty|pvt|sdn|bhd|gmbh|mbh|ag|kg|kgaa|se|oyj?|ab|aps|sarl|sas|srl|spa|sa|k\.?k"
    r"|s\.\s?a|s\.\s?p\.\s?a|s\.\s?r\.\s?l|s\.\s?a\.\s?s|n\.?\s?v|b\.?\s?v|a/s"
)
_SIGNS = r"[\pP\pZ\s]"
_LATIN_FORM = rf"(?:{_SIGNS}+(?:{_LATIN}))+{_SIGNS}*$"
_CHINESE_FORM = (
    "(?:(?:股份)?(?:有限)?(?:[责責]任)?公司|股份有限|有限合伙|(?:特殊)?普通合伙|合伙企业"
    "|株式[会會]社)+$"
)
_LEFT_OUT = r"[\pP\pZ\s\p{Cc}\p{Cf}®©~|`^]+"
_MARKS = "[™℠]"
# Anything but small letters, digits and the ideographs that NFKC leaves as they are.
_UNEVEN = r"[^a-z0-9\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}]"
_FOLDED = (("ß", "ss"), ("\N{GREEK SMALL LETTER FINAL SIGMA}", "\N{GREEK SMALL LETTER SIGMA}"))


def normalised(names: pa.Array) -> pa.Array:
    """The names as they are compared; blank where a name is.

    Half width and lower case (NFKC); blanks and signs out, brackets of every kind too, while
    what they hold stays; legal forms off the end (有限责任公司, 股份有限公司, 公司; Co., Ltd.,
    Inc., GmbH, AG, S.A., plc, LLC and the like). Where that would leave nothing, the legal
    form stays; a name of signs alone stays as it is.

    ============================================  ==========================
    株洲中车时代电气股份有限公司                  株洲中车时代电气
    株洲中车时代电气（上海）有限公司              株洲中车时代电气上海
    中国中车集团有限公司                          中国中车集团
    CRRC Zhuzhou Locomotive Co., Ltd.             crrczhuzhoulocomotive
    Siemens Mobility GmbH & Co. KG                siemensmobility
    Kawasaki Holdings Inc                         kawasakiholdings
    公司                                          公司
    ============================================  ==========================

    Parameters
    ----------
    names : (n,) string

    Returns
    -------
    (n,) string
    """
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    if not _any(names, _UNEVEN):
        return _without(names, _CHINESE_FORM, names)
    even = pc.replace_substring_regex(names, _MARKS, "") if _any(names, _MARKS) else names
    even = pc.utf8_lower(pc.utf8_normalize(even, "NFKC"))
    for letter, folded in _FOLDED:
        even = pc.replace_substring(even, letter, folded)
    whole = pc.replace_substring_regex(even, _LEFT_OUT, "")
    whole = pc.if_else(pc.equal(whole, ""), names, whole)
    bare = pc.replace_substring_regex(even, _LATIN_FORM, "")
    bare = pc.replace_substring_regex(bare, _LEFT_OUT, "")
    return _without(bare, _CHINESE_FORM, whole)


def _without(names: pa.Array, form: str, whole: pa.Array) -> pa.Array:
    """The names without the form at their end; ``whole`` where nothing would be left."""
    bare = pc.replace_substring_regex(names, form, "")
    return pc.if_else(pc.equal(bare, ""), whole, bare)


def _any(names: pa.Array, shape: str) -> bool:
    return pc.any(pc.match_substring_regex(names, shape)).as_py() is True
