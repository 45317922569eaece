"""The clock: the one place that tells the time, so that tests and the local server can move it."""

from datetime import UTC, datetime, timedelta

# How far the clock stands from the real one. Always zero in AWS.
offset = timedelta()


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC) + offset


def whole_seconds(moment: datetime) -> datetime:
    """Cut a moment to whole seconds: what the API shows is then exactly what Roster judges by."""
    return moment.replace(microsecond=0)


def rfc3339(moment: datetime) -> str:
    """Write a moment as the API shows it, `2026-01-31T12:00:00Z`."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
