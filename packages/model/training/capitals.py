"""Capitals of countries: question, answer, both directions."""

from random import Random

from grammar import expand

_TABLE = """France Paris|Germany Berlin|Italy Rome|Spain Madrid|Portugal Lisbon|Greece Athens|Austria Vienna|Switzerland Bern|Belgium Brussels
the Netherlands Amsterdam|Luxembourg Luxembourg|Denmark Copenhagen|Norway Oslo|Sweden Stockholm|Finland Helsinki|Iceland Reykjavik|Ireland Dublin
the United Kingdom London|Poland Warsaw|the Czech Republic Prague|Slovakia Bratislava|Hungary Budapest|Romania Bucharest|Bulgaria Sofia|Serbia Belgrade
Croatia Zagreb|Slovenia Ljubljana|Albania Tirana|Ukraine Kyiv|Russia Moscow|Estonia Tallinn|Latvia Riga|Lithuania Vilnius|Malta Valletta|Cyprus Nicosia
Turkey Ankara|Georgia Tbilisi|Armenia Yerevan|Israel Jerusalem|Lebanon Beirut|Syria Damascus|Iraq Baghdad|Iran Tehran|Saudi Arabia Riyadh|Jordan Amman
Qatar Doha|Kuwait Kuwait City|Yemen Sanaa|Oman Muscat|India New_Delhi|Pakistan Islamabad|Bangladesh Dhaka|Nepal Kathmandu|Sri Lanka Colombo|Afghanistan Kabul
China Beijing|Japan Tokyo|South Korea Seoul|North Korea Pyongyang|Mongolia Ulaanbaatar|Thailand Bangkok|Vietnam Hanoi|Cambodia Phnom_Penh|Laos Vientiane
Malaysia Kuala_Lumpur|Singapore Singapore|Indonesia Jakarta|the Philippines Manila|Myanmar Naypyidaw|Kazakhstan Astana|Uzbekistan Tashkent|Australia Canberra
New Zealand Wellington|Fiji Suva|Egypt Cairo|Morocco Rabat|Algeria Algiers|Tunisia Tunis|Libya Tripoli|Sudan Khartoum|Ethiopia Addis_Ababa|Kenya Nairobi
Uganda Kampala|Tanzania Dodoma|Rwanda Kigali|Nigeria Abuja|Ghana Accra|Senegal Dakar|Mali Bamako|Cameroon Yaounde|Angola Luanda|Zambia Lusaka
Zimbabwe Harare|Mozambique Maputo|Madagascar Antananarivo|South Africa Pretoria|Namibia Windhoek|Botswana Gaborone|Somalia Mogadishu|the United States Washington
Canada Ottawa|Mexico Mexico_City|Guatemala Guatemala_City|Cuba Havana|Jamaica Kingston|Haiti Port-au-Prince|the Dominican Republic Santo_Domingo
Costa Rica San_Jose|Panama Panama_City|Honduras Tegucigalpa|Nicaragua Managua|Colombia Bogota|Venezuela Caracas|Ecuador Quito|Peru Lima|Bolivia Sucre
Brazil Brasilia|Paraguay Asuncion|Uruguay Montevideo|Argentina Buenos_Aires|Chile Santiago"""


def _rows() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in _TABLE.replace("\n", "|").split("|"):
        country, city = ("Kuwait", "Kuwait_City") if row.startswith("Kuwait") else row.rsplit(" ", 1)
        table[country] = city.replace("_", " ")
    return table


CAPITALS = _rows()

_ASK_CITY = [
    "what is the capital of C", "what is the capital of C", "what is the capital city of C", "what's the capital of C", "capital of C", "C capital",
    "the capital of C", "which city is the capital of C", "name the capital of C", "tell me the capital of C", "what is C's capital", "C's capital",
    "do you know the capital of C", "what city is the capital of C", "can you tell me the capital of C", "which is the capital of C",
    "give me the capital of C", "I need the capital of C", "what do you call the capital of C", "what is the name of the capital of C",
    "C: what is its capital", "where is the government of C", "which city is the seat of the government of C", "capital city of C",
    "what is the chief city of C", "the capital of C is", "in which city is the government of C", "what capital does C have", "C has what capital",
    "[I am|we are] [travelling|going|flying] to the capital of C. which city is [that|it]", "my homework asks for the capital of C", "for a quiz: the capital of C",
    "please name C's capital city", "how is the capital of C called", "how do you call C's capital", "I forgot the capital of C", "say the capital of C",
    "what would be the capital of C", "which capital [belongs to|has] C", "do you remember the capital of C", "could you name the capital of C",
    "people in C have which capital", "[I fly|I travel|we go|I move|my flight goes] to the capital of C. [where do I land|in which city am I then|what city is it|where am I going]",
    "if [somebody|one|we|you] [went|flew|drove|travelled] to the capital of C, [which city would that be|where would that be|in what city would we be]", "[the president|the parliament|the king|the ministers] of C [works|sits|lives] in which city", "if I live in the capital of C, where do I live", "let me test you: capital of C", "the name of C's capital",
]
_ASK_COUNTRY = [
    "T is the capital of which country", "of which country is T the capital", "which country has T as its capital", "T is the capital of what country",
    "what country's capital is T", "which country has the capital T", "in which country is T", "where is T", "T is the capital of", "which country does T belong to",
    "T, capital of which country", "what country is T in", "name the country whose capital is T", "T is a capital. of which country", "tell me the country of T",
]


def plain(country: str) -> str:
    """The country's name at the head of a sentence, without its article."""
    return country.removeprefix("the ")


def ask_city(random: Random, country: str) -> str:
    form = expand(random.choice(_ASK_CITY), random)
    bare = form.startswith(("C ", "C:", "C's"))
    return form.replace("C's", f"{country}'s").replace("C", plain(country) if bare else country)


def answer_city(country: str) -> str:
    return f"The capital of {country} is {CAPITALS[country]}."


def ask_country(random: Random, country: str) -> str:
    return random.choice(_ASK_COUNTRY).replace("T", CAPITALS[country], 1)


def answer_country(country: str) -> str:
    return f"{CAPITALS[country]} is the capital of {country}."


def follow_up(random: Random, country: str) -> str:
    """A question that makes sense only after another capital was asked for."""
    return random.choice(["and C", "and of C", "what about C", "and for C", "how about C", "and the capital of C", "C", "and C then", "now C", "then C", "same for C"]).replace(
        "C", country
    )
