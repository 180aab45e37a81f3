"""Addresses, corners, routes, schools, workplaces, villages, by the words around them."""

import re

from newsletter.stories.scan.marks import MarkKind
from newsletter.stories.scan.spelled import NUMBER_WORDS, ORDINALS

_STREETS = (
    r"street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|way|"
    r"square|"
    r"highway|hwy|terrace|circle|freeway|parkway|pkwy|alley|turnpike|route|trail"
)
_CALLES = (
    r"calle|c/\.?|c\.|avenida|avda\.?|av\.?|plaza|pza\.?|pl\.|paseo|p[ºo]\.?|carretera|ctra\.?|"
    r"camino|"
    r"ronda|traves[ií]a|urbanizaci[oó]n|urb\.|glorieta|bulevar|colonia|col\.|cerrada|privada|"
    r"callej[oó]n|fraccionamiento|rua|rue|via|ul\.?|ulica|strada|stra[sß]e|platz"
)
_PLACES_EN = (
    "elementary|high school|middle school|preschool|daycare|school|academy|university|college|"
    "primary|"
    "church|parish|chapel|temple|mosque|synagogue|shelter|hospital|clinic|hospice|nursing home|"
    "laundry|"
    "laundromat|linen supply|supply|restaurant|diner|cafe|bakery|market|supermarket|store|"
    "factory|farms?|"
    "ranch|dairy|orchard|vineyard|hotel|motel|nursery|warehouse|plaza|mall|salon|barbershop|"
    "garage|"
    "body shop|car wash|tire shop|inn|lodge|suites|trailer park|apartments|estates|"
    "mobile home park|plant|port|bus station|food truck|taco truck|meeting house|"
    "cleaners|high|medical center|detention center|processing center|jail|"
    "prison|library|"
    "park|packing|foods|meats|poultry|roofing|landscaping|construction|staffing|"
    "(?:\\w+ )?services?|"
    "solutions|technologies|partners|group|systems|software|global|insurance|movers|markets|"
    "and sons|"
    "company|industries|enterprises|holdings|bank|inc|ltd|llc|corp|corporation|gmbh"
)
_PLACES_ES = (
    "escuela|kinder|guarder[ií]a|primaria|secundaria|prepa|preparatoria|colegio|instituto|"
    "universidad|"
    "iglesia|capilla|catedral|parroquia|templo|mezquita|sinagoga|albergue|hospital|cl[ií]nica|"
    "lavander[ií]a|"
    "restaurante|cantina|taquer[ií]a|panader[ií]a|carnicer[ií]a|tortiller[ií]a|tienda|mercado|"
    "supermercado|"
    "f[aá]brica|maquila|maquiladora|rancho|granja|lecher[ií]a|hotel|motel|bodega|plaza|taller|"
    "vivero|"
    "gasolinera|finca|empacadora|limpiezas?|jardiner[ií]a|construcciones|constructora|"
    "autolavado|est[eé]tica|"
    "peluquer[ií]a|barber[ií]a|tintorer[ií]a|puerto|"
    "biblioteca|parque|cancha|consulado|centro comercial|penal|"
    "c[aá]rcel|"
    "centro de detenci[oó]n|centro de salud|centro m[eé]dico|complejo hospitalario|fundaci[oó]n"
)
# Not one of the words that only lead up to a name.
_NOT_SMALL = (
    r"\b(?!(?:a|an|the|at|to|for|in|on|of|from|and|or|my|our|your|his|her|their|i|is|am|was|by|"
    r"with|"
    r"goes|go|went|works?|worked|came|come|this|that|these|those|into|near|every|some|any|no|"
    r"not|all|"
    r"big|small|same|new|old|other|after|before|to|it|we|they|he|she|you|me|us|them|him|were|"
    r"are|had|have|"
    r"un|una|el|la|los|las|en|de|del|por|para|con|mi|su|mis|sus|nuestro|nuestra|que|es|fue|va|"
    r"nos|me|se|le|"
    r"y|o|a|al|ni|no|ya|donde|cuando|como|pero|porque|trabajo|trabaja|s[eé]|sin|desde|hasta|"
    r"todo|toda|"
    r"esta|este|esa|ese|otra|otro|misma|mismo|nueva|nuevo|grande|home|night|least|once|first|"
    r"last|work|"
    r"noche|casa|d[ií]a)\b)"
)
# Kinds of workplaces that are few: they tell without a name.
_ALONE = (
    "poultry plant|chicken plant|meat ?packing plant|packing house|slaughterhouse|tire shop|"
    "nail salon|car wash|laundromat|body shop|flea market|swap meet|sawmill|cannery|greenhouse|"
    "trailer park|pollera|empacadora|rastro|lavander[ií]a|tortiller[ií]a|panader[ií]a|"
    "carnicer[ií]a|taquer[ií]a|llantera|vulcanizadora|yonke|maquila|maquiladora|aserradero|vivero|lecher[ií]a|obrador|"
    "pulga|tianguis|lavado de carros|lavadero|gasolinera|refer[ií]|invernadero"
)
_W = r"\w[\w'’·\-]{0,40}"
_UPPER = r"(?-i:[A-ZÁÉÍÓÚÑ])"
_PROPER = rf"{_UPPER}{_W}"
_LA = r"(?:(?:de|del|la|las|los|el|y|san|santa)\s+){0,3}"
_UNITS = (
    r"apt|apartment|unit|suite|ste|room|floor|lot|space|trailer|block|building|house|#|no|"
    r"apartamento|apto|depto|departamento|manzana|mz|lote|bloque|edificio|casa|traila|etapa|sector|zona"
)

