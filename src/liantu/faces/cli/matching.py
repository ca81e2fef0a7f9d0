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
def match(  # noqa: PLR0913 - an option for each thing that may be asked or answered
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
            metavar="FILE",
            help="Merge the pairs of a CSV or XLSX whose 'same' is yes (是), and remember "
            "those whose 'same' is no (否).",
        ),
    ] = None,
    apart: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEEP=DROP", help="Remember that the two are not one firm; may be repeated."
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
    same = [_pair(text, "--merge") for text in merge or ()]
    other = [_pair(text, "--apart") for text in apart or ()]
    if confirmed is not None:
        from liantu.matching import confirmed as marked  # noqa: PLC0415

        answers = marked(confirmed)
        same += answers.same
        other += answers.apart
        if not same and not other:
            tell(f"{confirmed.name}: no row has yes or no in its column same; nothing is done")
            return
    _refuse_both(same, other)
    if other:
        _keep_apart(workspace, other, dry_run=dry_run)
    if same:
        _merge(workspace, same, conflicts, dry_run=dry_run)
    if same or other:
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


def _keep_apart(folder: Path, pairs: list[tuple[str, str]], *, dry_run: bool) -> None:
    from liantu.workspace import Workspace  # noqa: PLC0415

    new = Workspace.open(folder).keep_apart(pairs, dry_run=dry_run)
    if dry_run:
        typer.echo(f"{new:,} more pairs would be remembered as two firms")
        return
    typer.echo(
        f"{new:,} more pairs are remembered as two firms ([apart] in workspace.toml; take a "
        "line out, and it is proposed again)"
    )


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


def _refuse_both(same: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    """Refuse pairs that are said to be one firm and to be two in one call."""
    apart = {frozenset(pair) for pair in other}
    words = ("yes, and no", "write the one that holds")
    problems = [
        Problem("unknown-choice", f"one answer for {keep} and {drop}", *words)
        for keep, drop in same
        if frozenset((keep, drop)) in apart
    ]
    if problems:
        raise Refusal(problems)


def _pair(text: str, option: str) -> tuple[str, str]:
    keep, equals, drop = (part.strip() for part in text.partition("="))
    if not (keep and equals and drop):
        remedy = f"write {option} KEEP=DROP"
        raise Refusal(Problem("unknown-pair", "KEEP=DROP", f'"{text}"', remedy))
    return keep, drop
