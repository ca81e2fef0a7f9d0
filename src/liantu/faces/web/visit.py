"""One visit: the study as it stands, the language, and the address that was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from fastapi import Request
from fastapi.responses import HTMLResponse

from liantu.faces.address import Address
from liantu.faces.page import rendered
from liantu.faces.study import Study
from liantu.faces.template import templates
from liantu.faces.view import study_name
from liantu.faces.web.menu import menu
from liantu.faces.web.subject import carried, switch
from liantu.faces.words import Words
from liantu.lens import Lens
from liantu.locale import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page needs to know of the request."""

    study: Study
    words: Words
    address: Address
    code: str
    patience: float | None

    def page(self, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
        """A page from a template, inside the frame that all share."""
        return HTMLResponse(self.text(template, **context), status_code=status)

    def text(self, template: str, **context: object) -> str:
        """The same as text."""
        other = "en" if self.words.language == "zh" else "zh"
        return rendered(
            template,
            self.words,
            self.address,
            study=self.study,
            menu=menu(self.study, self.words, self.address),
            version=self.code,
            switch=switch(self.study, self.words, self.address),
            study_name=study_name(self.study, self.words),
            reports=[
                (self.words.say(entry.outline.name), f"/report/{name}")
                for name, entry in templates().items()
            ],
            other_language=self.address.here(lang=other),
            **context,
        )

    def lens(self, lens: Lens) -> str:
        """The page of a lens, about the records that this address has chosen."""
        return self.address.to(f"/lens/{lens.name}", carried(lens, self.study, self.address))

    def waiting(self, given: Mapping[str, str], *lenses: Lens) -> HTMLResponse:
        """A page that says what is being computed, and how far, and asks again by itself."""
        titles = [self.words.say(lens.title) for lens in lenses]
        far = [self.study.progress(lens.name, _own(lens, given)) for lens in lenses]
        page = self.page(
            "waiting.html",
            status=202,
            titles=self.words.say(", ").join(titles),
            progress=[progress for progress in far if progress],
        )
        page.headers["Cache-Control"] = "no-store"
        return page


def _own(lens: Lens, given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in lens.parameters.model_fields if name in given}


def visit(request: Request) -> Visit:
    """The visit that a request makes; a list repeated in the address is joined by commas."""
    study = study_of(request)
    query = flat(request)
    return Visit(
        study,
        words_of(study, query.get("lang")),
        Address(request.url.path, query),
        request.app.state.code,
        request.app.state.patience,
    )


def study_of(request: Request) -> Study:
    """The study of the generation in use, opened once for each generation."""
    held = cast("Study", request.app.state.study)
    study = held.refreshed()
    if study is not held:
        request.app.state.study = study
    return study


def flat(request: Request) -> dict[str, str]:
    """The query of a request, each name once."""
    given = request.query_params
    return {name: ",".join(given.getlist(name)) for name in given}


def words_of(study: Study, asked: str | None) -> Words:
    """The words of the language asked for, else of the workspace's own."""
    language: Language = "zh" if asked == "zh" else "en"
    return Words(language if asked in LANGUAGES else study.language, study.names)


def question(query: Mapping[str, str], hidden: frozenset[str]) -> dict[str, str]:
    """What an address asks, without how it is looked at."""
    return {name: text for name, text in query.items() if name not in hidden}
