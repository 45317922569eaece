"""How long requests take against the served system, on an empty table and on one with 5,000 items. Milliseconds."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import httpx

ROUNDS = 100
THREADS = 8
ITEMS_CREATED = 6  # organization, member, joined address, user, address holders, event

numbers = count()


class Person:
    """Somebody signed in."""

    def __init__(self, server: httpx.Client) -> None:
        name = f"p{next(numbers)}"
        token = server.post("/_local/token", json={"sub": name, "email": f"{name}@example.com", "name": name}).json()
        self._server, self._headers = server, {"Authorization": f"Bearer {token['access_token']}"}

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Make a request, which must succeed."""
        reply = self._server.request(method, path, json=body, headers=self._headers)
        reply.raise_for_status()
        return reply

    def create(self) -> str:
        """Create an organization, and return its path."""
        return f"/organizations/{self.call('POST', '/organizations', {'name': 'Acme'}).json()['id']}"


def timed(call: Callable[[], object]) -> float:
    """Return how long a call took."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def report(what: str, times: list[float]) -> None:
    """Print a row."""
    print(f"  {what:<32} median {median(times):6.1f}   95th percentile {quantiles(times, n=20)[-1]:6.1f}")


def measure(server: httpx.Client) -> None:
    """Time a read, a list and two kinds of change, one after the other and eight at once."""
    ada = Person(server)
    path = ada.create()
    report("GET an organization", [timed(lambda: ada.call("GET", path)) for _ in range(ROUNDS)])
    report("GET its members", [timed(lambda: ada.call("GET", f"{path}/members")) for _ in range(ROUNDS)])
    question = {"permissions": [f"badges:{number}" for number in range(50)]}
    report(
        "POST access, 50 permissions",
        [timed(lambda: ada.call("POST", f"{path}/access", question)) for _ in range(ROUNDS)],
    )
    names = count()
    rename = [timed(lambda: ada.call("PATCH", path, {"name": f"Acme {next(names)}"})) for _ in range(ROUNDS)]
    report("PATCH its name", rename)
    people = [Person(server) for _ in range(ROUNDS)]
    report("POST an organization", [timed(person.create) for person in people])
    crowd = [Person(server) for _ in range(THREADS)]
    homes = [person.create() for person in crowd]

    def rename_one_of(number: int) -> float:
        person, home = crowd[number % THREADS], homes[number % THREADS]
        return timed(lambda: person.call("PATCH", home, {"name": f"Acme {number}"}))

    with ThreadPoolExecutor(THREADS) as pool:
        start = time.perf_counter()
        times = list(pool.map(rename_one_of, range(ROUNDS * 4)))
        each = len(times) / (time.perf_counter() - start)
    report(f"PATCH, {THREADS} at once ({each:.0f} a second)", times)


def main() -> None:
    """Start a server, and measure it small and grown."""
    command = [sys.executable, "-m", "local", "--port", "0"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().split()[-1] if process.stdout else ""
        with httpx.Client(base_url=address, timeout=30) as server:
            print("while every worker warms up:")
            measure(server)
            for items in (0, 5000):
                server.post("/_local/reset")
                for _ in range(items // ITEMS_CREATED):
                    Person(server).create()
                print(f"with {items} items in the table before:")
                measure(server)
        process.terminate()


if __name__ == "__main__":
    main()
