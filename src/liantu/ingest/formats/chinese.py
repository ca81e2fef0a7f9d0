"""Whether bytes are Chinese in GB18030, or text in another encoding.

Nearly any two bytes are a character of GB18030, so that what decodes need not be Chinese. A
file of few characters, rare ones among them, cannot be told by how likely each of them is, for
names of counties and persons are not: 渌口, 邯郸, 董家塅. So what decodes is taken as Chinese
unless something speaks against it:

- One in five characters, and one more, is neither in GB2312 nor a frequent one of traditional
  Chinese, as where Shift-JIS and much of Big5 are read as GB18030.
- In another encoding of East Asia the same bytes hold frequent characters of its language: a
  third of all, two at least, and a larger share than the frequent ones of Chinese are here.
  So Big5, EUC-KR and EUC-JP come out, for what is frequent in one is rare in the others.
- A single byte stands between Latin letters, as in Müller, Škoda and Nîmes in Windows-1252 and
  its like, where GB18030 takes it and the letter behind it for one rare character.
- A word can be read as UTF-8 too, and is better Chinese in that: then the file is a mixture.

A word or two of another country may still pass for Chinese; so what was read is always noted,
with a sample. And a few words of Chinese may be UTF-8 by chance: ``short_chinese``.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(rb"[\x80-\xff]+")
_HIGH = re.compile(rb"[\x80-\xff]")
# Letters of two bytes in UTF-8, which fill a cell or stand behind a number.
_PAIRS = re.compile(rb"(?<=[,;\t|\r\n\"0-9])(?:[\xc2-\xdf][\x80-\xbf])+(?=[,;\t|\r\n\"])")
_LATIN_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_JUDGED = 1 << 16
_MOST_STRANGE, _LEAST_FREQUENT, _LEAST_COUNT = 1 / 5, 1 / 3, 2
# What may be a word in UTF-8: of three bytes a character to begin with, for two are always
# better Chinese in GB18030; and a letter such as é within a word of Latin letters. What stands
# before is looked at last, so that the search leaps from one first byte to the next.
_UTF8_WORD = re.compile(
    rb"[\xe2-\xef](?<![\x80-\xff][\xe2-\xef])[\x80-\xbf]{2}"
    rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*"
    rb"(?![\x80-\xff])"
)
_UTF8_LETTER = re.compile(
    rb"\xc3(?:(?<=[A-Za-z]\xc3)[\xa0-\xbf](?=[a-z])"
    rb"|(?<=[a-z]{2}\xc3)[\xa0-\xbf](?![\x80-\xff]))"
)
_CHINESE = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日"
    "意力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体政美相见被利"
    "什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论"
    "处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目量再感建务做接必场件计管期市直德资"
    "命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南"
    "品住告类求据程北边死张该交规万取拉格望术领共确传师观清今切院让识候带导争运湖江河川州县镇乡村省石湾沙"
    "塘庄店桥岛岭城港泉阳宁云广福苏浙徽陕甘青藏蒙疆澳台沈哈津渝贵黔滇桂琼鲁豫冀晋鄂湘赣沪京厂钢铁车轴轮轨"
    "器材料装备铸锻铝铜矿煤油纤药医食酒茶纸木布衣服鞋箱包具轻汽航船舶筑贸易投集团股份限责技商仓储供链研究"
    "银局委办厅械制造号街企称编码型址注册额亿单元序株洲胶塑橡炼焊漆涂泵阀缸齿弹簧绝缘缆插减速压牵引架板管"
    "膜瓶玻璃陶瓷硅碳氢锂池稀磁晶片芯模刀粉剂料棉麻丝米粮油肉奶果蔬木竹石砂泥煤焦气热冷风"
)
_TAIWANESE = frozenset(
    "的不用無是有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道"
    "行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日者意"
    "力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體政美相見被利什"
    "二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教原東聲提立及比員解水名真論處走"
    "義各入幾口認條平系氣題活更別打女變四總何電數安少報才結反受目量再建務做接必場件計管期市直德資命山金指"
    "許統區保至形社便空決治展馬科司五基書非則白界達光放強即權思象完設式色路記南品住告類求據程北邊張該交規"
    "萬取格望術領共確傳師觀清今切院讓識候帶導爭運縣鄉鎮村里臺台灣雄竹園彰嘉屏花蓮宜蘭隆澎門祖股份限工廠"
    "處備製車鐵輪軸華開專業產貨農銀辦豐際濟計畫營"
)
_JAPANESE = frozenset(
    "のをにはがでとたしてまるいすなられりかこさもくあっょきおせんけどみめそえわねだよじうつ"
    "アイウエオカキクケコサシスセソタチツテトナニノハフマミムメモラリルレロワンーッャュョバパブプドデダジガギグ"
    "株式会社日本東京都県市区町村大阪工業製作所車両鉄道電機械産田山川島中国北海福岡愛知神奈埼玉千葉兵庫広名古"
    "屋横浜一二三有限事部品交通研究発気化学金属自動"
)
_KOREAN = frozenset(
    "이다니지을수에습는로를하시자가없스일의정기어파용서음리합사트할인한은오션위아터않문있그드대제보상부만으프값"
    "름표치크작모함해실패입력데바형고전버나소여식명키경도중설행면된업되요라들열세메성구못목적비레개출과호동록변"
    "류료테화령번미조야주회산울군읍남북광천원청충경현철공립학교센특별역장양"
)
# The other encodings: what Python calls each, what it is called, and the frequent characters.
_OTHERS = (
    ("big5hkscs", "Big5", _TAIWANESE),
    ("cp932", "Shift-JIS", _JAPANESE),
    ("euc_jp", "EUC-JP", _JAPANESE),
    ("cp949", "EUC-KR", _KOREAN),
)


@dataclass(frozen=True, slots=True)
class Other:
    """An encoding that bytes are rather in, and a word of them as it reads in that."""

    encoding: str
    sample: str


@dataclass(slots=True)
class Reading:
    """What bytes say if they are read as GB18030: counts, the first word and some lines."""

    signs: int = 0
    known: int = 0
    sample: str = ""
    lines: bytes = b""

    def add(self, block: bytes, text: str) -> None:
        """Count the characters of a part of the file, which decodes as this text."""
        signs = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        signs = np.minimum(signs[signs > 0x7F], 0xFFFF)
        self.signs += signs.size
        self.known += int(_known()[signs].sum())
        if not self.sample:
            self.sample = _first(text)
        self.keep(block)

    def keep(self, block: bytes) -> None:
        """Keep some lines that are not plain ASCII, to be read in other encodings too."""
        lines = _LINE.finditer(block)
        while len(self.lines) < _JUDGED and (line := next(lines, None)):
            self.lines += line[0] + b"\n"

    @property
    def is_known(self) -> bool:
        """Whether the characters are such as Chinese has, but for one in five, and one more."""
        return self.signs - self.known <= _MOST_STRANGE * self.signs + 1

    def other(self) -> Other | None:
        """The encoding in which the lines hold more frequent characters than in this one."""
        ours = self.lines.decode("gb18030", "replace")
        most, found = _share(ours, _CHINESE | _TAIWANESE), None
        for encoding, name, frequent in _OTHERS:
            try:
                text = self.lines.decode(encoding)
            except UnicodeDecodeError:
                continue
            share = _share(text, frequent)
            if (
                share >= _LEAST_FREQUENT
                and share > most
                and _count(text, frequent) >= _LEAST_COUNT
            ):
                most, found = share, Other(name, _first(text))
        return found


def short_chinese(content: bytes) -> str | None:
    """The first word of bytes that are UTF-8 by chance, and Chinese; None where they are not.

    In UTF-8 none of the cells is a word of any language, and in GB18030 all are of GB2312: 伽师
    is an Arabic digit before a letter of phonetics, 只 a Hebrew point, 女 a letter by itself.
    """
    runs = _PAIRS.findall(b"\n%b\n" % content)
    if not runs or len(b"".join(runs)) < len(_HIGH.findall(content)):
        return None
    words = [run.decode("gb18030", "replace") for run in runs]
    is_chinese = _worth()[[min(ord(sign), 0xFFFF) for sign in "".join(words)]].all()
    is_strange = all(_is_strange(run.decode("utf-8")) for run in runs)
    return words[0] if is_chinese and is_strange else None


def _is_strange(word: str) -> bool:
    """Whether letters are of several scripts, or begin with a mark, or are Latin alone."""
    letters = [sign for sign in word if unicodedata.category(sign)[0] in "LMN"]
    if not letters or word < "\u0100":
        return False
    scripts = {unicodedata.name(sign).split(" ")[0].split("-")[0] for sign in letters}
    is_mark = unicodedata.category(word[0]) in ("Lm", "Mn")
    return is_mark or len(scripts) > 1 or scripts == {"LATIN"}


def latin_in(block: bytes) -> tuple[int, Other] | None:
    """Where a single byte is a letter of a Latin word, and that word; None where nowhere.

    The byte stands before a letter, and it follows one or begins a word of three more.
    """
    padded = np.frombuffer(b"\n\n" + block + b"\n\n\n", dtype=np.uint8)
    is_high, is_letter = padded >= 0x80, _letters()[padded]
    high, letter = (
        [signs[at : at + len(block)] for at in range(6)] for signs in (is_high, is_letter)
    )
    within = letter[1] & ~high[0] & ~high[4]
    found = np.flatnonzero(high[2] & ~high[1] & letter[3] & (within | (letter[4] & letter[5])))
    if not len(found):
        return None
    at = int(found[0])
    words = _LATIN_WORD.finditer(block, block.rfind(b"\n", 0, at) + 1)
    said = next(word[0] for word in words if word.end() > at)
    return at, Other("Windows-1252", said.decode("cp1252", "replace"))


def utf8_in(block: bytes) -> tuple[int, int, int] | None:
    """Where UTF-8 stands among other bytes, of how many words, and the number of others.

    None where nowhere.
    """
    starts = [run.start() for run in _UTF8_WORD.finditer(block) if _is_word(run, block)]
    starts += [letter.start() for letter in _UTF8_LETTER.finditer(block)]
    if not starts:
        return None
    return min(starts), len(starts), sum(1 for _ in _WORD.finditer(block)) - len(starts)


def _is_word(run: re.Match[bytes], block: bytes) -> bool:
    """Whether a run of bytes is rather UTF-8 than GB18030, which takes two bytes at a time."""
    end = run.end() + len(run[0]) % 2
    return _is_utf8(run[0], block[run.start() : end])


@lru_cache(maxsize=1 << 12)
def _is_utf8(word: bytes, as_other: bytes) -> bool:
    """Whether a word is at least as good Chinese in UTF-8 as it is in GB18030."""
    return _goodness(word.decode("utf-8", "replace")) >= _goodness(
        as_other.decode("gb18030", "replace")
    )


def _goodness(text: str) -> float:
    """How good Chinese a word is: common hanzi count twice, what GB2312 has not, nothing."""
    return float(np.mean(_worth()[[min(ord(sign), 0xFFFF) for sign in text]]))


def _share(text: str, frequent: frozenset[str]) -> float:
    """The share that frequent characters have in those that are not ASCII."""
    return _count(text, frequent) / max(1, sum(not sign.isascii() for sign in text))


def _count(text: str, frequent: frozenset[str]) -> int:
    return sum(sign in frequent for sign in text)


def _first(text: str) -> str:
    """The first word that is not ASCII."""
    found = _NOT_ASCII.search(text)
    return found[0] if found else ""


@cache
def _letters() -> NDArray[np.bool_]:
    """For each byte whether it is a Latin letter."""
    return np.array([chr(byte).isalpha() and byte < 0x80 for byte in range(256)])


@cache
def _known() -> NDArray[np.bool_]:
    """For each character whether GB2312 has it, or traditional Chinese is never without it."""
    found = _worth() > 0
    found[[ord(sign) for sign in _TAIWANESE]] = True
    return found


@cache
def _worth() -> NDArray[np.uint8]:
    """For each character 2 for a common hanzi of GB2312, 1 for all else that GB2312 has."""
    found = np.zeros(0x10000, dtype=np.uint8)
    for leads, worth in (((0xA1, 0xA9), 1), ((0xB0, 0xD7), 2), ((0xD8, 0xF7), 1)):
        pairs = (
            bytes((lead, trail))
            for lead in range(leads[0], leads[1] + 1)
            for trail in range(0xA1, 0xFF)
        )
        found[[ord(sign) for sign in b"".join(pairs).decode("gb2312", "ignore")]] = worth
    return found
