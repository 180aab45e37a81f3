"""Editions to render: small ones, ones with everything, and long ones."""

import struct
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.model.coalition import Coalition, Sender
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.item import Event, Item, ItemKind, Picture
from newsletter.model.logo import Logo
from newsletter.model.material import Material
from newsletter.model.message import InlinePicture
from newsletter.model.organisation import Organisation

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
NAMES = {
    "harbor-legal-aid": "Harbor Legal Aid",
    "valley-workers": "Valley Workers' Center",
    "casa-norte": "Casa Norte",
    "river-tenants": "River Tenants Union",
}
COALITION = Coalition(
    name="Neighbors Together",
    url="https://neighbors.example",
    timezone="America/Los_Angeles",
    languages=("en", "es", "ar"),
    postal_address="Neighbors Together\n12 Example Street, Suite 3\nLos Angeles, CA 90000",
    public_url="https://digest.neighbors.example",
)
SENDER = Sender(name="Neighbors Together", address="digest@neighbors.example")
ORGANISATIONS = {
    id: Organisation(id=id, name=name, url=f"https://{id}.example", languages=("en",))
    for id, name in NAMES.items()
}
BLURB = (
    "Volunteer lawyers will help with renewals, fee waivers and work permits at no cost. Bring "
    "every letter you were sent, even those you do not understand. Interpreters for Spanish, "
    "Mixteco and Arabic are there from ten; nobody is asked about their papers at the door, and "
    "children are welcome. Can you help for two hours? The sign-up sheet is open until Friday."
)
SPANISH = (
    "Abogadas voluntarias ayudarán con renovaciones, exenciones de pago y permisos de trabajo sin "
    "costo. Traiga todas las cartas que le hayan enviado, incluso las que no entienda. Habrá "
    "intérpretes de español, mixteco y árabe desde las diez; nadie pregunta por documentos en la "
    "puerta y las niñas y los niños son bienvenidos."
)
ARABIC = (
    "سيساعد محامون متطوعون في تجديد الأوراق والإعفاء من الرسوم وتصاريح العمل دون مقابل. أحضروا "
    "كل رسالة وصلتكم حتى تلك التي لا تفهمونها. يوجد مترجمون من الساعة العاشرة، ولا يسأل أحد عن "
    "الأوراق عند الباب، والأطفال مرحب بهم."
)
WORDS = {
    "en": ("Free clinic on Saturday in the east hall", BLURB, "News from our members"),
    "es": (
        "Clínica gratuita el sábado en la sala este",
        SPANISH,
        "Noticias de nuestras organizaciones",
    ),
    "ar": ("عيادة قانونية مجانية يوم السبت", ARABIC, "أخبار أعضائنا"),
}

LETTERS = {
    "en": "Dear neighbors,\n\nA good week: **the court agreed with us**, and "
    "[three clinics](https://neighbors.example/clinics) open their doors.\n\nIn solidarity,\n"
    "the editors",
    "es": "Queridos vecinos:\n\nUna buena semana: **el tribunal nos dio la razón**, y "
    "[tres clínicas](https://neighbors.example/clinics) abren sus puertas.\n\nUn abrazo",
    "ar": "جيراننا الأعزاء،\n\nأسبوع طيب: **وافقتنا المحكمة**، وتفتح "
    "[ثلاث عيادات](https://neighbors.example/clinics) أبوابها.\n\nمع التحية",
}


def png(width: int, height: int, colour: tuple[int, int, int] = (15, 63, 60)) -> bytes:
    """A real PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def news(number: int, language: str = "en") -> tuple[Placement, Item]:
    """A member's article, its words as long as terms usually allow (60 words)."""
    title, blurb, _ = WORDS[language]
    organisation = list(NAMES)[number % len(NAMES)]
    item = Item(
        id=f"news{number:04d}",
        kind=ItemKind.NEWS,
        title=f"{title} {number}",
        first_seen_at=NOW,
        organisation_id=organisation,
        link=f"https://{organisation}.example/2026/11/clinic-{number}/",
        language=language,
        published_at=NOW - timedelta(days=number % 7),
    )
    placement = Placement(title=item.title, item_id=item.id, link=item.link, blurb=blurb)
    return placement, item


def event(number: int) -> tuple[Placement, Item]:
    """A timed event with a place and an online address."""
    starts = datetime(2026, 11, 21, 10, 0, tzinfo=ZONE) + timedelta(days=number)
    item = Item(
        id=f"event{number:03d}",
        kind=ItemKind.EVENT,
        title=f"Know your rights evening {number}",
        first_seen_at=NOW,
        organisation_id="casa-norte",
        link=f"https://casa-norte.example/events/{number}",
        language="en",
        event=Event(
            starts=starts if number else date(2026, 11, 22),
            ends=starts + timedelta(hours=2) if number else date(2026, 11, 23),
            place="Casa Norte, 400 River Street, Los Angeles",
            online_url=f"https://meet.example/{number}",
        ),
    )
    return Placement(title=item.title, item_id=item.id, link=item.link), item


