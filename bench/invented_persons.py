"""Invented persons of seven naming cultures, and what registers make of them on a second visit.

Names are kept as sounds; clerks of several schools spell them. None of the spellings comes from
the tables that the platform compares with. The same seed gives the same persons.

Signs for sounds: S sh, C ch, K kh, G gh, H deep h, Q deep k, 3 ayn, J j, A I U long vowels, N ñ,
X ks, Z zh, L ll. An apostrophe parts syllables and is rarely written.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

Chance = random.Random

# -- pools: sounds of names ----------------------------------------------------------------------

ARAB_MEN = """
muHammad aHmad 3alI Hasan Husayn 3umar 3uTmAn ibrAhIm yUsuf KAlid maHmUd mustafa sAlim Saqir tAriq
Qasim Karim rASid samIr nabIl fAris hAni walId zayd jamAl nAsir hiSAm marwAn ra3d basIm GassAn
munIr Sarif 3adnAn 3Adil amIn anwar badr fahd fawzi HamId HAtim 3isAm jAbir kAmil luTfi mAlik
mAzin muHsin nizAr rAmi riyAd sa3Id sa3d sulaymAn tAha 3abdulKarim 3abdurraHmAn 3abdallah
3abdulQAdir 3abdulla6Yf yaHya yasIn ziyAd Zakariyya
""".split()
ARAB_WOMEN = """
fAtima 3ASa KadIja maryam zaynab AmIna salma hind nUr rIm rAnia dIna hAla laylA lInA mAha munA
nAdia najwA hanA' sAra samIra su3Ad Sahd wafA' yAsmIn zahra HalIma Hanan iman basma bUSra dunyA
Gada jamIla KulUd lubna nawAl rab3a rim rUQayya sawsan siham sumayya taGrId widAd
""".split()
ARAB_FAMILY = """
HaddAd najjAr Kayyat SAmI HalabI baGdAdI maSri Qasim 3abbAs Haydari jubUri dulaymI Samari Tamimi
3ubaydi rubay3i Ka6Ib Saleh mansUr nasser darwIS 3awad bakkAr zaydAn Hamdan KalIl SaHIn Ka6Tan
barakAt GAnim Hijazi sabbAG Qabbani 3a6tar rifa3i Husayni 3azzam Habib maQdisi 3atiyya dabbAG
Sarif nu3mAn tahIr ramadAn SukrI Kalaf jAsim 3alwAn maHjUb yaGi 3ulayan sa3di KurSId zaGlUl salAma
rASid jum3a madani Samsi naHas SaQer bUSnaQ
""".split()
SOMALI_MEN = """
maHamed aHmed Hasan Husen 3umar 3ali ibrAhin yUsuf warsame farAH jAma3 gEdi Hirsi 3abdi 3abdullAhi
3abdiraHmAn 3abdiQAdir 3abdikarin saleban 3ismAn nUr Siraj bile guled liban samatar dirir muse
3igal 3ilmi rOble Hersi Sire DAhir 3awAle mAHamud bASir faysal jibril KadAr KalIf mubArak muKtAr
""".split()
SOMALI_WOMEN = """
fAdumo 3ASa KadIjo maryan xAwo sahra hodan Hamdi idil ifrAH ladan nimo sagal sAmiya SukrI suAd
ubaH 3Anab 3ambaro deQa fAHiya filsan foziya halimo Hibo 3Aliya asli bile KadrA lul rOdo
""".split()
ETHIOPIAN_MEN = """
abebe kebede tesfaye haile bekele girma alemu tadesse mekonnen getaCew dawit samuel yohannes
berhanu mulugeta tekle gebre'mariam gebre'medhIn haile'mariam welde'giorgis habte'mariam solomon
daniel yonas kidane asmerom tewolde mehari isayas semere fitsum ermias bereket yared biniam sisay
assefa demisse wondimu zewde tilahun lemma tsegaye SiferaW zerihun eyob abel mikiel
""".split()
ETHIOPIAN_WOMEN = """
almaz tsehay aster genet hiwot selam rahel sara mihret meseret tigist zenebeC worknes letebrhan
abrehet saba luwam feven rigbe silas tirhas helen bethlehem mahlet eden yodit senait mebrat azeb
kokeb Sewit tsion netsanet
""".split()
SAHEL_MEN = """
mUsa ibrahima 3ali usman umar amadu mamadu sayku bUbakar isa yaya sulayman abdulay adama lamin
modibo seku bakari drAmane yaKuba tahiru salif mUstafa kalilu saidu malik Seku 3abdu musta babakar
modu pape Ceru alasan usaynu idrisa kofi kwame yaw kwadwo ama3du baba jibril yero demba samba
""".split()
SAHEL_WOMEN = """
fatumata aminata mariama kadiatu ayssatu hawa binta penda oumU nene jenaba ramata asata hadja kani
awa rokiya salimata safiatu maymuna tenin djelika bintu isatu yaye adja sira nafi kumba astu
maimuna zara
""".split()
SAHEL_FAMILY = """
Jallo Jop nJay Jawara sise kulibali tarawore kone ture kamara konte keyta sidibe sangare sanogo
daGno berte Juf fay gey mbay sar sek sow bari bah balde kande mane sane Jata Jeme tambajan sonko
bojan dabo fati jaiteh marong nyang wan ly kan sal tal wele dem barO sumare sako fofana dukure
maiga sidi Kamaru yusufu bello danJuma okafor eze oSo adeyemi obi nwosu ojo
""".split()
SLAVIC_MEN = """
oleksandr serhij andrij volodymyr mykola ivan dmytro vasyl petro oleh ihor jurij viktor mykhajlo
anatolij bohdan taras roman maksym denys jevhen oleksij stanislav vladyslav pavlo artem hryhorij
stepan kostjantyn dragan milan goran zoran nenad bojan marko vlado
""".split()
SLAVIC_WOMEN = """
olena iryna natalija svitlana tetjana oksana halyna ljudmyla hanna marija julija kateryna nadija
ljubov valentyna larysa olha vira viktorija jana alina daryna anastasija jelena milica dragana
snejana
""".split()
SLAVIC_STEMS = """
kova Sev tka bon melny poli kra Cerni bojka rud lys kozl petr ivan vasyl pavl mykh horb sydor
romany zahor hrytsa mosk tyS holub soroka voron zinCen juS lapt myron hav kyryl lytvyn osta pryj
savCen tymo uSa fedor Zuk jaC marC kop dan klym babi nesten levC harm sobol vol stankov petrov
nikol jovan mark milo
""".split()
SLAVIC_ENDS = "enko uk Cuk skyj ko ov yn ets yC evyC ovyC ak".split()
SOUTH_MEN = """
rAm SyAm HarI kriSna gopal raJeS sureS dinES ramES maheS praKAS biSnu sanJay viJay aJay binod
dipak manoJ kumar arJun bhim bir santoS raJu aBdul raHim karim muhamad rafiQ Safiq jahangir alam
Habibur mizanur imrAn bilAl farUQ asif naJib gulAm ravi anil sunil viKram bal nirmal tek
""".split()
SOUTH_WOMEN = """
sItA gItA sunItA anItA lakSmI saraSvatI pUJA prItI bimalA kamalA SantI maya deBI sarita binitA
ranJanA nirmalA parvatI gaurI fatemA rahImA nasrIn Sahnaz parvIn rukSana ayeSa salmA yasmin jamilA
Sirin taslima rehana kavita rekHa uSA meenA
""".split()
SOUTH_FAMILY = """
SarmA thapa gurung tamang rai limbu SreSTa adhikArI bhaTTarAI koirAlA karkI basnet bhandArI
Caudhari yAdav maHato miSra singh gupta varma patel das bisvas sarkAr manDal hAlder miah molla
sikdar talukdAr Kan Qureshi ansAri SeK malik bhatti Cauhan rAnA magar lama Serpa Khadka bisTa
pAnde aCarya poDel neupane dahal rijal pariyAr nepAlI vishvakarma baniya nayak reddi pillai nair
""".split()
LATIN_MEN = """
hosE Juan luis karlos miGel xesUs fransisko pedro manuel rafael Jorge antonio viktor sesar daniel
FernandO eduardo alberto roberto rikardo andrEs xavier wilson wilmer Jhon edwin Jonatan yeison
braulio gilermo eNrike emilio rodrigO alvaro kristian esteban yerson dArwin wAlter
""".split()
LATIN_WOMEN = """
marIa ana luz rosa karmen luisa marta gladis elena patrisia sandra klaudia adriana mOnika Jesika
yenifer yuli paola Katerin diana viviana leidi yolanda esperansa blanka beatris ximena veronika
milagros flor nansi karina Leidi dayana
""".split()
LATIN_FAMILY = """
rodrIgez gonsAles garsIa martInez lOpes hernAndez pEres ramIres sAnches flores tOrres rivera gOmes
dIas kastro vAskes mendoza xImenes rojas moreno ortIz silva mamani kispe waman CoQe Kondori apasa
layme kolKe yupanQi sapata salazar herrera medina agilar vargas romero suAres kordova benavides
sevaLos kastiLo gereRo kaballero villanueva barrios valensia mosKera KuervO bustamante balensuela
zavala zambrano seballos figeroa ibarra pineda montalvo arevalo vera bera espinosa kabrera pacheKo
Caves Cavez yanes zepeda
""".split()

# -- clerks: sounds as they are written ------------------------------------------------------------

ENGLISH = {
    "S": "sh", "C": "ch", "K": "kh", "G": "gh", "H": "h", "Q": "q", "3": "", "J": "j", "T": "th",
    "D": "dh", "A": "a", "I": "ee i i", "U": "oo u ou", "E": "e", "O": "o", "N": "n", "X": "x",
    "Z": "zh", "L": "ll", "F": "f", "R": "rr", "Y": "i", "6": "t", "W": "w", "B": "b",
}  # fmt: skip
FRENCH = ENGLISH | {
    "S": "ch", "C": "tch", "G": "gh g", "Q": "k c", "J": "dj", "T": "th t", "D": "d", "U": "ou",
    "I": "i", "w": "ou w", "u": "ou", "k": "k c",
}  # fmt: skip
PLAIN = ENGLISH | {"K": "k", "G": "g", "H": "h", "Q": "k", "T": "t", "D": "d", "U": "u", "I": "i"}
SOMALI = ENGLISH | {
    "H": "x", "3": "c", "A": "aa", "I": "ii", "U": "uu", "E": "ee", "O": "oo", "D": "dh", "T": "s",
    "Q": "q", "z": "s",
}  # fmt: skip
SPANISH = PLAIN | {
    "S": "sh", "C": "ch", "K": "k c", "J": "j y", "x": "j x", "h": "h j", "k": "c k qu", "s": "s z",
    "z": "z s", "L": "ll y", "w": "hu w gu", "b": "b v", "v": "v b", "g": "g gu", "y": "y j",
    "N": "n ñ", "Q": "q k",
}  # fmt: skip
RUSSIAN = PLAIN | {
    "S": "sh", "C": "ch", "Z": "zh", "h": "g", "y": "y i", "j": "y i", "K": "kh", "Y": "y",
}  # fmt: skip
UKRAINIAN = RUSSIAN | {"h": "h", "y": "y", "j": "i y"}
GERMAN = RUSSIAN | {"S": "sch", "C": "tsch", "v": "w", "j": "j", "Z": "sch", "h": "h"}
SERBIAN = RUSSIAN | {"S": "š s", "C": "č c ć", "Z": "ž z", "j": "j", "h": "h"}
INDIAN = ENGLISH | {"S": "sh s", "C": "ch", "J": "j", "v": "v w b", "I": "ee i", "U": "u oo",
                    "z": "z j", "X": "x ks"}  # fmt: skip
SCHOOLS: dict[str, tuple[dict[str, str], ...]] = {
    "arab": (ENGLISH, FRENCH, PLAIN, ENGLISH),
    "somali": (SOMALI, ENGLISH, PLAIN, SOMALI),
    "ethiopian": (ENGLISH, PLAIN, ENGLISH | {"e": "e a e", "ts": "ts"}),
    "sahel": (FRENCH, ENGLISH, FRENCH, PLAIN),
    "slavic": (UKRAINIAN, RUSSIAN, GERMAN, SERBIAN),
    "south": (INDIAN, ENGLISH, PLAIN | {"S": "s sh"}),
    "latin": (SPANISH, SPANISH | {"s": "s", "z": "z"}),
}
SHARE = {"arab": 24, "somali": 12, "ethiopian": 14, "sahel": 16, "slavic": 10, "south": 14,
         "latin": 10}  # fmt: skip
COUNTRIES = {
    "arab": "SYR IRQ SDN YEM EGY", "somali": "SOM ETH DJI", "ethiopian": "ETH ERI",
    "sahel": "GIN SEN GMB MLI NGA", "slavic": "UKR MDA SRB", "south": "NPL BGD IND PAK",
    "latin": "PER COL VEN ECU",
}  # fmt: skip


def spelt(sounds: str, school: dict[str, str], chance: Chance) -> str:
    """One way in which a clerk of this school writes a name."""
    written = []
    for at, sign in enumerate(sounds):
        if sign == "'":
            written.append(chance.choice(("", "", " ")))
            continue
        ways = school.get(sign, sign).split()
        if school is SPANISH and sign in "kg":  # c and qu, g and gu part by what follows
            soft = sounds[at + 1 : at + 2] in tuple("eiEI") and at + 1 < len(sounds)
            ways = {"k": ["c", "k", "qu"], "g": ["g", "gu"]}[sign]
            ways = ways[1:] if soft else ways[:2] if sign == "k" else ways[:1]
        written.append(chance.choice(ways) if ways else "")
    return "".join(written).capitalize()


def mistyped(word: str, chance: Chance) -> str:
    """A letter that is doubled, left out, swapped with its neighbour or wrong."""
    if len(word) < 4:
        return word
    at, kind = chance.randrange(1, len(word) - 1), chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at] + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice("aeinorstlmk") + word[at + 1 :]


def revowelled(word: str, chance: Chance) -> str:
    """A vowel behind the first that another clerk hears as another one."""
    places = [at for at, sign in enumerate(word) if sign in "aeiou" and at > 1]
    if not places:
        return word
    at = chance.choice(places)
    near = {"a": "e", "e": "ai", "i": "e", "o": "u", "u": "o"}[word[at]]
    return word[:at] + chance.choice(near) + word[at + 1 :]


# -- persons -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is: sounds of the names, and facts that do not change."""

    culture: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    sex: str
    born: date
    country: str
    mother: str
    paper: str
    phone: str


