"""Who hears of every call of AWS in this process. Clients take this over when they are made: it is imported before."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore import handlers
from botocore.model import OperationModel

from bench.warmed.calls import Call

ears: list[Callable[[Call], None]] = []
_asked: list[tuple[str, str, dict[str, Any]]] = []


def _ask(params: dict[str, Any], model: OperationModel, **_: object) -> None:
    _asked[:] = [(model.service_model.service_name, model.name, dict(params))]


def _answer(response_dict: Mapping[str, Any], **_: object) -> None:
    for hear in ears:
        hear(Call(*_asked[0], response_dict["status_code"], response_dict["body"]))


handlers.BUILTIN_HANDLERS += [("before-parameter-build", _ask), ("response-received", _answer)]
