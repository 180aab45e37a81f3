"""What mail systems say when they refuse, and whose fault each is: one table, with its sources.

Read from the top, the first that is found counts: what is wrong with us, the limits and the moment
come before what is said about an address, for many a refusal says both ("mailbox unavailable: your
IP is on a list"). The texts are in small letters, with single spaces.
"""

import re
from typing import NamedTuple

from newsletter.model.delivery import Fault


class Rule(NamedTuple):
    """A pattern that is searched for in a text; `source` is where such texts were seen."""

    fault: Fault
    pattern: re.Pattern[str]
    source: str


def _rule(fault: Fault, source: str, *alternatives: str) -> Rule:
    return Rule(fault, re.compile("|".join(alternatives)), source)


_NOT = r"(?:not|isn't|is not|isnt|n't)"
_WHO = r"(?:alias|account|recipient|address(?:ee)?|mail ?box|user(?:name)?|customer|person)"
_ABOUT = rf"\b{_WHO}\b[^;]{{0,90}}"  # of whom something is said in the same breath

RULES = (
    _rule(
        Fault.MOMENT,
        "Postgrey, Postfix (SMTPD_POLICY_README), Exim, Microsoft 4.7.650; RFC 6647",
        r"gr[ea]y-?list", r"unverified address", r"address verification in progress",
        r"name service error .*try again", r"host not found, try again", r"lookup .*temporar",
    ),
    _rule(
        Fault.LIMIT,
        "Gmail 4.2.1/5.4.5, Microsoft 5.1.90, cPanel/Exim, Yahoo TSS04, Postfix (anvil), "
        "Outlook RP-001",
        r"too many (?:concurrent |simultaneous |smtp |open )*(?:connections|sessions)",
        r"connection (?:rate|count|limit)|(?:rate|connection|sending|daily|hourly) (?:\w+ )?limit",
        r"(?:emails?|messages?|mails) per (?:hour|day|minute)",
        r"(?:sending|relay|outgoing|daily|hourly)[\w ]* quota|quota[\w ]* per (?:hour|day)",
        r"too many (?:messages|mails|emails|recipients|invalid recipients)(?! on the server)",
        r"too much mail|exceeded threshold|maximum credits|credits[\w ]* (?:exceeded|exhausted)",
        r"\btss0\d\b|unexpected volume|throttl|\brp-00\d\b|\brly:b[12]\b|daily message limit",
    ),
    _rule(
        Fault.MAILBOX,
        "Gmail 4.2.1, 5.2.1 and 5.2.2, Exchange STOREDRV and RecipSizeLimit, qmail, "
        "Dovecot, RFC 3463 x.2.2, x.2.3",
        r"receiving mail (?:at a rate|too quickly)",
        r"(?:over|exceed\w*|out of|reached|insufficient|not enough)[\w ,.']*(?:quota|storage"
        r"|disk|space)",
        r"quota[\w :]*(?:exceed|violation|usage|full)|disk quota|quotaexceeded|over ?quota",
        r"(?:mail ?(?:box|folder|dir)|storage|inbox|account|recipient)[^;]{0,60}\bfull\b",
        r"full mailbox",
        r"(?:message|mail|file)\b[\w ()'-]*(?:too (?:large|big)|larger than|exceeds)",
        r"recipsizelimit",
        r"size (?:limit|exceeds)|exceeded storage|boite du destinataire pleine|buz[oó]n lleno",
        r"temporarily disabled|disabled temporar",
    ),
    _rule(
        Fault.OURS,
        "relaying: Postfix, Exim, Sendmail, qmail (rcpthosts), MailEnable, Exchange 5.7.54",
        r"relay(?:ing)?\b[^.;]{0,60}(?:denied|prohibited|not (?:permitted|allowed)|reject"
        r"|unauthori)",
        r"(?:unable|not (?:permitted|allowed|configured)|unauthori[sz]ed)[\w ]*to relay",
        r"unauthori[sz]ed relay",
        r"rcpthosts?|open relay|as a relay|not (?:a )?(?:local host|gateway)|local users? only",
    ),
    _rule(
        Fault.OURS,
        "logging in and who may send: RFC 4954, Exchange 5.7.57, 5.7.60, Postfix "
        "(sender_login_maps), Zimbra",
        r"auth\w*(?: is)? (?:required|failed|fails|needed)",
        r"auth(?:entication)? (?:mechanism|credentials)",
        r"(?:must|please|need to|first) (?:be )?(?:log ?in|authenticate|issue a starttls)",
        r"authrequired",
        r"not (?:authenticated|logged in)|requires? authentication|not owned by user|sender login",
        r"your (?:smtp |sending |own )?account|email address is not verified",
        r"permissions to send as|account[\w ]*(?:has been )?blocked from sending",
        r"outgoing mail .*suspen",
    ),
    _rule(
        Fault.OURS,
        "our name: Postfix (reject_*_helo_hostname), Exim, Gmail 5.7.25, AOL RTR:RD",
        r"\b(?:helo|ehlo)\b", r"fully[- ]qualified (?:host|domain)", r"\bptr\b",
        r"reverse (?:dns|lookup|ip)|\brdns\b",
        r"client host rejected|cannot find your (?:hostname|reverse)",
    ),
    _rule(
        Fault.OURS,
        "our sender address: Postfix (reject_unknown_sender_domain), Exim callout, "
        "Exchange, Spectrum, qmail",
        r"sender (?:address )?(?:is )?(?:rejected|denied|refused|verify failed|domain|not"
        r" pre-approved)",
        r"(?:invalid|bad|unknown|unroutable|bad outbound)[\w -]* sender",
        r"domain of sender|banned send",
        r"(?:verify )?mail ?from\b.*(?:failed|mismatch|refused|reject)",
        r"sender email is not|senderfilter|badsender",
        r"sendernotauthenticated|sender (?:is )?(?:unauthenticated|not allowed|unverified)",
    ),
    _rule(
        Fault.OURS,
        "our reputation and policy: Gmail 5.7.26, Microsoft 5.7.511/5.7.606 and S3150, Yahoo,"
        " Mimecast, "
        "Cloudmark, Barracuda, AOL RTR/CON, Spamhaus and other lists, hyvor/relay#258",
        r"(?:black|block|deny|ip) ?list|\bdns ?[bw]l|\brbl\b",
        r"spamhaus|spamcop|sorbs|barracuda|cloudmark|proofpoint",
        r"reputation|blocked (?:using|by|for|because|due)|has been blocked|:blocked\)",
        r"(?:ip|host|server|network|client)[\w .\[\]()]* (?:is |are |was )?(?:blocked|listed"
        r"|banned|blacklisted)",
        r"(?<!not )listed (?:at|in|on|by)\b|part of their network",
        r"banned|\brtr:|\bcon:b|\bsc-00\d|\bou-00\d|\bdy-00\d",
        r"\b(?:open)?spf\b|\bdkim\b|\bdmarc\b|sender policy framework|authenticate with",
        r"unauthenticated|traffic not accepted|abuse detected",
        r"(?:not authorized|not allowed) to (?:send|connect|submit)",
        r"access to (?:this|submit)\b.*rejected",
        r"polic(?:y|ies)|administrative prohibition|bounced by administrator|mismatches client ip",
        r"access[- ]denied-|complaints",
    ),
    _rule(
        Fault.CONTENT,
        "content filters: SpamAssassin, Amavis, ClamAV, Gmail 5.7.0, Outlook OU-002, "
        "Orange, NetEase",
        r"spam|virus|malware|phish|unsolicited|junk|\buce\b|bulk mail",
        r"content (?:filter|reject|restrict|den)|message (?:filtered|refused|rejected|scored)",
        r"security (?:issue|reasons)|invalid (?:header|data|structure)",
        r"mime[ /](?:error|reject)|message content",
        r"mail (?:data )?(?:refused|rejected|rejete)|data refused|suspicious|mail \S+ is rejected",
    ),
    _rule(
        Fault.MOMENT,
        "routes and servers: Postfix, Exim, Exchange 4.4.x, 5.4.6 and 5.4.14, RFC 3463 "
        "x.3.x and x.4.x",
        r"(?:connection|conversation|operation|session|lookup)[^;]{0,80}(?:timed? ?out|refused"
        r"|reset|lost|dropped)",
        r"no route to host|network is unreachable",
        r"(?:message|delivery)[\w ]* (?:expired|timeout|delayed)",
        r"timed out|hop count|too many hops|mail loop|loops? back|retry timeout|max time",
        r"(?:try|retry) (?:it )?(?:again|later)|temporar|at this time",
        r"(?:system|server) (?:is )?(?:busy|overloaded|config)",
        r"insufficient (?:system|resources)|resources unavailable",
        r"(?:database|configuration|internal|local) (?:error|problem)",
        r"service (?:is )?(?:currently )?(?:unavailable|not available)",
    ),
    _rule(
        Fault.MAILBOX,
        "the reader's own rules, and groups with rules: Exchange 5.7.12x and 5.7.133, "
        "Mailman, Sisimai (Filtered)",
        r"blocked by (?:the )?recipient|not allowed to post",
        r"restrictedto|group member|members[- ]only",
        r"user rules|recipient preferences|refuses? to receive",
        r"only accept\w* mail from|not accepting any mail",
        r"transport\.rules|\.rst\.|delivery restriction",
    ),
    _rule(
        Fault.ADDRESS,
        "nobody there: Postfix, Exim, Sendmail, qmail and vpopmail, Exchange, Gmail, Yahoo,"
        " Orange, Lotus Notes; "
        "RFC 3463 x.1.1; Microsoft 5.4.1 (Directory-Based Edge Blocking)",
        rf"(?:unknown|illegal|invalid|inexistent|non[- ]?existent|bad|wrong)[\w/ -]*\b{_WHO}s?\b",
        rf"{_ABOUT}(?:unknown|invalid\b|{_NOT} (?:known|found|exist|valid|local|ok|listed"
        rf"|recogni[sz]ed))",
        rf"{_ABOUT}{_NOT} (?:an? )?(?:active|activated|available|present|member|our)",
        rf"{_ABOUT}(?:no longer|unavailable)",
        rf"\bno (?:such |valid |mail ?box |matching |one |account )?(?:e-?mail )?{_WHO}?s?\b ?"
        r"(?:here|at this|by that|found|for|with)",
        rf"\bno (?:such|valid|known) (?:e-?mail )?{_WHO}|no such (?:local|mail)|no mail ?box",
        r"(?:does not|doesn't|do not|not) have an? [^;]*account",
        rf"{_NOT} (?:a |an |our )(?:known |valid |local )?{_WHO}",
        r"not our customer|badrcptto|unknown local[- ]part",
        r"recip(?:ient)?notfound|nosuchuser|missing home directory",
        r"(?:e-?mail )?address (?:could not be found|lookup|rejected)",
        r"address (?:is )?(?:wrong|incorrect)",
        r"recipient (?:address rejected: access denied|rejected)",
        r"account that you tried to reach does not exist",
        r"usuario (?:no existe|desconocido)|no existe",
        r"destinataire (?:invalide|inconnu)|utilisateur inconnu",
        r"empf[aä]nger (?:unbekannt|nicht)|cannot be verified",
        r"\bcan't accept user|user path no exist",
    ),
    _rule(
        Fault.ADDRESS,
        "closed: Gmail DisabledUser, Yahoo 554.30, hot.ee, NetEase, AT&T, RFC 3463 x.2.1 "
        "and x.1.6, RFC 4954 5.7.13",
        rf"{_ABOUT}(?:disabled|discontinued|deactivated|inactiv|suspend|expired|closed|locked)",
        rf"{_ABOUT}(?:retired|moved|is ?blocked)",
        rf"(?:disabled|deactivated|inactive|expired|suspended|closed|archived)[\w/ -]*\b{_WHO}",
        r"no longer (?:accepts?|in use|valid|available|on server|exists?|works?)",
        r"is expired account|now disabled",
        r"left no forwarding|account has been (?:closed|deleted)",
    ),
    _rule(
        Fault.ADDRESS,
        "no such domain: Postfix and Exim (DNS), Sendmail, Exchange 5.4.310, null MX of RFC 7505",
        r"host (?:or domain name )?(?:unknown|not found)",
        r"unknown host|unrout(?:e?able|able) address|nullmx|null mx",
        r"(?:domain|host)[\w .-]*(?:does not exist|not exist|does not accept mail|lookup failed"
        r"|is unknown)",
        r"(?:no such|unknown|non-?existent) (?:mail )?(?:domain|host)",
        r"mail domain mentioned|name or service not known",
        r"point(?:s)? to non-?existent|domain in email address is unknown|no data record|nxdomain",
    ),
)  # fmt: skip

# Where the text says nothing that is known. RFC 3463 and the IANA registry of enhanced codes.
STATUSES = {
    Fault.ADDRESS: ("1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4", "7.13", "7.17", "7.18"),
    Fault.MAILBOX: ("2.2", "2.3", "2.4", "3.4"),
    Fault.OURS: ("1.7", "1.8", "5.1", "7.3", "7.8", "7.9", "7.11", "7.20", "7.23", "7.25", "7.26"),
    Fault.LIMIT: ("4.5", "5.3"),
    Fault.MOMENT: ("3.1", "3.2", "4.1", "4.2", "4.3", "4.6", "4.7"),
    Fault.CONTENT: ("6.0", "6.1", "6.2", "6.3", "6.6"),
}
