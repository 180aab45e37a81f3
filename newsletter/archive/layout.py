"""What stands around the words of each page of the archive: masthead, languages, style, foot."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from newsletter.archive.issue_page import picture_path
from newsletter.design.bidi_gettext import gettext_for
from newsletter.design.build_view import address_lines, logo_view
from newsletter.design.localizer import Localizer, localizer_for, own_name
from newsletter.design.templates import Templates
from newsletter.model.coalition import Coalition
from newsletter.model.logo import Logo


@dataclass(frozen=True, kw_only=True)
class Site:
    """What every page shows or links to. `base` is the site's address, with a final slash;
    `topics` are those that readers may choose from."""

    coalition: Coalition
    templates: Templates
    base: str
    languages: tuple[str, ...]
    topics: tuple[str, ...] = ()
    logo: Logo | None = None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Renders the pages of a site. `paths` are all that there will be: only they are linked to."""

    site: Site
    paths: set[str]
    _styles: dict[str, str] = field(default_factory=dict, repr=False)

    def render(self, template: str, language: str, path: str, title: str, **shown: Any) -> str:
        """Render the page that will be at `path`, below the site's root."""
        site = self.site
        localizer, root, style = self.localizer(language), root_of(path), self._style(language)
        public = site.coalition.public_url.rstrip("/")
        around = {
            "language": language,
            "dir": localizer.dir,
            "title": title,
            "script": "",
            "root": root,
            "canonical": f"{site.base}{path.removesuffix('index.html')}",
            "languages": [
                (tag, own_name(tag), f"{root}{self._same_page(path, language, tag)}")
                for tag in site.languages
            ],
            "coalition": site.coalition.in_language(language).name,
            "logo": logo_view(site.logo, lambda picture: f"{root}{picture_path(picture)}"),
            "postal_address": address_lines(site.coalition.postal_address, site.coalition.name),
            "join_url": f"{public}/subscribe?lang={language}" if public else "",
            "style": Markup(style),  # noqa: S704  # from our own tokens, which are read strictly
            "style_sha256": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            "_": gettext_for(localizer, Markup),
        }
        return site.templates.render(f"archive/{template}", {**around, **shown})

    def localizer(self, language: str) -> Localizer:
        """Return what writes the frame in that language."""
        return localizer_for(language, self.site.coalition)

    def _same_page(self, path: str, language: str, tag: str) -> str:
        """The page in another language; where there is none, the index."""
        parts = [tag if part == language else part for part in path.split("/")]
        same = "/".join(parts)
        return same if same in self.paths and tag in parts else f"{tag}/index.html"

    def _style(self, language: str) -> str:
        if language not in self._styles:
            tokens = self.site.templates.tokens
            self._styles[language] = self.site.templates.render(
                "archive/style.css",
                {
                    "light": tokens.light,
                    "dark": tokens.dark,
                    "type": tokens.type_for(language),
                    "space": tokens.space,
                },
            )
        return self._styles[language]


def root_of(path: str) -> str:
    """Return how a page at `path` names the site's root."""
    return "../" * path.count("/")
