"""Actors: who does one errand each, in a thread of its own that stops at every call of AWS."""

import json
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from aws_lambda_powertools.utilities.typing import LambdaContext
from greenlet import GreenletExit, greenlet

from prove.control.calls import Call, Outcome
from prove.control.chance import Chance
from prove.control.deployment import load
from prove.control.errands import CLOCK, Errand
from roster.table import faults

REPEATS = 4  # of what was not answered
PATIENCE = timedelta(seconds=29)  # what the gateway gives a request
SERVER_ERROR = 500
RETRY_AFTER = 1  # second that a client waits
PAUSE = 400  # seconds until what was cut off comes again: longer than the lease of a mail

# What Lambda gives each environment, and all actors share here: who is resumed finds their own again.
_PROCESS_WIDE: tuple[tuple[object, str], ...] = (
    (BaseRouter, "current_event"),
    (BaseRouter, "lambda_context"),
    (faults, "_milliseconds_left"),
)


class Killed(BaseException):
    """The function was killed while it waited for AWS."""


class Actor:
    """Somebody with an errand. Between two resumptions one call of AWS happens."""

    def __init__(self, slot: int, twin: int, errand: Errand, chance: Chance) -> None:
        """Make the one in this slot, who is the first with this errand, or the second (1), …."""
        self.errand = errand
        self.call: Call | None = None  # what is asked next; None when all is done
        self.calls = 0  # how many have happened
        self.replies: list[Any] = []  # what each invocation answered; None where it was killed
        self.errors: list[Exception] = []  # that an invocation ended with
        self._chance, self._drawn = chance, random.Random(f"{twin} {errand.name}")  # noqa: S311 (it is to be repeatable)
        passes = errand.function == CLOCK
        self._handler: Callable[..., Any] = self._let_pass if passes else load(errand.function, slot).handler
        self._thread = greenlet(self._live)
        self._own: list[object] = [None for _ in _PROCESS_WIDE]
        self.dead = False

    @property
    def reply(self) -> Any:  # noqa: ANN401 (whatever the function answers)
        """What came of it in the end."""
        return self.replies[-1] if self.replies else None

    def begin(self) -> None:
        """Go on to the first call."""
        self._switch(None)

    def resume(self, outcome: Outcome) -> None:
        """Get what came of the call, and go on to the next one."""
        self.calls += 1
        self._switch(outcome)

    def stop(self) -> None:
        """End where one is."""
        if self.call is not None:
            self._switch(GreenletExit())

    def ask(self, call: Call) -> Outcome:
        """Wait for one's turn, on this actor's own thread."""
        if self.dead:
            raise AssertionError(f"{self.errand.name} asked for {call} after it was killed")
        self.call = call
        outcome: Outcome = cast("greenlet", self._thread.parent).switch()
        self.dead = isinstance(outcome, Killed | GreenletExit)
        return outcome

    def _switch(self, outcome: Outcome | None) -> None:
        others = [getattr(place, name, None) for place, name in _PROCESS_WIDE]
        _set(self._own)
        self._chance.draw_from(self._drawn)
        self.call = None
        self._thread.switch(*([] if outcome is None else [outcome]))
        self._own = [getattr(place, name, None) for place, name in _PROCESS_WIDE]
        _set(others)

    def _live(self) -> None:
        for number in range(REPEATS):
            self.dead = False
            try:
                self.replies.append(self._invoke(number))
            except Killed:
                self.replies.append(None)
                self._pause()
            except Exception as error:  # noqa: BLE001 (Lambda tells nobody what it was, and neither do we)
                self.replies.append({"errorType": type(error).__name__, "statusCode": SERVER_ERROR})
                self.errors.append(error)
                if self.errand.is_request:
                    return  # the client sees a fault of ours
                self._pause()
            else:
                if self.errand.is_over(self.reply):
                    return
                self._pause()

    def _pause(self) -> None:
        self._chance.wait(RETRY_AFTER if self.errand.is_request else PAUSE)

    def _let_pass(self, event: Mapping[str, Any], _: LambdaContext) -> dict[str, Any]:
        self.ask(Call(CLOCK, "pass", json.dumps(event).encode()))
        return {}

    def _invoke(self, number: int) -> Any:  # noqa: ANN401
        return self._handler(self.errand.event(number), context(self._chance, f"{self.errand.name}-{number}"))


def context(chance: Chance, request_id: str) -> LambdaContext:
    """Return what Lambda tells a function of its invocation, and of the time that is left."""
    deadline = chance.now + PATIENCE
    return cast(
        "LambdaContext",
        SimpleNamespace(
            function_name="roster",
            memory_limit_in_mb=256,
            invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:roster",
            aws_request_id=request_id,
            get_remaining_time_in_millis=lambda: (deadline - chance.now) // timedelta(milliseconds=1),
        ),
    )


def _set(values: list[object]) -> None:
    for (place, name), value in zip(_PROCESS_WIDE, values, strict=True):
        setattr(place, name, value)
