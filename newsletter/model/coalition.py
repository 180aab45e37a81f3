"""Who publishes the digest, under what name it goes out and how an issue is divided."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Coalition:
    """The publisher. `postal_address` is required by law in the footer; `timezone` is IANA.

    `public_url` is where `newsletter serve` or the archive is reachable, without a final slash.
    """

    name: str
    url: str
    timezone: str
    languages: tuple[str, ...]
    postal_address: str
    public_url: str = ""


# What an issue is called for people whose phone may be looked at, when a coalition does not say.
NEUTRAL_SUBJECTS = {
    "en": "Your weekly update",
    "es": "Su resumen de la semana",
    "ar": "ملخصكم الأسبوعي",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """The From line, and the neutral one for people whose phone may be looked at.

    `discreet_subject` is the coalition's own, the same in every language; empty for the usual one.
    """

    name: str
    address: str
    reply_to: str = ""
    list_id: str = ""
    discreet_name: str = "Weekly update"
    discreet_subject: str = ""

    def neutral_subject(self, language: str) -> str:
        """Return what an issue in that language is called where its subject may not be seen."""
        usual = NEUTRAL_SUBJECTS.get(language.split("-")[0], NEUTRAL_SUBJECTS["en"])
        return self.discreet_subject or usual


@dataclass(frozen=True, kw_only=True, slots=True)
class Editor:
    """Someone who may approve an issue."""

    name: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionRule:
    """What lands in a section: `titles` by language; an item fits by kind or topic; at most `most`.

    `kind` names the section's template part: news, events, stories, ...
    """

    id: str
    titles: dict[str, str] = field(default_factory=dict)
    kind: str = "news"
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    most: int = 12

    def title(self, language: str) -> str:
        """Return the title in that language, else the first one given, else the id."""
        return self.titles.get(language) or next(iter(self.titles.values()), self.id)


def _rule(kind: str, most: int, **titles: str) -> SectionRule:
    return SectionRule(id=kind, kind=kind, most=most, titles=titles)


# What an issue is divided into when newsletter.toml does not say.
USUAL_SECTIONS: tuple[SectionRule, ...] = (
    _rule("urgent", 1, en="Urgent", es="Urgente", ar="عاجل"),
    _rule("stories", 2, en="Stories", es="Historias", ar="قصص"),
    _rule("news", 12, en="Member news", es="Noticias de los miembros", ar="أخبار الأعضاء"),
    _rule("actions", 3, en="Take action", es="Actúa", ar="تحرّك"),
    _rule("events", 12, en="Events", es="Eventos", ar="فعاليات"),
    _rule("media", 3, en="Listen and watch", es="Para escuchar y ver", ar="استمع وشاهد"),
    _rule("rights", 3, en="Know your rights", es="Conoce tus derechos", ar="اعرف حقوقك"),
    _rule("hotlines", 8, en="Hotlines", es="Líneas de ayuda", ar="خطوط المساعدة"),
    _rule("brief", 12, en="In brief", es="En breve", ar="باختصار"),
)
