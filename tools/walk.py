"""The walk of `make migrate` through all organizations: once to see what would change, and once to change it."""

import time
from collections import Counter
from collections.abc import Collection, Iterator

from roster.membership.standing import View
from roster.table.commit import TRIES, LostRace
from roster.table.faults import Busy, pauses
from roster.table.keys import ORGANIZATIONS
from roster.table.read import indexed
from tools.migration import Difference, Named, Refused, changes, difference, view_of
from tools.wanted import Wanted, options

EVERY = 100  # organizations, after which a line tells how far it is
NAMED = 10  # organizations that could not be migrated, by id


class Walk:
    """What was found in all organizations, and what was done."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.read = self.to_do = self.transactions = self.unfit = self.failed = 0
        self.packs: Counter[str] = Counter()
        self.elsewhere: Counter[tuple[str, str, str]] = Counter()  # on their way to another pack: from, to, options
        self.plans: Counter[Named] = Counter()
        self.caps: Counter[tuple[str, str, int | None, int | None]] = Counter()
        self.roles: Counter[Named] = Counter()
        self.invited: Counter[Named] = Counter()
        self.refused: dict[str, str] = {}

    @property
    def left(self) -> bool:
        """Whether something is not as the pack wants it: to be changed, of another pack, unknown to it, or refused."""
        pack = self.wanted.pack
        unknown = self.unknown(self.plans, pack.plans) | self.unknown(self.held, pack.roles)
        return bool(self.to_do or self.others or self.elsewhere or self.refused or unknown)

    @property
    def others(self) -> set[str]:
        """The packs of organizations that were not named to come to this one."""
        return self.packs.keys() - {self.wanted.pack.name, *self.wanted.earlier}

    @property
    def held(self) -> set[Named]:
        """The roles that members or invitations have."""
        return {*self.roles, *self.invited}

    @staticmethod
    def unknown(found: Collection[Named], known: Collection[str]) -> set[str]:
        """Return what will be called as the pack does not know it."""
        return {new for _, new in found if new not in known}

    def survey(self) -> None:
        """Read all organizations, and change nothing."""
        for view in self._organizations("read"):
            organization, mark = view.organization, view.organization.moving
            if mark is not None and not self.wanted.takes(organization):
                self.elsewhere[organization.pack, mark["to"], options(mark)] += 1
                continue
            self.packs[organization.pack] += 1
            found = self._difference(view)
            if found is not None:
                self._count(found)

    def migrate(self) -> None:
        """Change all organizations that differ. One that cannot be changed now holds up no other."""
        done = 0
        for view in self._organizations("seen"):
            try:
                done += self._migrate(view)
            except (LostRace, Busy):
                self.failed += 1
                print(f"{view.organization.id}: could not be changed now. Run this again.", flush=True)
        left = f", {self.failed} left for another run" if self.failed else ""
        print(f"{done} organization{_s(done)} migrated{left}.", flush=True)

    def _migrate(self, view: View | None) -> int:
        """Change an organization if it differs, and return how many that were.

        Lost races are decided again, so many times after each transaction that was committed.
        """
        waits = pauses(TRIES)
        while view is not None:
            found = self._difference(view)
            if found is None or found.is_none:
                return 0
            try:
                for change in changes(self.wanted, found):
                    change.commit()
                    waits = pauses(TRIES)
            except LostRace:
                pause = next(waits, None)
                if pause is None:
                    raise
                time.sleep(pause)
            else:
                if found.transactions == 1:
                    return 1
            view = view_of(view.organization.id)
        return 0

    def _difference(self, view: View) -> Difference | None:
        if not self.wanted.takes(view.organization):
            return None
        try:
            return difference(self.wanted, view)
        except Refused as refused:
            self.refused[view.organization.id] = str(refused)
            return None

    def _organizations(self, verb: str) -> Iterator[View]:
        """Yield all living organizations, and tell how far it is. The index lags: what is new is as it is to be."""
        seen = 0
        for partition in ORGANIZATIONS:
            for key in indexed(partition):
                view = view_of(key.pk.removeprefix("ORG#"))
                if view is not None:
                    seen += 1
                    yield view
                    if seen % EVERY == 0:
                        of = f" of {self.read}" if self.read else ""
                        print(f"{seen}{of} organizations {verb}", flush=True)
        self.read = seen

    def _count(self, found: Difference) -> None:
        organization, values = found.view.organization, found.values
        self.plans[found.plan] += 1
        self.roles += found.roles
        self.invited += found.invited
        self.unfit += found.unfit
        self.to_do += not found.is_none
        self.transactions += found.transactions
        for limit, name in (("owners", "max_owners"), ("members", "max_members")):
            if name in values:
                self.caps[found.plan[1], limit, _whole(getattr(organization, name)), values[name]] += 1

    def report(self) -> str:
        """Say what the pack changes, in lines for people."""
        lines = [f"The pack {self.wanted.pack.name}, and {self.read} organization{_s(self.read)}:", "", "packs"]
        lines += [f"  {self._pack(name):44} {number:8}" for name, number in sorted(self.packs.items())]
        lines += ["plans", *self._named("plan", self.plans, self.wanted.pack.plans)]
        if self.caps:
            lines += ["caps of plans, in organizations that have others"]
            for (plan, limit, old, new), number in sorted(self.caps.items(), key=str):
                lines.append(f"  {f'{plan}: {limit} {_cap(old)} -> {_cap(new)}':44} {number:8}")
        lines += [f"{'roles':46} {'members':>8} {'invited':>8}"]
        lines += self._named("role", self.held, self.wanted.pack.roles)
        lines += ["", *self.warnings(), self._to_do()]
        return "\n".join(lines)

    def _to_do(self) -> str:
        organizations = f"{self.to_do} organization{_s(self.to_do)}"
        return f"To do: {organizations}, in {self.transactions} transaction{_s(self.transactions)}."

    def _pack(self, name: str) -> str:
        return f"{name} -> {self.wanted.pack.name}" if name in self.wanted.earlier else name

    def _named(self, kind: str, found: Collection[Named], known: Collection[str]) -> Iterator[str]:
        """List the plans, or the roles with open invitations to them: the pack's, and then others."""
        unknown, places = self.unknown(found, known), {name: place for place, name in enumerate(known)}
        for old, new in sorted(found, key=lambda named: (places.get(named[0], len(places)), named)):
            called = old if old == new else f"{old} -> {new}"
            named = old, new
            numbers = f"{self.plans[named]:8}" if kind == "plan" else f"{self.roles[named]:8} {self.invited[named]:8}"
            note = f"  not in the pack: it grants nothing. Name it with --{kind} {new}=..." if new in unknown else ""
            yield f"  {called:44} {numbers}{note}"

    def warnings(self) -> Iterator[str]:
        """Say what is left, and why."""
        for name in sorted(self.others):
            yield f"Organizations of the pack {name} are left, and refused. Move them with --from-pack {name}."
        for (old, new, names), number in sorted(self.elsewhere.items()):
            yield f"{number} organization{_s(number)} half moved from the pack {old} to {new}. End that first, with"
            yield f"  --pack {new} --from-pack {old} {names}"
        if self.unfit:
            who = f"{self.unfit} member{_s(self.unfit)} {'has' if self.unfit == 1 else 'have'}"
            yield f"With this, {who} roles that the pack does not allow together. They keep them."
        for organization_id, why in [*self.refused.items()][:NAMED]:
            yield f"{organization_id} stays as it is: it {why}."
        if len(self.refused) > NAMED:
            yield f"So do {len(self.refused) - NAMED} more."

    def still(self) -> Iterator[str]:
        """Say after a migration whether something is left, and what."""
        yield from self.warnings()
        for kind, found, known in (
            ("plan", self.plans, self.wanted.pack.plans),
            ("role", self.held, self.wanted.pack.roles),
        ):
            unknown = self.unknown(found, known)
            if unknown:
                yield f"The pack has no {kind} {', '.join(sorted(unknown))}: it grants nothing. Name it with --{kind}."
        if self.to_do:
            yield f"{self.to_do} organization{_s(self.to_do)} left to migrate. Run this again."
        yield "Something is left: see above." if self.left else "Nothing is left to migrate."


def _cap(maximum: int | None) -> str:
    return "unlimited" if maximum is None else str(maximum)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _s(number: int) -> str:
    return "" if number == 1 else "s"
