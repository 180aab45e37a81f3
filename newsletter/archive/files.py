"""What went out -> the files of a static site: no script, no host but its own.

Links between pages are relative, so that the site works from any folder and as plain files;
canonical addresses, the feeds and the sitemap name `base`.
"""

from collections.abc import Sequence

from newsletter.archive.issue_page import IssuePage, issue_files, picture_path
from newsletter.archive.pages import Site, index_files, sitemap, story_file
from newsletter.archive.share_picture import share_picture
from newsletter.archive.story_page import StoryPage


def archive_files(
    site: Site, pages: Sequence[IssuePage], stories: Sequence[StoryPage]
) -> dict[str, str | bytes]:
    """Return every file, by its name below the site's root."""
    files: dict[str, str | bytes] = {}
    paths = frozenset(page.path for page in pages)
    for page in pages:
        files.update(issue_files(page, site.templates, base=site.base, paths=paths))
        files[f"{page.path.removesuffix('index.html')}share.png"] = share_picture(
            page.view, site.templates.tokens, site.logo
        )
    for picture in site.logo.pictures if site.logo else ():
        files[picture_path(picture)] = picture.data
    for story in stories:
        name, text = story_file(site, story)
        files[name] = text
        if story.picture is not None:
            files[picture_path(story.picture)] = story.picture.data
    files.update(index_files(site, pages, stories))
    files["sitemap.xml"] = sitemap(site, files)
    return files
