"""What people wrote, as mere words: it makes no link, no header, and turns no direction."""

import re
import unicodedata

# Mail programs make links of whatever looks like an address, and open \\host\share at a touch. So behind each character
# that no address can do without, or that counts as one (UTS 46), goes a zero-width non-joiner, and another one into the
# start of an encoded header. Nobody sees it, what is copied reads the same, and as no part of a domain name may begin
# with one (RFC 5892, A.1), even a program that made a link all the same would lead nowhere.
JOINT = re.compile(
    r"([.:@\\\u2024\u3002\ufe12\ufe13\ufe52\ufe55\ufe68\ufe6b\uff0e\uff1a\uff20\uff3c\uff61]|=(?=\?))(?=\S)"
)
_NON_JOINER = "\u200c"
# Marks that turn the direction of what follows them, and that may be words of somebody else's.
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def plain(text: str) -> str:
    """Return what somebody wrote as one line that makes no link and no header, and turns no direction."""
    line = " ".join(text.split())
    kept = (one for one in line if unicodedata.category(one) != "Cc" and unicodedata.bidirectional(one) not in _TURNS)
    return JOINT.sub(rf"\1{_NON_JOINER}", "".join(kept))
