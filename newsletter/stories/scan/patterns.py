"""What can be told by its shape: numbers of people and cases, contacts, addresses, dates, kin."""

import re

from newsletter.stories.scan.marks import MarkKind

_SEP = r"[ .\-\u00a0]?"
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
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|"
    "diecis[eé]is|diecisiete|dieciocho|diecinueve|veinte|veinti\\w+|treinta|cuarenta|cincuenta|"
    "sesenta|setenta|ochenta|noventa"
)
_STREETS = (
    r"street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|way|square|"
    r"highway|hwy|terrace|circle"
)
_CALLES = (
    r"calle|c/|c\.|avenida|avda\.?|av\.?|plaza|pza\.?|pl\.|paseo|p[ºo]\.?|carretera|ctra\.?|camino|"
    r"ronda|traves[ií]a|urbanizaci[oó]n|urb\.|glorieta|bulevar|colonia|col\.|cerrada|privada"
)
_PLACES_EN = (
    "elementary|high school|middle school|school|academy|university|college|church|parish|temple|"
    "mosque|hospital|clinic|laundry|restaurant|bakery|market|supermarket|factory|farms?|ranch|"
    "hotel|motel|nursery|warehouse|plaza|mall|salon|garage|plant|dairy|high|medical center"
)
_PLACES_ES = (
    "escuela|primaria|secundaria|preparatoria|colegio|instituto|universidad|iglesia|parroquia|"
    "templo|hospital|cl[ií]nica|lavander[ií]a|restaurante|taquer[ií]a|panader[ií]a|mercado|"
    "supermercado|f[aá]brica|rancho|granja|hotel|motel|bodega|plaza|taller|finca|empacadora|"
    "centro de salud|centro m[eé]dico|complejo hospitalario|fundaci[oó]n"
)
# Not one of the words that only lead up to a name.
_NOT_SMALL = (
    r"\b(?!(?:a|an|the|at|to|for|in|on|of|from|and|or|my|our|your|his|her|their|i|is|am|was|by|with|"
    r"goes|go|went|works?|worked|came|come|this|that|into|near|every|some|any|no|un|una|el|la|los|"
    r"las|en|de|del|por|para|con|mi|su|nuestro|nuestra|que|es|fue|va|nos|me|se|le|y|o|a|al|donde|"
    r"cuando|como|trabajo|trabaja|s[eé])\b)"
)
_KIN = (
    "mother|father|mom|mum|mommy|dad|daddy|sister|brother|son|daughter|wife|husband|aunt|uncle|"
    "cousin|niece|nephew|grandmother|grandfather|grandma|grandpa|grandson|granddaughter|grandchild|"
    "stepmother|stepfather|stepson|stepdaughter|stepsister|stepbrother|twins?|fianc[eé]e?|"
    "girlfriend|boyfriend|godmother|godfather|babysitter|newborn|"
    "madre|padre|mam[aá]|pap[aá]|hermana|hermano|hijas?|hijos?|hija|hijo|esposa|esposo|marido|"
    "t[ií]a|t[ií]o|prima|primo|sobrina|sobrino|abuela|abuelo|abuelita|abuelito|nieta|nieto|suegra|"
    "suegro|cu[nñ]ada|cu[nñ]ado|yerno|nuera|madrastra|padrastro|hijastra|hijastro|gemel[oa]s?|"
    "novia|novio|madrina|padrino|comadre|compadre|progenitor|progenitora|familiar|familiares|"
    "mujer|var[oó]n|hombre|ni[nñ]a|ni[nñ]o|beb[eé]|lactante|neonat[oa]|"
    "reci[eé]n nacid[oa]|adolescente|viud[oa]|casad[oa]|solter[oa]|divorciad[oa]|"
    "widow|widower|divorced|pregnant|embarazada"
)
_LABELS = (
    "nombre|apellidos?|domicilio|direcci[oó]n|localidad(?:\\s*/\\s*provincia)?|provincia|"
    "poblaci[oó]n|municipio|c\\.?p\\.?|nhc|nass|dni|nie|n[ºo°]?\\s?(?:hc|historia)|pa[ií]s|edad|"
    "sexo|fecha de nacimiento|fecha de ingreso|fecha|m[eé]dic[oa]|n[ºo°]\\s?col(?:egiado)?|"
    "tel[eé]fonos?|tlf|tel|tfno|fax|e-?mail|correo(?: electr[oó]nico)?|remitido por|"
    "responsable cl[ií]nico|episodio|cipa|"
    "name|first name|last name|surname|address|city|state|zip|phone|telephone|email|dob|"
    "date of birth|born|employer|school"
)

