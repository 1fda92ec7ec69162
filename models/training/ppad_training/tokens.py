"""CLIP's byte-pair encoding, enough of it for our captions: lower-case ASCII words and full stops."""

import functools
import gzip
import re
from pathlib import Path

START, END, CONTEXT = 49406, 49407, 77


def _byte_symbols() -> list[str]:
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in printable]
    return [chr(b) for b in printable] + [chr(256 + i) for i in range(len(rest))]


class Tokenizer:
    """Encodes text to CLIP's ids with the merges of `bpe_simple_vocab_16e6.txt.gz` (OpenAI, MIT)."""

    def __init__(self, merges_file: Path):
        data = gzip.open(merges_file, "rt", encoding="utf-8") if merges_file.suffix == ".gz" else merges_file.open(encoding="utf-8")
        with data as lines:
            rows = lines.read().split("\n")
        if rows[0].startswith("#") or "version" in rows[0]:
            rows = rows[1:]
        merges = [tuple(row.split()) for row in rows[: 49152 - 256 - 2]]
        symbols = _byte_symbols()
        vocabulary = symbols + [s + "</w>" for s in symbols] + ["".join(m) for m in merges]
        self.ids = {token: i for i, token in enumerate(vocabulary)}
        self.ranks = {pair: i for i, pair in enumerate(merges)}

    @functools.lru_cache(maxsize=4096)
    def word(self, word: str) -> tuple[int, ...]:
        parts = [*word[:-1], word[-1] + "</w>"]
        while len(parts) > 1:
            rank, at = min((self.ranks.get(pair, 1 << 30), i) for i, pair in enumerate(zip(parts, parts[1:])))
            if rank == 1 << 30:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return tuple(self.ids[p] for p in parts)

    def encode(self, text: str) -> list[int]:
        if not text.isascii():
            raise ValueError(f"captions are ASCII, this is not: {text!r}")
        words = re.findall(r"[a-z]+|[0-9]|[^\sa-z0-9]+", text.lower())
        ids = [START, *(i for w in words for i in self.word(w)), END]
        if len(ids) > CONTEXT:
            raise ValueError(f"{len(ids)} tokens, more than {CONTEXT}: {text!r}")
        return ids
