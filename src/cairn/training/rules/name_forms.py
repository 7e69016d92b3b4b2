"""Letters, particles and forms of names: the tables with which two spellings are compared.

The tables are working knowledge of how names are written in French, English, Arabic, Nepali and
West African registers. They only decide what a reviewer is shown: an aid, never a decision.
"""

# Words between names that one register writes and another leaves out. "al" and its like are the
# Arabic article, also as it sounds before certain letters ("ar-Rahman", "ed-Din").
PARTICLES = frozenset(
    "al el ul il ar ad as at az an ash ed er es ez en de du da do dos das di del della la le les"
    " van von der den ten ter of bin ibn ben bint bte binte ould mint ag ait".split()
)
PARTICLES_ARABIC = frozenset({"بن", "ابن", "بنت", "ولد", "آل", "ال"})

# Short forms that clerks write for a whole name.
ABBREVIATIONS = {
    "md": "mohammad",
    "mohd": "mohammad",
    "mhd": "mohammad",
    "muh": "mohammad",
    "bdr": "bahadur",
    "pd": "prasad",
}

# "servant of", joined with the name of God that follows ("Abd al-Karim", "Abdoul Karim"), and
# "father of" ("Abu Bakr"). What the joined word begins with.
SERVANT_ARABIC = "عبد"
OPENS_A_NAME = {
    **dict.fromkeys("abd abdul abdel abdal abdoul abdur abdus abder abdes".split(), "abd"),
    **dict.fromkeys(("abu", "abou"), "abu"),
    SERVANT_ARABIC: SERVANT_ARABIC,
    "ابو": "ابو",
}

# Forms of one name across registers, where the letters alone do not lead from one to the other.
# The first word of a line names the family; all stand folded, as `names.fold` leaves them.
_FAMILIES = """
mohamed mohammed mohammad muhammad mohamad mouhamed mouhamadou mamadou mamadu mahamadou mahamat
 mahamane mahamadu maxamed mohamedou محمد
ahmed ahmad amadou amadu ahmadou ahmat hamadou axmed احمد
hassan hasan hassane alassane assane lassana lassane xasan حسن
hussein husein husain hussain hossain hocine houcine hosseini ousseni ousseynou xuseen حسين
abdullah abdallah abdalla abdoulaye abdullahi abdilahi cabdullahi عبدالله عبدله
ibrahim ebrahim ibrahima ibrahima brahim brahima ibraheem ابراهيم
youssouf youssef yusuf yousif yosef issouf issoufou yussuf يوسف
aboubakar abubakar aboubacar abubakr boubacar boubakar bubacar abubacar bakary ابوبكر
fatima fatma fatoumata fatou fatimata fatumata faduma fadumo فاطمة
aisha aicha aissata aissatou aishatou ayesha caasha عايشة
suleiman souleymane soulaiman sulayman soleiman suleman souley سليمان
said saeed seydou saidou seidou sayed siciid سعيد
ali aly aliou alioune cali علي
omar umar oumar omer oumarou cumar عمر
mariam maryam mariama meriem maryama maryan مريم
khadija kadidia kadiatou khadidja kadidiatou khadijah خديجة
vishnu bishnu
vikram bikram
lakshmi laxmi
chhetri chettri kshetri kshatri chetri
"""
FAMILY_OF: dict[str, str] = {}
for _line in _FAMILIES.strip().replace("\n ", " ").splitlines():
    _family, *_forms = _line.split()
    FAMILY_OF |= dict.fromkeys([_family, *_forms], _family)

# Letters in front of others: one sound, several spellings. Applied in this order to Latin words.
# A second reading stands after "|": the same letters are read in two ways ("th" in Othman, Osman).
LATIN_GROUPS: tuple[tuple[str, str], ...] = (
    (r"^ksh", "s"),
    (r"^ou(?=[aeiouy])", "w"),
    (r"sch|tch|tsh|chh", "s"),
    (r"ch(?=[rl])", "k"),
    (r"sh|ch|ts|tz", "s"),
    (r"ph", "f"),
    (r"kh|ck|qu|q", "k"),
    (r"gh", "g"),
    (r"dj|dz", "g"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"x", "ks"),
)
# Consonants that one register does not tell apart: d and t, p and b, s and z, j and g.
LATIN_SOUNDS = {
    **dict.fromkeys("aeiou", ""),
    **dict.fromkeys("hwy", ""),
    "b": "b",
    "p": "b",
    "d": "t",
    "t": "t",
    "f": "f",
    "g": "g",
    "j": "g",
    "k": "k",
    "l": "l",
    "m": "m",
    "n": "n",
    "r": "r",
    "s": "s",
    "z": "s",
}
# Spellings that stand for two sounds: every reading counts.
LATIN_DOUBTFUL: dict[str, tuple[str, ...]] = {
    "th": ("t", "s"),
    "dh": ("t", "s"),
    "v": ("b", "f"),
}

ARABIC_SOUNDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("اأإآٱىءئؤعحهةۀھوؤيی", ("",)),
    **dict.fromkeys("بپ", ("b",)),
    **dict.fromkeys("تطد", ("t",)),
    **dict.fromkeys("ثذضظ", ("t", "s")),
    **dict.fromkeys("جژغگ", ("g",)),
    **dict.fromkeys("چزسشص", ("s",)),
    **dict.fromkeys("خكک", ("k",)),
    "ق": ("k", "g"),
    "ر": ("r",),
    "ف": ("f",),
    "ڤ": ("b", "f"),
    "ل": ("l",),
    "م": ("m",),
    "ن": ("n",),
}
# How a word begins when it begins with no consonant: with a vowel or a breath, with w, with y.
LATIN_OPENINGS = {**dict.fromkeys("aeiouh", "a"), "w": "w", "y": "y"}
ARABIC_OPENINGS = {**dict.fromkeys("اأإآٱىءئؤعحه", "a"), "و": "w", "ي": "y", "ی": "y"}
