"""Short stories from a few hundred templates: a hero that the question names, and a plot that holds together."""

from random import Random

from grammar import expand

HEROES = """fox rabbit bear wolf mouse cat dog owl frog duck hen horse cow pig goat sheep lamb lion tiger elephant monkey whale dolphin fish crab turtle snail
snake bee ant spider butterfly bird sparrow crow eagle swan penguin parrot hedgehog squirrel badger deer hare mole otter beaver seal shark camel donkey
king queen prince princess knight wizard witch giant dwarf dragon fairy ghost robot pirate sailor captain fisherman farmer gardener baker miller tailor smith
painter singer teacher doctor boy girl child grandmother grandfather brother sister twin shepherd hunter traveller astronaut pilot inventor clockmaker librarian
tree flower river cloud star moon sun mountain stone boat ship train clock lantern kite balloon snowman puppet teapot key book bell bridge lighthouse miner computer
unicorn mermaid troll elf goblin soldier cook postman merchant juggler clown explorer scientist student musician dancer scarecrow toad kitten puppy""".split()

_ADJECTIVES = "small young old brave curious shy clever lonely cheerful patient proud kind quiet hungry sleepy poor stubborn gentle".split()
_PLACES = ["by the sea", "in a deep forest", "on a high hill", "in a small village", "near a blue lake", "at the edge of a desert", "in an old town",
           "on a green island", "under a big oak", "in a quiet valley", "beside a wide river", "behind the mountains"]
_FRIENDS = "owl bird mouse child snail bee cat dog turtle beggar neighbour stranger hedgehog frog".split()

# H is the hero with its article, "the" afterwards; P a place; F a friend; J an adjective.
PLOTS = [
    "Once upon a time there was a J H who lived P. One day a storm took the roof of its house. A F came to help, and together they built a new one. From then on they were never alone.",
    "A J H lived P and wished to see the world. It walked for seven days and met a F that had lost its way. The H showed it the road home. On the way back the H understood that home is the best place of all.",
    "There was once a J H that could not sleep. It asked a F for advice. The F said: count the stars. The H counted and counted, and before it reached one hundred it slept in peace.",
    "Long ago a J H found a golden coin P. It wanted to keep the coin, but then it saw a poor F. The H gave the coin away and received a friend, who was worth much more.",
    "One winter the J H had nothing to eat. A F shared its last bread. When spring came, the H planted a garden P, and there was enough bread for both of them for ever.",
    "Once a J H heard a strange song P. It followed the song and found a F who sang because it was lonely. The H learned the song, and now they sing it together every evening.",
    "A J H was afraid of the dark. One night a F was lost P and cried for help. The H took a small lamp and went out. It found the F, and since that night it has not been afraid.",
    "There lived a J H P. Everybody laughed at it because it was slow. But when the great fire came, the H knew the only safe path and led everyone out. After that nobody laughed.",
    "The J H wanted to be the greatest of all. It boasted to a F. The F only smiled and said: then carry this feather without a breath of wind. The H could not, and learned to be modest.",
    "Once there was a J H with a broken heart. It sat P and looked at the water. A F sat down beside it and said nothing. After a while the H smiled, for a quiet friend is a good friend.",
    "A J H found a map P. The map showed a treasure. The H dug for three days with the help of a F. In the chest was only a letter: the treasure is the one who dug with you.",
    "Every morning a J H carried water to a small tree P. A F asked why. The H said: one day it will give us shade. Years later they sat under the tree, and the H was happy.",
    "Once upon a time a J H got lost in the fog P. It called, and a F answered. They talked all night so that neither was afraid. In the morning the fog was gone and they were friends.",
    "A J H built a boat to cross the water. The boat was too small for two, but a F begged to come along. The H built a bigger boat, and so they both reached the other shore.",
    "There was a J H who told everyone that it could fly. A F believed it and waited P the whole day. The H was ashamed and told the truth. The F forgave it, and they walked home together.",
    "One day a J H lost its favourite thing P. It looked everywhere. A F had found it and kept it safe. The H thanked the F with a big cake, and they ate it under the moon.",
    "The J H and a F had a race P. The H was quick, but it stopped to help an old woman. The F won the race, but it gave the prize to the H, because a kind heart runs further.",
    "A J H lived P and had a secret: it could talk to the wind. When a F was ill, the H asked the wind for warm air. The wind came, the F got well, and spring came early that year.",
]
_ANIMATE_PRONOUNS = {"its": "its"}

