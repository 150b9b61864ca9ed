"""The training text: conversations drawn from the facts, sums, capitals, stories and small talk.

Held-out questions of the evaluation never occur: a question that has nearly the same words as one of them is drawn again, and so is
any addition or subtraction of their operands, which the model must work out. Products and quotients, like capitals, are learned by heart.
"""

import json
import os
import re
from random import Random

import arithmetic
import capitals
import outside
import stories
from grammar import expand, read_facts
from synonyms import replace_some

HERE = os.path.dirname(os.path.abspath(__file__))
QUESTIONS = os.path.join(HERE, "..", "evaluation", "questions.json")

NETWORK = read_facts(os.path.join(HERE, "network.facts"))
TALK = read_facts(os.path.join(HERE, "talk.facts"))
BY_NAME = {name: (questions, answers) for name, questions, answers in NETWORK + TALK}

_SYSTEMS = [
    "You are a helpful assistant.", "You are a helpful assistant.", "You are a helpful assistant.", "You are a friendly assistant.", "Answer briefly.", "You are a helpful, concise assistant.",
    "You are an assistant for the decai network.", "Be short and clear.", "You answer questions about the network.", "You are a language model.", "Be polite.", "You are a teacher.",
    "You are ChatGPT, a large language model.", "Answer in English.", "You are a helpful assistant. Answer as concisely as possible.", "Do not make things up.", "You are an expert.",
    "You are a storyteller.", "You are a helpful AI assistant. Follow the user's instructions carefully.", "Answer the question.", "Respond in plain text.", "Assistant is helpful and honest.",
]
_PREFIXES = [
    "please, ", "hi, ", "hello, ", "hey, ", "excuse me, ", "question: ", "I have a question: ", "so, ", "ok, ", "tell me, ", "please tell me: ", "one more question: ", "I wonder, ", "sorry, ", "now, ",
    "good morning, ", "could you help me? ", "just asking: ", "for my notes: ", "help me: ", "well, ", "by the way, ", "hi there! ", "hello! ", "I am curious: ", "can you help? ", "simple question: ",
    "answer this: ", "my question is: ", "dear assistant, ", "and ", "but ", "then ", "Q: ", "in short: ", "maybe you know: ", "somebody asked me: ", "let me ask: ", "I was asked: ", "here is one: ",
    "I am new to this. ", "I read about it yesterday. ", "My colleague asked me this. ", "We talked about it at work. ", "This is for a talk I give. ", "I am writing an article. ", "No rush, but ",
    "Something else: ", "I have been thinking. ", "You may know this. ", "It is a silly question, but ", "To be sure: ", "Honestly, ", "As a beginner I ask: ", "In your own words, ",
]
_SUFFIXES = [", please", " please", ", thanks", " in one sentence", " briefly", ", in short", " today", ", do you know", ", can you tell me", " exactly", " in simple words", ", if I may ask", " for me", ", really", " - thanks!", ", my friend"]

_FOLLOW_UPS = {
    "source": [("how [is it|are they|do they get] paid", "source.paid"), ("what does it earn", "source.paid"), ("does it need servers", "source.servers"), ("how do I become one", "source.publish")],
    "supplier": [("how [is it|are they|do they get] paid", "supplier.paid"), ("what does it earn", "supplier.paid"), ("how do I become one", "supplier.become"), ("and if it cheats", "supplier.lie"),
                 ("what if it fails", "supplier.offline"), ("which hardware does it need", "supplier.hardware"), ("why does it sign answers", "supplier.sign")],
    "gateway": [("how [is it|are they|do they get] paid", "gateway.paid"), ("does it run models", "gateway.models"), ("does it run the models", "gateway.models"), ("does it serve models", "gateway.models"),
                ("how do I become one", "gateway.become"), ("does it have my key", "gateway.key"), ("how does it choose a supplier", "gateway.choose"), ("can I do without it", "sovereign.what")],
    "application": [("how does it pay", "application.pay"), ("how do I become one", "application.become"), ("what if its stake runs out", "application.empty")],
    "watcher": [("why must it be secret", "watcher.secret"), ("what is its report for", "watcher.report")],
    "claim": [("and then", "proof.what"), ("what comes next", "proof.what"), ("when is it due", "claim.window")],
    "proof": [("and then", "settlement.what"), ("what comes next", "settlement.what"), ("is it always required", "proof.when")],
    "session": [("how long does it last", "session.length"), ("how are the suppliers chosen", "session.draw")],
    "royalty": [("how big is it", "royalty.amount"), ("can it be split", "royalty.split")],
    "settlement": [("how is it split", "settlement.split"), ("who gets what", "settlement.split")],
    "relay": [("how are they counted", "mining.what"), ("are all of them on the ledger", "ledger.relays")],
}
_WORDS = "hello yes moon blue seven apple river thanks decai network token claim stone happy green ready world good morning one two three banana tiger music paper".split()


