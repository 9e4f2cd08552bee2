"""Signals that ask a long study to stop, made into one orderly interruption."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from frankensam.errors import EXIT_INTERRUPTED


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into KeyboardInterrupt; a second one ends the process at once.

    Ending at once is safe: a store is written in whole files, and a file without
    its receipt does not count. For the main thread of a command only.
    """
    asked = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(EXIT_INTERRUPTED)
        asked = True
        sys.stderr.write("\nstopping: what is finished is saved; once more to stop at once\n")
        raise KeyboardInterrupt

    wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
