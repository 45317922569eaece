"""axe, which looks for what keeps people out."""

import re
from functools import cache
from typing import Any

from playwright.sync_api import Page

from local.template import TEMPLATE

SCRIPT = TEMPLATE.parent / "web" / "node_modules" / "axe-core" / "axe.min.js"
# A host's own page is not what is judged: that it has landmarks and one heading is up to it.
_RUN = """async (off) => {
  const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]));
  const { violations } = await axe.run(document, { resultTypes: ['violations'], rules });
  return violations;
}"""
PAGES_OWN = ("region", "landmark-one-main", "page-has-heading-one", "bypass")


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def violations(page: Page, *, whole: bool = False) -> list[str]:
    """Return what axe finds in a page as it is now, shadow roots included; `whole` if the page is ours, too."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(_script())  # through the debugger, past the page's policy, which stays in force
    found: list[dict[str, Any]] = page.evaluate(_RUN, [] if whole else [*PAGES_OWN])
    return [_sentence(one, node) for one in found for node in one["nodes"]]


def _sentence(violation: dict[str, Any], node: dict[str, Any]) -> str:
    target = " >> ".join(part if isinstance(part, str) else " >> ".join(part) for part in node["target"])
    html = re.sub(r"<!--.*?-->", "", node["html"])[:120]
    return f"{violation['id']}: {target}: {html}: {' '.join(node['failureSummary'].split()[5:])}"
