"""Currencies: the codes of ISO 4217, and the words that offices write in their stead."""

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
# Signs that several currencies share, those first that are most likely meant.
SHARED_SIGNS: dict[str, tuple[str, ...]] = {
    "¥": ("CNY", "JPY"),
    "圆": ("CNY", "JPY"),
    "$": ("USD", "HKD", "AUD", "CAD", "SGD", "TWD", "NZD", "MXN"),
    "£": ("GBP", "EGP"),
}


def code_of(words: str) -> str | None:
    """The code that words in half width and lower case mean; None where they are none."""
    code = words.upper()
    return code if code in CODES else WORDS.get(words)
