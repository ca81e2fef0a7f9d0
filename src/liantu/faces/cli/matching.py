"""The command that looks for firms recorded twice, and merges what is confirmed."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from liantu.errors import Problem, Refusal
from liantu.faces.cli.application import Folder, Lang, app, tell, tell_problems, work

if TYPE_CHECKING:
    from liantu.faces.study import Study
    from liantu.faces.words import Words

Form = Literal["text", "json", "csv", "xlsx"]


@app.command()
def match(
    workspace: Folder,
    *,
    at_least: Annotated[
        float, typer.Option(min=0, max=1, help="List pairs at least so probable.")
    ] = 0.5,
    form: Annotated[
        Form, typer.Option("--format", help="csv and xlsx have a column to mark.")
    ] = "text",
    lang: Lang = None,
    merge: Annotated[
        list[str] | None,
        typer.Option(metavar="KEEP=DROP", help="Merge DROP into KEEP; may be repeated."),
    ] = None,
    confirmed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Merge the pairs of a CSV or XLSX whose 'same' is yes (是)."
        ),
    ] = None,
    conflicts: Annotated[
        Literal["refuse", "keep"],
        typer.Option(help="Where rows contradict each other: refuse all, or keep KEEP's row."),
    ] = "refuse",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what a merge changes, and change nothing.")
    ] = False,
) -> None:
    """List organisations that may be one firm, and why; merge those that are confirmed.

    Nothing is merged by itself. A merge is one generation, and undo takes it back.
    """
    pairs = [_pair(text) for text in merge or ()]
    if confirmed is not None:
        from liantu.matching import confirmed as marked  # noqa: PLC0415

        pairs += marked(confirmed)
        if not pairs:
            tell(f"{confirmed.name}: no row has yes in its column same; nothing is merged")
            return
    if pairs:
        _merge(workspace, pairs, conflicts, dry_run=dry_run)
        return
    from liantu.faces.study import Study  # noqa: PLC0415
    from liantu.faces.words import Words  # noqa: PLC0415

    study = Study.open(workspace)
    _show(study, Words(lang or study.language, study.names), at_least, form)


def _show(study: "Study", words: "Words", at_least: float, form: Form) -> None:
    from liantu.faces import matches  # noqa: PLC0415

    with work("comparing organisations"):
        found = matches.proposals(study, at_least)
    if form == "text":
        typer.echo(matches.as_text(found, words))
    elif form == "json":
        shown = matches.as_json(found, study.stamp)
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        written = {"csv": matches.as_csv, "xlsx": matches.as_xlsx}[form](found, words)
        sys.stdout.buffer.write(written)
        for sentence in matches.told(found):
            tell(words.say(sentence))


def _merge(
    folder: Path,
    pairs: list[tuple[str, str]],
    conflicts: Literal["refuse", "keep"],
    *,
    dry_run: bool,
) -> None:
    from liantu.faces.cli.keeping import print_counts  # noqa: PLC0415
    from liantu.workspace import Workspace  # noqa: PLC0415

    done = Workspace.open(folder).merge_organisations(
        pairs, conflicts=conflicts, dry_run=dry_run
    )
    tell_problems(done.warnings)
    print_counts(done.diff)
    if dry_run:
        typer.echo("nothing was written: this was a dry run")
    elif done.generation is None:
        typer.echo("nothing changed: no new generation")
    else:
        number = done.generation.number
        typer.echo(f"generation {number}: {done.generation.note} (liantu undo takes it back)")


def _pair(text: str) -> tuple[str, str]:
    keep, equals, drop = (part.strip() for part in text.partition("="))
    if not (keep and equals and drop):
        raise Refusal(
            Problem("unknown-pair", "KEEP=DROP", f'"{text}"', "write --merge KEEP=DROP")
        )
    return keep, drop
