"""Shrinking: the shortest history in which the same is still wrong, by leaving out more and more of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from prove.histories.acts import Act

type History = Sequence[Act]
type Fails = Callable[[History], bool]


def shrunk(history: History, guess: History, fails: Fails) -> History:
    """Return what is left of a history when nothing more can be left out of it (ddmin, Zeller 1999).

    A guess at what may be left saves time, if it is right.
    """
    history = _fewer(guess if fails(guess) else history, fails)
    for place in range(len(history)):
        history = _simpler(history, place, fails)
    return _fewer(history, fails)


def _fewer(history: History, fails: Fails) -> History:
    size = len(history) // 2
    while size:
        at = len(history)  # from the end: what happened early is needed most
        while at > 0:
            without = [*history[: max(0, at - size)], *history[at:]]
            if fails(without):
                history = without
            at -= size
        size //= 2
    return history


def _simpler(history: History, place: int, fails: Fails) -> History:
    """Return the history with one act as simple as can be: without its fault, and with less in its lists."""
    for act in _simpler_acts(history[place]):
        simpler = [*history[:place], act, *history[place + 1 :]]
        if fails(simpler):
            return _simpler(simpler, place, fails)
    return history


def _simpler_acts(act: Act) -> Iterator[Act]:
    if act.fault is not None:
        yield replace(act, fault=None)
    yield from (replace(act, body=body) for body in _with_less(act.body))


def _with_less(value: Any) -> Iterator[Any]:  # noqa: ANN401 (JSON)
    if isinstance(value, list) and len(value) > 1:
        yield from (value[:at] + value[at + 1 :] for at in range(len(value)))
    if isinstance(value, list):
        yield from ([*value[:at], less, *value[at + 1 :]] for at, one in enumerate(value) for less in _with_less(one))
    if isinstance(value, dict):
        yield from (value | {name: less} for name, part in value.items() for less in _with_less(part))
