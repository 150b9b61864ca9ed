"""Patterns that stand for many wordings.

`[a|b|]` chooses one alternative, nested as deep as wanted. `{DEF x}` becomes one of many ways to ask what x is.
One invariant: a pattern yields the same text for the same random source.
"""

from random import Random

DEFINITION_FORMS = [
    "what is X", "what is X", "what's X", "what are X", "explain X", "please explain X", "can you explain X", "could you explain X to me",
    "define X", "describe X", "tell me about X", "tell me what X is", "what does X mean", "what is meant by X", "what do you mean by X",
    "I do not understand X", "help me understand X", "give me a definition of X", "X?", "X - what is that?", "do you know what X is",
    "describe X in [simple|plain|a few|your own] words", "explain X to [a beginner|a child|me|my boss|my grandmother]", "X, what is it",
    "in [one sentence|short|simple words|a nutshell], what is X", "how would you [describe|explain|define] X", "what do you know about X",
    "I [keep hearing|have heard|read] about X[, what is it|. what is that|]", "can you tell me [about X|what X is|something about X]",
    "what exactly is X", "who or what is X", "say something about X", "what [do people|does one] mean by X", "meaning of X",
    "I would like to [know|learn] about X", "what should I know about X", "what is X [in decai|in this network|here|again|exactly]",
    "how do you explain X", "please describe X", "give me a short [description|explanation] of X", "what kind of thing is X",
    "the term X, what does it mean", "can you describe X", "I am new here, what is X", "let us talk about X", "quick question: what is X",
    "what would you call X", "could you [say|tell me] what X is", "the idea of X, please", "what is the idea [behind|of] X", "X explained",
]


def expand(pattern: str, random: Random) -> str:
    """One wording of `pattern`."""
    start = pattern.find("{DEF ")
    if start >= 0:
        end = pattern.index("}", start)
        subject = expand(pattern[start + 5 : end], random)
        return expand(pattern[:start], random) + expand(random.choice(DEFINITION_FORMS), random).replace("X", subject) + pattern[end + 1 :]
    out: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern[at] != "[":
            out.append(pattern[at])
            at += 1
            continue
        depth, begin, parts = 1, at + 1, []
        at += 1
        while depth:
            char = pattern[at]
            if char == "[":
                depth += 1
            elif char == "]":
                depth -= 1
            if (char == "|" and depth == 1) or depth == 0:
                parts.append(pattern[begin:at])
                begin = at + 1
            at += 1
        out.append(expand(random.choice(parts), random))
    return " ".join("".join(out).split()).replace(" .", ".").replace(" ,", ",").replace(" '", "'")


def read_facts(path: str) -> list[tuple[str, list[str], list[str]]]:
    """Facts of a `.facts` file as (name, question patterns, answers)."""
    facts: list[tuple[str, list[str], list[str]]] = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            mark, text = line[:1], line[2:].strip()
            if mark == "=":
                facts.append((text, [], []))
            elif mark == "?":
                facts[-1][1].append(text)
            elif mark == "!":
                facts[-1][2].append(text)
    return facts
