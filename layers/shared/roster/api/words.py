"""Words that people read (names, titles, descriptions, messages) in bodies and claims: both are treated alike."""

import unicodedata

NAME_LENGTH = 100
MESSAGE_LENGTH = 500
_LINE_BREAKS = "\r\n"
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They hold for what stands behind a name, too: embeddings, overrides, isolates, and what ends them.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PLANES = range(0, 0x110000, 0x10000)
_NONCHARACTERS = frozenset(
    map(chr, [*range(0xFDD0, 0xFDF0), *(plane + last for plane in _PLANES for last in (0xFFFE, 0xFFFF))])
)
# Letters, numbers, punctuation and symbols are seen. A mark is not without one of them; what no standard describes
# (private use, unassigned) is drawn in as many ways as there are fonts, or not at all.
_SEEN = frozenset("LNPS")
# But for these, drawn as blanks: fillers, Braille's, a missing object, two hieroglyphs, a note without a head.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\U00013441\U00013442\U0001d159")


def name(text: str) -> str:
    """Return a name or a title, trimmed. Raises ValueError with a sentence if it is not one."""
    return _words(text.strip(), NAME_LENGTH)


def message(text: str) -> str | None:
    """Return a message, trimmed, or None if it says nothing; it may hold line breaks. Raises ValueError, a sentence."""
    return _words(text.strip(), MESSAGE_LENGTH, allowed=_LINE_BREAKS) if text.strip() else None


def require_no_controls(text: str, allowed: str = "") -> None:
    """Raise ValueError with a sentence if a text holds a control character that is not allowed."""
    if any(unicodedata.category(letter) in _CONTROLS and letter not in allowed for letter in text):
        raise ValueError("This must not contain control characters.")


def _words(text: str, longest: int, allowed: str = "") -> str:
    if not 1 <= len(text) <= longest:
        sentence = f"This must have 1 to {longest} characters."
        raise ValueError(sentence)
    if "://" in text or "www." in text.lower():
        raise ValueError("This must not contain a link.")
    require_no_controls(text, allowed)
    if not _TURNS.isdisjoint(text):
        raise ValueError("This must not contain characters that change the direction of text.")
    if not _NONCHARACTERS.isdisjoint(text):
        raise ValueError("This must not contain code points that are not Unicode characters.")
    if not any(map(_is_seen, text)):
        raise ValueError("This must show at least one character.")
    return text


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] in _SEEN and letter not in _BLANKS
