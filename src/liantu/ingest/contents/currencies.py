"""Currencies: the codes of ISO 4217, and the words that offices write in their stead."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import did_you_mean

CODES = frozenset(
    (  # noqa: SIM905 - 170 quotation marks more make a list no clearer
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD "
        "BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP "
        "DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS "
        "INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL "
        "LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR "
        "NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP "
        "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN "
        "UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XDR XOF XPF YER ZAR ZMW ZWG "
    ).split()
)
WORDS = {
    "元": "CNY",
    "人民币": "CNY",
    "人民币元": "CNY",
    "元人民币": "CNY",
    "rmb": "CNY",
    "yuan": "CNY",
    "美元": "USD",
    "us$": "USD",
    "欧元": "EUR",
    "€": "EUR",
    "日元": "JPY",
    "英镑": "GBP",
    "港元": "HKD",
    "港币": "HKD",
    "新台币": "TWD",
    "澳门元": "MOP",
    "韩元": "KRW",
    "卢布": "RUB",
    "瑞士法郎": "CHF",
    "新加坡元": "SGD",
    "澳元": "AUD",
    "加元": "CAD",
}
# Signs of several currencies, with those that are most likely meant.
_SEVERAL = {"¥": ("CNY", "JPY"), "$": ("USD", "HKD"), "£": ("GBP", "EGP"), "圆": ("CNY", "JPY")}


@dataclass(frozen=True, slots=True)
class Currencies:
    """The codes that cells mean, null where none is meant; what was read as what, and what not.

    ``readings`` maps words to the code that they were read as, ``strange`` words that are no
    currency to a hint.
    """

    codes: pa.Array
    readings: dict[str, str]
    strange: dict[str, str]


def code_of(words: str) -> str | None:
    """The code that words mean, as ``plain`` makes them; None where they are no currency."""
    code = words.upper()
    return code if code in CODES else WORDS.get(words)


def currencies(cells: pa.Array) -> Currencies:
    """The cells of a column as codes: CNY as it is, 人民币 as CNY, which is told."""
    met: list[str] = cells.unique().drop_null().to_pylist()
    if CODES.issuperset(met):
        return Currencies(cells, {}, {})
    meant = {words: code_of(_even(words)) for words in met}
    found = pa.array(list(meant.values()), pa.string())
    codes = found.take(pc.index_in(cells, value_set=pa.array(list(meant), pa.string())))
    readings = {words: code for words, code in meant.items() if code and words.upper() != code}
    return Currencies(codes, readings, dict(_strange(meant)))


def _strange(meant: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    for words, code in meant.items():
        if code is None:
            several = _SEVERAL.get(_even(words))
            hint = f"did you mean {' or '.join(several)}?" if several else ""
            yield words, hint or did_you_mean(words, ["CNY", "USD", "EUR", *sorted(CODES)])


def _even(words: str) -> str:
    return "".join(words.split()).replace("￥", "¥").casefold()
