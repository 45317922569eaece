"""Custom roles: how many there may be, and what the caller may do about them."""

from roster.api.shown import RoleCan
from roster.membership.requirements import has_room
from roster.membership.standing import View
from roster.policy.decisions import Growth
from roster.policy.pack import Role

MOST = 20  # in one organization
GROWTH = Growth(custom=True)


def holders_of(view: View, role: Role) -> int | None:
    """Return how many members hold a custom role; of a built-in one, nobody counts them."""
    if not role.custom:
        return None
    return 0 if view.custom is None else view.custom.held_by(role.id)


def can_create_role(view: View) -> bool:
    """Tell whether the caller may make one more role now."""
    permitted = view.policy.may(view.roles, "roles:customize")
    return bool(permitted) and has_room(view.organization, view.policy, GROWTH) and len(view.policy.custom) < MOST


def can_to_role(view: View, role: Role) -> RoleCan:
    """Tell what the caller may do to a role now; what a plan no longer has can still be deleted."""
    customizes = role.custom and bool(view.policy.may_customize(view.roles, role))
    return {
        "edit": customizes and has_room(view.organization, view.policy, GROWTH),
        "delete": customizes and holders_of(view, role) == 0,
    }
