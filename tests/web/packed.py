"""The packages as others get them: packed by their own scripts, and installed in an app."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from local.template import TEMPLATE

PATIENCE = 300  # seconds: what hangs fails, and what is slow on a busy machine does not

ROOT = TEMPLATE.parent
WEB = ROOT / "web"
NODE = ROOT / ".venv/bin/node"
NPM = ROOT / ".venv/bin/npm"
PACKAGES = ("client", "elements")


def run(folder: Path, *command: str | Path) -> str:
    """Run a program with the Node of the lock, and return what it said. It must succeed."""
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    said = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


def install(folder: Path) -> Path:
    """Build and pack the packages aside of the sources, and return an app's folder in which they are installed."""
    workshop = _workshop(folder / "workshop")
    workspaces = [f"--workspace={name}" for name in PACKAGES]
    run(workshop / "web", NPM, "run", "build", *workspaces)
    run(workshop / "web", NPM, "pack", *workspaces, f"--pack-destination={folder}")
    app = folder / "app"
    _link_modules(app)
    for name in PACKAGES:
        with tarfile.open(next(folder.glob(f"roster-{name}-*.tgz"))) as package:
            package.extractall(folder / name, filter="data")
        shutil.move(folder / name / "package", app / "node_modules" / "@roster" / name)
    return app


def _workshop(folder: Path) -> Path:
    """Return a copy of what the packages are built from: tests that run at the same time share no folder."""
    web = folder / "web"
    _link_modules(web)
    (folder / "docs").symlink_to(ROOT / "docs")
    for file in ("package.json", "package-lock.json", "tsconfig.json", ".npmrc"):
        shutil.copy(WEB / file, web)
    for name in PACKAGES:
        shutil.copytree(WEB / name, web / name, ignore=shutil.ignore_patterns("dist", "node_modules", "tests"))
        (web / "node_modules" / "@roster" / name).symlink_to(web / name)
    return folder


def _link_modules(folder: Path) -> None:
    """Give a folder all packages of the lock but our own."""
    modules = folder / "node_modules"
    (modules / "@roster").mkdir(parents=True)
    for package in (WEB / "node_modules").iterdir():
        if package.name != "@roster":
            (modules / package.name).symlink_to(package)
