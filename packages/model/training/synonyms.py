"""Other words for common ones, so that a question is recognised by its sense and not by one wording.

A word of the left side may be replaced by any of the right. Terms of the network are never replaced.
"""

from random import Random

_TABLE = """
what happens: what occurs, what goes on, what follows
happens: occurs, takes place
paid: rewarded, compensated, remunerated
get paid: receive payment, get money, get a reward
earn: make, receive, take in, gain
make money: earn something, make a profit, gain income, earn a living
get: receive, obtain, have
use: employ, work with, make use of, try
uses: employs, needs, works with
used: employed, needed
start: launch, begin, run, fire up, get going with
run: operate, execute, keep, host
runs: operates, executes, hosts
choose: pick, select, decide on
chosen: picked, selected, determined
chooses: picks, selects, decides on
join: take part, participate, come in, enter
become: turn into, get to be, act as
need: require, want, have to have
needed: required, necessary
explain: clarify, illustrate, outline, make clear
describe: outline, sketch, characterise, portray
tell me: let me know, inform me, say
show: display, present, reveal
see: view, look at, observe, find out
stored: kept, saved, recorded, held
written: recorded, put down, noted
published: announced, made public
publish: release, share, bring out, upload, put online
test: check, probe, examine, try out
tests: checks, probes, examines, audits
checks: verifies, inspects, controls, examines
check: verify, inspect, examine
why: for what reason, how come, what is the reason that
when: at what time, at which moment, at what point
how long: for how much time, for how many minutes
how many: what number of
how much: what amount
purpose: aim, sense, meaning, task
point: sense, use, idea
stop: prevent, hinder, keep off
cheat: lie, deceive, defraud, be dishonest, trick us
cheats: lies, deceives, is dishonest, plays foul
fails: breaks down, goes wrong, dies, is gone, drops out
is down: is gone, has crashed, is unreachable, vanishes
split: shared out, divided, distributed, portioned
divided: split, shared out, distributed
share: part, portion, cut, slice
big: large, high, great
quick: fast, speedy
cheap: inexpensive, low-cost, affordable
send: submit, transmit, pass
sends: submits, transmits, passes
lock: put up, deposit, bind
locked: deposited, tied up, put up
money: cash, funds, income, tokens
the point of: the sense of, the reason for
people: persons, users, folks, others
anyone: anybody, everyone, any person, a stranger
anybody: anyone, everybody
allowed: permitted, able
permission: approval, authorisation, consent
function: job, task, role
do: do
works: functions, operates
work: function, operate
connect: link, attach, hook up
sign: put a signature on, autograph
leave: exit, depart, withdraw, resign
own: possess, hold
hardware: machines, equipment, computers, servers
graphics card: video card, GPU, graphics processor
laptop: machine
machine: computer, laptop, box
look like: resemble
answer: reply, response
answers: replies, responses
request: query, call, question
requests: queries, calls, questions
model: language model, neural network, LLM
story: tale, little story, fable
short: brief, little, small
little: short, small, tiny
write: compose, pen, produce, craft
tell: narrate, give, relate
about: on, concerning, regarding, around
nice: pleasant, lovely, sweet, good
children: kids, little ones
name: mention, give, state
know: remember, recall
city: town
left: remaining, over
together: in total, altogether, in all, combined
calculate: work out, compute, determine, find, evaluate
compute: work out, calculate, find
add: sum up, combine, put together
give me: let me have, hand me, provide
how do I: how can I, what must I do to, in what way do I, what is the way to, how would one
how does: in what way does, in which manner does
how is: in what way is, by what means is
how are: in what manner are, by what means are
what is: what is, what exactly is, what would be
who: which party, who, what role
"""

SYNONYMS: dict[str, list[str]] = {}
for _line in _TABLE.strip().splitlines():
    _word, _others = _line.split(": ")
    SYNONYMS[_word] = _others.split(", ")
_LONGEST_FIRST = sorted(SYNONYMS, key=lambda word: -len(word))


def replace_some(random: Random, text: str, chance: float) -> str:
    """`text` with each known word replaced with the given chance, longest expressions first."""
    padded, done = f" {text} ", ""
    while padded:
        for word in _LONGEST_FIRST:
            if padded.startswith(f" {word}") and not padded[len(word) + 1 : len(word) + 2].isalnum():
                other = random.choice(SYNONYMS[word]) if random.random() < chance else word
                done += " " + other
                padded = padded[len(word) + 1 :]
                break
        else:
            done += padded[0]
            padded = padded[1:]
    return done.strip()
