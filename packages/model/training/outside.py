"""Questions outside the model's domain, all answered by a short refusal.

They are broad on purpose, and name everyday things rather than the network, sums, capitals or stories, so that the refusal does not
swallow questions of the domain.
"""

from random import Random

from grammar import expand

ANSWERS = [
    "I do not know that. I can help with the network, small sums, capitals and stories.",
    "Sorry, that is outside what I know. Ask me about the network, small sums, capitals, or for a story.",
]

_PERSON = "[Napoleon|Einstein|Shakespeare|Mozart|Cleopatra|the president|the pope|Newton|a famous actor|Beethoven|Marie Curie|Caesar|Columbus|my neighbour|Picasso|Gandhi]"
_TEAM = "[football|tennis|hockey|the world cup|basketball|chess|the Olympics|the race|the league|cricket|golf|boxing|the match|the cup final]"
_ILL = "[headache|cold|fever|cough|back pain|a rash|toothache|flu|stomach pain|a broken arm|insomnia|a sore throat|my knee|my eyes|an allergy|high blood pressure]"
_FOOD = "[bread|pizza|soup|an omelette|pasta|a chocolate cake|curry|pancakes|rice|a salad|sushi|coffee|roast chicken|jam|a burger]"
_CODE = "[python|java|C|rust|javascript|SQL|bash|go|HTML|a spreadsheet]"
_THING = "[car|bicycle|phone|washing machine|television|fridge|roof|garden|camera|heater|sofa|lawn|window|kitchen|sink]"
_ART = "[song|novel|opera|film script|symphony|letter to my boss|essay|cover letter|speech|wedding toast|limerick about taxes|business plan|thesis|news article|CV]"
_SCIENCE = "[photosynthesis|gravity|quantum physics|black holes|DNA|evolution|relativity|electricity|magnetism|volcanoes|dinosaurs|atoms|enzymes|thermodynamics|climate change|viruses]"

_ASK = [
    "what is the weather [like|] [today|tomorrow|in London|here|next week|on Sunday]", "will it [rain|snow] [today|tomorrow|on Sunday|this weekend]", "how warm is it [outside|today|in Spain]",
    f"who [won|wins|will win] {_TEAM} [yesterday|this year|tomorrow|last night|on Sunday|]", f"what are the rules of {_TEAM}", f"what is the score in {_TEAM}", f"who is the best player in {_TEAM}",
    f"[who was|when was|where was|tell me about|when did] {_PERSON} [born|live|die|]", f"who [was|is] {_PERSON}", f"what did {_PERSON} [write|do|say|discover]",
    f"[what helps against|how do I treat|what should I take for|what can I do about|which doctor treats|is it dangerous to have|why do I have] {_ILL}", f"I have {_ILL}, what should I do",
    f"is my {_ILL} serious", f"[how do I|how can I|how to] [cook|make|bake|prepare] {_FOOD}", f"give me a recipe for {_FOOD}", f"how many calories [has|are in] {_FOOD}",
    f"write [a program|a function|code|a script|a class] in {_CODE}", f"[how do I|how to] [sort a list|read a file|write a loop|parse JSON|open a window] in {_CODE}", f"fix my {_CODE} code",
    f"[how do I|how can I] [repair|clean|buy|sell|fix|paint] my {_THING}", f"which {_THING} should I buy", f"my {_THING} is broken", f"what does a new {_THING} cost",
    f"[write|compose|draft|create|make] [me|] [a|an] {_ART} [for me|about love|about my town|]", f"can you [write|compose] a {_ART}",
    f"[explain|what is|how does|tell me about|describe] {_SCIENCE} [work|to me|]", f"who discovered {_SCIENCE}",
    "translate [this|hello|good morning|my letter|house|I love you] [into|to] [French|German|Spanish|Japanese|Latin|Chinese|Italian]", "how do you say [hello|cat|thank you|water|bread] in [French|German|Spanish|Japanese]",
    "what is the [price|value] of [gold|bitcoin|oil|silver|a house|milk|the dollar] [today|now|]", "should I [buy|sell] [stocks|gold|bitcoin|a house|shares]", "what will the stock market do",
    "what [time|day|date] is it [now|today|]", "what is today's date", "what is in the news [today|]", "what happened [today|yesterday|in 1848|last year|in the war]",
    "who is the [president|king|prime minister|mayor] of [France|Spain|my town|England|Japan|Germany|Italy]", "how many people live in [France|China|London|Rome|the world|Paris]",
    "how [old|tall|rich|heavy] is [the president|the queen|my teacher|the tallest man|an elephant|the earth|the universe]", "what is the [highest mountain|longest river|deepest sea|largest city|fastest animal|oldest tree]",
    "[can I sue|what is the law on|do I need a lawyer for|is it legal to] [my landlord|parking here|my boss|taxes|copy a book|record a call]", "how do I [divorce|file taxes|get a visa|write a will]",
    "what should I [wear|eat|read|watch|cook|give my wife|do today|study|play] [today|tonight|for dinner|at the party|]", "recommend [a book|a film|a restaurant|a hotel|music|a game|a wine|a phone]",
    "where can I [buy shoes|eat well|park|find a doctor|see the sea|learn to dance|rent a car|swim]", "book [a flight|a hotel|a table|a taxi] [for me|for two|to Rome|]", "order [a pizza|flowers|a taxi]",
    "when does the [train|bus|shop|museum|film|flight] [leave|open|start|arrive|close]", "how far is it [to the moon|to Paris|from Rome to Milan|to the sun|to the station]",
    "[does she love me|what is love|what is the meaning of life|is there a god|will I be rich|why am I sad|do you love me|what is happiness|what happens after death]",
    "play [some music|a song|chess with me|a game]", "[set|start] [an alarm|a timer] [for seven|for five minutes|]", "remind me to [call my mother|buy milk|water the plants]", "turn [on|off] the [light|radio|heating]",
    "draw [a cat|a house|a picture|a circle|my portrait]", "what is [the square root of 2|the derivative of x|pi|an integral|a logarithm|sine of 30|a prime number]", "solve [x squared = 9|this equation|the equation]",
    "what is my [name|age|address|password|phone number|horoscope|birthday]", "guess my [age|name|weight]", "who [am I|is my father|is my best friend|stole my car]", "what is your favourite [colour|food|film|song|animal]",
    "[summarise|summarize|correct|shorten|rewrite] [this text|my essay|the book|my letter|the article]", "what does the [bible|constitution|horoscope] say", "which [horse|lottery numbers|team|party] will win",
    "how do [planes fly|magnets work|engines work|birds fly|I lose weight|I learn guitar|I get a job|I tie a tie|you make cheese|you grow tomatoes|I train my dog|I get taller]",
    "what is [blood|glass|steel|a whale shark|jazz|baroque music|inflation|democracy|a verb|the stock exchange|yoga|cheese|philosophy|an earthquake|a sonnet|marketing|a carburettor]",
    "is [coffee|sugar|running|milk|wine|meat] [healthy|bad|good for me]", "who [wrote|painted|directed|sang|composed|invented] [Hamlet|the Mona Lisa|the telephone|the Odyssey|that film|this song|the steam engine|the wheel]",
]


def ask(random: Random) -> tuple[str, str]:
    return expand(random.choice(_ASK), random), random.choice(ANSWERS)
