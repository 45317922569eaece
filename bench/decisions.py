"""Time a permission check: `python bench/decisions.py`. It should stay below a microsecond."""

import timeit
from dataclasses import replace

from roster.policy.decisions import Policy
from roster.policy.pack import load

ROUNDS = 200_000


def microseconds(policy: Policy, roles: list[str], permission: str) -> float:
    """Time one check: the best of five runs."""
    return min(timeit.repeat(lambda: policy.may(roles, permission), number=ROUNDS, repeat=5)) / ROUNDS * 1e6


def main() -> None:
    """Print one line: granted, refused, and refused to who holds three roles of 25."""
    pack = load("teams")
    custom = {f"custom-{n}": replace(pack.roles["billing"], id=f"custom-{n}", custom=True) for n in range(20)}
    policy = Policy(pack, custom)
    granted = microseconds(policy, ["owner"], "members:remove")
    refused = microseconds(policy, ["billing"], "members:remove")
    several = microseconds(policy, ["billing", "installer", "custom-19"], "members:remove")
    print(f"a permission check: granted {granted:.2f} us, refused {refused:.2f} us, of three roles {several:.2f} us")


if __name__ == "__main__":
    main()
