"""The limits of a day: how often an organization, an address and a person may be sent invitations, and by whom."""

from collections import Counter
from collections.abc import Iterator
from copy import copy

from prove.oracle.model import Event, State
from prove.oracle.packs import PACKS

SENDING = {"invitation.sent", "invitation.resent"}
PER_ADDRESS = 5
FOUNDED = 10  # by one person
DAY = len("2026-01-31")


class Limits:
    """What was counted so far. Days are UTC's."""

    def __init__(self, pack_name: str, state: State | None = None) -> None:
        """Count what has happened before, by the events of a state."""
        self._pack = PACKS[pack_name]
        self._counted: Counter[tuple[str, ...]] = Counter()
        if state is not None:
            for event in state.events.values():
                list(self.exceeded(state, state, event))

    def copy(self) -> "Limits":
        """Return the same, to count on from here."""
        made = copy(self)
        made._counted = self._counted.copy()  # noqa: SLF001 (it is one of these)
        return made

    def exceeded(self, before: State, after: State, event: Event) -> Iterator[str]:
        """Count a commit, and yield which limits it is beyond."""
        day = event.at[:DAY]
        known = all(event.organization_id in state.organizations for state in (before, after))
        if event.type in SENDING and known:
            organization = before.organizations[event.organization_id]
            sent = after.organizations[event.organization_id].invitations.get(event.target_id)
            allowed = self._pack.invitations_per_day[organization.plan]
            email = sent.email if sent else ""
            yield from self._count(allowed, "invitations of an organization", day, organization.id)
            yield from self._count(allowed, "invitations by one person", day, event.actor_id or "", organization.plan)
            yield from self._count(PER_ADDRESS, "invitations of one address", day, organization.id, email)
        if event.type == "organization.created" and event.actor_type == "user":
            yield from self._count(FOUNDED, "organizations of one founder", day, event.actor_id or "")

    def is_near(self, organization_id: str, plan: str, actor: str, email: str, at: str) -> bool:
        """Tell whether one invitation more is beyond a limit, or nearly."""
        day, allowed = at[:DAY], self._pack.invitations_per_day[plan]
        return (
            self._counted["invitations of an organization", day, organization_id] >= allowed
            or self._counted["invitations by one person", day, actor, plan] >= allowed
            or self._counted["invitations of one address", day, organization_id, email] >= PER_ADDRESS
        )

    def forget(self, user_id: str) -> None:
        """Forget what was counted of a person: they were erased."""
        for counted in [one for one in self._counted if one[2] == user_id]:
            del self._counted[counted]

    def _count(self, allowed: int, what: str, *of: str) -> Iterator[str]:
        self._counted[what, *of] += 1
        if (count := self._counted[what, *of]) > allowed:
            yield f"{count} {what} in a day, where {allowed} are allowed: {' '.join(of)}."
