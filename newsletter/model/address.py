"""Web addresses as text, and the one rule of what is the same link: `normal_link`."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

# What no base changes, written as joining it with one would write it.
_WHOLE = re.compile(r"https?://[\w.:@%~-]+(?:/[^\s;?#]*)?(?:\?[^\s#]+)?(?:#\S+)?", re.ASCII)
# What begins at a site's root, and what only names a place of the page.
_ROOTED = re.compile(r"/(?![/.])(?:[^\s;?#/]|/(?!\.))*(?:\?[^\s#]+)?(?:#\S+)?", re.ASCII)
_SITE = re.compile(r"https?://[\w.:@%~-]+(?=/)", re.ASCII)
_INDEX = re.compile(r"(?:/(?:(?:index|default)\.(?:html?|php|aspx?)|amp)?)+$", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
# Parameters that say which mail, post or advertisement a reader came from, and nothing else.
CAMPAIGN = re.compile(
    r"utm_\w+|(?:fb|g|d|tt|tw|y)clid|msclkid|gclsrc|[wg]braid|igsh(?:id)?|li_fat_id|mc_[ce]id|_g[al]"
    r"|_hs(?:enc|mi)|hsa_\w+|mkt_tok|vero_(?:id|conv)|oly_(?:anon|enc)_id|wt(?:\.mc_id|_mc)|cmpid"
    r"|_openstat|__twitter_impression",
    re.IGNORECASE,
)
# Those, and others that mostly say where a reader came from: enough to call two addresses one page,
# not to change the one that is shown. Sources: Feedbin #206, FreshRSS #5151, ClearURLs.
TRACKING = re.compile(
    rf"{CAMPAIGN.pattern}|ref_?src|ref|source|campaign_?id|s_cid|ncid|(?:sr_)?share|smid|mbid|rss"
    r"|feed|feature|at_\w+|xtor|spm",
    re.IGNORECASE,
)


def joined(base: str, url: str) -> str:
    """Join as `urljoin` does, without its work for usual addresses. ValueError as there."""
    if _WHOLE.fullmatch(url):
        return url
    site = _SITE.match(base) if _ROOTED.fullmatch(url) else None
    return site[0] + url if site else urljoin(base, url)


def joined_if_valid(base: str, url: str) -> str:
    """Join likewise; "" for what is no address."""
    try:
        return joined(base, url)
    except ValueError:
        return ""


@lru_cache(maxsize=1024)  # an entry's id and link are often the same, and asked for again
def normal_link(url: str, *, tracking: bool = False) -> str:
    """Return one key for all spellings of a web address, `host/path?query`; "" when it is none.

    Drops the scheme, `www.` and `m.`, default ports, doubled and final slashes, index pages,
    `/amp`, the fragment (not `#!/` and `#/`: apps made of one page keep their address there) and
    the parameters of `TRACKING`; sorts the others. With `tracking` every parameter is kept.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    host = _without_www(parts.hostname)
    if parts.scheme not in ("http", "https") or not host:
        return ""
    if host.count(".") > 1:
        host = host.removeprefix("m.")
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    path = _INDEX.sub("", _SLASHES.sub("/", unquote(parts.path)))
    query = parts.query and urlencode(
        sorted(
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if tracking or not TRACKING.fullmatch(name)
        )
    )
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    return f"{host}{path}{'?' if query else ''}{query}{fragment}"


def same_page(link: str | None) -> str:
    """Return the key of an article's page; "" for a site's front page: that is no article."""
    key = normal_link(link or "")
    return key if re.search(r"[/?#]", key) else ""


def same_address(url: str) -> str:
    """Return the key of a site's or feed's address: `?feed=rss2` tells one feed from another."""
    return normal_link(url, tracking=True)


def untracked(url: str) -> str:
    """Return the address without the parameters of `CAMPAIGN`; all else stays byte for byte.

    It leads to the same page by `normal_link`, which drops these and more.
    """
    if "?" not in url:
        return url
    address, hash_mark, fragment = url.partition("#")
    page, _, query = address.partition("?")
    pieces = query.split("&")
    kept = [piece for piece in pieces if not CAMPAIGN.fullmatch(unquote(piece.split("=")[0]))]
    if len(kept) == len(pieces):
        return url
    return f"{page}{'?' if kept else ''}{'&'.join(kept)}{hash_mark}{fragment}"


def host_of(link: str | None) -> str:
    """Return the host that a link leads to, in lower case, without `www.`; else ""."""
    try:
        return _without_www(urlsplit(link or "").hostname)
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """Return the front page of the site that an address is on, as `https://host`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def url_problem(url: str) -> str:
    """Return why this cannot be the address of a site or a feed; "" when it can."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not a web address"
    if parts.scheme not in ("http", "https"):
        return "must start with https:// or http://"
    if not parts.hostname:
        return "has no host name"
    if parts.username or parts.password:
        return "must not contain a user name or password"
    if re.search(r"[\s\x00-\x1f<>\"]", url):
        return "contains a space or another character that an address cannot have"
    return ""


def story_path(story_id: str, language: str) -> str:
    """Return the file of a story's page, below the archive."""
    return f"stories/{story_id}/{language}/index.html"


def story_url(public_url: str, story_id: str, language: str) -> str:
    """Return the address of a story's page, which messages link to."""
    return f"{public_url}/archive/{story_path(story_id, language).removesuffix('index.html')}"


def _without_www(host: str | None) -> str:
    return (host or "").rstrip(".").removeprefix("www.")
