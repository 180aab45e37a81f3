"""Names, relatives, ages, jobs, looks and days, by the words that stand around them."""

import re

from newsletter.stories.scan.marks import MarkKind
from newsletter.stories.scan.pattern_parts import COLOR, NUMBER, PROPER, THE, WORD
from newsletter.stories.scan.spelled import NUMBER_WORDS, ORDINALS

_MONTHS = (
    "january|february|march|april|(?-i:May)|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|"
    "diciembre|"
    # as people spell them by ear
    "febuary|febr?uery|agust|se[tp]t?ember|otober|novenber|desember|henero|febrer|jullio|agosto|"
    "se[pt]?tienbre|o[ct]+ubre|no[bv]ie[mn]bre|di[csz]ie[mn]bre"
)
_DAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|"
    "tusday|wens?day|wedn?sday|thrusday|thursdey|satuday|mierc?oles|[jg]uebes|biernes|savado"
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
_ON = (
    r"(?:\s+(?:of|on|in|with|across|over|that says|saying|de|del|con|en|sobre|que dice)\s+"
    rf"{THE}?(?:(?:left|right|upper|lower|whole)\s+)?{WORD}(?:\s+(?:izquierd[oa]|derech[oa])\b)?)"
)
_SIDE = "(?:left|right|upper|lower|izquierd[oa]|derech[oa])"
_BODY = (
    "hand|arm|forearm|wrist|neck|face|cheek|chin|ear|eyebrow|eye|lip|nose|forehead|head|chest|back|"
    "shoulder|leg|knee|ankle|foot|finger|thumb|hip|belly|"
    "mano|brazo|antebrazo|mu[nñ]eca|cuello|cara|cachete|mejilla|barbilla|oreja|ceja|ojo|labio|nariz|"
    "frente|cabeza|pecho|espalda|hombro|pierna|rodilla|tobillo|pie|dedo|cadera|nuca"
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
    "coach|player|maker|deputy|sheriff|seller|vendor|builder|organizer|"
    "therapist|aide|nurse|picker|packer|fitter|trimmer|setter|finisher|mechanic|engineer"
)

