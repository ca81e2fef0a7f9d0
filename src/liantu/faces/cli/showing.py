"""The commands that show a workspace whole: the example, the report, the observatory."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from liantu.errors import Problem, Refusal
from liantu.faces.cli.application import Folder, Lang, Language, app, work

if TYPE_CHECKING:
    from liantu.faces.template import Template


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("zhuzhou"),
    *,
    serve: Annotated[bool, typer.Option(help="Serve the observatory when it is built.")] = True,
    host: str = "127.0.0.1",
    port: int = 8765,
) -> None:
    """Build the example workspace, write its report, and serve it."""
    from liantu.faces.demo import build  # noqa: PLC0415 - each command loads what it needs

    with work("building the Zhuzhou example"):
        build(folder)
    written = folder / "report.html"
    with work("writing its report"):
        _write_report(folder, written)
    typer.echo(f"workspace {folder}\nreport    {written}")
    if serve:
        _serve(folder, host, port)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def report(
    context: typer.Context,
    workspace: Folder,
    out: Annotated[Path, typer.Option("-o", metavar="FILE.html", help="Where to write it.")],
    lens: Annotated[
        list[str] | None, typer.Option(help="Only this lens; may be repeated.")
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE.toml",
            help="Chapters of a template, such as mirror; its parameters as --NAME VALUE.",
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Write the report: every lens that has something to say, or a template, in one file."""
    from liantu.faces.cli.asking import given_in  # noqa: PLC0415
    from liantu.faces.template import template as read  # noqa: PLC0415
    from liantu.parameters import Parameters  # noqa: PLC0415

    if template is not None and lens:
        raise Refusal(
            Problem(
                "template-and-lens", "a template, or lenses", "both", "leave one of them out"
            )
        )
    chosen = read(template) if template is not None else None
    model = chosen.parameters if chosen else Parameters
    told_by = f"the template {template}" if chosen else "liantu report --help"
    given = given_in(context.args, model, told_by)
    if given and not chosen:
        raise Refusal(
            Problem(
                "unknown-parameter",
                "parameters only with a template",
                ", ".join(f'"--{name}"' for name in given),
                "name a template: --template mirror",
            )
        )
    with work("writing the report"):
        _write_report(workspace, out, lang, lens, (chosen, given))
    typer.echo(f"report {out}")


@app.command()
def serve(
    workspace: Folder,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8765,
) -> None:
    """Serve the observatory."""
    _serve(workspace, host, port)


def _write_report(
    folder: Path,
    out: Path,
    lang: Language | None = None,
    lenses: list[str] | None = None,
    template: "tuple[Template | None, dict[str, Any]]" = (None, {}),
) -> None:
    from liantu.disk import refusing, write_text  # noqa: PLC0415
    from liantu.faces.report import report_html  # noqa: PLC0415
    from liantu.faces.study import Study  # noqa: PLC0415

    if out.suffix.lower() not in (".html", ".htm"):
        raise Refusal(
            Problem(
                "unknown-report",
                "a report's file to end in .html",
                f'"{out.name}"',
                "write FILE.html; a browser prints it as PDF",
            )
        )
    with refusing("write the report", "choose a place you may write to, with space"):
        study = Study.open(folder)
        write_text(out, report_html(study, lang or study.language, lenses, *template))


def _serve(folder: Path, host: str, port: int) -> None:
    import socket  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415

    from liantu.faces.study import Study  # noqa: PLC0415
    from liantu.faces.web import app as observatory  # noqa: PLC0415

    served = observatory(Study.open(folder), hosts=(host,))
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise Refusal(
            Problem(
                "address-in-use",
                f"to listen at {host}:{port}",
                str(error.strerror or error),
                "choose another with --port, or stop what listens there",
            )
        ) from error
    typer.echo(f"serving   http://{host}:{port}/   (stop with Ctrl-C)")
    uvicorn.run(served, host=host, port=port, log_level="warning")
