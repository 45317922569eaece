"""Make docs/openapi.json and docs/openapi.people.json from the code: what the API takes, and all that it answers.

Routes are the template's, and what is said at each is its operations': bodies and queries by their models, answers by
the return type, problems by `raises` and by what the way a route is made brings along. With `--check`, only compare.
"""

import sys

from tools.openapi.document import documents
from tools.openapi.words import ROOT

for file, text in documents().items():
    if "--check" not in sys.argv:
        file.write_text(text, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        sys.exit(f"{file.relative_to(ROOT)} is not what the code says. Run `make record`, and commit it.")
