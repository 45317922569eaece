"""Says in what was built which release it is: the same code with the same parameters is the same release.

CloudFormation asks for a new version of a function only when its code has changed. Parameters are in a function's
environment, not in its code; without its release in the code, their new values would never reach a version.
"""

import hashlib
from pathlib import Path

UNRELEASED = "    Description: unreleased "
FILE = Path("functions", "release.txt")
PREFIX = "release "  # of a function's description, and so of each of its versions'


def stamp(build: Path, parameters: str = "") -> str:
    """Write the release into the functions' code and description, and return it. It may be stamped again."""
    template = build / "template.yaml"
    files = sorted(file for file in build.rglob("*") if file.is_file() and file not in {template, build / FILE})
    plain = _unstamped(build, template.read_text(encoding="utf-8"))
    seen = hashlib.sha256(f"{plain}\0{parameters}".encode())
    for file in files:
        seen.update(f"\0{file.relative_to(build).as_posix()}\0{hashlib.sha256(file.read_bytes()).hexdigest()}".encode())
    release = seen.hexdigest()[:12]
    template.write_text(plain.replace(UNRELEASED, f"    Description: {PREFIX}{release} ", 1), encoding="utf-8")
    (build / FILE).write_text(f"{release}\n", encoding="utf-8")
    return release


def _unstamped(build: Path, template: str) -> str:
    if (build / FILE).exists():
        earlier = (build / FILE).read_text(encoding="utf-8").strip()
        template = template.replace(f"    Description: {PREFIX}{earlier} ", UNRELEASED, 1)
    if UNRELEASED not in template:
        raise ValueError("template.yaml has no place for the release: Globals, Function, Description.")
    return template
