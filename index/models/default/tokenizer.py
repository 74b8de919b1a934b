"""The tokenizer of the embedded model: XLM-R's unigram pieces, cut down to what Chinese text needs.

Most of the 250,000 pieces belong to other scripts. Leaving them out makes the model a third of its size
and changes neither the tokens nor the vectors of Chinese text.
"""

from __future__ import annotations

import json
import unicodedata

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.models.default.weights import Vocabulary

COMMON_LATIN = 30_000
"""Pieces of several Latin letters are kept below this row: the frequent ones stand first."""
ABBREVIATION = 3
"""Pieces of so many capitals are kept everywhere: CT and MRI stand in Chinese text."""
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
PROMPT_PIECES = ("▁query", "▁passage")
"""Without the words of the prompts every vector would be off."""
HAN = (
    (0x3005, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
GREEK = (0x370, 0x3FF)
LATIN_1_END = 0x100
FULLWIDTH_TILDE = "\uff5e"
STAND_IN = "\ufdd0"
"""A code point that no text holds; it carries U+FF5E through NFKC, as SentencePiece's nmt_nfkc leaves it alone."""
CONTROLS = r"[\x{0}-\x{8}\x{b}\x{e}-\x{1f}\x{7f}\x{8f}\x{9f}]"
BLANKS = r"[\t\n\r\x{c}\x{a0}\x{1680}\x{2000}-\x{200f}\x{2028}\x{2029}\x{202f}\x{205f}\x{2581}\x{3000}\x{feff}\x{fffd}]"


def kept_rows(vocabulary: Vocabulary) -> list[int]:
    """Return the rows of the pieces that Chinese text can need, in their old order."""
    wanted = {*SPECIAL, *PROMPT_PIECES}
    return [row for row, piece in enumerate(vocabulary.pieces) if piece in wanted or _is_kept(piece, row)]


def _is_kept(piece: str, row: int) -> bool:
    letters = piece.replace("▁", "")
    if not all(_is_kept_character(character) for character in letters):
        return False
    latin = sum(character.isalpha() and not _in(character, (*HAN, GREEK)) for character in letters)
    is_abbreviation = len(letters) <= ABBREVIATION and letters.isascii() and letters.isupper()
    return latin <= 1 or row < COMMON_LATIN or is_abbreviation


def _is_kept_character(character: str) -> bool:
    if ord(character) < LATIN_1_END or _in(character, (*HAN, GREEK)):
        return True
    return unicodedata.category(character)[0] in "PNS"


def _in(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


def make_tokenizer(vocabulary: Vocabulary, rows: list[int]) -> Tokenizer:
    """Return a tokenizer over the pieces at ``rows``; a token's id is its place in ``rows``."""
    pieces = [(vocabulary.pieces[row], vocabulary.scores[row]) for row in rows]
    ids = {row: new for new, row in enumerate(rows)}
    tokenizer = Tokenizer(Unigram(pieces, unk_id=ids[vocabulary.unk], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(CONTROLS), ""),
            normalizers.Replace(Regex(BLANKS), " "),
            normalizers.Replace(FULLWIDTH_TILDE, STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(STAND_IN, FULLWIDTH_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, ids[vocabulary.bos]), (eos, ids[vocabulary.eos])],
    )
    tokenizer.add_special_tokens([piece for piece in SPECIAL if piece in vocabulary.pieces])
    return tokenizer


def tokenizer_files(tokenizer: Tokenizer, longest: int) -> dict[str, str]:
    """Return the files (name to text) from which transformers loads ``tokenizer``; ``longest`` in tokens."""
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": longest,
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
        "clean_up_tokenization_spaces": False,
    }
    return {"tokenizer.json": tokenizer.to_str(), "tokenizer_config.json": json.dumps(settings, indent=1)}
