"""How many can change one organization at once, on a table that keeps DynamoDB's time and answers its conflicts.

A read takes 5 ms, a transaction 10 ms, and a conflict is told after 5 ms. Everybody calls at the same moment, and again
when the last of them is answered, so that the slowest counts.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from statistics import median

import httpx
import uvloop

from bench.contending.stage import Caller, Stage, staged
from bench.figures import Figure, progress, show

CALLERS = (1, 8, 16, 32)
CALLS = 48  # of each kind, by so many callers; more if there are more of them
FUNCTIONS = (
    "organizations/create",
    "organizations/plan",
    "organizations/update",
    "invite/send",
    "invite/accept",
    "members/provision",
    "roles/change",
)
SHARE = 0.7

type Call = Callable[[], Awaitable[httpx.Response]]

numbers = count()


# ---- What is called --------------------------------------------------------------------------------------------------


@dataclass
class Organization:
    """One organization, its owner, and the machines that serve it."""

    stage: Stage
    owner: Caller
    path: str

    @classmethod
    async def found(cls, stage: Stage) -> "Organization":
        """Create one, on a plan that is wide enough."""
        owner = stage.person(f"owner{next(numbers)}")
        path = f"/organizations/{(await owner.done('POST', '/organizations', {'name': 'Acme'}))['id']}"
        await stage.machine("roster/billing").done("PUT", f"{path}/plan", {"plan": "enterprise"})
        organization = cls(stage, owner, path)
        # The first invitation of a day begins the day's counts anew: all who invite at that moment lose to it, once.
        await (await organization.invite())()
        return organization

    async def join(self) -> Call:
        """Invite somebody, who is to accept."""
        person = self.stage.person(f"person{next(numbers)}")
        invitation = await self.owner.done("POST", f"{self.path}/invitations", _invitation(person.id))
        return lambda: person.call("POST", f"{self.path}/invitations/{invitation['id']}/accept")

    async def move_in(self) -> Call:
        """Let a machine add a member."""
        name, machine = f"person{next(numbers)}", self.stage.machine("roster/provision")
        body = {"email": f"{name}@example.com", "roles": ["viewer"]}
        return lambda: machine.call("PUT", f"{self.path}/members/{name}", body)

    async def invite(self) -> Call:
        """Let the owner invite somebody."""
        body = _invitation(f"person{next(numbers)}")
        return lambda: self.owner.call("POST", f"{self.path}/invitations", body)

    async def change_roles(self) -> Call:
        """Add a member, whose roles the owner is to change."""
        add = await self.move_in()
        member = (await add()).raise_for_status().json()
        path = f"{self.path}/members/{member['user_id']}/roles"
        return lambda: self.owner.call("PUT", path, {"roles": ["issuer"]})

    async def rename(self) -> Call:
        """Let the owner rename the organization: each change makes what all others have read old."""
        body = {"name": f"Acme {next(numbers)}"}
        return lambda: self.owner.call("PATCH", self.path, body)


KINDS = {
    "join": Organization.join,
    "move in": Organization.move_in,
    "invite": Organization.invite,
    "change roles": Organization.change_roles,
    "rename": Organization.rename,
}


def _invitation(name: str) -> dict[str, object]:
    return {"email": f"{name}@example.com", "roles": ["viewer"]}


# ---- Measuring -------------------------------------------------------------------------------------------------------


@dataclass
class Taken:
    """What a number of calls took."""

    seconds: float = 0
    conflicts: int = 0
    times: list[float] = field(default_factory=list)  # of those that succeeded, in milliseconds
    busy: int = 0  # answered with 503

    @property
    def rate(self) -> float:
        """How many succeeded in a second."""
        return len(self.times) / self.seconds

    async def take(self, call: Call) -> None:
        """Make a call."""
        start = time.perf_counter()
        answer = await call()
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            self.busy += 1
        else:
            answer.raise_for_status()
            self.times.append((time.perf_counter() - start) * 1000)

    def figures(self, what: str, callers: int, serial: float) -> Iterator[Figure]:
        """Yield what is to be told of it."""
        times = sorted(self.times)
        p99 = times[len(times) * 99 // 100]
        note = f"{self.rate:.1f} a second, p50 {median(times):.0f} ms, {self.conflicts / len(times):.1f} conflicts each"
        if callers > 1:
            yield Figure(
                f"{what}, {callers} at once, of the serial rate", self.rate / serial, SHARE, at_least=True, note=note
            )
            yield Figure(f"{what}, {callers} at once, refused with 503", self.busy, 0)
        if callers == CALLERS[1]:
            yield Figure(f"{what}, {callers} at once, p99 in seconds", p99 / 1000, 2)
        if callers == 1:
            yield Figure(f"{what}, one after the other, a second", self.rate, at_least=True)


async def measured(stage: Stage, kind: str, callers: int, calls: int) -> Taken:
    """Let so many callers do the same in one organization, all at once, and again until there were enough calls."""
    organization = await Organization.found(stage)
    taken = Taken()
    for _ in range(max(1, calls // callers)):
        prepared = [await KINDS[kind](organization) for _ in range(callers)]
        stage.front.timed, stage.front.conflicts, start = True, 0, time.perf_counter()
        async with asyncio.TaskGroup() as at_once:
            for call in prepared:
                at_once.create_task(taken.take(call))
        taken.seconds += time.perf_counter() - start
        taken.conflicts += stage.front.conflicts
        stage.front.timed = False
    return taken


async def _report(kinds: list[str]) -> AsyncIterator[Figure]:
    async with staged(max(CALLERS), FUNCTIONS) as stage:
        warm = await Organization.found(stage)
        for kind in kinds:  # every worker, once
            prepared = [await KINDS[kind](warm) for _ in range(2 * max(CALLERS))]
            await asyncio.gather(*(call() for call in prepared))
        for kind in kinds:
            serial = 0.0
            for callers in CALLERS:
                taken = await measured(stage, kind, callers, CALLS)
                serial = serial or taken.rate
                for figure in taken.figures(kind, callers, serial):
                    yield figure


def figures(only: str = "") -> Iterator[Figure]:
    """Let so many do each kind of change at once in one organization."""
    progress(f"starting {max(CALLERS)} workers")

    async def listed() -> list[Figure]:
        return [figure async for figure in _report([kind for kind in KINDS if only in kind])]

    yield from uvloop.run(listed())


if __name__ == "__main__":
    show(__doc__ or "", figures)
