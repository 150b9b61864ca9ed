"""Writes a trained checkpoint and its tokenizer as one GGUF file that llama.cpp loads: matrices in Q8_0, norms in float32.

    python export_gguf.py run-directory/checkpoint.pt tokenizer.model ../weights/decai-small-4m.gguf

The model rotates neighbouring pairs, which is llama.cpp's own layout for this architecture, so rows of the query and key matrices keep
their order. The output matrix is the embedding, so it is left out and llama.cpp takes the embedding in its place.
Source: ggml `docs/gguf.md`; llama.cpp `convert_hf_to_gguf.py` for the names of keys and tensors.
"""

import sys

import gguf
import numpy
import sentencepiece
import torch

from model import SHAPES

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] | trim }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def export(checkpoint: str, tokenizer: str, target: str) -> None:
    kept = torch.load(checkpoint, weights_only=True, map_location="cpu")
    shape = SHAPES[kept["name"]]
    weights = {name: weight.float().numpy() for name, weight in kept["model"].items()}

    writer = gguf.GGUFWriter(target, "llama")
    writer.add_name(kept["name"])
    writer.add_description("Questions and answers about the decai network, small sums, capitals, and short stories.")
    writer.add_license("MIT")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.dim)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(shape.dim // shape.heads)
    writer.add_rope_freq_base(shape.rope_theta)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    add_tokenizer(writer, tokenizer)

    def add(name: str, matrix: numpy.ndarray) -> None:
        if matrix.ndim == 1:
            writer.add_tensor(name, matrix.astype(numpy.float32))
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, gguf.quants.quantize(matrix.astype(numpy.float32), kind), raw_dtype=kind)

    add("token_embd.weight", weights["embedding.weight"])
    for layer in range(shape.layers):
        own, block = f"blk.{layer}", f"blocks.{layer}"
        add(f"{own}.attn_norm.weight", weights[f"{block}.attention_norm.weight"])
        for name, matrix in zip("qkv", numpy.split(weights[f"{block}.query_key_value.weight"], 3)):
            add(f"{own}.attn_{name}.weight", numpy.ascontiguousarray(matrix))
        add(f"{own}.attn_output.weight", weights[f"{block}.attention_output.weight"])
        add(f"{own}.ffn_norm.weight", weights[f"{block}.feed_norm.weight"])
        for name, matrix in zip(("gate", "up"), numpy.split(weights[f"{block}.gate_up.weight"], 2)):
            add(f"{own}.ffn_{name}.weight", numpy.ascontiguousarray(matrix))
        add(f"{own}.ffn_down.weight", weights[f"{block}.down.weight"])
    add("output_norm.weight", weights["output_norm.weight"])

    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_tokenizer(writer: gguf.GGUFWriter, path: str) -> None:
    pieces = sentencepiece.SentencePieceProcessor(model_file=path)
    tokens, scores, kinds = [], [], []
    for at in range(pieces.vocab_size()):
        tokens.append(pieces.id_to_piece(at).encode("utf-8"))
        scores.append(pieces.get_score(at))
        kind = gguf.TokenType.NORMAL
        if pieces.is_unknown(at):
            kind = gguf.TokenType.UNKNOWN
        elif pieces.is_control(at):
            kind = gguf.TokenType.CONTROL
        elif pieces.is_byte(at):
            kind = gguf.TokenType.BYTE
        kinds.append(kind)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(CHAT_TEMPLATE)


if __name__ == "__main__":
    export(*sys.argv[1:])