def _pool(names: list[str]) -> tuple[list[str], list[float]]:
    """Names with weights that fall off as names of registers do."""
    return names, list(accumulate(1 / (rank + 6) for rank in range(len(names))))


SLAVIC_FAMILY = [f"{stem}{end}" for end in SLAVIC_ENDS for stem in SLAVIC_STEMS]
POOLS = {
    key: _pool(names)
    for key, names in {
        "arab.male": ARAB_MEN, "arab.female": ARAB_WOMEN, "arab.family": ARAB_FAMILY,
        "somali.male": SOMALI_MEN, "somali.female": SOMALI_WOMEN, "somali.family": SOMALI_MEN,
        "ethiopian.male": ETHIOPIAN_MEN, "ethiopian.female": ETHIOPIAN_WOMEN,
        "ethiopian.family": ETHIOPIAN_MEN,
        "sahel.male": SAHEL_MEN, "sahel.female": SAHEL_WOMEN, "sahel.family": SAHEL_FAMILY,
        "slavic.male": SLAVIC_MEN, "slavic.female": SLAVIC_WOMEN, "slavic.family": SLAVIC_FAMILY,
        "south.male": SOUTH_MEN, "south.female": SOUTH_WOMEN, "south.family": SOUTH_FAMILY,
        "latin.male": LATIN_MEN, "latin.female": LATIN_WOMEN, "latin.family": LATIN_FAMILY,
    }.items()
}  # fmt: skip
_CULTURES, _CULTURE_WEIGHTS = list(SHARE), list(accumulate(SHARE.values()))
FIRST_DAY, DAYS = date(1950, 1, 1), 24_000


