"""The weekly digest of a coalition: pull feeds and consented stories, assemble, send once."""

__version__ = "0.2.0"
