"""Trains one model on prepared tokens. A run that was stopped goes on from its last checkpoint.

    python train.py decai-small-4m data.npz validation.npz run-directory --tokens 20000000 --rate 1e-3

Loss is taken on the assistant's tokens only. Steps are small (about 700 tokens): at this size many small steps learn more per token
than few large ones. On a processor with bfloat16 instructions `--bfloat16` nearly doubles the speed.
"""

import argparse
import math
import os
import time
from collections.abc import Iterator
from random import Random

import numpy
import torch
import torch.nn.functional as F

from model import SHAPES, Model

NOTHING = -100
"""Target of a padded position: cross entropy leaves it out."""

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def batches(path: str, tokens_per_step: int, seed: int) -> Iterator[Batch]:
    """Endless batches of conversations of like length: tokens [rows, time], flat positions to predict from, and their targets."""
    stored = numpy.load(path)
    ids, learn, ends = stored["ids"].astype(numpy.int64), stored["learn"], stored["ends"]
    starts = numpy.concatenate(([0], ends[:-1]))
    lengths = ends - starts
    random = Random(seed)
    while True:
        order = list(range(len(ends)))
        random.shuffle(order)
        groups: list[list[int]] = []
        for at in range(0, len(order), 4096):
            group: list[int] = []
            for row in sorted(order[at : at + 4096], key=lambda r: lengths[r]):
                if group and (len(group) + 1) * lengths[row] > tokens_per_step:
                    groups.append(group)
                    group = []
                group.append(row)
            groups.append(group)
        random.shuffle(groups)
        for group in groups:
            # Few different shapes: the matrix library prepares each shape anew, which costs more than the padding.
            time_steps = -(-int(max(lengths[row] for row in group)) // 8) * 8
            tokens = numpy.zeros((len(group), time_steps), dtype=numpy.int64)
            wanted, targets = [], []
            for at, row in enumerate(group):
                piece = slice(starts[row], ends[row])
                tokens[at, : lengths[row]] = ids[piece]
                places = numpy.nonzero(learn[piece][1:])[0]
                wanted.append(at * time_steps + places)
                targets.append(ids[piece][1:][places])
            spare = -sum(map(len, wanted)) % 64
            wanted.append(numpy.zeros(spare, dtype=numpy.int64))
            targets.append(numpy.full(spare, NOTHING))
            yield torch.from_numpy(tokens), torch.from_numpy(numpy.concatenate(wanted)), torch.from_numpy(numpy.concatenate(targets))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("model", choices=list(SHAPES))
    options.add_argument("data")
    options.add_argument("validation")
    options.add_argument("directory")
    options.add_argument("--tokens", type=float, default=20e6)
    options.add_argument("--rate", type=float, default=1e-3)
    options.add_argument("--tokens-per-step", type=int, default=760)
    options.add_argument("--start-from", help="a checkpoint whose weights a new run begins with, under a schedule of its own")
    options.add_argument("--seed", type=int, default=3)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--bfloat16", action="store_true")
    options.add_argument("--compile", action="store_true")
    chosen = options.parse_args()

    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    model = Model(SHAPES[chosen.model])
    decayed = [weight for weight in model.parameters() if weight.dim() == 2]
    plain = [weight for weight in model.parameters() if weight.dim() < 2]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}], lr=chosen.rate, betas=(0.9, 0.98), fused=True)
    forward = torch.compile(model, dynamic=True) if chosen.compile else model

    os.makedirs(chosen.directory, exist_ok=True)
    checkpoint = os.path.join(chosen.directory, "checkpoint.pt")
    step, seen = 0, 0
    if os.path.exists(checkpoint):
        kept = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(kept["model"])
        optimiser.load_state_dict(kept["optimiser"])
        step, seen = kept["step"], kept["seen"]
    elif chosen.start_from:
        model.load_state_dict(torch.load(chosen.start_from, weights_only=True)["model"])

    def save() -> None:
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "seen": seen, "name": chosen.model}, checkpoint + ".new")
        os.replace(checkpoint + ".new", checkpoint)

    def loss_of(batch: Batch) -> torch.Tensor:
        tokens, wanted, targets = batch
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=chosen.bfloat16):
            logits = forward(tokens, wanted)
        return F.cross_entropy(logits.float(), targets)

    def validate() -> float:
        source = batches(chosen.validation, chosen.tokens_per_step, 0)
        with torch.no_grad():
            return sum(float(loss_of(next(source))) for _ in range(60)) / 60

    source = batches(chosen.data, chosen.tokens_per_step, chosen.seed)
    for _ in range(step):
        next(source)
    began, seen_before, running = time.time(), seen, 0.0
    while seen < chosen.tokens:
        done = seen / chosen.tokens
        rate = chosen.rate * min(done / 0.02, 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = max(rate, chosen.rate * 1e-3)
        batch = next(source)
        loss = loss_of(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        seen += int((batch[0] != 0).sum())
        running += float(loss.detach())
        if step % 250 == 0:
            speed = (seen - seen_before) / (time.time() - began)
            print(f"step {step} tokens {seen / 1e6:.2f}M loss {running / 250:.4f} rate {rate:.2e} {speed:.0f} tokens/s", flush=True)
            running = 0.0
        if step % 1000 == 0:
            save()
            print(f"step {step} validation {validate():.4f}", flush=True)
    save()
    print(f"finished: step {step}, {seen} tokens, validation {validate():.4f}, {time.time() - began:.0f} s in this run", flush=True)


if __name__ == "__main__":
    main()
