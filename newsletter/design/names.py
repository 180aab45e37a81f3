"""What an issue and the neutral sender are called, in a reader's language."""

from babel.dates import format_date

from newsletter.design.catalogues import translations
from newsletter.design.localizer import locale_of
from newsletter.model.coalition import Sender
from newsletter.model.issue import monday_of, number_of_bulletin


def discreet_name(sender: Sender, language: str) -> str:
    """Return the neutral name of a sender: the coalition's own, or the usual in a language."""
    own = sender.in_language(language).discreet_name
    return own or translations(language).gettext("Weekly update")


def discreet_subject(sender: Sender, language: str) -> str:
    """Return the neutral subject of an issue: the coalition's own, or the usual in a language."""
    own = sender.in_language(language).discreet_subject
    return own or translations(language).gettext("Your weekly update")


def issue_name(issue_id: str, language: str) -> str:
    """Return what people call an issue, where the editors' terminal has its id."""
    gettext = translations(language).gettext
    day = format_date(monday_of(issue_id), format="long", locale=locale_of(language))
    if number := number_of_bulletin(issue_id):
        return gettext("Extra issue %(number)d, week of %(day)s") % {"number": number, "day": day}
    return gettext("Week of %(day)s") % {"day": day}
