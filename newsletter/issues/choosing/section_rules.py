"""The sections that newsletter.toml says, with what a workspace's own kinds of section say."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsletter.errors import ConfigError
from newsletter.fields.table import did_you_mean
from newsletter.model.coalition import SectionRule
from newsletter.model.item import ItemKind
from newsletter.model.section_kinds import NEWS, Kinds


def section_rules(rules: Sequence[SectionRule], kinds: Kinds) -> tuple[SectionRule, ...]:
    """Return the rules, each of a kind that there is, and after them one for each kind that names
    topics and has no section yet. ConfigError when a rule names no kind."""
    said = [_with_kind(rule, kinds) for rule in rules]
    taken = {name for rule in said for name in (rule.id, rule.kind)}
    return (*said, *(rule for rule in _of_kinds(kinds) if rule.id not in taken))


def _with_kind(rule: SectionRule, kinds: Kinds) -> SectionRule:
    name = rule.kind or (rule.id if rule.id in kinds else NEWS)
    if name not in kinds:
        raise ConfigError(
            f"section {rule.id}: no such kind of section: {name}",
            hint=did_you_mean(name, kinds),
            file="newsletter.toml",
        )
    kind = kinds[name]
    topics = rule.topics or kind.topics
    return replace(
        rule,
        kind=name,
        titles=rule.titles or dict(kind.titles),
        topics=topics,
        kinds=rule.kinds or ((ItemKind.NEWS,) if kind.titles and topics else ()),
    )


def _of_kinds(kinds: Kinds) -> Iterator[SectionRule]:
    for name, kind in kinds.items():
        if kind.topics:
            yield _with_kind(SectionRule(id=name, kind=name), kinds)
