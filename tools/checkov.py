"""Let checkov look at the templates, offline, and refuse what it minds unless a template says why it is so.

Reasons are in metadata, under `checkov: skip:`: in a resource's for that resource, as checkov has them, and in the
template's own for all resources, which checkov has not. A reason beside what checkov does not mind is refused as well.
checkov pins packages that clash with this environment's, so it runs from one of its own: .venv-checkov, made by make.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[1]
CHECKOV = ROOT / ".venv-checkov" / "bin" / "checkov"
ASKED = ["--framework", "cloudformation", "--output", "json", "--compact", "--skip-download", "--soft-fail"]
ALL = "*"  # in the place of a resource


class Finding(NamedTuple):
    """What checkov minds: one of its checks, of one resource of the template."""

    resource: str
    check: str
    where: str
    name: str


def complaints(found: Iterable[Finding], reasons: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Yield what is minded without a reason, and the reasons that are given for nothing."""
    minded = {(one.resource, one.check) for one in found} | {(ALL, one.check) for one in found}
    for one in found:
        if not reasons.keys() & {(one.resource, one.check), (ALL, one.check)}:
            yield f"{one.where}: {one.resource}: {one.check} {one.name}"
    for (resource, check), reason in reasons.items():
        if not reason:
            yield f"{resource}: {check} is passed over without a reason (comment:)"
        elif (resource, check) not in minded:
            yield f"{resource}: checkov does not mind {check}, which has a reason"


def findings(templates: Sequence[Path]) -> dict[str, list[Finding]]:
    """Return all that checkov minds of each, whatever reasons there are: it would take them without looking."""
    with tempfile.TemporaryDirectory() as folder:
        bare = [Path(folder) / template.name for template in templates]
        for template, copy in zip(templates, bare, strict=True):
            copy.write_text(template.read_text(encoding="utf-8").replace("checkov:", "reasons:"), encoding="utf-8")
        files = [part for copy in bare for part in ("--file", copy)]
        done = subprocess.run([CHECKOV, *files, *ASKED], check=True, capture_output=True, text=True)
    # It says nothing where it has no check for any resource. Where it could not read, reasons are left over.
    results = json.loads(done.stdout).get("results", {"failed_checks": [], "parsing_errors": []})
    if results["parsing_errors"]:
        names = ", ".join(Path(one).name for one in results["parsing_errors"])
        sys.exit(f"checkov cannot read {names}: {done.stdout}{done.stderr}")
    return by_template([template.name for template in templates], results["failed_checks"])


def by_template(names: Iterable[str], failed: Iterable[Mapping[str, Any]]) -> dict[str, list[Finding]]:
    """Sort what checkov minds by the template's name. A template of which it minds nothing has an empty list."""
    found: dict[str, list[Finding]] = {name: [] for name in names}
    for one in failed:
        name = Path(one["file_path"]).name
        where = f"{name}:{one['file_line_range'][0]}"
        resource = one["resource"].rpartition(".")[2]
        found[name].append(Finding(resource, one["check_id"], where, one["check_name"]))
    return found


def reasons_in(template: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return the reason for each check that is passed over, of a resource or of all."""
    holders = {ALL: template, **template["Resources"]}
    return {
        (name, skip["id"]): skip.get("comment", "")
        for name, holder in holders.items()
        for skip in holder.get("Metadata", {}).get("checkov", {}).get("skip", [])
    }


if __name__ == "__main__":
    templates = [ROOT / "template.yaml", *sorted(ROOT.glob("deploy/*.yaml"))]
    minded = findings(templates)
    said = [
        line
        for template in templates
        for line in complaints(minded[template.name], reasons_in(yaml_parse(template.read_text(encoding="utf-8"))))
    ]
    sys.exit("\n".join(said) or None)
