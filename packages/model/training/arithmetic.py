"""Small arithmetic, asked in many ways. The answer repeats the sum before its result, which the model then only has to finish."""

from random import Random

_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()

_ASK = {
    "+": ["A + B", "A+B", "A + B =", "A+B=?", "what is A + B", "what is A+B", "what's A + B", "what is A plus B", "A plus B", "how much is A + B", "how much is A plus B",
          "add A and B", "add B to A", "the sum of A and B", "what is the sum of A and B", "calculate A + B", "compute A plus B", "A and B make", "A and B together",
          "can you add A and B", "if I add A to B, what do I get", "how much do A and B make", "solve A + B", "please add up A and B", "what does A + B equal",
          "A + B equals", "A added to B", "increase A by B", "what is B more than A", "total of A and B", "do the sum A + B", "what do A and B add up to", "A plus B is"],
    "-": ["A - B", "A-B", "A - B =", "A-B=?", "what is A - B", "what is A-B", "what's A - B", "what is A minus B", "A minus B", "how much is A - B", "how much is A minus B",
          "subtract B from A", "take B from A", "the difference of A and B", "calculate A - B", "compute A minus B", "what is left if I take B from A",
          "what is A less B", "A take away B", "what does A - B equal", "reduce A by B", "what is B less than A", "solve A - B", "can you subtract B from A",
          "A minus B is", "what is the difference between A and B", "remove B from A", "how much is left of A after B"],
    "*": ["A * B", "A*B", "A x B", "A × B", "what is A * B", "what is A x B", "what is A times B", "A times B", "how much is A times B", "how much is A * B", "multiply A by B",
          "multiply A and B", "the product of A and B", "calculate A * B", "A multiplied by B", "what's A * B", "compute A times B", "what does A * B equal",
          "A * B =", "A*B=?", "A*B is", "what does A times B come to", "say A times B", "A times B, how much is that", "how many are A times B", "A rows of B", "I need A times B",
          "what comes out of A times B", "the result of A times B", "A by B", "A*B gives", "and A times B", "work out A x B", "A groups of B", "find A times B", "what do you get from A times B", "what is the product of A and B", "A times B is", "can you multiply A with B"],
    "/": ["A / B", "A/B", "A : B", "A ÷ B", "what is A / B", "what is A divided by B", "A divided by B", "how much is A / B", "how much is A divided by B", "divide A by B",
          "calculate A / B", "how many times does B go into A", "how many times does B fit into A", "share A among B", "what's A / B", "compute A divided by B", "split A into B equal parts",
          "how many times is B in A", "how many B fit into A", "A over B", "work out A / B", "the result of A divided by B", "A / B =", "A/B=?", "tell me A divided by B", "what does A divided by B come to",
          "A divided by B makes", "how many groups of B are in A", "find A / B", "B into A goes how many times", "if A is shared by B, what does each get"],
}
_THINGS = "apples pears books coins stones eggs cakes cats dogs birds sheep boats stars pens cards tokens balls flowers trees marbles keys".split()
_WHO = "I Tom Anna Ben Mary Leo Sara Max Nina".split()


def result(a: int, op: str, b: int) -> int:
    return {"+": a + b, "-": a - b, "*": a * b, "/": a // max(b, 1)}[op]


def draw(random: Random) -> tuple[int, str, int]:
    """A sum whose result is a whole number; two-digit additions and subtractions are the most common, being the hardest."""
    kind = random.random()
    if kind < 0.36:
        top = random.choice([12, 50, 99, 99, 99, 100])
        return random.randint(0, top), "+", random.randint(0, top)
    if kind < 0.6:
        top = random.choice([15, 30, 99, 99, 100])
        a = random.randint(0, top)
        return a, "-", random.randint(0, a)
    a, b = random.randint(0, 12), random.randint(0, 12)
    if kind < 0.88 or a == 0:
        return a, "*", b
    return a * b, "/", a


_TOO_LARGE = "That is too large for me. I can add and subtract numbers up to 100, and multiply up to 12, one sum at a time."


def beyond(random: Random) -> tuple[str, str]:
    """A sum that is out of reach, and the answer that says so."""
    kind = random.randrange(4)
    if kind == 0:
        a, b, c = (random.randint(1, 30) for _ in range(3))
        one, other = random.choice("+-*"), random.choice("+-*")
        return random.choice(["what is S", "S", "calculate S", "S ="]).replace("S", f"{a} {one} {b} {other} {c}"), _TOO_LARGE
    if kind == 1:
        a, op, b = random.randint(13, 9999), "*", random.randint(13, 999)
    else:
        a, op, b = random.randint(101, 10 ** random.randint(3, 5)), random.choice("++-*/"), random.randint(2, 10 ** random.randint(1, 4))
        if op in "+*" and random.random() < 0.5:
            a, b = b, a
    return _worded(random.choice(_ASK[op]), str(a), str(b)), _TOO_LARGE


def answer(a: int, op: str, b: int) -> str:
    return f"{a} {op} {b} = {result(a, op, b)}."


def ask(random: Random, a: int, op: str, b: int) -> str:
    if op in "+-" and a <= 40 and random.random() < 0.16:
        return _word_problem(random, a, op, b)
    form = random.choice(_ASK[op])
    left, right = str(a), str(b)
    if a <= 12 and b <= 12 and random.random() < 0.12 and not any(mark in form for mark in "+-*/=x:×÷"):
        left, right = _NUMBER_WORDS[a], _NUMBER_WORDS[b]
    return _worded(form, left, right)


def _worded(form: str, left: str, right: str) -> str:
    """The letters stand alone in every form, so replacing them word by word is safe."""
    return "".join({"A": left, "B": right}.get(piece, piece) for piece in _pieces(form))


def _pieces(form: str) -> list[str]:
    pieces: list[str] = []
    for at, char in enumerate(form):
        alone = char in "AB" and not (form[at + 1 : at + 2].isalpha() or form[max(0, at - 1) : at].isalpha())
        pieces.append(char if alone or char not in "AB" else char + "")
        if not alone and char in "AB":
            pieces[-1] = "\0" + char
    return [piece if not piece.startswith("\0") else piece[1:].lower() for piece in pieces]


def _word_problem(random: Random, a: int, op: str, b: int) -> str:
    who, thing = random.choice(_WHO), random.choice(_THINGS)
    has, does = ("have", "do I") if who == "I" else ("has", f"does {who}")
    s = "" if who == "I" else "s"
    if op == "+":
        return random.choice([
            f"{who} {has} {a} {thing} and get{s} {b} more. How many {thing} {does} have",
            f"{who} {has} {a} {thing}. {who} find{s} {b} more. How many now",
            f"there are {a} {thing} and {b} more come. How many {thing} are there",
            f"if {who} {has} {a} {thing} and buy{s} {b}, how many {does} have",
            f"{a} {thing} and {b} {thing}, how many is that",
            f"{who} saw {a} {thing} in the morning and {b} in the evening. How many together",
        ])
    return random.choice([
        f"{who} {has} {a} {thing} and lose{s} {b}. How many {does} have left",
        f"{who} {has} {a} {thing} and give{s} away {b}. How many are left",
        f"there are {a} {thing} and {b} go away. How many stay",
        f"if {who} {has} {a} {thing} and sell{s} {b}, how many remain",
        f"from {a} {thing} somebody takes {b}. How many are left",
        f"{who} had {a} {thing} and lost {b} of them. How many {does} still have",
    ])