def _pick(key: str, chance: Chance) -> str:
    names, weights = POOLS[key]
    return chance.choices(names, cum_weights=weights)[0]


def person(chance: Chance) -> Person:
    """Somebody new."""
    culture = chance.choices(_CULTURES, cum_weights=_CULTURE_WEIGHTS)[0]
    sex = "female" if chance.random() < 0.6 else "male"
    given = [_pick(f"{culture}.{sex}", chance)]
    family = [_pick(f"{culture}.family", chance)]
    if culture in {"arab", "somali"} or (culture == "ethiopian" and chance.random() < 0.5):
        family.insert(0, _pick(f"{culture}.male", chance))
    elif culture == "latin":
        if chance.random() < 0.6:
            given.append(_pick(f"{culture}.{sex}", chance))
        family.append(_pick(f"{culture}.family", chance))
    elif chance.random() < 0.25:
        given.append(_pick(f"{culture}.{sex}", chance))
    return Person(
        culture,
        tuple(given),
        tuple(family),
        sex,
        FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
        chance.choice(COUNTRIES[culture].split()),
        _pick(f"{culture}.female", chance),
        f"{chance.choice('ABCEKPR')}{chance.randrange(10**8):08}",
        f"+{chance.randrange(200, 999)}{chance.randrange(10**8):08}",
    )


