"""The scene: what there is at a moment, as acts name it, and who is likely to do something there."""

import random
from collections.abc import Callable, Collection, Sequence

from prove.histories.acts import address_of
from prove.histories.playing import Play
from prove.oracle.model import Invitation, Member, Organization
from prove.oracle.packs import PACKS, Pack, Standing

PEOPLE = ("ada", "bob", "eve", "dan", "kim")
STRANGERS = tuple(f"guest{number}" for number in range(30))
SELDOM, SOMETIMES = 0.1, 0.3

type Drawn = tuple[str, str, object]  # who, the call, and the body
type Draw = Callable[[Scene], Drawn | None]  # None: there is nothing to do it to


class Scene:
    """What a history has led to, and the chance by which the next act is drawn. Sets are drawn from in order."""

    def __init__(self, play: Play, chance: random.Random) -> None:
        self.play, self.chance = play, chance
        self.pack: Pack = PACKS[play.simulator.pack]
        self.plans = list(self.pack.caps)
        self._symbols = {identity: symbol for symbol, identity in play.names.items()}

    def symbol(self, identity: str) -> str:
        """Return what acts call an id: as it is, if no act made it."""
        return f"{{{self._symbols[identity]}}}" if identity in self._symbols else identity

    def seldom(self) -> bool:
        """Tell whether what is rare happens now."""
        return self.chance.random() < SELDOM

    def sometimes(self) -> bool:
        """Tell whether what is less likely happens now."""
        return self.chance.random() < SOMETIMES

    def some[T](self, of: Collection[T], most: int) -> list[T]:
        """Draw up to so many, at least one if there is one, in an order that is drawn as well."""
        return self.chance.sample(sorted(of), min(len(of), self.chance.randint(1, most)))  # type: ignore[type-var]

    @property
    def organizations(self) -> list[Organization]:
        """Those that are not deleted."""
        return [one for _, one in sorted(self.play.state.organizations.items()) if not one.deleted]

    def organization(self) -> Organization | None:
        """Draw an organization; seldom a deleted one."""
        of = sorted(self.play.state.organizations.values(), key=lambda one: one.id)
        of = of if self.seldom() else self.organizations
        return self.chance.choice(of) if of else None

    def path(self, organization: Organization, *rest: str) -> str:
        """Return the path of an organization, or of a part of it."""
        return "/".join(("/organizations", self.symbol(organization.id), *rest))

    def person(self) -> str:
        """Draw somebody's id: one that they have now; seldom one that they were moved from."""
        base = self.chance.choice(PEOPLE)
        return base if self.seldom() else self.id_of(base)

    def id_of(self, base: str) -> str:
        """Return an id that somebody has now."""
        known = [one for one in sorted(self.play.state.people) if one.partition("-")[0] == base]
        return self.chance.choice(known) if known else base

    def member(self, organization: Organization) -> Member | None:
        """Draw a member, seldom an owner."""
        members = sorted(organization.members.values(), key=lambda one: one.user_id)
        others = [one for one in members if self.pack.owner not in one.roles]
        found = members if self.seldom() or not others else others
        return self.chance.choice(found) if found else None

    def address(self, organization: Organization) -> str:
        """Draw an address to invite, seldom one that somebody there has."""
        members = {user.partition("-")[0] for user in organization.members}
        others = [one for one in PEOPLE if one not in members]
        return address_of(self.chance.choice(PEOPLE if self.seldom() or not others else others))

    def actor(self, organization: Organization, permission: str = "") -> str:
        """Draw who does something: mostly a member who has the permission."""
        if self.seldom():
            return self.person()
        able = [
            user
            for user, member in sorted(organization.members.items())
            if not permission or permission in self.standing(organization, member).permissions
        ]
        if not able or self.sometimes():
            able = sorted(organization.members)
        return self.chance.choice(able) if able else self.person()

    def standing(self, organization: Organization, member: Member | None) -> Standing:
        """Return what a member may do."""
        return Standing(self.pack, organization.custom, sorted(member.roles) if member else [])

    def roles(self, organization: Organization) -> list[str]:
        """Draw roles that somebody may have: mostly one, and several where the pack allows it; custom ones gladly."""
        if organization.custom and self.sometimes():
            drawn = [self.chance.choice(sorted(organization.custom))]
        else:
            within = [role for role in self.pack.roles if role != self.pack.owner or not self.pack.one_owner]
            drawn = [self.chance.choice(list(self.pack.roles) if self.seldom() else within)]
        if not self.pack.one_role_each and self.sometimes():
            others = {*self.pack.roles, *organization.custom} - {*drawn, self.pack.owner}
            drawn += self.some(others, 2)
        return [self.symbol(role) for role in drawn]

    def invitation(self, organization: Organization, *statuses: str) -> Invitation | None:
        """Draw an invitation; seldom one that is of none of these statuses."""
        every = sorted(organization.invitations.values(), key=lambda one: one.email)
        fit = [one for one in every if one.status in statuses and not one.email.startswith("guest")]
        found = every if self.seldom() else fit
        return self.chance.choice(found) if found else None

    def tokens(self, email: str = "") -> list[str]:
        """Return the tokens of links, the oldest first: all that there are, or those to an address."""
        return [name for name in self.play.names if name.startswith("t") and name.endswith(email)]

    def choice[T](self, of: Sequence[T]) -> T:
        """Draw one."""
        return self.chance.choice(of)
