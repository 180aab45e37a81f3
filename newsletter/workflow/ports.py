"""The store Protocols: what the verbs ask of a store, a few methods each.

`newsletter.store` fulfils them on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""
