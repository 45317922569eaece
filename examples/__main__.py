"""`python -m examples`: play the stories, each against a server of its own pack."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from examples import certificates, credentials, teams

ROOT = Path(__file__).parents[1]
STORIES: Mapping[str, Callable[[str], bool]] = {
    "credentials": credentials.play,
    "teams": teams.play,
    "certificates": certificates.play,
}


@contextmanager
def served(pack: str) -> Iterator[str]:
    """Serve a pack on any free port, as `make run` does; give the address, and end the server afterwards."""
    command = [sys.executable, "-m", "local", "--pack", pack, "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            words = process.stdout.readline().split() if process.stdout else []
            if not words:
                sys.exit(f"The server of the pack {pack} has not started.")
            yield words[-1]
        finally:
            process.terminate()


def told(name: str, address: str | None) -> bool:
    """Play a story, against a server of its own unless there is one, and tell whether everything was as told."""
    print(f"\n==== {name} ====", flush=True)
    if address is not None:
        return STORIES[name](address)
    with served(name) as own:
        return STORIES[name](own)


def main() -> None:
    """Play what the command line names, and end with status 1 if something is not as told."""
    parser = argparse.ArgumentParser(
        prog="python -m examples",
        description="Run the story of each pack against a server, and check every answer and every mail. "
        "A server is started for each story, and ended after it.",
    )
    parser.add_argument("stories", nargs="*", metavar="story", help=f"{', '.join(STORIES)} (default: all)")
    parser.add_argument("--address", help="run one story against this server, which is emptied first")
    arguments = parser.parse_args()
    names = arguments.stories or [*STORIES]
    unknown = [name for name in names if name not in STORIES]
    if unknown:
        parser.error(f"there is no story {', '.join(unknown)}: choose from {', '.join(STORIES)}")
    if arguments.address and len(names) > 1:
        parser.error("a server runs one pack: name one story with --address")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that a server does not outlive this
    failed = [name for name in names if not told(name, arguments.address)]
    if failed:
        sys.exit(f"\nNot as told: {', '.join(failed)}.")
    print(f"\nAll as told: {', '.join(names)}.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