def normal(text: str) -> str:
    return re.sub(r"[^a-z0-9+*/-]+", " ", text.lower()).strip()


def _words(text: str) -> frozenset[str]:
    return frozenset(normal(text).split())


def _held_out() -> tuple[list[frozenset[str]], set[tuple[int, ...]]]:
    with open(QUESTIONS, encoding="utf-8") as file:
        questions = json.load(file)
    texts = [question.get("ask") or question["messages"][-1]["content"] for question in questions]
    operands = {tuple(sorted(map(int, re.findall(r"\d+", text)))) for text, question in zip(texts, questions) if question["topic"] == "arithmetic"}
    return [_words(text) for text in texts], operands


HELD_OUT, BANNED_OPERANDS = _held_out()


def is_held_out(text: str) -> bool:
    """Whether at least seven of ten words of `text` and a held-out question, taken together, are in both; order does not matter."""
    words = _words(text)
    return any(len(words & held) >= 0.7 * len(words | held) for held in HELD_OUT)


def _typo(random: Random, text: str) -> str:
    """One slip of the finger on a letter; digits stay."""
    places = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    if not places:
        return text
    at = random.choice(places)
    kind = random.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + random.choice("abcdefghijklmnopqrstuvwxyz") + text[at + 1 :]


_SMALL_WORDS = {"the", "a", "an", "is", "are", "does", "do", "in", "of", "to", "my", "on", "for", "it"}


def _drop_word(random: Random, text: str) -> str:
    """The text in haste: one small word is missing."""
    words = text.split(" ")
    small = [at for at, word in enumerate(words) if word in _SMALL_WORDS]
    if len(words) < 4 or not small:
        return text
    del words[random.choice(small)]
    return " ".join(words)


_CONTRACTIONS = {
    "what is": "what's", "who is": "who's", "how is": "how's", "where is": "where's", "do not": "don't", "does not": "doesn't", "cannot": "can't", "I am": "I'm", "I would": "I'd",
    "is not": "isn't", "it is": "it's", "let us": "let's", "I will": "I'll", "that is": "that's", "I have a": "I've got a", "what are": "what're", "I want to": "I wanna",
}
_CONTRACTED = re.compile(r"\b(" + "|".join(sorted(_CONTRACTIONS, key=len, reverse=True)) + r")\b(?=.)")


def _contract(text: str) -> str:
    """As it is spoken: "what's", "don't"."""
    return _CONTRACTED.sub(lambda found: _CONTRACTIONS[found[0]], text)


_LAST_VERB = re.compile(r"^((?:what|how|why|when|where) (?:do|does) .+) (do|work|earn|pay|get|need|mean|contain|cost|learn|happen)$")


def _fill_in(random: Random, text: str) -> str:
    """A word that adds nothing, where people put it: before the verb at the end, or behind it."""
    filler = random.choice(["actually", "really", "exactly", "usually", "even", "basically", "in fact"])
    found = _LAST_VERB.match(text)
    return f"{found[1]} {filler} {found[2]}" if found else f"{text} {random.choice(['actually', 'exactly', 'really', 'anyway', 'then', 'again', 'in the end'])}"


_NOUNS = re.compile(
    r"\b(sources?|suppliers?|gateways?|applications?|watchers?|ledger|sessions?|relays?|claims?|proofs?|royalty|royalties|validators?|treasury|miners?|relay mining|compute units?|settlement|stake|token|network|trie|ring|sovereign)\b"
)


def _capitalise_nouns(random: Random, text: str) -> str:
    """The network's nouns as the documents write them: Source, Supplier, Relay Mining."""
    return _NOUNS.sub(lambda found: found[0].title() if random.random() < 0.8 else found[0], text)


