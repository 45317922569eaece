"""The walk of `make migrate` through all organizations: once to see what would change, and once to change it."""

import time
from collections import Counter
from collections.abc import Collection, Iterator

from roster.membership.standing import View
from roster.table.commit import TRIES, LostRace
from roster.table.faults import Busy, pauses
from roster.table.keys import ORGANIZATIONS
from roster.table.read import indexed
from tools.migration import Difference, Refused, Wanted, difference, migrate, view_of

EVERY = 100  # organizations, after which a line tells how far it is
NAMED = 10  # organizations that could not be migrated, by id


class Walk:
    """What was found in all organizations, and what was done."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.read = self.to_do = self.transactions = self.unfit = self.failed = 0
        self.packs: Counter[str] = Counter()
        self.plans: Counter[str] = Counter()
        self.caps: Counter[tuple[str, str, int | None, int | None]] = Counter()
        self.roles: Counter[str] = Counter()
        self.invited: Counter[str] = Counter()
        self.refused: dict[str, str] = {}

    @property
    def left(self) -> bool:
        """Whether something is not as the pack wants it: of another pack, unknown to it, refused or failed."""
        return bool(self.others or self.unknown_plans or self.unknown_roles or self.refused or self.failed)

    @property
    def others(self) -> set[str]:
        """The packs of organizations that were not named to come to this one."""
        return self.packs.keys() - {self.wanted.pack.name, *self.wanted.earlier}

    @property
    def unknown_plans(self) -> set[str]:
        """The plans of organizations that the pack does not know, and that nothing names anew."""
        return self.plans.keys() - self.wanted.pack.plans.keys() - self.wanted.plans.keys()

    @property
    def unknown_roles(self) -> set[str]:
        """The roles that members or invitations have, as `unknown_plans`."""
        return {*self.roles, *self.invited} - self.wanted.pack.roles.keys() - self.wanted.roles.keys()

    def survey(self) -> None:
        """Read all organizations, and change nothing."""
        for view in self._organizations("read"):
            self.packs[view.organization.pack] += 1
            found = self._difference(view)
            if found is not None:
                self._count(found)

    def migrate(self) -> None:
        """Change all organizations that differ. One that cannot be changed now holds up no other."""
        done = 0
        self.refused.clear()
        for view in self._organizations("seen"):
            try:
                done += self._migrate(view)
            except (LostRace, Busy):
                self.failed += 1
                print(f"{view.organization.id}: could not be changed now. Run this again.", flush=True)
        left = f", {self.failed} left for another run" if self.failed else ""
        print(f"{done} organization{_s(done)} migrated{left}.", flush=True)

    def _migrate(self, view: View | None) -> int:
        """Change an organization if it differs, and return how many that were. Lost races are decided again."""
        waits = pauses(TRIES)
        while view is not None:
            found = self._difference(view)
            if found is None or found.is_none:
                return 0
            try:
                migrate(self.wanted, found)
            except LostRace:
                pause = next(waits, None)
                if pause is None:
                    raise
                time.sleep(pause)
                view = view_of(view.organization.id)
            else:
                return 1
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
        self.plans[organization.plan] += 1
        for counted, here in ((self.roles, found.roles), (self.invited, found.invited)):
            counted.update({name: number for name, number in here.items() if not found.view.policy.is_custom(name)})
        self.unfit += found.unfit
        self.to_do += not found.is_none
        self.transactions += found.transactions
        plan = str(values.get("plan", organization.plan))
        for limit, name in (("owners", "max_owners"), ("members", "max_members")):
            if name in values:
                self.caps[plan, limit, _whole(getattr(organization, name)), values[name]] += 1

    def report(self) -> str:
        """Say what the pack changes, in lines for people."""
        lines = [f"The pack {self.wanted.pack.name}, and {self.read} organization{_s(self.read)}:", "", "packs"]
        lines += [f"  {self._pack(name):44} {number:8}" for name, number in sorted(self.packs.items())]
        lines += ["plans", *self._named("plan")]
        if self.caps:
            lines += ["caps of plans, in organizations that have others"]
            for (plan, limit, old, new), number in sorted(self.caps.items(), key=str):
                lines.append(f"  {f'{plan}: {limit} {_cap(old)} -> {_cap(new)}':44} {number:8}")
        lines += [f"{'roles':46} {'members':>8} {'invited':>8}"]
        lines += self._named("role")
        lines += ["", *self.warnings(), self._to_do()]
        return "\n".join(lines)

    def _to_do(self) -> str:
        organizations = f"{self.to_do} organization{_s(self.to_do)}"
        return f"To do: {organizations}, in {self.transactions} transaction{_s(self.transactions)}."

    def _pack(self, name: str) -> str:
        return f"{name} -> {self.wanted.pack.name}" if name in self.wanted.earlier else name

    def _named(self, kind: str) -> Iterator[str]:
        """List the plans, or the roles with open invitations to them: the pack's, and then others."""
        wanted, plans = self.wanted, kind == "plan"
        known: Collection[str] = wanted.pack.plans if plans else wanted.pack.roles
        renaming = wanted.plans if plans else wanted.roles
        unknown = self.unknown_plans if plans else self.unknown_roles
        found = {*self.plans} if plans else {*self.roles, *self.invited}
        for name in [*(one for one in known if one in found), *sorted(found - {*known})]:
            called = f"{name} -> {renaming[name]}" if name in renaming else name
            numbers = f"{self.plans[name]:8}" if plans else f"{self.roles[name]:8} {self.invited[name]:8}"
            note = f"  not in the pack: it grants nothing. Name it with --{kind} {name}=..." if name in unknown else ""
            yield f"  {called:44} {numbers}{note}"

    def warnings(self) -> Iterator[str]:
        """Say what is left, and why."""
        for name in sorted(self.others):
            yield f"Organizations of the pack {name} are left, and refused. Move them with --from-pack {name}."
        if self.unfit:
            who = f"{self.unfit} member{_s(self.unfit)}"
            yield f"{who} will have roles that the pack does not allow together. They keep them."
        for organization_id, why in [*self.refused.items()][:NAMED]:
            yield f"{organization_id} stays as it is: it {why}."
        if len(self.refused) > NAMED:
            yield f"So do {len(self.refused) - NAMED} more."


def _cap(maximum: int | None) -> str:
    return "unlimited" if maximum is None else str(maximum)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _s(number: int) -> str:
    return "" if number == 1 else "s"
