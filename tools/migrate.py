"""Migrate all organizations to the present pack: rename plans and roles, move the caps of plans, or change the pack.

It first shows what would change and asks. Run it from the checkout that is deployed, with credentials that may read and
write the table. It may run beside traffic, be interrupted (Ctrl-C) and be run again: what is done is not done twice.
Each change of an organization is one event of its log, organization.migrated. docs/packs.md tells when it is needed.
"""

import argparse
import os
import sys
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from roster.policy.pack import Pack, PackError, load
from tools.stack import names_of

INTERRUPTED = 130  # as shells have it for Ctrl-C


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make migrate ARGS=…", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", default="roster", help="the CloudFormation stack that has the table (%(default)s)")
    parser.add_argument("--table", help="the table (default: the stack's)")
    parser.add_argument("--pack", help="the present pack (default: the stack's parameter Pack)")
    renaming: Any = {"action": "append", "default": [], "type": renamed, "metavar": "OLD=NEW"}
    parser.add_argument("--role", **renaming, help="what the present pack calls a role; may be repeated")
    parser.add_argument("--plan", **renaming, help="what the present pack calls a plan; may be repeated")
    parser.add_argument(
        "--from-pack",
        action="append",
        default=[],
        metavar="PACK",
        help="another pack, whose organizations come to the present one; may be repeated",
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and do nothing")
    parser.add_argument("--yes", action="store_true", help="do it without asking, as a pipeline must")
    return parser.parse_args()


def renamed(text: str) -> tuple[str, str]:
    old, _, new = text.partition("=")
    if not old or not new:
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW")
    return old, new


def main() -> None:
    given = arguments()
    try:
        stack = {} if given.table and given.pack else names_of(given.stack)
        table, pack = given.table or stack["TableName"], load(given.pack or stack["Pack"])
        require_known(pack, given)
        # The layer reads these: the table when it is imported, and the pack when it decides.
        os.environ |= {"TABLE_NAME": table, "PACK": pack.name}
        sys.exit(run(pack, given))
    except KeyError as missing:
        sys.exit(f"The stack {given.stack} has no {missing}. Name --table and --pack.")
    except PackError as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS did not do it: {error}")
    except KeyboardInterrupt:
        print("\nInterrupted. What is done stays done: run it again, and it goes on with the rest.", flush=True)
        sys.exit(INTERRUPTED)


def require_known(pack: Pack, given: argparse.Namespace) -> None:
    """Raise PackError if something would be called what the pack does not know, by two names, or otherwise later."""
    for kind, renaming, known in (("role", given.role, pack.roles), ("plan", given.plan, pack.plans)):
        for old, new in renaming:
            if new not in known:
                raise PackError(
                    f"--{kind} {old}={new}: the pack {pack.name} has no {kind} {new!r}. {_all(kind, known)}"
                )
        twice = {old for old, _ in renaming if len({new for other, new in renaming if other == old}) > 1}
        if twice:
            raise PackError(f"--{kind}: {', '.join(sorted(twice))} cannot be called by two names.")
        both = {old for old, _ in renaming} & {new for _, new in renaming}
        if both and not {*given.from_pack} - {pack.name}:
            raise PackError(
                f"--{kind}: {', '.join(sorted(both))}: each old and new at once. Within one pack, nothing tells which "
                "of the two somebody has who got it since the changed pack was deployed. Give the changed pack another "
                f"name, deploy it, and add --from-pack {pack.name}: docs/packs.md tells how."
            )


def _all(kind: str, known: Any) -> str:  # noqa: ANN401 (roles or plans by name)
    return f"Its {kind}s are {', '.join(known)}."


def run(pack: Pack, given: argparse.Namespace) -> int:
    """Show what would change, ask, and do it; return the status to exit with: 1 if something is left to do."""
    # Not before it is known where: the layer reads the table's name when it is imported.
    from tools.walk import Walk  # noqa: PLC0415
    from tools.wanted import Wanted  # noqa: PLC0415

    wanted = Wanted(pack, frozenset(given.from_pack) - {pack.name}, dict(given.plan), dict(given.role))
    walk = Walk(wanted)
    walk.survey()
    print(walk.report(), flush=True)
    if given.dry_run or not walk.to_do:
        return int(walk.left and not given.dry_run)
    if not given.yes and not agreed():
        print("Nothing was changed.")
        return 1
    walk.migrate()
    print("Reading all again, to see what is left:", flush=True)
    after = Walk(wanted)
    after.survey()
    print(*after.still(), sep="\n", flush=True)
    return int(after.left)


def agreed() -> bool:
    """Ask whether to do it."""
    if not sys.stdin.isatty():
        print("There is nobody to ask. Add --yes to do it, or --dry-run to only see it.")
        return False
    return input("Change this? [y/N] ").strip().lower() in {"y", "yes"}


if __name__ == "__main__":
    main()
