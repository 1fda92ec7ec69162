"""Told to stop, a run ends at its own time."""

import os
import signal

import pytest
from ppad_training.stopping import stop_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_told_the_second_acts_as_ever(number):
    before = signal.getsignal(number)
    try:
        signal.signal(number, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
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
