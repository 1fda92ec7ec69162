"""A run's state is kept; told to stop, it ends at its own time."""

import os
import signal

import pytest
import torch
from ppad_training.resume import save_state, stop_signals


def interrupt(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_told_the_second_acts_as_ever(number):
    before = signal.getsignal(number)
    try:
        signal.signal(number, interrupt)
        with stop_signals() as told:
            assert not told.is_set()
            os.kill(os.getpid(), number)
            assert told.is_set()
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), number)
                signal.sigtimedwait([], 1)
    finally:
        signal.signal(number, before)


def test_afterwards_signals_are_what_they_were():
    before = signal.getsignal(signal.SIGTERM)
    with stop_signals():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_state_that_cannot_be_written_leaves_the_one_before(tmp_path, monkeypatch):
    file, part = tmp_path / "state.pt", torch.nn.Linear(2, 2)
    save_state(file, 5, part=part)
    monkeypatch.setattr(torch, "save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_state(file, 6, part=part)
    kept = torch.load(file, weights_only=True)
    assert kept["step"] == 5 and torch.equal(kept["part"]["weight"], part.weight)
