"""How far a long run is, drawn on standard error or in a notebook."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from liantu.faces.words import Words
from liantu.methods.long_runs import Progress, running


@contextmanager
def bar(words: Words) -> Iterator[None]:
    """Draw a bar while a long run goes on, where somebody is looking; none for a short one."""
    if not sys.stderr.isatty() and "ipykernel" not in sys.modules:
        yield
        return
    from rich import progress as bars  # noqa: PLC0415 - only where it is seen
    from rich.console import Console  # noqa: PLC0415

    drawn = bars.Progress(
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, bars.TaskID] = {}
    with ExitStack() as stack:

        def report(far: Progress) -> None:
            doing = words.say(far.doing)
            if not tasks:
                stack.enter_context(drawn)
            if doing not in tasks:
                tasks[doing] = drawn.add_task(doing, total=far.total)
            drawn.update(tasks[doing], completed=far.done, total=far.total)

        stack.enter_context(running(report=report))
        yield
