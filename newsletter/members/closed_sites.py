"""Sites that show most of what is published there only to people who log in: no feed, whatever the
address."""

from newsletter.model.address import host_of

CLOSED = {
    "facebook.com": "Facebook",
    "fb.com": "Facebook",
    "fb.me": "Facebook",
    "instagram.com": "Instagram",
    "threads.com": "Threads",
    "threads.net": "Threads",
    "x.com": "X",
    "twitter.com": "X",
    "tiktok.com": "TikTok",
    "linkedin.com": "LinkedIn",
    "nextdoor.com": "Nextdoor",
    "whatsapp.com": "WhatsApp",
    "wa.me": "WhatsApp",
}
KEEP_THEM = (
    "such a member can still be in. Ask for their website, or for a shared calendar and add that: "
    "in Google, Outlook and iCloud it has an address that ends in .ics. Or have them mail you "
    "their news, and write it into the draft by hand (docs/writing-an-issue.md)"
)


def closed_site(url: str) -> str:
    """Return the name of the closed site that an address is on; "" for any other."""
    host = host_of(url)
    return next(
        (name for site, name in CLOSED.items() if host == site or host.endswith(f".{site}")), ""
    )
