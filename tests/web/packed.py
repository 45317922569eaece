"""The packages as others get them: packed by their own scripts, and installed in an app."""

import shutil
import tarfile
from pathlib import Path

from tests.web.node import NPM, ROOT, WEB, run

PACKAGES = ("client", "elements")


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
