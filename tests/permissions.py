"""A plugin: in the whole run, each call to AWS of each function is judged by the template's own policies.

It listens to botocore's own events, so that nothing of ours is patched. `World.invoke` says which function is at work;
what tests do to the table themselves is nobody's, and not judged. What is denied fails the test in which it happened.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import pytest
from botocore import handlers
from botocore.model import OperationModel

from tests.asked import asked
from tests.grants import Ask, Grant, roles


class Use(NamedTuple):
    """What a function did, and the parts of its policies without which it would have been denied."""

    function: str
    ask: Ask
    needed: set[Grant]


_at_work: ContextVar[str | None] = ContextVar("at_work", default=None)
_denied: list[str] = []
_uses: list[list[Use]] = []  # of whoever keeps them


@contextmanager
def at_work(function: str | None) -> Iterator[None]:
    """Judge the calls made inside as those of a function, or as nobody's."""
    token = _at_work.set(function)
    try:
        yield
    finally:
        _at_work.reset(token)


@contextmanager
def kept() -> Iterator[list[Use]]:
    """Keep what functions do inside."""
    uses: list[Use] = []
    _uses.append(uses)
    try:
        yield uses
    finally:
        _uses.remove(uses)


@contextmanager
def denied() -> Iterator[list[str]]:
    """Take over what is denied inside, so that it fails no test."""
    before, _denied[:] = list(_denied), []
    found: list[str] = []
    try:
        yield found
    finally:
        found += _denied
        _denied[:] = before


def _judge(params: Mapping[str, Any], model: OperationModel, **_: object) -> None:
    function = _at_work.get()
    if function is None:
        return
    try:
        for ask in asked(model.service_model.service_name, model.name, params):
            needed = roles()[function].needs(ask)
            if needed is None:
                _denied.append(f"{function} may not {ask.action} on {ask.resource}: {dict(ask.context)}")
            for uses in _uses:
                uses.append(Use(function, ask, needed or set()))
    except (LookupError, ValueError) as error:  # functions may catch it
        _denied.append(str(error))


# Clients take over botocore's built-in handlers when they are made: this stands before the first of them.
handlers.BUILTIN_HANDLERS += [("before-parameter-build", _judge)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Fail what a fixture let a function do, and it may not."""
    return (yield from _held(item, "setup"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail a test in which a function did what it may not."""
    return (yield from _held(item, "call"))


def _held(item: pytest.Item, stage: str) -> Generator[None]:
    failed = True
    try:
        yield
        failed = False
    finally:
        denied = "\n".join(["The template's policies would deny this:", *dict.fromkeys(_denied)]) if _denied else ""
        _denied.clear()
        if denied and failed:  # for another reason, or because of this one
            item.add_report_section(stage, "permissions", denied)
    if denied:
        pytest.fail(denied, pytrace=False)
