"""Which language a document is in: declared, detected, and the one that is used.

Detection is a naive Bayes classifier over byte n-grams (Lui & Baldwin, "langid.py", ACL 2012),
run locally on the model that its package carries. The alphabet has the last word: a text whose
letters are Cyrillic is not read as English, whatever its header says.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from typing import Protocol

from frankensam.news.documents import Language

CHARACTERS_CLASSIFIED = 320
FEWEST_LETTERS_CLASSIFIED = 20
LEAST_CONFIDENCE = 0.5
CONFIDENCE_TO_OVERRULE = 0.99
LETTERS_TO_OVERRULE = 200
FEWEST_OWN_LETTERS = 4

_SCRIPT_OF_LANGUAGE: dict[str, frozenset[str]] = {
    **dict.fromkeys(("uk", "ru", "be", "bg", "mk", "kk", "ky", "mn"), frozenset({"CYRILLIC"})),
    "sr": frozenset({"CYRILLIC", "LATIN"}), "el": frozenset({"GREEK"}), "he": frozenset({"HEBREW"}), "ka": frozenset({"GEORGIAN"}),
    "hy": frozenset({"ARMENIAN"}), "ko": frozenset({"HANGUL", "CJK"}), "th": frozenset({"THAI"}),
    **dict.fromkeys(("ar", "fa", "ur"), frozenset({"ARABIC"})), "hi": frozenset({"DEVANAGARI"}),
    "ja": frozenset({"CJK", "HIRAGANA", "KATAKANA"}), "zh": frozenset({"CJK"}),
}
_LATIN = frozenset({"LATIN"})
_NAMES: dict[str, str] = {
    "english": "en", "ingles": "en", "ukrainian": "uk", "ucraniano": "uk", "українська": "uk", "russian": "ru", "russo": "ru",
    "русский": "ru", "polish": "pl", "polski": "pl", "polones": "pl", "german": "de", "deutsch": "de", "alemao": "de", "french": "fr",
    "francais": "fr", "frances": "fr", "spanish": "es", "espanol": "es", "espanhol": "es", "portuguese": "pt", "portugues": "pt",
    "ua": "uk", "jp": "ja", "cz": "cs", "gr": "el", "cn": "zh",
}
_CODE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
# Letters that only one of two near languages writes.
_UKRAINIAN_ONLY = frozenset("іїєґІЇЄҐ")
_RUSSIAN_ONLY = frozenset("ыэъёЫЭЪЁ")


def declared_language(written: str | None) -> str | None:
    """Return the ISO 639-1 code of a declared language ("pt-BR", "Português", "ua"), None where unknown."""
    if written is None:
        return None
    text = written.strip()
    decomposed = unicodedata.normalize("NFKD", text)
    folded = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    if folded in _NAMES or text.casefold() in _NAMES:
        return _NAMES.get(folded) or _NAMES[text.casefold()]
    match = _CODE.fullmatch(text)
    return _NAMES.get(match[1].lower(), match[1].lower()) if match else None


@functools.lru_cache(maxsize=4_096)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0]


def main_script(text: str) -> str | None:
    """Return the script most letters of the text belong to ("LATIN", "CYRILLIC", …), None without letters."""
    counts = Counter(_script_of(character) for character in text[:CHARACTERS_CLASSIFIED] if character.isalpha())
    if not counts:
        return None
    if counts["HIRAGANA"] + counts["KATAKANA"] > 0 and counts["CJK"] + counts["HIRAGANA"] + counts["KATAKANA"] > counts.total() / 2:
        return "HIRAGANA"
    return counts.most_common(1)[0][0]


def script_fits(language: str, script: str) -> bool:
    """Tell whether a language is written in a script."""
    return script in _SCRIPT_OF_LANGUAGE.get(language, _LATIN)


def _letters_in(text: str) -> int:
    return sum(map(str.isalpha, text))


def detect_language(text: str) -> tuple[str | None, float]:
    """Return the detected code and its probability; (None, 0.0) for fewer than 20 letters or where nothing is likelier than not."""
    sample = text[:CHARACTERS_CLASSIFIED]
    if _letters_in(sample) < FEWEST_LETTERS_CLASSIFIED:
        return None, 0.0
    code, probability = _classifier().classify(sample)
    if probability < LEAST_CONFIDENCE:
        return None, 0.0
    return str(code), min(1.0, float(probability))


def decide_language(declared_as_written: str | None, text: str) -> Language:
    """Decide a document's language from what its header declares and what its text shows."""
    declared = declared_language(declared_as_written)
    detected, confidence = detect_language(text)
    if declared is None:
        return Language(declared, detected, confidence, detected)
    if detected is None or detected == declared or not _contradicts(declared, detected, confidence, text):
        return Language(declared, detected, confidence, declared)
    return Language(declared, detected, confidence, detected)


def _contradicts(declared: str, detected: str, confidence: float, text: str) -> bool:
    script = main_script(text)
    if script is not None and not script_fits(declared, script) and script_fits(detected, script):
        return True
    if {declared, detected} == {"uk", "ru"}:
        ukrainian = sum(text.count(letter) for letter in _UKRAINIAN_ONLY)
        russian = sum(text.count(letter) for letter in _RUSSIAN_ONLY)
        own, foreign = (ukrainian, russian) if detected == "uk" else (russian, ukrainian)
        return own >= FEWEST_OWN_LETTERS and own > 10 * foreign
    return confidence >= CONFIDENCE_TO_OVERRULE and _letters_in(text[:CHARACTERS_CLASSIFIED]) >= LETTERS_TO_OVERRULE


class _Classifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


@functools.cache
def _classifier() -> _Classifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)  # type: ignore[no-any-return]
