"""What newsletter.toml and the environment can say, as frozen settings with their defaults."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ClassVar

from newsletter.model.coalition import Coalition, Editor, SectionRule, Sender
from newsletter.model.delivery import TransportKind
from newsletter.model.rhythm import Rhythm, parse_rhythm


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchSettings:
    """How feeds are fetched. `allow_private` names addresses or networks the guard lets through."""

    allow_private: tuple[str, ...] = ()
    allow_ports: tuple[int, ...] = (80, 443)
    workers: int = 2
    total_seconds: float = 30.0
    host_pause_seconds: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class TransportSettings:
    """How mail leaves. `security`: starttls | tls | none. Secrets are not here: see Secrets."""

    kind: TransportKind = TransportKind.OUTBOX
    path: str = "outbox"
    host: str = ""
    port: int = 587
    security: str = "starttls"
    username: str = ""
    helo: str = ""
    connections: int = 4
    rate: float | None = None
    domain_rate: float | None = None
    warm_up: int = 0
    complaint_ceiling: float = 0.001
    bounce_ceiling: float = 0.05
    request_size: int = 500
    hold_minutes: int = 0
    dkim_domain: str = ""
    dkim_selector: str = ""
    dkim_key_file: str = ""
    return_domain: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueSettings:
    """How an issue is made and what guards it."""

    sections: tuple[SectionRule, ...] = ()
    approvals_required: int = 1
    bulletin_approvals_required: int = 2
    stale_days: int = 7
    blast_radius: float = 1.5
    organisation_cap: int = 2
    rotation_issues: int = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckSettings:
    """`words` are right as they are written, whatever the dictionaries say."""

    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StorySettings:
    """`withdrawn` is the file of withdrawals, relative to the workspace: best on another disk."""

    withdrawn: str = "stories/withdrawn.jsonl"


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSettings:
    """What `newsletter serve` writes into its log: events of that level and above."""

    LEVELS: ClassVar[tuple[str, ...]] = ("debug", "info", "warning", "error")

    level: str = "info"


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekSettings:
    """When what runs by itself is due, by the coalition's clock: for a weekly digest.

    `pull` never asks a feed more often than the feed itself allows. `draft` writes the drafts of
    the week, unless there are some. `remind` is when editors hear what is still to do for it.
    """

    pull: Rhythm = field(default_factory=partial(parse_rhythm, "hourly"))
    draft: Rhythm = field(default_factory=partial(parse_rhythm, "Tuesday 07:00"))
    remind: Rhythm = field(default_factory=partial(parse_rhythm, "Wednesday 09:00"))
    bounces: Rhythm = field(default_factory=partial(parse_rhythm, "hourly"))
    purge: Rhythm = field(default_factory=partial(parse_rhythm, "daily 04:30"))
    archive: Rhythm = field(default_factory=partial(parse_rhythm, "daily 05:00"))
    health: Rhythm = field(default_factory=partial(parse_rhythm, "monthly"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """From the environment only; never printed (`repr` hides them)."""

    KEY_LENGTH: ClassVar[int] = 32  # characters that `secret_key` has at least

    secret_key: str = field(default="", repr=False)
    older_keys: tuple[str, ...] = field(default=(), repr=False)
    smtp_password: str = field(default="", repr=False)
    smtp_token: str = field(default="", repr=False)
    smtp_token_command: str = field(default="", repr=False)
    sendgrid_api_key: str = field(default="", repr=False)
    sendgrid_webhook_key: str = field(default="", repr=False)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the secret keys that are set, the newest first."""
        return tuple(key for key in (self.secret_key, *self.older_keys) if key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """Everything a command needs to know about one workspace."""

    root: Path
    coalition: Coalition
    sender: Sender
    database_url: str = "sqlite:///newsletter.db"
    fetch: FetchSettings = FetchSettings()
    transport: TransportSettings = TransportSettings()
    editors: tuple[Editor, ...] = ()
    issue: IssueSettings = IssueSettings()
    check: CheckSettings = CheckSettings()
    stories: StorySettings = StorySettings()
    log: LogSettings = LogSettings()
    week: WeekSettings = WeekSettings()
    mailboxes: tuple[str, ...] = ()  # that returned mail comes to, as `bounces read` names them
    secrets: Secrets = Secrets()
    state: Path = Path()  # the folder of all workspaces' state folders
