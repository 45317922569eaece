"""Where the API and the demo's app listen. Older Pythons must be able to read this file."""

import errno
import os
import socket
from typing import List, NamedTuple  # noqa: UP035 - older Pythons

DEMO_BELOW = 5000  # how far the port of the demo's app is below the API's
_TRIES = 100
# What binding to ::1 fails with where there is no IPv6.
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class PortError(Exception):
    """A port that cannot be opened; its text is a sentence."""


class Ports(NamedTuple):
    """Where the API listens, and where the demo's app does: nowhere, if it is not served."""

    api: socket.socket
    app: List[socket.socket]  # noqa: UP006 - older Pythons


def listen(port: int, *, demo: bool) -> Ports:
    """Listen on the API's port, and on the demo's if it is served; 0 picks a free pair. Raises PortError."""
    if port or not demo:
        return _pair(port, demo=demo)
    for _ in range(_TRIES - 1):
        try:
            return _pair(0, demo=True)
        except PortError:
            continue
    return _pair(0, demo=True)


def _pair(port: int, *, demo: bool) -> Ports:
    try:
        api = _bound("127.0.0.1", port)
    except OSError as error:
        raise PortError(f"{_closed(port, error)} Choose another, as in `make run PORT=8001`.") from error
    below = api.getsockname()[1] - DEMO_BELOW
    try:
        return Ports(api, _local(below) if demo else [])
    except (OSError, OverflowError) as error:
        api.close()
        what = _closed(below, error)
        raise PortError(
            f"{what} The demo's app would be there: choose other ports, as in `make run PORT=8001`, "
            "or name an app of your own, as in APP=http://localhost:5173."
        ) from error


def _local(port: int) -> List[socket.socket]:  # noqa: UP006 - older Pythons
    """Listen wherever a browser looks for localhost."""
    first = _bound("127.0.0.1", port)
    try:
        return [first, _bound("::1", port)]
    except OSError as error:
        if error.errno in _NO_SUCH_ADDRESS:
            return [first]
        first.close()
        raise


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024)


def _closed(port: int, error: Exception) -> str:
    reason = os.strerror(getattr(error, "errno", None) or 0)
    return f"Port {port} cannot be opened ({reason})."