_SPECS: tuple[tuple[MarkKind, str], ...] = (
    (
        MarkKind.DATE,
        rf"\b(?:(?:{_DAYS}),?\s+)?(?:(?:the|el|d[ií]a)\s+)?\d{{1,2}}(?:st|nd|rd|th|º)?"
        rf"(?:\s+(?:of|de))?\s+(?:{_MONTHS})\b\.?(?:,?\s+(?:del?\s+)?(?:a[nñ]o\s+)?\d{{2,4}})?",
    ),
    (MarkKind.DATE, rf"\b(?:{_DAYS})s?\b"),
    (
        MarkKind.DATE,
        rf"\b(?:{_MONTHS})\b\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b,?)?(?:\s+(?:(?:del?|of)"
        rf"\s+)?\d{{4}}\b)?",
    ),
    (
        MarkKind.DATE,
        rf"\b(?:(?:the|el)\s+)?(?:{ORDINALS}|{NUMBER_WORDS})\s+(?:of|de)\s+(?:{_MONTHS})\b",
    ),
    (MarkKind.DATE, r"\b(?:(?:the|el|la)\s+)?(?:spring|summer|autumn|fall|winter|verano|invierno|"
     r"oto[nñ]o|primavera)\s+(?:of|del?)\s+\d{4}\b"),
    (MarkKind.DATE, r"\b(?:el\s+)?(?:a[nñ]o|year)\s+\d{4}\b"),
    (
        MarkKind.DATE,
        rf"\b(?:las?\s+)?{NUMBER}\s+(?:o'?clock|in the (?:morning|afternoon|"
        r"evening)|at night|de la (?:ma[nñ]ana|tarde|noche|madrugada))\b",
    ),
    (
        MarkKind.DATE,
        r"\b(?:the\s+)?(?:feast|fiesta|day|night|eve|vigil|procession|d[ií]a|fiesta|feria|"
        r"v[ií]spera|noche|"
        r"procesi[oó]n|novena)s?\s+(?:of|de)\s+(?:(?:la|las|los|el|the|san|santa|santo|saint|"
        r"our lady of)\s+){1,2}"
        rf"{WORD}(?:\s+{PROPER}){{0,2}}",
    ),
    (
        MarkKind.DATE,
        rf"\b(?:{PROPER}\s+){{1,2}}(?:day|eve|festival|procession|fair|parade|carnival)\b",
    ),
    (
        MarkKind.NAME,
        r"\b(?:mr|mrs|ms|miss|mx|dr|dra|sr|sra|srta|prof|don|do[nñ]a|"
        r"(?:el |la )?se[nñ]or(?:a|ita)?)\b\.?\s+(?:(?:de|del|la)\s+){0,2}"
        r"(?!(?:nos|me|se|le|les|que|y|de|del|la|el|los|las|no|ya|muy|with|who|and|was|is|the|my|our|"
        r"his|her|him|you|them|it|home|being|how|when|that|a|an|so)\b)"
        rf"\w[\w'\-]{{1,40}}(?:\s+{PROPER}){{0,3}}",
    ),
    (
        MarkKind.NAME,
        r"\b(?:father|sister|brother|pastor|judge|officer|agent|coach|doctora?|(?:el )?padre|"
        r"(?:la )?jueza?|(?:el )?juez|(?:la )?maestra|(?:el )?maestro)"
        rf"(?:\s+{PROPER}){{1,4}}",
    ),
    (MarkKind.NAME, r"\b(?:mr|mrs|ms|dr|dra|sr|sra|srta|prof)\b\.?"),
    (MarkKind.NAME, r"\b(?:the\s+)?(?!(?:my|our|the|your|his|her|their|a|whole)\b)\w{1,40}"
     r"\s+family\b"),
    (MarkKind.NAME, r"\b(?:la\s+)?familia\s+(?!(?:de|del|y|que|es|fue|en|se|no|ya|me|"
     r"con)\b)\w{1,40}"),
    # Nicknames: "el Flaco", "le dicen el chino".
    (MarkKind.NAME, rf"\b(?:el|la|los|las)\s+{PROPER}(?:\s+{PROPER}){{0,2}}"),
    (
        MarkKind.NAME,
        r"\b(?:dic\w{1,5}|dec[ií]an?|llam\w{1,6}|conoc\w{1,6}\s+como|apod\w{2,5}|alias|mentad[oa]|"
        r"calls?|called|nicknamed|known\s+as)\s+(?:(?:me|him|her|us|them)\s+)?"
        rf"(?P<mark>(?:el|la|los|las|do[nñ]a|don)\s+{WORD})",
    ),
    (
        MarkKind.NAME,
        r"\b(?:call(?:s|ed)?|nicknamed)\s+(?:me|him|her|us|them)\s+"
        rf"(?P<mark>the\s+{WORD}(?:\s+(?:lady|guy|man|woman|girl|boy|kid))?)",
    ),
    (
        MarkKind.NAME,
        r"\b(?:me llamo|se llama|se llamaba|my name is|name was|named)\s+"
        rf"(?P<mark>{WORD}(?:\s+{PROPER}){{0,3}})",
    ),
    (
        MarkKind.CONTACT,
        r"\b(?:instagram|insta|ig|tik\s?tok|facebook|face|fb|snap(?:chat)?|twitter|telegram|"
        r"youtube|user(?:name)?|"
        r"usuario|perfil|handle)\s+(?:(?:i am|i'm|is|es|as|como|salgo como|me llamo|soy|"
        r"estoy como|:)\s*){1,2}"
        rf"(?P<mark>[\w@][\w.@\-]{{1,40}}(?:\s+(?:de\s+)?(?:{PROPER}|\d{{1,4}}\b)){{0,3}})",
    ),
    # What people would know somebody by.
    (
        MarkKind.ODD,
        rf"\bonly\s+(?:one|{WORD}(?:\s+{WORD}){{0,2}})\s+(?P<mark>(?:in|at|on|from)\s+(?:the|my|our|this|that)\s+{WORD})",
    ),
    (
        MarkKind.ODD,
        rf"\b[uú]nic[oa]\s+(?:{WORD}\s+){{0,4}}?(?:en|de|del)\s+(?P<mark>(?:la|el|mi|nuestr[oa]|este|esta|toda\s+la|todo\s+el)\s+{WORD})",
    ),
    (
        MarkKind.ORIGIN,
        r"\b(?:have|has|had|got|lost|under|with|my|his|her|tengo|tiene|ten[ií]a|perd[ií]|bajo|con|mi|"
        r"su)\s+(?P<mark>daca|tps)\b",
    ),
    (
        MarkKind.PLACE,
        r"\b(?:mi|my|our|nuestr[oa])\s+"
        r"(?:pueblo|aldea|cant[oó]n|rancho|colonia|barrio|village|town|country)\b",
    ),
    (
        MarkKind.BODY,
        rf"\b(?:{THE}?{WORD}\s+)?(?:tattoo(?:s|ed)?|tatuajes?|tatuad[oa]s?|tattooed|scars?|"
        rf"cicatri(?:z|ces)|"
        rf"birthmarks?|lunar|burns?|quemaduras?|piercings?|stickers?|"
        rf"calcoman[ií]as?)\b{_ON}{{0,3}}",
    ),
    # "a scorpion on his left hand", "tatuada una virgen en la espalda"
    (
        MarkKind.BODY,
        rf"\b(?:(?:tatuad[oa]s?|tattooed)\s+)?(?:an?\s+(?!(?:gun|bag|backpack|hand|mask|blanket)\b){WORD}\s+(?:{WORD}\s+)?(?:on|over|across|under)|una?\s+(?!(?:arma|mochila|bolsa|mano|cobija)\b){WORD}\s+(?:{WORD}\s+)?en|"
        rf"(?!hand|chain|shackle|cuff|restraint|mark|bruise){WORD}s\s+on)\s+"
        rf"(?:the|my|his|her|their|la|el|los|las|mis?|sus?)\s+(?:{_SIDE}\s+)?(?:{_BODY})\b"
        rf"(?:\s+{_SIDE}\b)?",
    ),
    (
        MarkKind.BODY,
        rf"\b(?:on|from|in|en|de|desde)\s+(?P<mark>(?:the|my|his|her|la|el|mi|su)\s+(?:{_SIDE}\s+)?(?:{_BODY})"
        rf"\s+(?:to|a|hasta)\s+(?:the|my|his|her|la|el|mi|su)\s+(?:{_BODY}))\b",
    ),
    # A red bandana, "mi honda verde".
    (MarkKind.BODY, rf"\b(?:an?|the|my|his|her)\s+(?P<mark>(?:{COLOR})\s+{WORD})"),
    (MarkKind.BODY, rf"\b(?:una?|mi|su)\s+(?P<mark>{WORD}\s+(?:{COLOR}))\b"),
    # "six foot four", "mido uno noventa"
    (MarkKind.BODY, rf"\b{NUMBER}[\s\-]+(?:foot|feet|ft)\b(?:[\s\-]+{NUMBER})?"),
    (
        MarkKind.BODY,
        rf"\b(?:mido|mide|estatura)\s+(?:de\s+)?(?P<mark>{NUMBER}(?:\s+(?:metro|y|con|{NUMBER})\b){{0,5}})",
    ),
    (MarkKind.BODY, rf"\b(?:(?:{_SIDE})\s+(?:{_BODY})|(?:{_BODY})\s+(?:{_SIDE}))\b"),
    (
        MarkKind.BODY,
        rf"\b(?:{WORD}\s+)?(?:hair|eyes|beard|mustache|moustache|braids?)\b|"
        rf"\b(?:pelo|cabello|ojos|barba|bigote|trenzas?)\s+(?!(?:y|de|en|a|que|me|se|no)\b){WORD}",
    ),
    (
        MarkKind.BODY,
        r"\b(?:diagnosed with|diagnosticaron|padezco de|padece de|sufro de|sufre de|enferm[oa] de|"
        rf"se me perdi[oó])\s+(?P<mark>{THE}?{WORD})(?=[\s,.;])",
    ),
    (
        MarkKind.BODY,
        rf"\b(?:lost|lose)\s+(?P<mark>{THE}?(?:bab(?:y|ies)|twins|pregnancy|hearing|sight|hair|"
        rf"(?:{_SIDE}\s+)?(?:{_BODY})))\b",
    ),
    (MarkKind.BODY, r"\b(?:perd[ií]|perdimos|perdi[oó])\s+(?P<mark>al? (?:un )?(?:beb[eé]|"
     r"ni[nñ][oa]|criatura))\b"),
    # "I am a roofer", "trabajaba de techador": also jobs that are on no list.
    (
        MarkKind.JOB,
        r"\b(?:works?|worked|working|job)\s+as\s+(?:(?:a|an|the)\s+)?"
        rf"(?P<mark>{WORD}(?:\s+(?!(?:in|at|for|and|to|when|until|with|on|of|but|there|"
        rf"here)\b){WORD}){{0,2}})",
    ),
    (
        MarkKind.JOB,
        r"\b(?:trabaj\w{1,8}\s+(?:de|como)|de\s+(?:oficio|profesi[oó]n))\s+"
        rf"(?P<mark>(?!noche\b|d[ií]a\b|las?\b|los\b|un\b){WORD}(?:\s+de\s+{WORD})?)",
    ),
    (
        MarkKind.JOB,
        rf"\b(?:(?!(?:{_FUNCTION})\b){WORD}\s+){{0,2}}(?:{_HEADS})s?\b",
    ),
    (MarkKind.JOB, rf"\b(?:plays?|played|playing|toc(?:o|a|aba|an|ando))\s+(?:the|el|la)\s+{WORD}"),
    (
        MarkKind.JOB,
        rf"\b(?:drives?|drove|driving)\s+(?:an?|the)\s+(?P<mark>(?:{WORD}\s+){{1,2}}(?:truck|van|bus|car|taxi|cab|tractor))\b",
    ),
    (
        MarkKind.JOB,
        rf"\bmanej\w{{1,4}}\s+(?:el|la|una?)\s+(?P<mark>{WORD}\s+de\s+(?:(?:la|los|las)\s+)?{WORD})",
    ),
    # What somebody picks, sews or is the head of.
    (
        MarkKind.JOB,
        r"\b(?:pick|picked|picking|pluck\w{0,3}|harvest\w{0,3}|prun(?:e|ed|ing)|pack|packed|packing|"
        r"debon(?:e|ed|ing)|milk(?:ed|ing)?|sew|sewed|sewing|weld\w{0,3}|butcher(?:ed|ing)|process(?:ed|ing)|"
        r"pizc\w{1,4}|pisc\w{1,4}|cosech\w{1,5}|desh[ou]es\w{1,4}|orde[nñ]\w{1,5}|empa[cq]\w{1,5}|podaba?|podando|"
        r"cos[ií]a?n?|cosiendo|despluma\w{0,4})\s+(?:la\s+|el\s+|las\s+|los\s+)?"
        rf"(?P<mark>(?!(?:{_FUNCTION}|up|out|me|us|him|them|it|mis?|sus?|de|en|un|una|todo|y)\b){WORD})",
    ),
    (
        MarkKind.JOB,
        r"\b(?:president|secretary|treasurer|leader|captain|founder|owner|chair|head|"
        r"president[ea]|secretari[oa]|tesorer[oa]|l[ií]der|lideresa|capit[aá]na?|fundador[a]?|due[nñ][oa]|"
        r"encargad[oa]|representante)\s+(?:of|de|del)\s+(?:the\s+|our\s+|la\s+|el\s+|los\s+)?"
        rf"{WORD}(?:\s+(?!(?:{_FUNCTION}|y|que|me|se|ya|nos|en|de)\b){WORD})?(?:\s+de\s+{WORD})?",
    ),
    (MarkKind.JOB, r"\btrabaj\w{1,8}\s+(?P<mark>\w{2,12}(?:ando|iendo)\b(?:\s+\w{2,20}){0,1})"),
)  # fmt: skip

PERSON_PATTERNS = tuple((kind, re.compile(spec, re.IGNORECASE)) for kind, spec in _SPECS)
LABELLED = re.compile(
    rf"(?:^|[.;,]\s|\s)(?:{_LABELS})\s{{0,3}}:[ \t]{{0,9}}(?P<mark>[^\n:]{{0,200}}?)"
    rf"(?=\.?[ \t]{{0,9}}(?:\n|$)|[.,;]?\s{{1,9}}(?:{_LABELS})\s{{0,3}}:)",
    re.IGNORECASE,
)