def story() -> tuple[Placement, Item]:
    """A storyteller's excerpt."""
    item = Item(
        id="st0ry001",
        kind=ItemKind.STORY,
        title="The night shift taught me to speak up",
        first_seen_at=NOW,
        authors=("Marisol (not her real name)",),
        language="en",
        picture=Picture(url="", alt="A painted pair of hands holding a lunch box"),
    )
    blurb = "I cleaned offices for nine years before anyone asked for my name. *Then we organised.*"
    return Placement(title=item.title, item_id=item.id, blurb=blurb), item


def material(items: list[Item], **changes: object) -> Material:
    """What rendering needs for these items."""
    given: dict[str, object] = {
        "coalition": COALITION,
        "sender": SENDER,
        "items": {item.id: item for item in items},
        "organisations": ORGANISATIONS,
        "editions": ("en", "es", "ar"),
    }
    return Material(**{**given, **changes})  # type: ignore[arg-type]


def edition(sections: tuple[Section, ...], language: str = "en", **changes: object) -> Edition:
    """An edition of issue 2026-W47."""
    given: dict[str, object] = {
        "issue_id": "2026-W47",
        "language": language,
        "subject": {
            "en": "Three free clinics, a win in court and Saturday's march",
            "es": "Tres clínicas gratuitas, una victoria y la marcha del sábado",
            "ar": "ثلاث عيادات مجانية وانتصار في المحكمة ومسيرة السبت",
        }[language],
        "preheader": "Where to get help with renewals this week, and what the ruling means for you",
        "letter": LETTERS[language],
        "sections": sections,
        "path": f"issues/2026-W47/{language}.md",
    }
    return Edition(**{**given, **changes})  # type: ignore[arg-type]


def digest(count: int, language: str = "en") -> tuple[Edition, Material]:
    """A news digest of so many items, twelve in a section."""
    pairs = [news(number, language) for number in range(count)]
    title = WORDS[language][2]
    sections = tuple(
        Section(
            id=f"news-{start}",
            title=f"{title} {start // 12 + 1}",
            placements=tuple(placement for placement, _ in pairs[start : start + 12]),
        )
        for start in range(0, count, 12)
    )
    return edition(sections, language), material([item for _, item in pairs])


def typical() -> tuple[Edition, Material]:
    """A week's issue: news with a picture and a second source, events, a story."""
    newses, events, tale = [news(n) for n in range(3)], [event(n) for n in range(3)], story()
    newses[0] = (replace(newses[0][0], details={"size": "lead"}), newses[0][1])
    pairs = [*newses, *events, tale]
    picture = InlinePicture(
        cid="p1@digest", media_type="image/png", data=png(640, 320), width=640, height=320,
        alt="Two volunteers at a table with forms", credit="Ana Reyes",
    )  # fmt: skip
    sections = (
        Section(id="news", title="Member news", placements=tuple(p for p, _ in newses)),
        Section(
            id="events",
            title="Events",
            kind="events",
            intro="All free, all with interpreters.",
            placements=tuple(p for p, _ in events),
        ),
        Section(id="stories", title="In our own words", kind="stories", placements=(tale[0],)),
    )
    facts = material(
        [item for _, item in pairs],
        pictures={newses[0][1].id: picture},
        also_shared={newses[0][1].id: ("casa-norte", "river-tenants")},
    )
    return edition(sections), facts


