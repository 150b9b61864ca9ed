"""Draws the training and validation conversations and stores their tokens: `ids`, `learn` and the `ends` of the conversations."""

import sys
from random import Random

import numpy
import sentencepiece

from conversations import conversation
from tokenizer import encode


def prepare(tokenizer: str, path: str, seed: int, count: int) -> None:
    pieces = sentencepiece.SentencePieceProcessor(model_file=tokenizer)
    random = Random(seed)
    ids, learn, ends = [], [], []
    total = 0
    for _ in range(count):
        some, wanted = encode(pieces, conversation(random))
        some, wanted = some[:512], wanted[:512]
        total += len(some)
        ids.append(numpy.array(some, dtype=numpy.uint16))
        learn.append(numpy.array(wanted, dtype=numpy.uint8))
        ends.append(total)
    numpy.savez(path, ids=numpy.concatenate(ids), learn=numpy.concatenate(learn), ends=numpy.array(ends))
    print(f"{path}: {count} conversations, {total} tokens, {int(sum(w.sum() for w in learn))} to learn")


if __name__ == "__main__":
    tokenizer, path, seed, count = sys.argv[1:]
    prepare(tokenizer, path, int(seed), int(count))
