"""Trains the tokenizer and turns conversations into token ids.

SentencePiece BPE of 2048 pieces with byte fallback, digits split, no normalisation and no dummy prefix, so that llama.cpp's own
implementation gives the same ids. `<|im_end|>` ends a turn and is the end-of-text token.
"""

from random import Random

import sentencepiece

from conversations import conversation

BOS, END, START = 1, 2, 3


def train(prefix: str, seed: int, conversations: int = 30000) -> None:
    """Writes `prefix`.model, trained on freshly drawn conversations."""
    random = Random(seed)
    texts = (message["content"] for _ in range(conversations) for message in conversation(random))
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=texts, model_prefix=prefix, model_type="bpe", vocab_size=2048, byte_fallback=True, split_digits=True, normalization_rule_name="identity",
        add_dummy_prefix=False, remove_extra_whitespaces=False, character_coverage=1.0, unk_id=0, bos_id=1, eos_id=2, eos_piece="<|im_end|>", pad_id=-1,
        control_symbols=["<|im_start|>"], user_defined_symbols=[], num_threads=1, minloglevel=1,
    )


def encode(pieces: sentencepiece.SentencePieceProcessor, messages: list[dict[str, str]]) -> tuple[list[int], list[int]]:
    """Token ids of a conversation in ChatML, and for each whether the model must learn to write it."""
    ids, learn = [BOS], [0]
    for message in messages:
        own = 1 if message["role"] == "assistant" else 0
        head = [START] + pieces.encode(message["role"] + "\n")
        body = pieces.encode(message["content"]) + [END]
        tail = pieces.encode("\n")
        ids += head + body + tail
        learn += [0] * len(head) + [own] * len(body) + [0] * len(tail)
    return ids, learn


if __name__ == "__main__":
    import sys

    train(sys.argv[1], seed=1)
