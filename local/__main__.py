"""`python -m local`: serve all of Roster on this machine. Older Pythons must be able to read this file."""

import argparse
import os
import signal
import socket
import sys
from typing import NoReturn


def refuse(sentence: str) -> NoReturn:
    """End with a sentence and exit status 2."""
    print(sentence, file=sys.stderr)
    sys.exit(2)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        refuse(f"{message[:1].upper()}{message[1:]}; --help tells what there is.")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) >= 1 << 16:
        refuse(f"{text!r} is no port.")
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = _Parser(
        prog="python -m local", description="Serve the whole of Roster on this machine. Nothing is deployed."
    )
    parser.add_argument("--pack", default="credentials", help="the policy pack to serve (%(default)s)")
    parser.add_argument(
        "--port", default=8000, type=_port, help="the port on 127.0.0.1 (%(default)s); 0 picks a free one"
    )
    parser.add_argument("--workers", default=3, type=int, help="processes that run the functions (%(default)s)")
    return parser.parse_args()


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port), backlog=1024)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        refuse(f"Port {port} cannot be opened ({reason}). Choose another, as in `make run PORT=8001`.")


def main() -> None:
    """Refuse what cannot be served, and serve the rest."""
    if sys.version_info < (3, 13):  # noqa: UP036 - who has an older one is told so
        refuse("Roster needs Python 3.13 or newer, and this is {}.{}.".format(*sys.version_info[:2]))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    arguments = _arguments()

    from roster.policy.pack import PackError, load  # noqa: PLC0415 - not before the Python is known to do

    try:
        load(arguments.pack)
    except PackError as error:
        refuse(str(error))
    if arguments.workers < 1:
        refuse("At least one worker is needed.")
    listener = _listen(arguments.port)

    from local.server import serve  # noqa: PLC0415 - takes a second, which who is refused need not wait

    serve(arguments.pack, listener, arguments.workers)


if __name__ == "__main__":
    main()
