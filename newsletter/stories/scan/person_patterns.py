"""Names, relatives, ages, jobs, looks and days, by the words that stand around them."""

import re

from newsletter.stories.scan.marks import MarkKind
from newsletter.stories.scan.spelled import NUMBER_WORDS, ORDINALS

_MONTHS = (
    "january|february|march|april|(?-i:May)|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|"
    "diciembre"
)
_DAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo"
)
_LABELS = (
    "nombre|apellidos?|domicilio|direcci[oó]n|localidad(?:\\s?/\\s?provincia)?|provincia|"
    "poblaci[oó]n|municipio|c\\.?p\\.?|nhc|nass|dni|nie|n[ºo°]?\\s?(?:hc|historia)|pa[ií]s|edad|"
    "sexo|fecha de nacimiento|fecha de ingreso|fecha|m[eé]dic[oa]|n[ºo°]\\s?col(?:egiado)?|"
    "tel[eé]fonos?|tlf|tel|tfno|fax|e-?mail|correo(?: electr[oó]nico)?|remitido por|"
    "responsable cl[ií]nico|episodio|cipa|"
    "name|first name|last name|surname|address|city|state|zip|phone|telephone|email|dob|"
    "date of birth|born|employer|school"
)
_CHILDREN = (
    "kids?|children|boys?|girls?|sons?|daughters?|brothers|sisters|siblings|babies|grandkids|"
    "grandchildren|"
    "hij[oa]s|hijit[oa]s|ni[nñ][oa]s|beb[eé]s|herman[oa]s|niet[oa]s|chamac[oa]s|muchach[oa]s|"
    "criaturas"
)
_NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORDS})"
_W = r"\w[\w'’\-]{0,40}"
_UPPER = r"(?-i:[A-ZÁÉÍÓÚÑ])"
_PROPER = rf"{_UPPER}{_W}"
_THE = r"(?:(?:a|an|the|my|his|her|their|our|la|el|los|las|mi|su|un|una)\s+)"
_ON = (
    r"(?:\s+(?:of|on|in|with|across|over|that says|saying|de|del|con|en|sobre|que dice)\s+"
    rf"{_THE}?(?:(?:left|right|upper|lower|whole)\s+)?{_W}(?:\s+(?:izquierd[oa]|derech[oa])\b)?)"
)
_UNITS = r"years?|months?|weeks?|days?|yrs?|a[nñ]os?|a[nñ]itos|mes|meses|d[ií]as?|semanas?"

_FUNCTION = (
    "a|an|the|my|your|his|her|their|our|this|that|these|those|every|each|some|any|no|another|"
    "other|one|"
    "two|three|and|or|but|for|to|of|in|on|at|by|with|from|as|is|was|are|were|be|been|had|has|"
    "have|i|you|"
    "he|she|we|they|it|told|asked|called|said|when|if|because|good|old|new"
)
# What a job ends in, whatever it is: "sewer pipe cleaner", "license clerk".
_HEADS = (
    "clerk|cleaner|operator|worker|driver|technician|manager|inspector|installer|attendant|"
    "assembler|"
    "distributor|specialist|consultant|analyst|administrator|coordinator|representative|"
    "instructor|"
    "therapist|aide|nurse|picker|packer|fitter|trimmer|setter|finisher|guard|mechanic|engineer"
)