_TIME = (
    r"(?:midnight|noon|medianoche|mediod[ií]a|\d{1,2}(?::\d\d)?|"
    rf"{NUMBER_WORDS}(?:\s+{NUMBER_WORDS})?)"
)
# Where somebody lives or waits, by what stands beside it.
_BESIDE = (
    r"(?:behind|beside|next\s+to|across\s+from|in\s+front\s+of|down\s+from|near|by|under|above|over|"
    r"(?:atr[aá]s|detr[aá]s|enfrente|al\s+lado|cerca|arriba|abajo)\s+del?|(?:junto|frente)\s+al?)"
)
_LIVED_IN = (
    "house|apartment|room|trailer|basement|garage|place|shack|tent|building|"
    "casa|apartamento|departamento|cuarto|traila|s[oó]tano|casita|edificio|champa"
)

_SPECS: tuple[tuple[MarkKind, str], ...] = (
    (
        MarkKind.ID,
        r"\b(?:crew|team|room|bed|box|psc|unit|badge|cell|pod|gate|case|file|cuadrilla|equipo|"
        r"cama|litera|bunk|plantel|store|tienda|plant|planta|celda|"
        r"dormitorio|caso|expediente|folio|crujía)\s+(?:(?:number|n[uú]mero|no\.?)"
        r"\s+)?#?(?:\d[\w\-]{0,20}|(?-i:[A-Z])\b)",
    ),
    (
        MarkKind.ADDRESS,
        r"\b(?:(?:la|el|the)\s+)?(?:bus|route|line|train|highway|freeway|interstate|exit|track|"
        r"ruta|l[ií]nea|flight|vuelo|"
        r"cami[oó]n|autob[uú]s|guagua|micro|combi|metro|tren|salida|carretera|autopista)\s+"
        r"(?:(?:number|n[uú]mero|no\.?)\s+)?#?\d[\w\-]{0,9}",
    ),
    # "the six forty flight", "el vuelo de las seis y cuarenta"
    (
        MarkKind.ADDRESS,
        rf"\b(?:the\s+)?{_TIME}(?:\s*[ap]\.?m\b\.?)?\s+(?:flight|bus|train|plane|shift|mass|service)\b",
    ),
    (
        MarkKind.ADDRESS,
        r"\b(?:vuelo|avi[oó]n|cami[oó]n|bus|autob[uú]s|tren|turno|misa|culto)\s+de\s+(?:las?\s+)?"
        rf"{_TIME}(?:\s+y\s+(?:{NUMBER_WORDS}|media|cuarto))?\b",
    ),
    (MarkKind.ADDRESS, r"\b(?:the\s+)?\d{1,4}\s+(?:bus|train|line|freeway|highway|express)\b"),
    (
        MarkKind.ADDRESS,
        rf"\b\d{{1,6}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:{_W}\.?\s+){{1,4}}(?:{_STREETS})\b\.?"
        rf"(?:[,\s]+(?:{_UNITS})\.?\s*\w+)?",
    ),
    (
        MarkKind.ADDRESS,
        r"\b(?:psc|unit|usns|usnv|uss|uscgc)\b[^\n]{1,30}\n(?:apo|fpo|dpo) a[aep] \d{5}",
    ),
    (
        MarkKind.ADDRESS,
        rf"\b(?:{_UNITS}|p\.?\s?o\.? box)\b\.?\s*(?:(?:number|n[uú]mero)\s+)?"
        r"#?\s*(?:\d\w*|[b-df-hj-np-tv-xz]\b|(?-i:[A-Z])\b)",
    ),
    (
        MarkKind.ADDRESS,
        rf"\b(?:(?:the|a|la|una?|el)\s+)?(?:{_W}\s+)?(?:{_LIVED_IN})\s+(?:{_W}\s+)?{_BESIDE}\s+(?:(?:the|a|la|el|l)\s+)?"
        rf"{_NOT_SMALL}{_W}(?:\s+(?:{_PLACES_EN}|station|{_PROPER}))?",
    ),
    (
        MarkKind.ADDRESS,
        rf"\b{_BESIDE}\s+(?P<mark>(?:the|a|la|el)\s+(?:{_W}\s+)?(?:{_PLACES_EN}|{_PLACES_ES}|{_ALONE}))\b",
    ),
    (MarkKind.ADDRESS, rf"\b(?:in|at|on)\s+(?P<mark>{_W}(?:\s+{_W})?\s+(?:street|avenue|"
     rf"boulevard|road|highway|freeway|parkway|pike))\b"),
    # "two twelve Maple"
    (MarkKind.ADDRESS, rf"\b{NUMBER_WORDS}(?:[\s\-]+{NUMBER_WORDS}){{1,3}}\s+{_PROPER}"),
    (
        MarkKind.PLACE,
        rf"\b(?:la\s+)?casa\s+(?:hogar|del|de\s+las?|de\s+los|san|santa)\s+{_W}(?:\s+de\s+{_W})?",
    ),
    (
        MarkKind.ADDRESS,
        rf"(?<!\w)(?:{_CALLES})\s+{_LA}(?!(?:se|nos|me|le|que|no|es|era|fue|ya|a|con|en)\b)\w[\w.'ªº]{{0,40}}"
        rf"(?:\s+(?:(?:de|del|la|las|los|y)\s+){{0,3}}{_PROPER}){{0,4}}"
        rf"(?:\s+{NUMBER_WORDS}\b){{0,4}}"
        r"(?:,?\s+(?:n[uú]mero|n[ºo°]\.?|s/n|\d)[\w\-/ºª.]{0,12}(?:\s*\d+\w?)?){0,2}",
    ),
    # Corners: "the corner of Vermont and 8th", "at pico and union", "Alvarado y la Séptima".
    (
        MarkKind.ADDRESS,
        rf"\b(?:(?:the\s+)?corner of|esquina (?:de|con)|intersection of)\s+(?:(?:the|la)"
        rf"\s+)?(?:{_W}\.?\s+){{1,4}}"
        rf"(?:and|y|con|&)\s+(?:(?:the|la|el)\s+)?{_W}(?:\s+{_PROPER}){{0,2}}",
    ),
    (MarkKind.ADDRESS, rf"\b(?:corner of|esquina de)\s+(?:the|la|el)\s+{_W}"),
    (
        MarkKind.ADDRESS,
        rf"\b(?:at|on|near|by|off|between|en|por|entre)\s+(?:(?:the|la)"
        rf"\s+)?(?P<mark>{_NOT_SMALL}{_W}\s+"
        rf"(?:and|&|y|con)\s+(?!un[ao]?\b|one\b)(?:(?:the|la)\s+)?(?:(?:{ORDINALS}|{NUMBER_WORDS}|\d{{1,3}})\b"
        rf"(?:\s+y\s+{NUMBER_WORDS}\b)?))",
    ),
    (MarkKind.ADDRESS, rf"\b(?:at|on)\s+(?P<mark>{_NOT_SMALL}{_W}\s+(?:and|&)"
     rf"\s+{_NOT_SMALL}{_W})"),
    (
        MarkKind.ADDRESS,
        rf"\b(?:(?:la|the)\s+)?(?:{ORDINALS}|\d{{1,3}})\s+(?:and|y|con|&)\s+(?:(?:the|la)\s+)?"
        rf"(?:{ORDINALS}|{_PROPER})",
    ),
    (MarkKind.ADDRESS, rf"\b(?:la|el)\s+{ORDINALS}\b(?=[,.;]|\s+(?:y|con|de|en)\b|$)"),
    (MarkKind.ADDRESS, r"\b(?:piso|n[uú]mero|kil[oó]metro|mile)\s+\d+\w*"),
    (MarkKind.ADDRESS, rf"\b\d{{1,6}}\s+[NSEW]\.?\s+{_W}(?:\s+{_W})?\s+St\b"),
    (MarkKind.PLACE, rf"\b{ORDINALS}\s+(?:grade|grader|grado|de primaria|de secundaria)\b"),
    (
        MarkKind.PLACE,
        rf"(?:\bthe\s+)?(?:{_NOT_SMALL}{_W}\s+){{1,3}}(?:{_PLACES_EN})\b\.?(?:\s+(?:of|on)"
        rf"\s+{_W})?",
    ),
    (
        MarkKind.PLACE,
        rf"\b(?:{_PLACES_EN})\s+(?:on|at|in|of|near|behind|by)\s+(?:(?:the|la)"
        rf"\s+)?(?:{_PROPER}|\d{{1,4}}\w{{0,2}}|(?<=\bon ){_NOT_SMALL}{_W})"
        rf"(?:\s+(?:(?:and|y|&|street|avenue)\s+)?{_PROPER}){{0,2}}",
    ),
    (
        MarkKind.PLACE,
        rf"\b(?:{_PLACES_ES})\b(?:\s+(?:de|del|la|las|los|el|san|santa)){{0,3}}"
        rf"(?:\s+{_NOT_SMALL}(?!\w+(?:ó|aron|ieron)\b)\w[\w'·\-]{{0,40}}){{1,2}}"
        rf"(?:\s+(?:(?:de|del|la|las|los|el|y)\s+){{0,3}}{_PROPER}){{0,4}}",
    ),
    (
        MarkKind.PLACE,
        rf"\b(?:works?|worked|working|employed|job|cleans?|cleaned|picks?|picked|cooks?|"
        rf"cooked)\s+(?:for|at)\s+"
        rf"(?!(?:{NUMBER_WORDS}|about|almost|over|more|nearly|many|nothing|less|years|days|free|them)\b)"
        rf"(?P<mark>(?:{_NOT_SMALL}{_W}\s*){{1,4}})",
    ),
    (
        MarkKind.PLACE,
        rf"\btrabaj\w{{1,8}}\s+(?:en|para|con)\s+(?P<mark>(?:(?:la|el|los|las)"
        rf"\s+)?{_NOT_SMALL}{_W}"
        rf"(?:\s+(?:(?:de|del|la|los|las)\s+){{0,2}}{_NOT_SMALL}{_W}){{0,2}})",
    ),
    (MarkKind.PLACE, rf"\b(?:{_ALONE})s?\b"),
    (MarkKind.PLACE, rf"\b(?:{_PLACES_ES}|{_ALONE})\s+de\s+(?:mi|su|nuestr[oa])s?\s+{_W}"),
    (
        MarkKind.PLACE,
        r"\ba\s+(?:small\s+|little\s+)?(?:village|town|hamlet|ranch|farm)\s+(?:near|outside|in|"
        r"called|of|by)\s+"
        rf"{_W}(?:\s+{_PROPER}){{0,3}}",
    ),
    (
        MarkKind.PLACE,
        r"\b(?:(?:un|una|el|la)\s+)?(?:caser[ií]o|aldea|pueblito|pueblo|rancho|rancher[ií]a|"
        r"cant[oó]n|ejido|"
        rf"comunidad|vereda|municipio)\s+(?:cerca\s+de|de|en|llamad[oa]|que\s+se\s+llama)"
        rf"\s+{_LA}{_PROPER}"
        rf"(?:\s+{_PROPER}){{0,3}}",
    ),
    (MarkKind.PLACE, rf"\b(?:our lady of|nuestra se[nñ]ora de)(?:\s+(?:la|las|los|el|"
     rf"the)){{0,2}}\s+{_W}"),
    (MarkKind.PLACE, rf"\b(?:(?:san|santa|santo|saint)\s+{_W}|st\.\s+{_PROPER})"),
    (MarkKind.PLACE, r"\b(?:ee\.?\s?uu\b\.?|u\.s\.(?:a\.)?|apartado (?:de correos|postal)\s+\d+)"),
)  # fmt: skip

# "the shelter in" before what a mark begins with; "by the airport" after a place.
PLACE_BEFORE = re.compile(
    rf"(?<!\w)(?:(?:the|an?|el|la|una?) )?(?:{_PLACES_EN}|{_PLACES_ES}|{_ALONE}|kitchen|cocina|"
    r"parking lot|estacionamiento) (?:in|on|at|of|by|near|de|en|del)(?: (?:the|la|el|los|las))? \Z",
    re.IGNORECASE,
)
PLACE_AFTER = re.compile(
    r" (?:del (?:centro|pueblo|norte|sur|barrio)|de la esquina|downtown|uptown|"
    rf"{_BESIDE} (?:the|la|el) {_W})\b",
    re.IGNORECASE,
)
PLACE_PATTERNS = tuple((kind, re.compile(spec, re.IGNORECASE)) for kind, spec in _SPECS)