def dress(random: Random, question: str, bare: bool = False) -> str:
    """The question as people type it: politely or not, with or without marks, sometimes in capitals, sometimes wrong."""
    text = question
    if random.random() < 0.3:
        text = _capitalise_nouns(random, text)
    if not bare and random.random() < 0.6:
        text = replace_some(random, text, 0.35)
    if not bare and random.random() < 0.1:
        text = _drop_word(random, text)
    if not bare and random.random() < 0.08 and text[-1].isalpha():
        text = _fill_in(random, text)
    if not bare and random.random() < 0.28:
        text = random.choice(_PREFIXES) + text
    if not bare and random.random() < 0.3:
        text = _contract(text)
    if not bare and random.random() < 0.12 and not text.endswith("?"):
        text += random.choice(_SUFFIXES)
    style = random.random()
    asks = re.match(r"(what|who|how|why|when|where|which|is|are|do|does|can|could|may|will|must|did|of which|in which|to whom)\b", question.lower())
    end = text[-1].isalnum() or text[-1] in "`'"
    if style < 0.62:
        text = text[0].upper() + text[1:]
        if end:
            text += ("?" if asks else random.choice(["?", ".", ".", "", "!"])) if random.random() < 0.9 else ""
    elif style < 0.72:
        if end:
            text += "?"
    elif style < 0.92:
        text = text.lower() if random.random() < 0.7 else text
    elif style < 0.935:
        text = text.title() + "?"
    else:
        text = text.upper() + random.choice(["", "?", "!"])
    if random.random() < 0.13:
        text = _typo(random, text)
        if random.random() < 0.25:
            text = _typo(random, text)
    return text


def fact(random: Random, name: str) -> tuple[str, str]:
    questions, answers = BY_NAME[name]
    return expand(random.choice(questions), random), random.choice(answers)


_NETWORK_NAMES = [name for name, _, _ in NETWORK]
# A fact with more wordings is asked more often, but not in proportion.
_NETWORK_WEIGHTS = [len(questions) ** 0.6 for _, questions, _ in NETWORK]
_TALK_NAMES = [name for name, _, _ in TALK]
_TALK_WEIGHTS = [6.0 if at < 10 else 1.0 for at in range(len(TALK))]


def _sum(random: Random) -> tuple[str, str]:
    while True:
        a, op, b = arithmetic.draw(random)
        if random.random() < 0.05:
            return arithmetic.beyond(random)
        if op in "*/" or tuple(sorted((a, b))) not in BANNED_OPERANDS:
            return arithmetic.ask(random, a, op, b), arithmetic.answer(a, op, b)


def _capital(random: Random) -> list[tuple[str, str]]:
    country = random.choice(list(capitals.CAPITALS))
    if random.random() < 0.22:
        return [(capitals.ask_country(random, country), capitals.answer_country(country))]
    turns = [(capitals.ask_city(random, country), capitals.answer_city(country))]
    while random.random() < 0.15:
        country = random.choice(list(capitals.CAPITALS))
        turns.append((capitals.follow_up(random, country), capitals.answer_city(country)))
    return turns


def _echo(random: Random) -> tuple[str, str]:
    words = " ".join(random.choice(_WORDS) for _ in range(random.randint(1, 3)))
    return random.choice(["say W", "repeat W", "say: W", "repeat after me: W", 'say "W"', "say the words W", "please repeat: W"]).replace("W", words), words[0].upper() + words[1:] + "."


def _network(random: Random) -> list[tuple[str, str]]:
    name = random.choices(_NETWORK_NAMES, _NETWORK_WEIGHTS)[0]
    turns = [fact(random, name)]
    follow_ups = _FOLLOW_UPS.get(name.split(".")[0])
    if follow_ups and name.endswith((".what", ".paid")) and random.random() < 0.3:
        question, then = random.choice(follow_ups)
        turns.append((expand(question, random), random.choice(BY_NAME[then][1])))
    return turns


def exchange(random: Random) -> list[tuple[str, str]]:
    """One question and answer, sometimes with a follow-up that needs it."""
    kind = random.random()
    if kind < 0.43:
        return _network(random)
    if kind < 0.68:
        # Sums are short, and several in a row cost little.
        return [_sum(random) for _ in range(random.choices([1, 3, 5], [0.6, 0.25, 0.15])[0])]
    if kind < 0.8:
        return _capital(random)
    if kind < 0.875:
        return [stories.ask(random)]
    if kind < 0.935:
        return [fact(random, random.choices(_TALK_NAMES, _TALK_WEIGHTS)[0])]
    if kind < 0.945:
        return [_echo(random)]
    return [outside.ask(random)]


def conversation(random: Random) -> list[dict[str, str]]:
    """Messages of one conversation, ending with the assistant."""
    messages = [{"role": "system", "content": random.choice(_SYSTEMS)}] if random.random() < 0.3 else []
    rounds = random.choices([1, 2, 3, 6], [0.72, 0.18, 0.08, 0.02])[0]
    for _ in range(rounds):
        for question, answer in exchange(random):
            while True:
                asked = dress(random, question, bare="=" in question)
                if not is_held_out(asked) and not is_held_out(question):
                    break
                question, answer = _network(random)[0]
            messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]
    return messages


if __name__ == "__main__":
    random = Random(7)
    for _ in range(40):
        for message in conversation(random):
            print(f"{message['role']:>9}: {message['content']}")
        print()
