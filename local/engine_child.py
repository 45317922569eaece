"""The engine's process: ministack, on a socket that the server has opened, until the server is gone."""

import os
import socket
import sys
import threading

import uvicorn


def _end_with_the_server() -> None:
    sys.stdin.buffer.read()  # nothing is ever written: this returns when the server has ended, however it did
    os._exit(0)


def main() -> None:
    """Serve on the socket whose descriptor is the first argument."""
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    listener = socket.socket(fileno=int(sys.argv[1]))

    from ministack.app import app  # type: ignore[import-untyped]  # noqa: PLC0415 - takes half a second, with the thread above already watching

    # Without lifespan, ministack opens no ports of its own, runs no scripts and looks for no Docker.
    config = uvicorn.Config(app, lifespan="off", log_level="error", access_log=False, http="httptools", loop="uvloop")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
