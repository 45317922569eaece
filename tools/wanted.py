"""What `make migrate` is to bring about: the present pack, and what plans and roles are called in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from roster.policy.pack import Pack
from roster.table.items import Organization


@dataclass(frozen=True)
class Wanted:
    """The present pack, from which packs organizations come to it, and what plans and roles are called in it.

    Where a name is an old and a new one, it must be known of each item which it has. The pack on the organization's
    item tells it: all names in an organization of an earlier pack are old, and in one of this pack they are new. No
    function serves an organization of another pack, so nobody writes a new name among the old ones.

    An organization that changes in one transaction is never in between. One that takes several has a mark while it is
    `moving`: the id of its first event, which each member and invitation gets as its stamp when its roles are renamed.
    Who has that stamp has new names, and everybody else has old ones. Meanwhile, functions of both packs refuse the
    organization. The last transaction removes the mark and names the new pack.
    """

    pack: Pack
    earlier: frozenset[str] = frozenset()
    plans: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def takes(self, organization: Organization) -> bool:
        """Tell whether an organization is of this pack, or to come to it, and not on its way to another one."""
        here = organization.pack in {self.pack.name, *self.earlier}
        return here and (organization.moving is None or organization.moving["to"] == self.pack.name)

    def comes(self, organization: Organization) -> bool:
        """Tell whether an organization that is taken comes from another pack."""
        return organization.pack != self.pack.name

    def renames(self, organization: Organization) -> bool:
        """Tell whether its names are old ones: where some come from another pack, this one's own have new ones."""
        return not self.earlier or self.comes(organization)

    def mark(self, first: str) -> dict[str, Any]:
        """Return the mark of an organization whose first event this is."""
        return {"id": first, "to": self.pack.name, "plans": {**self.plans}, "roles": {**self.roles}}

    def begun(self, mark: Mapping[str, Any]) -> bool:
        """Tell whether it was this that an organization's mark is of, with the same names."""
        return mark == self.mark(mark["id"])


def options(mark: Mapping[str, Any]) -> str:
    """Return the options that name what a mark's organization was begun with."""
    named = [(kind, *names) for kind in ("plan", "role") for names in sorted(mark[f"{kind}s"].items())]
    return " ".join(f"--{kind} {old}={new}" for kind, old, new in named) or "no --role and no --plan"
