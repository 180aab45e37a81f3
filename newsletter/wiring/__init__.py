"""The only place that chooses implementations: stores, transports, templates, fetchers."""

from newsletter.wiring.workspace import Workspace

__all__ = ["Workspace"]
