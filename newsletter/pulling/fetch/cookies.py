"""[I/O] Cookies inside one chain of redirects: some sites go in circles until theirs is back."""

import logging
from http.cookies import SimpleCookie

import aiohttp
from yarl import URL

# aiohttp warns of cookies that cannot be read; without a handler that goes to the terminal.
logging.getLogger("aiohttp").addHandler(logging.NullHandler())


class ChainCookies:
    """What redirects set, for the rest of their chain alone: nothing of it outlives the request."""

    def __init__(self) -> None:
        self._jar: aiohttp.CookieJar | None = None  # made for few: most sites set none

    def keep(self, cookies: SimpleCookie, url: URL) -> None:
        """Keep what a redirect from `url` set."""
        if cookies:
            # unsafe: also of a host that is an IP address; it gets back its own alone.
            self._jar = self._jar or aiohttp.CookieJar(unsafe=True)
            self._jar.update_cookies(cookies, url)

    def header(self, url: URL) -> dict[str, str]:
        """Return the Cookie header for an address, if it is to have one."""
        if self._jar is None:
            return {}
        sent = self._jar.filter_cookies(url).values()
        line = "; ".join(f"{cookie.key}={cookie.coded_value}" for cookie in sent)
        return {"Cookie": line} if line else {}
