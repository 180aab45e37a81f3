"""A week's issue as editors finish it: an opening, a lead, pictures, dates, what is urgent."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.material import Material
from newsletter.model.message import InlinePicture
from tests.design import samples

HOUSE = "https://harbor-legal-aid.example/2026/11"
WORDS = {
    "en": {
        "by": "Rosa and Sami",
        "alt": "Paper boats on dark water under a low sun",
        "preheader": "Three free clinics this week, and what the ruling means at your door",
        "urgent": ("Right now", "The night line has another number", "The old one rings on."),
        "news": ("From our members", "Heat is back in 84 homes", "The boiler was lit at nine",
                 "Twenty-two paychecks came home", "The library card asks for no papers",
                 "Choir practice moves to Thursdays"),
        "events": ("Come along", "Free legal clinic", "Pier 9 Hall", "Know your rights evening"),
        "ask": ("We ask you", "Call the school board about interpreters", "The school board"),
        "rights": ("Know your rights", "At your door", "You need not open. Ask for a warrant."),
        "lines": ("If you need someone now", "Harbor Legal Aid", "every day, 8 a.m. to 10 p.m."),
        "who": "Harbor Legal Aid",
        "members": "Who we are",
    },
    "es": {
        "by": "Rosa y Sami",
        "alt": "Barcos de papel en el agua oscura bajo un sol bajo",
        "preheader": "Tres clínicas gratuitas esta semana, y qué cambia la sentencia en su puerta",
        "urgent": ("Ahora", "La línea nocturna tiene otro número", "El anterior ya no contesta."),
        "news": ("De nuestras organizaciones", "Vuelve la calefacción a 84 hogares",
                 "La caldera se encendió a las nueve", "Veintidós salarios recuperados",
                 "El carné de la biblioteca ya no pide papeles", "El coro pasa a los jueves"),
        "events": ("Nos vemos", "Consulta legal gratuita", "Salón del Muelle 9", "Sus derechos"),
        "ask": ("Le pedimos", "Llame a la junta escolar por los intérpretes", "La junta escolar"),
        "rights": ("Conozca sus derechos", "En su puerta", "No tiene que abrir. Pida la orden."),
        "lines": ("Si necesita a alguien", "Harbor Legal Aid", "de 8 a.m. a 10 p.m."),
        "who": "Harbor Legal Aid",
        "members": "Quiénes somos",
    },
    "ar": {
        "by": "روزا وسامي",
        "alt": "قوارب من ورق على ماء داكن تحت شمس منخفضة",
        "preheader": "ثلاث عيادات مجانية هذا الأسبوع، وماذا يعني الحكم عند بابكم",
        "urgent": ("الآن", "للخط الليلي رقم آخر", "الرقم القديم يرن بلا جواب."),
        "news": ("من أعضائنا", "عادت التدفئة إلى 84 بيتًا", "أُشعل المرجل في التاسعة",
                 "استُعيدت 22 أجرة", "بطاقة المكتبة لا تطلب أوراقًا", "الكورال ينتقل إلى الخميس"),
        "events": ("تعالوا معنا", "استشارة قانونية مجانية", "قاعة الرصيف 9", "أمسية حقوقكم"),
        "ask": ("نطلب منكم", "اتصلوا بمجلس المدرسة بشأن المترجمين", "مجلس المدرسة"),
        "rights": ("اعرفوا حقوقكم", "عند بابكم", "لستم ملزمين بالفتح. اطلبوا أمرًا قضائيًا."),
        "lines": ("إن احتجتم إلى أحد الآن", "Harbor Legal Aid", "كل يوم من 8 إلى 22"),
        "who": "Harbor Legal Aid",
        "members": "من نحن",
    },
}  # fmt: skip


@cache
def scene(seed: int, width: int = 1104, height: int = 736) -> bytes:
    """A drawn picture: a sky, a sun, hills or water."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    sky = [(28, 78, 92), (214, 126, 62), (96, 120, 88), (60, 70, 120), (150, 90, 80)][seed % 5]
    for y in range(height):
        part = y / height
        draw.line((0, y, width, y), fill=tuple(round(c + (244 - c) * part * 0.8) for c in sky))
    x = width * (2 + seed % 4) // 7
    draw.ellipse((x, height // 5, x + height // 4, height // 5 + height // 4), fill=(252, 226, 160))
    for far in range(3):
        top = height * (5 + far) // 8
        ridge = [
            (step * width // 6, top - (step * 37 * (seed + far + 1)) % 90) for step in range(7)
        ]
        shade = tuple(round(c * (0.75 - 0.2 * far)) for c in sky)
        draw.polygon([(0, height), *ridge, (width, height)], fill=shade)
    out = BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def picture(seed: int, alt: str = "") -> InlinePicture:
    """One of those pictures, as a message carries it."""
    return InlinePicture(
        cid=f"scene{seed}@digest",
        media_type="image/jpeg",
        data=scene(seed),
        width=1104,
        height=736,
        alt=alt or f"{seed}",
    )


def front_page(language: str = "en") -> tuple[Edition, Material]:
    """The issue and what it stands on."""
    said = WORDS[language]
    sizes = ("lead", "", "", "brief", "brief")
    newses, items = [], []
    for number, title in enumerate(said["news"][1:]):
        _, item = samples.news(number, language)
        items.append(item)
        blurb = samples.WORDS[language][1] if number < 3 else ""
        newses.append(
            Placement(
                title=title,
                item_id=item.id,
                link=item.link,
                blurb=blurb,
                details={"size": sizes[number]} if sizes[number] else {},
            )
        )
    checked = {"verified": "2026-11-20", "verified_by": said["who"]}

    def own(title: str, blurb: str = "", link: str | None = None, **details: str) -> Placement:
        return Placement(title=title, blurb=blurb, link=link, details=details)

    title, clinic, hall, evening = said["events"]
    sections = (
        Section(id="news", title=said["news"][0], placements=tuple(newses)),
        Section(
            id="events", kind="events", title=title,
            placements=(
                own(clinic, "", f"{HOUSE}/clinic", when="2026-11-21 10:00",
                    until="2026-11-21 14:00", where=hall, calendar=f"{HOUSE}/clinic.ics"),
                own(evening, said["rights"][2], f"{HOUSE}/evening", when="2026-11-24 18:30",
                    where=hall, online="https://meet.example/9", calendar=f"{HOUSE}/evening.ics"),
            ),
        ),
        Section(
            id="ask", kind="actions", title=said["ask"][0],
            placements=(
                own(said["ask"][1], "", f"{HOUSE}/ask", action="call", deadline="2026-11-23 17:00",
                    target=said["ask"][2], call="+1 555 010 0177"),
            ),
        ),
        Section(
            id="urgent", kind="urgent", title=said["urgent"][0],
            placements=(
                own(said["urgent"][1], said["urgent"][2], call="+1 555 010 0143",
                    lapses="2026-11-23 18:00", **checked),
            ),
        ),
        Section(
            id="rights", kind="rights", title=said["rights"][0],
            placements=(own(said["rights"][1], said["rights"][2], **checked),),
        ),
        Section(
            id="hotlines", kind="hotlines", title=said["lines"][0],
            placements=(
                own(said["lines"][1], call="213-555-0142", text="213-555-0143",
                    hours=said["lines"][2], spoken="en, es, ar", **checked),
            ),
        ),
        Section(id="members", kind="members", title=said["members"]),
    )  # fmt: skip
    made = samples.edition(
        sections,
        language,
        preheader=said["preheader"],
        settings={
            "sends_on": "2026-11-20",
            "edited_by": said["by"],
            "picture": "boats.jpg",
            "alt": said["alt"],
            "credit": "Inés M.",
        },
    )
    pictures = {item.id: picture(at) for at, item in enumerate(items[:3])}
    return made, samples.material(items, pictures={"boats.jpg": picture(4), **pictures})
