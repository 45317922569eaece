"""Workers: work is done by all cores, each in a process of its own, and told of while it is done."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait

EVERY = 5.0  # seconds between lines of progress


def work[T](tasks: Iterator[Callable[[], T]], seconds: float | None = None, *, ahead: int = 1) -> Iterator[T]:
    """Do tasks until there are no more, or the time is over, and yield what came of each, as it comes.

    A task is taken only when its worker has fewer than `ahead` left: it may know what was yielded before.
    """
    started = time.monotonic()
    begun: set[Future[T]] = set()
    most = (os.process_cpu_count() or 1) * ahead
    with ProcessPoolExecutor(most // ahead) as pool:
        while True:
            over = seconds is not None and time.monotonic() - started > seconds
            while not over and len(begun) < most and (task := next(tasks, None)) is not None:
                begun.add(pool.submit(task))
            if not begun:
                return
            done, begun = wait(begun, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


class Progress:
    """Lines of progress, not too many of them."""

    def __init__(self) -> None:
        self._started = self._told = time.monotonic()

    def tell(self, told: Callable[[], str]) -> None:
        """Print how far it is, if the last line is long enough ago."""
        now = time.monotonic()
        if now - self._told > EVERY:
            self._told = now
            print(f"  {now - self._started:5.0f} s: {told()}", flush=True)