Facts = dict[str, object]


def _names(who: Person, chance: Chance, *, visit: int) -> tuple[str, str]:
    """Given and family names as one clerk writes them on a visit."""
    schools = SCHOOLS[who.culture]
    school = chance.choice(schools)
    given = [spelt(each, school, chance) for each in who.given]
    family = [spelt(each, school, chance) for each in who.family]
    if who.culture == "arab":
        article = chance.choice(("", "al-", "Al ", "el-", ""))
        family[-1] = article + family[-1]
    if who.culture == "slavic" and who.sex == "female" and family[-1].endswith(("ov", "yn", "in")):
        family[-1] += "a"
    if visit:
        given, family = _worn(given, family, chance)
    return " ".join(given), " ".join(family)


def _worn(given: list[str], family: list[str], chance: Chance) -> tuple[list[str], list[str]]:
    """What happens to names on a later visit: left out, turned round, typed wrongly."""
    if len(given) + len(family) > 2 and chance.random() < 0.2:
        if len(given) > 1:
            given = given[:1]
        else:
            family = family[:-1] if chance.random() < 0.5 else family[1:]
    for names in (given, family):
        for at, word in enumerate(names):
            if chance.random() < 0.08:
                names[at] = mistyped(word, chance)
            elif chance.random() < 0.12:
                names[at] = revowelled(word, chance)
    if chance.random() < 0.1:
        given, family = family, given
    return given, family


