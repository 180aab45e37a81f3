"""People who asked for the digest: what they may do, their links, and lists of them as CSV."""
