"""What went out -> the files of a static site: no host but its own.

Links between pages are relative, so that the site works from any folder and as plain files;
canonical addresses, the feeds and the sitemap name `base`.
"""

from collections.abc import Sequence

from newsletter.archive.beside import beside, with_ways_on
from newsletter.archive.issue_page import IssuePage, issue_files, picture_path
from newsletter.archive.layout import Site
from newsletter.archive.pages import page_files, sitemap
from newsletter.archive.share_picture import share_picture
from newsletter.archive.small_picture import first_picture, small_path, small_picture
from newsletter.archive.story_page import StoryPage


def archive_files(
    site: Site, pages: Sequence[IssuePage], stories: Sequence[StoryPage]
) -> dict[str, str | bytes]:
    """Return every file, by its name below the site's root."""
    files: dict[str, str | bytes] = {}
    paths = frozenset(page.path for page in pages)
    for at in beside(pages):
        page = at.page
        files.update(issue_files(page, site.templates, base=site.base, paths=paths))
        files[page.path] = with_ways_on(str(files[page.path]), site, at)
        files[f"{page.path.removesuffix('index.html')}share.png"] = share_picture(
            page.view, site.templates.tokens, site.logo
        )
        first = first_picture(page)
        if first is not None and small_path(first) not in files:
            files[small_path(first)] = small_picture(first)
    for picture in site.logo.pictures if site.logo else ():
        files[picture_path(picture)] = picture.data
    for story in stories:
        if story.picture is not None:
            files[picture_path(story.picture)] = story.picture.data
    files.update(page_files(site, pages, stories))
    files["sitemap.xml"] = sitemap(site, files)
    return files
