"""Text from templates: sentences with their values in bold, dates in words, marks."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from liantu.faces.address import Address
from liantu.faces.chainmap import state_bar, state_mark
from liantu.faces.words import Words
from liantu.locale import Language
from liantu.result import Sentence, Value

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rendered(template: str, words: Words, address: Address, **context: object) -> str:
    """A template filled with words of one language; ``t`` and ``say`` translate in it."""

    def say(sentence: str, **values: Value) -> str:
        return words.say(Sentence(sentence, values))

    def spoken(sentence: Sentence | str, **values: Value) -> Markup:
        whole = Sentence(sentence, values) if isinstance(sentence, str) else sentence
        return Markup().join(_piece(words, whole))

    def when(text: str, *, clock: bool = False) -> str:
        return in_words(text, words.language, clock=clock)

    return (
        _environment()
        .get_template(template)
        .render(
            t=words.say,
            told=words.told,
            say=say,
            spoken=spoken,
            when=when,
            words=words,
            plain=words.plain,
            language=words.language,
            address=address,
            **context,
        )
    )


def in_words(when: str, language: Language, *, clock: bool = False) -> str:
    """A date, and the time in UTC where asked, as it is written in a language."""
    try:
        time = dt.datetime.fromisoformat(when)
    except ValueError:
        return when
    if language == "zh":
        date = f"{time.year} 年 {time.month} 月 {time.day} 日"
    else:
        date = f"{time.day} {_MONTHS[time.month - 1]} {time.year}"
    return f"{date} {time:%H:%M:%S} UTC" if clock else date


def style(name: str = "style.css") -> str:
    """The style sheet of pages and reports, or what a report adds to it."""
    return files("liantu.faces").joinpath(name).read_text("utf-8")


def without_font(sheet: str) -> str:
    """A style sheet without its font, for where that is not installed."""
    before, _, rest = sheet.partition("@font-face")
    return before + rest.partition("}")[2]


def _piece(words: Words, sentence: Sentence) -> Iterable[Markup]:
    for text, is_value in words.parts(sentence):
        yield Markup("<b>{}</b>").format(text) if is_value else escape(text)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("liantu.faces"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["state_mark"] = state_mark
    environment.globals["state_bar"] = state_bar
    return environment
