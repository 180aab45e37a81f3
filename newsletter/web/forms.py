"""The forms of the pages, with messages in the language of the page."""

from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from newsletter.members.topics_and_regions import shown_name
from newsletter.model.language import first_same
from newsletter.model.subscriber import Frequency, Subscriber
from newsletter.people.addresses import BadAddress, read_address
from newsletter.web.languages import gettext, language_name
from newsletter.web.site import site

LONGEST_PAUSE = timedelta(days=366)
_DAY = "Choose a day between tomorrow and a year from now"


class Boxes(SelectMultipleField):  # type: ignore[misc]
    """Several of a few, each a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PauseField(DateField):  # type: ignore[misc]
    """A day; what cannot be read as one is told in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed, so that it can be corrected."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext(_DAY)) from None


class AddressForm(FlaskForm):  # type: ignore[misc]
    """One address."""

    address = EmailField()
    website = StringField()  # no person sees it: whatever fills it in is a program

    def validate_address(self, field: EmailField) -> None:
        """Keep the address as it will be mailed."""
        address = read_address(field.data or "")
        if isinstance(address, BadAddress):
            raise ValidationError(gettext("Write your email address, like name@example.org"))
        field.data = address

    @property
    def is_by_a_program(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.website.data)


class ChoicesForm(FlaskForm):  # type: ignore[misc]
    """What to get. The choices on menu come from the members' feeds and the coalition."""

    edition = RadioField(validate_choice=True)
    frequency = RadioField(default=Frequency.WEEKLY.value)
    topics = Boxes()
    regions = Boxes()
    discreet = BooleanField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        here = site()
        languages = here.workspace.config.coalition.languages
        self.edition.choices = [(tag, language_name(tag)) for tag in languages]
        self.frequency.choices = [(each.value, words) for each, words in frequencies().items()]
        menu = here.workspace.menu
        self.topics.choices = [(name, display_name(name)) for name in menu.topics]
        self.regions.choices = [(name, display_name(name)) for name in menu.regions]


class JoinForm(AddressForm, ChoicesForm):
    """Both: who, and what."""


class PreferencesForm(ChoicesForm):
    """What to get, and when not. What the person chose before stays on offer."""

    paused_until = PauseField(validators=[Optional()])

    def __init__(self, person: Subscriber, **values: Any) -> None:
        super().__init__(**values)
        offered = [tag for tag, _ in self.edition.choices]
        if first_same(person.language, offered) is None:
            self.edition.choices.append((person.language, language_name(person.language)))
        for field, chosen in ((self.topics, person.topics), (self.regions, person.regions)):
            gone = chosen.difference(name for name, _ in field.choices)
            field.choices += [(name, display_name(name)) for name in sorted(gone)]

    def validate_paused_until(self, field: DateField) -> None:
        """Accept a day to come, within a year."""
        today: date = site().today()
        if field.data and not today < field.data <= today + LONGEST_PAUSE:
            raise ValidationError(gettext(_DAY))


class ButtonForm(FlaskForm):  # type: ignore[misc]
    """Nothing but a button that must be pressed on our own page."""


def frequencies() -> dict[Frequency, str]:
    """Return how often, in the language of the page."""
    return {
        Frequency.WEEKLY: gettext("Every week"),
        Frequency.MONTHLY: gettext("Once a month"),
        Frequency.URGENT: gettext("Only urgent news"),
    }


def display_name(name: str) -> str:
    """Write a topic or region in the language of the page."""
    return shown_name(name, gettext)