def _birth(who: Person, chance: Chance, *, visit: int) -> str:
    """As it is written: missing in 12 of 100, the year only in 12, else a date, perhaps wrong."""
    draw = chance.random()
    if draw < 0.12:
        return ""
    if draw < 0.24:
        return f"{who.born.year}" if draw < 0.20 else f"{who.born.year}-01-01"
    born = who.born
    if visit:
        wrong = chance.random()
        if wrong < 0.04 and born.day <= 12:
            return f"{born.year}-{born.day:02}-{born.month:02}"
        if wrong < 0.08:
            born = born + timedelta(days=chance.choice((-1, 1, 10, -10, 30)))
        elif wrong < 0.11:
            born = date(born.year + chance.choice((-1, 1)), born.month, min(born.day, 28))
    return born.isoformat()


def record(who: Person, chance: Chance, *, visit: int = 0) -> Facts:
    """What a register writes down. `visit` 0: the first time."""
    given, family = _names(who, chance, visit=visit)
    facts: Facts = {
        "given": given,
        "family": family,
        "birth": _birth(who, chance, visit=visit),
        "sex": who.sex,
        "nationality": who.country if chance.random() > 0.03 else "",
    }
    if chance.random() < 0.55:
        another = visit and chance.random() < 0.2
        number = f"N{chance.randrange(10**8):08}" if another else who.paper
        facts["documents"] = [{"kind": "passport", "number": number}]
    if chance.random() < 0.3:
        other = visit and chance.random() < 0.5
        facts["phones"] = [f"+{chance.randrange(10**10):010}" if other else who.phone]
    if chance.random() < 0.25:
        facts["mother"] = spelt(who.mother, chance.choice(SCHOOLS[who.culture]), chance)
    return facts


def register(count: int, seed: int) -> Iterator[tuple[int, int, Person, Facts]]:
    """(number of the person, which visit, who, facts) of records; three in ten are repeats."""
    chance = Chance(seed)
    made = number = 0
    while made < count:
        who = person(chance)
        draw = chance.random()
        visits = 1 if draw < 0.72 else 2 if draw < 0.90 else 3 if draw < 0.96 else 4
        for visit in range(min(visits, count - made)):
            yield number, visit, who, record(who, chance, visit=visit)
            made += 1
        number += 1


def varied(who: Person, chance: Chance, first: Facts) -> Facts:
    """A later visit in which at least one name is spelt in another way than in `first`."""
    before = f"{first['given']} {first['family']}".casefold()
    while True:
        again = record(who, chance, visit=1)
        if f"{again['given']} {again['family']}".casefold() != before:
            return again


def sibling(who: Person, chance: Chance) -> Person:
    """A twin: the same family, birth, mother, country; another given name."""
    given = who.given
    while given == who.given:
        given = (_pick(f"{who.culture}.{who.sex}", chance), *who.given[1:])
    return replace(who, given=given, paper=f"T{chance.randrange(10**8):08}")
