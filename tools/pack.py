"""Check a policy pack of one's own: say in sentences what is wrong with it, or in a few lines what it holds."""

import argparse
import sys
from pathlib import Path

from roster.policy.pack import PACKS, Pack, PackError, PackUnread, load_file


def main() -> None:
    parser = argparse.ArgumentParser(prog="make pack FILE=…", description=__doc__)
    parser.add_argument("file", help="the pack: a TOML file, named like the pack")
    path = Path(parser.parse_args().file)
    if path.suffix != ".toml":
        sys.exit("Name the file of a pack: make pack FILE=path/of/your_pack.toml")
    try:
        pack = load_file(path)
    except PackUnread as error:
        sys.exit(str(error))
    except PackError as error:
        faults = str(error).splitlines()
        sys.exit("\n".join([*faults, "", f"{_number(len(faults), 'thing')} to put right. docs/packs.md says how."]))
    print(summary(pack))
    if path.resolve().parent != PACKS.resolve():
        print(f"\nTo deploy it, copy it to {PACKS.relative_to(Path.cwd())}/, and deploy with Pack={pack.name}.")


def summary(pack: Pack) -> str:
    """Say what a pack holds, in lines for people."""
    lines = [f"The pack {pack.name} ({pack.title}) is right.", "", "Roles, and over which ones they have a right:"]
    for role in pack.roles.values():
        marks = [
            word for word, holds in (("owns", role.id == pack.owner), ("protected", role.id in pack.protected)) if holds
        ]
        rights = [
            f"{right} {', '.join(name for name in pack.roles if name in getattr(role, right)) or 'nobody'}"
            for right in ("invites", "removes", "assigns")
        ]
        lines.append(f"  {role.id}: {'; '.join([*marks, _number(len(role.permissions), 'permission'), *rights])}")
    lines += ["", "Plans, of which a new organization gets the first:"]
    for plan in pack.plans.values():
        caps = [f"{what} {_cap(cap)}" for what, cap in (("owners", plan.owners), ("members", plan.members))]
        kept = "for good" if plan.activity_kept is None else f"{plan.activity_kept.days} days"
        custom = "custom roles" if plan.custom_roles else "no custom roles"
        sent = _number(plan.invitations_per_day, "invitation") + " a day"
        owned = f"one person owns {_cap(plan.organizations)}"
        lines.append(f"  {plan.name}: {'; '.join([*caps, owned, custom, sent, f'activity kept {kept}'])}")
    return "\n".join(lines)


def _cap(maximum: int | None) -> str:
    return "unlimited" if maximum is None else str(maximum)


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


if __name__ == "__main__":
    main()
