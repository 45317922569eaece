"""`python -m local`: serve all of Roster on this machine. Older Pythons must be able to read this file."""

import argparse
import re
import signal
import sys

from local.arguments import Parser, refuse
from local.ports import DEMO_BELOW, PortError, listen

# An origin as browsers write it. Whoever copies it from their app's terminal may bring a slash at its end.
_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:(?P<port>[0-9]{1,5}))?/?",
    re.ASCII | re.IGNORECASE,
)
_USUAL = {"http": 80, "https": 443}


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) >= 1 << 16:
        refuse(f"{text!r} is no port.")
    return int(text)


def origin(text: str) -> str:
    """Return an app's origin as browsers write it; of nothing, nothing. Ends with a sentence if it is none."""
    if not text:
        return ""
    found = _ORIGIN.fullmatch(text)
    port = int(found["port"] or "1") if found else 0
    if found is None or not 0 < port < 1 << 16:
        refuse(f"{text!r} is no origin of an app: give scheme, host and port alone, as in APP=http://localhost:5173.")
    scheme, host = found["scheme"].lower(), found["host"].lower()
    unsaid = not found["port"] or port == _USUAL[scheme]
    return f"{scheme}://{host}" if unsaid else f"{scheme}://{host}:{port}"


def _demo_origin(port: int) -> str:
    if port <= DEMO_BELOW:
        refuse(
            f"Port {port} leaves none for the demo's app, which has the port {DEMO_BELOW} below: "
            f"choose a higher one, or name an app of your own, as in APP=http://localhost:5173."
        )
    return origin(f"http://localhost:{port - DEMO_BELOW}")


def _arguments() -> argparse.Namespace:
    parser = Parser(
        prog="python -m local", description="Serve the whole of Roster on this machine. Nothing is deployed."
    )
    parser.add_argument("--pack", default="credentials", help="the policy pack to serve (%(default)s)")
    parser.add_argument(
        "--port", default=8000, type=_port, help="the port on 127.0.0.1 (%(default)s); 0 picks a free one"
    )
    parser.add_argument(
        "--app",
        default="",
        type=origin,
        help="the origin of your app, such as http://localhost:5173: mailed links lead there, and its pages may call "
        f"the API (default: http://localhost and the port {DEMO_BELOW} below the API's, where the demo's app is served "
        "if `make run` has built it)",
    )
    parser.add_argument("--seed", action="store_true", help="begin with the demo's people and organizations")
    parser.add_argument("--workers", default=3, type=int, help="processes that run the functions (%(default)s)")
    return parser.parse_args()


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
    origin_of_app = arguments.app or (arguments.port and _demo_origin(arguments.port))

    from local import app  # noqa: PLC0415 - as above

    demo = not arguments.app and app.is_built()
    if not arguments.app and not demo:
        print("The demo's app is not built, and so not served: `make run` builds it.", file=sys.stderr)
    try:
        ports = listen(arguments.port, demo=demo)
    except PortError as error:
        refuse(str(error))

    from local.server import serve  # noqa: PLC0415 - takes a second, which who is refused need not wait

    origin_of_app = origin_of_app or _demo_origin(ports.api.getsockname()[1])
    serve(arguments.pack, ports, arguments.workers, app=origin_of_app, seeded=arguments.seed)


if __name__ == "__main__":
    main()
