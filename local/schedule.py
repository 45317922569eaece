"""What EventBridge Scheduler runs: functions every so often, by the clock that they see."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from local import Json, terminal
from local.template import ACCOUNT, REGION, Function, Schedule
from local.workers import InvocationError

LOOK = 10.0  # seconds between looks at the clock: whoever moves it is given the time to run a function themselves


class Scheduler:
    """Runs each function when its time has come; after the clock was moved on, soon, and once."""

    def __init__(
        self,
        schedules: Iterable[Schedule],
        now: Callable[[], datetime],
        invoke: Callable[[Function, Json], Awaitable[Json]],
    ) -> None:
        self._now, self._invoke = now, invoke
        self._schedules = list(schedules)
        self._due = [now() + schedule.every for schedule in self._schedules]

    async def run(self) -> None:
        """Look at the clock again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            await self.look()

    async def look(self) -> None:
        """Run what is due."""
        now = self._now()
        for place, (schedule, due) in enumerate(zip(self._schedules, self._due, strict=True)):
            self._due[place] = (
                due if now < due <= now + schedule.every else now + schedule.every
            )  # a reset sets it back
            if now >= due:
                try:
                    await self._invoke(schedule.function, scheduled(schedule, now))
                except InvocationError as error:
                    terminal.say(f"{schedule.function.name}: {error}", error=True)


def scheduled(schedule: Schedule, now: datetime) -> Json:
    """Return what a function is run with, as Scheduler makes it where no input is given."""
    return {
        "version": "0",
        "id": "d32c5kddcf5bb8c3",
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT,
        "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [
            f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{schedule.function.name.replace('/', '-')}"
        ],
        "detail": "{}",
    }