def everything() -> tuple[Edition, Material]:
    """One section of each kind, each detail used at least once."""

    def own(title: str, blurb: str = "", link: str | None = None, **details: str) -> Placement:
        return Placement(title=title, blurb=blurb, link=link, details=details)

    tale, newsy, evening = story(), news(1), event(1)
    table = "| City | People helped |\n|---|---|\n| Los Angeles | 412 |\n| San Diego | 388 |"
    fees = (
        "| Paper | Fee | Was | Waiver |\n|---|---:|---:|---|\n"
        "| Work permit | $1,250 | $2,350 | yes |\n| Renewal | $380.50 | $410 | by form I-912 |"
    )
    verified = {"verified": "2026-11-02", "verified_by": "Harbor Legal Aid"}
    sections = (
        Section(
            id="urgent",
            kind="urgent",
            title="Right now",
            placements=(
                own(
                    "Officers were seen at the Fifth Street bus station",
                    "You may stay silent. *Do not run.*",
                    where="Fifth Street, Los Angeles",
                    lapses="2026-11-21 18:00",
                    **verified,
                ),
            ),
        ),
        Section(id="stories", kind="stories", title="In our own words", placements=(tale[0],)),
        Section(id="news", title="Member news", placements=(newsy[0],)),
        Section(id="events", kind="events", title="Events", placements=(evening[0],)),
        Section(
            id="rights",
            kind="rights",
            title="Know your rights",
            placements=(
                own(
                    "At your door",
                    "- Do not open.\n- Ask for a warrant **signed by a judge**.",
                    call="+1 213 555 0100",
                    **verified,
                ),
            ),
        ),
        Section(
            id="hotlines",
            kind="hotlines",
            title="Numbers to call",
            placements=(
                own(
                    "Rapid response line",
                    call="213-555-0111",
                    text="213-555-0112",
                    hours="Day and night",
                    spoken="es, en, mixteco",
                    verified="2026-11-02",
                ),
            ),
        ),
        Section(
            id="actions",
            kind="actions",
            title="Take part",
            placements=(
                own(
                    "Ask for the tenants' law",
                    "It takes two minutes.",
                    "https://river-tenants.example/act",
                    action="call",
                    deadline="2026-11-25 17:00",
                    target="The governor's office",
                    call="+1 916 555 0133",
                    script="Hello, I live in your district and I ask you to sign the tenants' law.",
                ),
            ),
        ),
        Section(
            id="media",
            kind="media",
            title="To hear and to see",
            placements=(
                own(
                    "Voices of the night shift",
                    "Three cleaners talk.",
                    audio="https://casa-norte.example/ep1.mp3",
                    length="42:10",
                    transcript="https://casa-norte.example/ep1.txt",
                ),
                own("The march, filmed", video="https://casa-norte.example/march.mp4"),
            ),
        ),
        Section(
            id="art",
            kind="art",
            title="Artwork",
            placements=(
                own(
                    "Hands",
                    picture="hands.png",
                    alt="A linocut of many hands holding one rope",
                    credit="Ana Reyes",
                    permission="by letter, 2026-11-01",
                ),
            ),
        ),
        Section(
            id="data",
            kind="data",
            title="In numbers",
            placements=(
                own("Who we helped", table, source="Our own counts", updated="2026-11-01"),
                own("What papers cost", fees, source="Harbor Legal Aid"),
            ),
        ),
        Section(
            id="share",
            kind="share",
            title="Words to share",
            placements=(
                own(
                    "Saturday's clinic",
                    "Free help with papers this Saturday at ten, Fifth Street. Tell a neighbor!",
                    network="WhatsApp",
                ),
            ),
        ),
        Section(
            id="memoriam",
            kind="memoriam",
            title="In memoriam",
            placements=(own("Rosa Delgado", "She fed us all.", dates="1951 – 2026"),),
        ),
        Section(
            id="brief",
            kind="brief",
            title="In brief",
            placements=(own("New hours at the food bank", "", "https://food.example/hours"),),
        ),
        Section(id="members", kind="members", title="Members of the coalition"),
    )
    hands = InlinePicture(
        cid="hands@digest", media_type="image/png", data=png(600, 400), width=600, height=400
    )
    facts = material([tale[1], newsy[1], evening[1]], pictures={"hands.png": hands})
    return edition(sections), facts


def bulletin(language: str = "en") -> tuple[Edition, Material]:
    """An urgent bulletin: what happens, and a number to call."""
    words = {
        "en": (
            "Right now",
            "Checkpoint at 5th and Main",
            "Take Harbor Street.",
            "A neighbor",
            "Call",
        ),
        "es": ("Ahora", "Retén en la 5 y Main", "Tome la calle Harbor.", "Una vecina", "Llame"),
        "ar": ("الآن", "حاجز في الشارع الخامس", "اسلكوا شارع الميناء.", "جارة", "اتصلوا"),
    }[language]
    said = {"verified": "2026-11-20", "verified_by": words[3]}
    now = Placement(title=words[1], blurb=words[2], details={**said, "lapses": "2026-11-20 18:00"})
    line = Placement(title="Harbor Legal Aid", details={**said, "call": "213-555-0111"})
    made = edition(
        (
            Section(id="urgent", kind="urgent", title=words[0], placements=(now,)),
            Section(id="hotlines", kind="hotlines", title=words[4], placements=(line,)),
        ),
        language,
        issue_id="2026-W47-a",
        subject=words[1],
        letter="",
        settings={"lapses": "2026-11-20 18:00"},
        path=f"issues/2026-W47-a/{language}.md",
    )
    return made, material([])


def correction() -> tuple[Edition, Material]:
    """A correction of an issue: the right words, and what was wrong."""
    placed, item = news(1)
    made = edition(
        (Section(id="news", title="News", placements=(placed,)),),
        issue_id="2026-W47-b",
        subject="Correction: Three free clinics",
        letter="In our issue of November 20, this was wrong:\n\n- **Ten**, not nine",
        settings={"corrects": "2026-W47"},
        path="issues/2026-W47-b/en.md",
    )
    return made, material([item])


def with_logo() -> tuple[Edition, Material]:
    """A week's issue under the coalition's logo, another one in dark mode."""
    edition, facts = typical()
    logos = [
        InlinePicture(
            cid=f"{name}@logo",
            media_type="image/png",
            data=png(224, 112, colour),
            width=112,
            height=56,
            alt="A lantern in a window",
        )
        for name, colour in (("light", (255, 215, 94)), ("dark", (250, 250, 240)))
    ]
    return edition, replace(facts, logo=Logo(picture=logos[0], dark=logos[1]))
