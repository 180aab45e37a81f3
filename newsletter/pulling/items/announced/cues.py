"""Words by which a post in English or Spanish says what a day and an hour are of.

One pattern a line. The day itself is given as `DAY`, so that "by Friday" is told from "by bus".
"""

import re

from newsletter.model.called_off import CANCELLED, POSTPONED
from newsletter.pulling.items.announced.days import WEEKDAY

DAY = "\x02"


def _any_of(patterns: str) -> re.Pattern[str]:
    """A pattern for any of those, one a line, as whole words."""
    lines = [line.strip() for line in patterns.strip().splitlines()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(lines)})(?!\w)", re.IGNORECASE)


# Anywhere in a text, where a title has to be marked: a doubt is enough to offer nothing.
CALLED_OFF = _any_of(rf"""
    {CANCELLED}|{POSTPONED}
    rescheduled|no longer|sold out|(?:new|change of) (?:date|time|place|venue|location)
    reprogramad[oa]s?|ya no|agotad[oa]s?|(?:nuev[oa]|cambio de) (?:fecha|hora|lugar|sede)
""")
# Asks people to stay away: a raid, a rally of others.
WARNS = _any_of(r"""
    (?:do not|don['’]t|never|not to) (?:come|go|attend|join)|(?:stay|keep) away|avoid
    no (?:vayan?|vayas|vengan?|vengas|asistan?|asistas)|evit(?:e|en|a|ar)
""")
RECURRING = _any_of(rf"""
    (?:every|each|alternate)\s+(?:other\s+)?(?:{WEEKDAY}|day|week|month|weekday)
    (?:mon|tues|wednes|thurs|fri|satur|sun)days
    {WEEKDAY}\s+(?:to|through|thru|and|-|–|a|y)\s+{WEEKDAY}
    (?:office|business) hours
    {WEEKDAY}\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?
    (?:todos\s+)?los\s+(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bados|domingos)
    todos los (?:d[ií]as|meses)|todas las semanas|cada\s+(?:{WEEKDAY}|d[ií]a|semana|mes|quince)
""")
# Something else than to come: a deadline, a door that closes, a court, a vote, a law, a bus.
OTHER_MATTER = _any_of(rf"""
    if(?! you)|si (?:el|la|los|las)|deadline|due|no later than|expires?|closed?|closes|closing|ends?
    takes? effect|in effect|as of
    hearing|trial|court|judge|verdict|sentenc\w+|elections?|arraign\w+|votes?
    moves? (?:from|to)|leaves?|departs?|appl(?:y|ications?)|takes over
    fecha l[ií]mite|plazo|m[áa]s tardar|vence|cierra|cerrar[áa]n?|cerrad[oa]s?|entra en vigor
    audiencia|juicio|juez|jueza|corte|veredicto|elecci[óo]n|elecciones|vota(?:r[áa]n?)?
    sal(?:en|dr[áa]n?)|solicitud(?:es)?
    (?:by|before|until|till|from|since|beginning|starting)\s+(?={DAY})
    (?:antes del?|hasta(?: el)?|desde(?: el)?|a partir del?)\s+(?={DAY})
""")
PAST = _any_of(r"""
    gathered|met|filled|held(?! on\b)|arrested|attended|marched|rallied|joined|was|were|told|said
    had|has|have been|voted|died|killed|detained|entered|took
    reunieron|reuni[óo]|llenaron|asistieron|marcharon|detuvieron|arrestaron|fue|fueron|estuvo
    participaron|celebramos|dijo|llegaron|muri[óo]|entraron
""")
# Said to the reader: by itself enough.
INVITES = _any_of(r"""
    join (?:us|our|the|dr)|come(?! (?:from|forward|after|into)\b)|attend (?:the|our|this|a)|meet us
    invited? (?:you|to)|are invited|invites|save the date|rsvp|will be held|(?:will )?takes? place
    we(?: will|['’]ll)? (?:meet|gather|march|rally|screen|celebrate)
    celebrate with us|we need you|pick up|stop by|drop by|plan with us
    acomp[áa][ñn]a(?:nos|me| a)|[úu]nete|ven(?:gan)?(?= a\b| con\b|$)|vis[ií]tanos|te necesitamos
    te (?:invitamos|esperamos)|l[oae]s (?:invitamos|esperamos)|invitamos|asistan?|festeja con
    se llevar[áa] a cabo|tendr[áa] lugar|nos (?:reunimos|vemos)|aparta la fecha
""")
# Says that something is on: enough in a post that lets people in.
IS_ON = _any_of(rf"""
    will be (?:at|on|in)|is on|(?:is|will be)(?=\s{DAY})|hosts?|with us|presents|features
    opens (?:its|our) doors|your questions
    workshop|clinic|vigil|march|rally|fair|festival|assembly|concert|meeting|training|webinar
    town hall|conference|party|dinner|breakfast|lunch|reception|auditions?|screening|class
    ser[áa]|habr[áa]|es el|con nosotr[oa]s|\w{{3,}}remos|presentar[áa]n?|ofrece|organizan?
    se re[úu]nen?|tus preguntas|abre sus puertas
    taller|cl[ií]nica|vigilia|marcha|feria|asamblea|concierto|reuni[óo]n|charla|fiesta|posada|foro
    desayuno|inauguraci[óo]n
""")
LETS_IN = _any_of(r"""
    rsvp|regist(?:er|ration)|sign up|tickets?|admission|open to the public|(?:is|are|for) free
    free (?:and|help|of charge)|reserve|doors open|(?:no|an|for|by) appointments?|welcome
    child ?care|snacks|bring your
    entrada|cupo|reg[ií]strate|inscr[ií]b[ea](?:te|nse)|inscribirse|confirma|apartar|gratis
    gratuit[oa]s?|bienvenid[oa]s|cuidado de ni[ñn]os|traigan?|trae
    (?:haz|aparta|sin|necesitas) (?:tu )?cita
""")
# The day stands in a condition: "If your appointment is on Wednesday, ...".
CONDITION = re.compile(rf"^\W*(?:if|in case|si|en caso)\b[^,;]*{DAY}", re.IGNORECASE)
