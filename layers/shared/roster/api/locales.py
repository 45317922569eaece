"""Languages in bodies and claims: tags of BCP 47 (RFC 5646). One function treats both alike."""

import re

LOCALE_LENGTH = 35  # RFC 5646, 4.4.1: what any protocol should have room for
# RFC 5646, 2.1, but for languages of 4 to 8 letters: none is registered, and who sends one means to write its name.
# ASCII alone: without that flag, the long s and the Kelvin sign would be letters of a tag, too.
_TAG = re.compile(
    r"""
    (?: [a-z]{2,3} (?: -[a-z]{3} ){0,3}                               # the language, some with extensions of their own
        (?: -[a-z]{4} )?                                              # script
        (?: - (?: [a-z]{2} | [0-9]{3} ) )?                            # region
        (?P<variants> (?: - (?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) )* )
        (?P<extensions> (?: -[0-9a-wyz] (?: -[a-z0-9]{2,8} )+ )* )
        (?: -x (?: -[a-z0-9]{1,8} )+ )?                               # private use
    |   x (?: -[a-z0-9]{1,8} )+
    |   en-GB-oed | sgn-BE-FR | sgn-BE-NL | sgn-CH-DE                 # from before this grammar, and for good
    |   i- (?: ami | bnn | default | enochian | hak | klingon | lux | mingo | navajo | pwn | tao | tay | tsu )
    )
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_SINGLETON = re.compile(r"(?:^|-)([0-9a-z])-")  # which begins an extension, or private use
_REGION = re.compile(r"-[a-z]{2}(?=-|$)")
_SCRIPT = re.compile(r"-[a-z]{4}(?=-|$)")


def locale(text: str) -> str:
    """Return a language tag in the letter case that RFC 5646 recommends: `de-AT`, `zh-Hant-TW`.

    Raises ValueError with a sentence if it is not well-formed, too long, or says something twice. Whether there is such
    a language is not looked up.
    """
    found = _TAG.fullmatch(text) if len(text) <= LOCALE_LENGTH else None
    if found is None or _repeats(found):
        sentence = f"Send a BCP 47 language tag of at most {LOCALE_LENGTH} characters, such as de or pt-BR."
        raise ValueError(sentence)
    return _cased(text.lower())


def _repeats(found: re.Match[str]) -> bool:
    """Tell whether a tag has a variant or an extension twice."""
    variants, extensions = ((found[name] or "").lower() for name in ("variants", "extensions"))
    return any(len({*some}) < len(some) for some in (variants.split("-"), _SINGLETON.findall(extensions)))


def _cased(tag: str) -> str:
    """Write a tag as RFC 5646, 2.1.1, does: regions large and scripts begun so, all else small, in extensions too."""
    first = _SINGLETON.search(tag)
    end = len(tag) if first is None else first.start()
    cased = _SCRIPT.sub(lambda script: script[0].title(), _REGION.sub(lambda region: region[0].upper(), tag[:end]))
    return cased + tag[end:]
