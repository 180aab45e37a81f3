"""The coalition's mark, as mails, pages and share pictures show it."""

from dataclasses import dataclass

from newsletter.model.message import InlinePicture

LOGO = "@logo"  # its pictures' Content-IDs end so: a discreet copy goes without them


@dataclass(frozen=True, kw_only=True, slots=True)
class Logo:
    """Its pictures, of twice the pixels that they are shown in; `dark` for dark mode, if it is
    another one there."""

    picture: InlinePicture
    dark: InlinePicture | None = None

    @property
    def pictures(self) -> tuple[InlinePicture, ...]:
        """Return what travels inside a message."""
        return (self.picture, self.dark) if self.dark else (self.picture,)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogoFile:
    """The logo that newsletter.toml names, if any; or what is wrong with its file. Then nothing is
    shown: a withdrawal must not wait for a picture."""

    logo: Logo | None = None
    problem: str = ""
    hint: str = ""
    file: str = ""
