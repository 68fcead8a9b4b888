"""Bytes as text: in which encoding a table is written."""

from __future__ import annotations

import codecs
import re
import unicodedata

from model.table.errors import TableError

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little endian",
    "utf-16-be": "UTF-16, big endian",
    "utf-32": "UTF-32",
    "cp1252": "Western (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "cp932": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "cp949": "Korean (CP949)",
    "mac_roman": "Western (Mac)",
    "cp850": "Western (DOS)",
    "latin-1": "Western (ISO 8859-1)",
}
"""Every encoding that can be chosen, with its name for a person."""

_OTHER_ALPHABETS = ("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "gb18030", "big5", "cp932", "euc_jp", "cp949")
_SAME = {"big5hkscs": "big5", "euc_jis_2004": "euc_jp", "shift_jis": "cp932", "gbk": "gb18030", "gb2312": "gb18030"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNLIKELY = {
    "cp932": re.compile(r"^[ \x21-\x7e\uff61-\uff9f]+$"),
    "cp1251": re.compile(r"\b[ЬЪьъ]|[а-я][А-Я]"),
}
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")
_SAMPLE_BYTES = 4000
_PUNCTUATION = frozenset("\xa0€–—„“”‚‘’…°²³µ£§±×·«»•©®™†ªº¿¡¢¥")


def decoded(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return bytes as text, and in which encoding they were read.

    Parameters
    ----------
    content : bytes
    encoding : str, optional
        A key of :data:`ENCODINGS`; by default it is guessed.

    Raises
    ------
    TableError
        If the bytes are not written in the encoding.
    """
    chosen = guess_encoding(content) if encoding is None else encoding
    try:
        text = content.decode("utf-8-sig" if chosen == "utf-8" else chosen)
    except UnicodeDecodeError as error:
        if encoding is None:
            raise TableError(f"the text is damaged at byte {error.start + 1}; save it again as UTF-8") from None
        wrong = f"byte {error.start + 1} is not written in {ENCODINGS[chosen]}"
        raise TableError(f"{wrong}; choose another encoding") from None
    return text.removeprefix("\ufeff"), chosen


def guess_encoding(content: bytes) -> str:
    """Return the encoding that bytes look like, a key of :data:`ENCODINGS`.

    Notes
    -----
    A byte order mark tells, then whether the bytes are UTF-8 at all. Otherwise charset-normalizer looks at the words
    that are not ASCII. Where those are Latin, Western Europe comes first, for a few words of German or French look as
    likely in any encoding of Latin letters.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    wide = _wide(content[:_SAMPLE_BYTES])
    if wide is not None:
        return wide
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guess_old(content[max(0, error.start - 100) :])
    return "utf-8"


def _wide(sample: bytes) -> str | None:
    """Return the UTF-16 that ASCII without a byte order mark is written in, None if it is not."""
    n_pairs = len(sample) // 2
    for name, first in (("utf-16-be", 0), ("utf-16-le", 1)):
        if n_pairs > 3 and 2 * sample[first::2].count(0) > n_pairs and not sample[1 - first :: 2].count(0):
            return name
    return None


def _guess_old(content: bytes) -> str:
    """Return the encoding of a text that is not Unicode, by its words that are not ASCII."""
    from charset_normalizer import from_bytes  # Takes its time, and most tables are UTF-8.

    # A word that every row has would count for as many.
    found = dict.fromkeys(word for word in _WORDS.findall(content[: 50 * _SAMPLE_BYTES]) if not word.isascii())
    words = b" ".join(found)[:_SAMPLE_BYTES]
    if not words:
        words = content[:_SAMPLE_BYTES]
    names = [_SAME.get(match.encoding, match.encoding) for match in from_bytes(words)]
    n_letters = sum(byte > 127 or chr(byte).isalpha() for byte in words)
    if 5 * sum(byte > 127 for byte in words) > 4 * n_letters:
        for name in names:
            if name in _OTHER_ALPHABETS and _decodes(content, name) and _is_plausible(words, name):
                return name
    latin = [name for name in names if name in ENCODINGS and name not in _OTHER_ALPHABETS]
    likely = [name for name in ("cp1252", "cp1250") if _are_letters(words, name)]
    if _looks_eastern(words):
        likely.reverse()
    if _looks_turkish(words):
        likely.insert(0, "cp1254")
    candidates = [*likely, *latin, "cp1252"]
    return next((name for name in candidates if _decodes(content, name)), "latin-1")


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _are_letters(words: bytes, encoding: str) -> bool:
    """Return whether an encoding makes letters and the punctuation of texts of the bytes."""
    try:
        text = words.decode(encoding)
    except UnicodeDecodeError:
        return False
    return all(character in _PUNCTUATION or unicodedata.category(character)[0] in "LZ" for character in text)


def _is_plausible(words: bytes, encoding: str) -> bool:
    """Return whether no word is one that nobody writes: narrow katakana alone, or Cyrillic with a sign before all."""
    unlikely = _UNLIKELY.get(encoding)
    return unlikely is None or unlikely.search(words.decode(encoding, "replace")) is None


def _looks_turkish(words: bytes) -> bool:
    """Return whether words have two letters that in Windows-1252 are Icelandic, and nothing else that Icelandic has."""
    text = words.decode("cp1252", "replace").lower()
    return len({*text} & {*"ýþð"}) > 1 and re.search("[áéíóúæ]", text) is None


def _looks_eastern(words: bytes) -> bool:
    """Return whether words have š or ž, or begin with what is a small figure in Windows-1252: Polish does that."""
    return re.search(r"[šžŠŽ]|[²³][^\W\d_]", words.decode("cp1252", "replace")) is not None
