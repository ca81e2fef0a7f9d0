"""Calls in several threads, and what they return as they end."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed


def as_finished(
    solve: Callable[[int], int], starts: Sequence[int], workers: int
) -> Iterator[int]:
    """What each call returns, as they end; once one has failed none begins."""
    if workers < 2:
        yield from map(solve, starts)
        return
    with ThreadPoolExecutor(workers) as pool:
        calls = [pool.submit(solve, start) for start in starts]
        try:
            yield from (call.result() for call in as_completed(calls))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
