"""Deploy what was built: with questions the first time, and then as samconfig.toml or PARAMETERS say.

`sam deploy` does the work. This says in the build which release it is, and chooses what it is asked: a person confirms
the changes, a pipeline (CI=true) does not; nothing to change is success; and a first deployment that fails is removed,
so that it can be repeated.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tools.release import stamp

ROOT = Path(__file__).resolve().parent.parent
WATCHERS = ("AlarmTopic", "AlarmEmail")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__.partition("\n")[0])
    parser.add_argument("--stage", default="default", help="the section of samconfig.toml (STAGE=)")
    parser.add_argument("--stack", default="", help="the stack, where samconfig.toml names none (STACK=)")
    parser.add_argument(
        "--parameters",
        default=os.environ.get("PARAMETERS", ""),
        help="Key=Value …, instead of samconfig.toml (PARAMETERS=)",
    )
    parser.add_argument(
        "--confirm", default="", help="`no` asks nothing, `yes` always (CONFIRM=); else CI asks nothing"
    )
    parser.add_argument("--guided", default="", help="`yes` asks for all parameters again (GUIDED=)")
    parser.add_argument("--folder", type=Path, default=ROOT, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    given = arguments()
    if shutil.which("sam") is None:
        sys.exit("`make deploy` needs the AWS SAM CLI: docs/deploy.md says how to get it")
    config = given.folder / "samconfig.toml"
    known = section(config, given.stage)
    asks = not (os.environ.get("CI") == "true" or given.confirm == "no") or given.confirm == "yes"
    guided = given.guided == "yes" or not (known or given.parameters)
    if guided and not asks:
        sys.exit(
            f"{config.name} has no section [{given.stage}.deploy.parameters], and there are no PARAMETERS. "
            "Run `make deploy` once yourself, which asks for them, or give PARAMETERS."
        )
    if os.environ.get("CI") == "true" and not (given.stack or "stack_name" in known):
        sys.exit("Name the stack: STACK=. A pipeline does not guess it, as it may deploy several.")
    if guided:
        ask(given, config)
        known = section(config, given.stage)
        if not known:
            sys.exit(f"The answers were not kept in {config.name}, and nothing was deployed.")
    release = stamp(given.folder / "build", f"{json.dumps(known, sort_keys=True)} {given.parameters}")
    print(f"release: {release}", flush=True)
    done = subprocess.run(command(given, config, known, asks=asks), cwd=given.folder, check=False)
    if done.returncode == 0 and not watched(known, given.parameters):
        print("Alarms reach nobody: give AlarmEmail or AlarmTopic.")
    sys.exit(done.returncode)


def ask(given: argparse.Namespace, config: Path) -> None:
    """Let SAM ask for everything, and keep the answers, without deploying yet: they are a part of the release."""
    if not config.exists():
        config.write_text("version = 0.1\n", encoding="utf-8")  # here, as build/ would lose it
    asked = [*base(given, config), "--guided", "--no-execute-changeset"]
    done = subprocess.run(asked, cwd=given.folder, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)


def section(config: Path, stage: str) -> dict[str, Any]:
    """Return what samconfig.toml says of deploying a stage, as `sam deploy --guided` has written it."""
    if not config.exists():
        return {}
    said = tomllib.loads(config.read_text(encoding="utf-8"))
    parameters: dict[str, Any] = said.get(stage, {}).get("deploy", {}).get("parameters", {})
    return parameters


def base(given: argparse.Namespace, config: Path) -> list[str]:
    call = ["sam", "deploy", "--template-file", str(given.folder / "build" / "template.yaml")]
    if config.exists():  # SAM takes none that is not there
        call += ["--config-file", str(config), "--config-env", given.stage]
    return call


def command(given: argparse.Namespace, config: Path, known: dict[str, Any], *, asks: bool) -> list[str]:
    """Return how to call SAM, which says what samconfig.toml does not."""
    built = [*base(given, config), "--no-fail-on-empty-changeset"]
    built += ["--confirm-changeset" if asks else "--no-confirm-changeset"]
    if not known.get("disable_rollback"):
        built += ["--on-failure", "DELETE"]  # of an update, it is a rollback
    if not {"resolve_s3", "s3_bucket"} & known.keys():
        built += ["--resolve-s3"]
    if "capabilities" not in known:
        built += ["--capabilities", "CAPABILITY_IAM"]
    if given.stack or "stack_name" not in known:
        built += ["--stack-name", given.stack or "roster"]
    if given.parameters:
        pairs = (pair.partition("=") for pair in shlex.split(given.parameters))
        built += ["--parameter-overrides", *(f'{name}="{value}"' for name, _, value in pairs)]
    return built


def watched(known: dict[str, Any], parameters: str) -> bool:
    """Tell whether somebody hears of alarms."""
    overrides = known.get("parameter_overrides", "")
    said = shlex.split(f"{overrides if isinstance(overrides, str) else ' '.join(overrides)} {parameters}")
    return any(name in WATCHERS and value for name, _, value in (pair.partition("=") for pair in said))


if __name__ == "__main__":
    main()
