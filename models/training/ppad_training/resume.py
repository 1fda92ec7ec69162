"""A long run saves what it has, also when it is told to stop, and goes on from there."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import torch


def save_state(file: Path, step: int, **parts: Any) -> None:
    """Each part's state dict by its name and the steps done, whole or not at all."""
    torch.save({**{name: part.state_dict() for name, part in parts.items()}, "step": step}, file.with_suffix(".tmp"))
    os.replace(file.with_suffix(".tmp"), file)


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C or SIGTERM, for a loop to save and end at its next step; the second one ends the program as ever."""
    told = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def tell(number: int, frame: FrameType | None) -> None:
        told.set()
        signal.signal(number, before[number])
        print("stopping after this step; once more ends at once", flush=True)

    for number in before:
        signal.signal(number, tell)
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