_ASK = [
    "tell me a [short|little|nice|small|] story about a H", "tell me a story about a H", "write a [short|little|] story about a H", "a story about a H", "story about a H",
    "can you tell [me|us] a [short|] story about a H", "I want a story about a H", "I would like [to hear|] a story about a H", "please tell a story about a H",
    "do you know a story about a H", "make up a story about a H", "write me a tale about a H", "tell me a tale of a H", "tell us about a J H",
    "give me a story with a H", "a bedtime story about a H", "tell me a bedtime story about a H", "write a [short|] story with a H in it", "invent a story about a H",
    "my [son|child|little sister|brother|friend] wants a story about a H", "once upon a time there was a H", "could you write a [short|] story about a J H",
    "short story about a H", "a fairy tale about a H", "tell a fairy tale with a H", "let me hear a story about a H", "story with a H", "I love stories about a H. tell me one",
    "create a [short|little|] story in which a H [plays a part|is the hero|appears]", "a few sentences about a H, as a story", "write something about a H", "read me a story about a H",
    "the hero should be a H. tell a story", "a story, and the hero is a H", "tell me something about a H", "we need a story about a H", "story please, about a H",
    "write three sentences about a H", "narrate a story about a H", "compose a short story about the H",
    "I want to read about a H tonight", "a story starring a H", "let a H be the hero of a story", "tell me how a H [found a friend|got lost|became happy]", "[think of|come up with] a story whose hero is a H",
    "what happened to the H? tell me", "my favourite animal is the H. a story please", "for my daughter: a story on a H", "H story", "[one|another] story, this time with a H", "story: a J H",
    "I like the H. can you tell a story about it", "a J H, make a story of that", "please, a story with a J H in it", "begin a story with a H", "children love the H, so tell them a story about one",
    "amuse me with a story of a H", "[main character|hero|the main person|about]: a H. [a story|a short story|story please]", "[spin|weave|make up|invent] [me|us|] a [tale|yarn|story] [about|of] a H", "[short|little|quick] story, [main role|hero|star|main figure]: a H",
    "I am [tired|sad|bored], [cheer me up|entertain me] with a [tale|story] about a H", "a [tale|yarn|fable|fairy tale] [about|of|with] a H", "how about a story with a H", "what about a H story", "put a H into a [short|little|] story", "tell us what the J H did", "can a H be in your story",
]
_ASK_ANY = [
    "tell me a story", "tell me a short story", "write a story", "a story please", "tell me a bedtime story", "do you know a story", "can you tell me a story", "I want to hear a story",
    "make up a story", "tell me a fairy tale", "tell us something nice", "write a short story", "I am bored, tell me a story", "one story please", "another story", "story time",
    "please write me a little story", "give me a story", "could you tell a story", "I cannot sleep, tell me a story", "surprise me with a story", "tell me a tale",
]


def _article(text: str) -> str:
    return "an" if text[0] in "aeiou" and not text.startswith(("uni", "one")) else "a"


def _fix_articles(text: str) -> str:
    words = text.split(" ")
    for at in range(len(words) - 1):
        if words[at] in ("a", "A"):
            article = _article(words[at + 1].lower())
            words[at] = article.capitalize() if words[at] == "A" else article
    return " ".join(words)


def _fill(text: str, words: dict[str, str]) -> str:
    return "".join(words.get(piece, piece) for piece in _split_words(text))


def _split_words(text: str) -> list[str]:
    pieces, word = [], ""
    for char in text:
        if char.isalpha():
            word += char
            continue
        pieces += [word, char] if word else [char]
        word = ""
    return pieces + ([word] if word else [])


def story(random: Random, hero: str, adjective: str | None = None) -> str:
    words = {"H": hero, "J": adjective or random.choice(_ADJECTIVES), "P": random.choice(_PLACES), "F": random.choice([f for f in _FRIENDS if f != hero])}
    return _fix_articles(_fill(random.choice(PLOTS), words))


def ask(random: Random) -> tuple[str, str]:
    """A request for a story and the story."""
    hero, adjective = random.choice(HEROES), random.choice(_ADJECTIVES)
    if random.random() < 0.15:
        return random.choice(_ASK_ANY), story(random, hero)
    form = expand(random.choice(_ASK), random)
    named = adjective if " J " in form or random.random() < 0.25 else None
    if named and " J " not in form:
        form = form.replace(" H", " J H", 1)
    plural = named is None and random.random() < 0.1
    if plural:
        form = form.replace("a H", "H").replace("H", hero + "s")
    question = _fix_articles(_fill(form, {"H": hero, "J": adjective}))
    return question, story(random, hero, named)