_SPECS: tuple[tuple[MarkKind, str], ...] = (
    (
        MarkKind.DATE,
        rf"\b(?:(?:{_DAYS}),?\s+)?(?:(?:the|el|d[ií]a)\s+)?\d{{1,2}}(?:st|nd|rd|th|º)?"
        rf"(?:\s+(?:of|de))?\s+(?:{_MONTHS})\b\.?(?:,?\s+(?:del?\s+)?(?:a[nñ]o\s+)?\d{{2,4}})?",
    ),
    (
        MarkKind.DATE,
        rf"\b(?:{_MONTHS})\b\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b,?)?(?:\s+(?:(?:del?|of)"
        rf"\s+)?\d{{4}}\b)?",
    ),
    (
        MarkKind.DATE,
        rf"\b(?:{ORDINALS}|{NUMBER_WORDS})\s+(?:of|de)\s+(?:{_MONTHS})\b",
    ),
    (MarkKind.DATE, r"\b(?:(?:the|el|la)\s+)?(?:spring|summer|autumn|fall|winter|verano|invierno|"
     r"oto[nñ]o|primavera)\s+(?:of|del?)\s+\d{4}\b"),
    (MarkKind.DATE, r"\b(?:el\s+)?(?:a[nñ]o|year)\s+\d{4}\b"),
    (
        MarkKind.DATE,
        rf"\b(?:las?\s+)?{_NUMBER}\s+(?:o'?clock|in the (?:morning|afternoon|"
        r"evening)|at night|de la (?:ma[nñ]ana|tarde|noche|madrugada))\b",
    ),
    (
        MarkKind.DATE,
        r"\b(?:the\s+)?(?:feast|fiesta|day|night|eve|vigil|procession|d[ií]a|fiesta|feria|"
        r"v[ií]spera|noche|"
        r"procesi[oó]n|novena)s?\s+(?:of|de)\s+(?:(?:la|las|los|el|the|san|santa|santo|saint|"
        r"our lady of)\s+){1,2}"
        rf"{_W}(?:\s+{_PROPER}){{0,2}}",
    ),
    (
        MarkKind.DATE,
        rf"\b(?:{_PROPER}\s+){{1,2}}(?:day|eve|festival|procession|fair|parade|carnival)\b",
    ),
    (
        MarkKind.FAMILY,
        rf"\b{_NUMBER}(?:\s+y\s+\w{{1,12}})?[\s\-]+(?:{_UNITS})\b(?:\s+(?:y|and)\s+{_NUMBER}"
        rf"\s+(?:{_UNITS})\b)?"
        r"(?:[\s\-]+(?:old|de edad|de vida)\b)?",
    ),
    (
        MarkKind.FAMILY,
        rf"\b{_NUMBER}\s+(?:(?:little|young|small|older|younger|beautiful|peque[nñ][oa]s)"
        rf"\s+)?(?:{_CHILDREN})\b"
        rf"(?:\s+de\s+{_NUMBER}(?:\s+y\s+{_NUMBER})?(?:\s+(?:{_UNITS}))?\b)?",
    ),
    (
        MarkKind.FAMILY,
        rf"\b{NUMBER_WORDS}(?:,\s*{NUMBER_WORDS}){{0,5}},?\s+(?:and|y)\s+{NUMBER_WORDS}\b"
        rf"(?:\s+(?:{_UNITS})\b)?",
    ),
    (
        MarkKind.FAMILY,
        r"\b(?:is|am|was|turned|turning|aged?|tiene|ten[ií]a|tengo|cumpl\w{1,5}|a\s+los)\s+"
        rf"(?P<mark>\d{{1,2}}|(?!uno?\b|una\b|one\b|cien\b){NUMBER_WORDS})\b(?!\s+(?:de|of|by|"
        rf"to)\b)",
    ),
    (
        MarkKind.FAMILY,
        r"\b(?:(?:the|my|la|el)\s+)?(?:oldest|youngest|eldest|middle child|menor|mayor)"
        r"\s+(?:of|de)\s+(?:\w+\s+)?"
        rf"(?:{NUMBER_WORDS}|{_CHILDREN})(?:\s+(?:{_CHILDREN}))?\b",
    ),
    (
        MarkKind.NAME,
        r"\b(?:mr|mrs|ms|miss|mx|dr|dra|sr|sra|srta|prof|don|do[nñ]a|"
        r"(?:el |la )?se[nñ]or(?:a|ita)?)\b\.?\s+(?:(?:de|del|la)\s+){0,2}"
        r"(?!(?:nos|me|se|le|les|que|y|de|del|la|el|los|las|no|ya|muy|with|who|and|was|is)\b)"
        rf"\w[\w'\-]{{1,40}}(?:\s+{_PROPER}){{0,3}}",
    ),
    (
        MarkKind.NAME,
        r"\b(?:father|sister|brother|pastor|judge|officer|agent|coach|doctora?|(?:el )?padre|"
        r"(?:la )?jueza?|(?:el )?juez|(?:la )?maestra|(?:el )?maestro)"
        rf"(?:\s+{_PROPER}){{1,4}}",
    ),
    (MarkKind.NAME, r"\b(?:mr|mrs|ms|dr|dra|sr|sra|srta|prof)\b\.?"),
    (MarkKind.NAME, r"\b(?:the\s+)?(?!(?:my|our|the|your|his|her|their|a|whole)\b)\w{1,40}"
     r"\s+family\b"),
    (MarkKind.NAME, r"\b(?:la\s+)?familia\s+(?!(?:de|del|y|que|es|fue|en|se|no|ya|me|"
     r"con)\b)\w{1,40}"),
    # Nicknames: "el Flaco", "le dicen el chino".
    (MarkKind.NAME, rf"\b(?:el|la|los|las)\s+{_PROPER}(?:\s+{_PROPER}){{0,2}}"),
    (
        MarkKind.NAME,
        r"\b(?:dic\w{1,5}|dec[ií]an?|llam\w{1,6}|conoc\w{1,6}\s+como|apod\w{2,5}|alias|mentad[oa]|"
        r"calls?|called|nicknamed|known\s+as)\s+(?:(?:me|him|her|us|them)\s+)?"
        rf"(?P<mark>(?:el|la|los|las|do[nñ]a|don)\s+{_W})",
    ),
    (
        MarkKind.NAME,
        r"\b(?:me llamo|se llama|se llamaba|my name is|name was|named)\s+"
        rf"(?P<mark>{_W}(?:\s+{_PROPER}){{0,3}})",
    ),
    (
        MarkKind.CONTACT,
        r"\b(?:instagram|insta|ig|tik\s?tok|facebook|face|fb|snap(?:chat)?|twitter|telegram|"
        r"youtube|user(?:name)?|"
        r"usuario|perfil|handle)\s+(?:(?:i am|i'm|is|es|as|como|salgo como|me llamo|soy|"
        r"estoy como|:)\s*){1,2}"
        rf"(?P<mark>[\w@][\w.@\-]{{1,40}}(?:\s+(?:de\s+)?(?:{_PROPER}|\d{{1,4}}\b)){{0,3}})",
    ),
    # What people would know somebody by.
    (
        MarkKind.BODY,
        rf"\b(?:{_THE}?{_W}\s+)?(?:tattoo(?:s|ed)?|tatuajes?|tatuad[oa]s?|tattooed|scars?|"
        rf"cicatri(?:z|ces)|"
        rf"birthmarks?|lunar|burns?|quemaduras?|piercings?)\b{_ON}{{0,3}}",
    ),
    (
        MarkKind.BODY,
        r"\b(?:diagnosed with|diagnosticaron|padezco de|padece de|sufro de|sufre de|enferm[oa] de|"
        rf"se me perdi[oó]|lost)\s+(?P<mark>{_THE}?(?:bab(?:y|ies)|beb[eé]|{_W}))(?=[\s,.;])",
    ),
    (MarkKind.BODY, r"\b(?:perd[ií]|perdimos|perdi[oó])\s+(?P<mark>al? (?:un )?(?:beb[eé]|"
     r"ni[nñ][oa]|criatura))\b"),
    # "I am a roofer", "trabajaba de techador": also jobs that are on no list.
    (
        MarkKind.JOB,
        r"\b(?:works?|worked|working|job)\s+as\s+(?:(?:a|an|the)\s+)?"
        rf"(?P<mark>{_W}(?:\s+(?!(?:in|at|for|and|to|when|until|with|on|of|but|there|"
        rf"here)\b){_W}){{0,2}})",
    ),
    (
        MarkKind.JOB,
        r"\b(?:trabaj\w{1,8}\s+(?:de|como)|de\s+(?:oficio|profesi[oó]n))\s+"
        rf"(?P<mark>(?!noche\b|d[ií]a\b|las?\b|los\b|un\b){_W}(?:\s+de\s+{_W})?)",
    ),
    (
        MarkKind.JOB,
        rf"\b(?:(?!(?:{_FUNCTION})\b){_W}\s+){{0,2}}(?:{_HEADS})s?\b",
    ),
    (MarkKind.JOB, r"\btrabaj\w{1,8}\s+(?P<mark>\w{2,12}(?:ando|iendo)\b(?:\s+\w{2,20}){0,1})"),
)  # fmt: skip

PERSON_PATTERNS = tuple((kind, re.compile(spec, re.IGNORECASE)) for kind, spec in _SPECS)
LABELLED = re.compile(
    rf"(?:^|[.;,]\s|\s)(?:{_LABELS})\s{{0,3}}:[ \t]{{0,9}}(?P<mark>[^\n:]{{0,200}}?)"
    rf"(?=\.?[ \t]{{0,9}}(?:\n|$)|[.,;]?\s{{1,9}}(?:{_LABELS})\s{{0,3}}:)",
    re.IGNORECASE,
)