_SPECS: tuple[tuple[MarkKind, str], ...] = (
    # An alien registration number: A and 7 to 9 digits, with spaces or hyphens anywhere.
    (MarkKind.ID, r"\bA(?:lien)?[ #\-]*(?:\d[ \-]?){6,8}\d\b"),
    # A USCIS receipt: three letters and ten digits.
    (MarkKind.ID, r"\b[A-Z]{3}[ \-]?(?:\d[ \-]?){9}\d\b"),
    (MarkKind.ID, r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"),  # IBAN
    # Plates and codes: letters and digits in one word.
    (
        MarkKind.ID,
        r"\b(?!\d+(?:st|nd|rd|th)\b)(?=[a-z0-9\-]*\d)(?=[a-z0-9\-]*[a-z])[a-z0-9\-]{4,}\b",
    ),
    (
        MarkKind.ID,
        r"\b(?:crew|team|room|bed|route|box|psc|unit|badge|cuadrilla|equipo|cama|ruta)\s+#?\d+",
    ),
    (MarkKind.NUMBER, r"\b\d[\d\-/. ]{4,}\d[A-Z]?\b"),
    (MarkKind.CONTACT, r"[\w.+\-]{1,64}\s?@\s?[\w\-]{1,63}(?:\.[\w\-]{1,63})+"),
    (MarkKind.CONTACT, r"(?:https?://|www\.)\S+"),
    (MarkKind.CONTACT, r"(?<!\w)@\w[\w.]+"),
    (MarkKind.CONTACT, r"\b[\w\-]+\.(?:com|org|net|edu|gov|info|mx|es|us)(?:/\S*)?\b"),
    (
        MarkKind.CONTACT,
        rf"(?<![\d/])(?=(?:\D{{0,3}}\d){{7}})(?:\+|\()?\d{{1,4}}\)?(?:{_SEP}\(0\))?"
        rf"(?:{_SEP}\(?\d{{2,4}}\)?){{1,5}}(?!\d)",
    ),
    (MarkKind.CONTACT, r"\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){4,7}\b"),
    (
        MarkKind.ADDRESS,
        rf"\b\d{{1,6}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:\w[\w.']*\s+){{1,4}}(?:{_STREETS})\b\.?"
        r"(?:[,\s]+(?:apt|apartment|unit|suite|#|no)\.?\s*\w+)?",
    ),
    (
        MarkKind.ADDRESS,
        r"\b(?:psc|unit|usns|usnv|uss)\b[^\n]{1,30}\n(?:apo|fpo|dpo) a[aep] \d{5}",
    ),
    (MarkKind.ADDRESS, r"\b(?:apt|apartment|unit|suite|p\.?\s?o\.? box)\b\.?\s*#?\s*\d*\w*"),
    (
        MarkKind.ADDRESS,
        rf"(?<!\w)(?:{_CALLES})\s+(?:(?:de|del|la|las|los|el|san|santa|y)\s+)*\w[\w.'ªº]*"
        r"(?:\s+(?:(?:de|del|la|las|los|y)\s+)*(?-i:[A-ZÁÉÍÓÚÑ])\w+){0,4}"
        r"(?:,?\s+(?:n[uú]mero|n[ºo°]\.?|s/n|\d)[\w\-/ºª.]*(?:\s*\d+\w*)?){0,2}",
    ),
    (MarkKind.ADDRESS, r"\b(?:corner of|esquina de)\s+\w+\s+(?:and|y)\s+(?:la\s+|el\s+)?\w+"),
    (MarkKind.ADDRESS, r"\b(?:apartamento|apto|depto|departamento|piso|n[uú]mero)\s+\d+\w*"),
    (MarkKind.ADDRESS, r"\b\d{1,6}\s+[NSEW]\.?\s+\w+(?:\s+\w+)?\s+St\b"),
    (MarkKind.DATE, r"\b\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?\b"),
    (MarkKind.DATE, r"\b\d{1,2}:\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?)?"),
    (
        MarkKind.DATE,
        rf"\b(?:(?:{_DAYS}),?\s+)?(?:(?:the|el|d[ií]a)\s+)?\d{{1,2}}(?:st|nd|rd|th|º)?"
        rf"(?:\s+(?:of|de))?\s+(?:{_MONTHS})\b\.?(?:,?\s+(?:del?\s+)?(?:a[nñ]o\s+)?\d{{2,4}})?",
    ),
    (
        MarkKind.DATE,
        rf"\b(?:{_MONTHS})\b\.?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?\b,?\s*)?(?:del?\s+)?(?:\d{{4}}\b)?",
    ),
    (MarkKind.DATE, r"\b(?:(?:the|el|la)\s+)?(?:spring|summer|autumn|fall|winter|verano|invierno|"
     r"oto[nñ]o|primavera)\s+(?:of|del?)\s+\d{4}\b"),
    (MarkKind.DATE, r"\b(?:1[89]|20)\d{2}\b"),
    (
        MarkKind.DATE,
        rf"\b(?:las?\s+)?(?:{_NUMBER_WORDS}|\d{{1,2}})\s+(?:o'?clock|in the (?:morning|afternoon|"
        r"evening)|at night|de la (?:ma[nñ]ana|tarde|noche|madrugada))\b",
    ),
    (MarkKind.FAMILY, rf"\b(?:{_KIN})(?:s|es|-in-law)?\b(?:\s+(?:matern|patern)[oa]s?)?"),
    (
        MarkKind.FAMILY,
        rf"\b(?:\d{{1,3}}|{_NUMBER_WORDS})(?:\s+y\s+\w+)?(?:[\s\-]+(?:years?|months?|yrs?|a[nñ]os|"
        r"meses|d[ií]as|semanas)(?:[\s\-]+(?:old|de edad|de vida))?)\b",
    ),
    (
        MarkKind.FAMILY,
        r"\b(?:is|am|was|turned|tiene|ten[ií]a|tengo|cumpli[oó])\s+"
        rf"(?P<mark>\d{{1,2}}|{_NUMBER_WORDS})\b",
    ),
    (
        MarkKind.NAME,
        r"\b(?:mr|mrs|ms|miss|mx|dr|dra|sr|sra|srta|prof|don|do[nñ]a|"
        r"(?:el |la )?se[nñ]or(?:a|ita)?)\b\.?\s+(?:(?:de|del|la)\s+)*"
        r"\w[\w'\-]+(?:\s+(?-i:[A-ZÁÉÍÓÚÑ])[\w'\-]+){0,3}",
    ),
    (
        MarkKind.NAME,
        r"\b(?:father|sister|brother|pastor|judge|officer|agent|coach|doctora?|(?:el )?padre|"
        r"(?:la )?jueza?|(?:el )?juez|(?:la )?maestra|(?:el )?maestro)"
        r"(?:\s+(?-i:[A-ZÁÉÍÓÚÑ])[\w'\-]+){1,4}",
    ),
    (MarkKind.NAME, r"\b(?:mr|mrs|ms|dr|dra|sr|sra|srta|prof)\b\.?"),
    (MarkKind.NAME, r"\b(?:the\s+)?(?!(?:my|our|the|your|his|her|their|a|whole)\b)\w+\s+family\b"),
    (MarkKind.NAME, r"\b(?:la\s+)?familia\s+(?!(?:de|del|y|que|es|fue|en|se|no|ya|me|con)\b)\w+"),
    (
        MarkKind.PLACE,
        rf"(?:{_NOT_SMALL}[\w'’.\-]+\s+){{1,2}}(?:{_PLACES_EN})\b(?:\s+(?:of|on)\s+\w+)?",
    ),
    (
        MarkKind.PLACE,
        rf"\b(?:{_PLACES_ES})\b(?:\s+(?:de|del|la|las|los|el|san|santa))*"
        rf"(?:\s+{_NOT_SMALL}\w[\w'·\-]*){{1,2}}"
        r"(?:\s+(?:(?:de|del|la|las|los|el|y)\s+)*(?-i:[A-ZÁÉÍÓÚÑ])[\w'·\-]+)*",
    ),
    (MarkKind.PLACE, r"\b(?:our lady of|nuestra se[nñ]ora de)(?:\s+(?:la|las|los|el|the))*\s+\w+"),
    (MarkKind.PLACE, r"\b(?:san|santa|saint|st\.)\s+(?-i:[A-ZÁÉÍÓÚÑ])\w+"),
)  # fmt: skip

PATTERNS = tuple((kind, re.compile(spec, re.IGNORECASE)) for kind, spec in _SPECS)
LABELLED = re.compile(
    rf"(?:^|[.;,]\s|\s)(?:{_LABELS})\s*:[ \t]*(?P<mark>[^\n:]*?)"
    rf"(?=\.?[ \t]*(?:\n|$)|[.,;]?\s+(?:{_LABELS})\s*:)",
    re.IGNORECASE,
)
MEASURED = re.compile(
    r"\d+(?:[.,]\d+)*(?:\s*(?:-|–|x|a|y|/)\s*\d+(?:[.,]\d+)*)*\s*(?:%|‰|º|°|mm|cm|m|km|kg|g|gr|mg|µg|"
    r"mcg|ng|pg|ml|dl|cc|l|u|ui|mu|meq|mmol|µmol|nmol|mosm|mmhg|cmh2o|hz|gy|cgy|fl|kcal|lpm|rpm|ppm|"
    r"horas?|h|min|minutos?|segundos?|seg|veces|hours?|minutes?|seconds?|times|dollars?|d[oó]lares|"
    r"pesos|euros?|miles|millas|pounds|libras|percent)\b(?:/\w+)*",
    re.IGNORECASE,
)
