"""International domains as mail and DNS carry them."""


def ascii_domain(domain: str) -> str:
    """Return the domain in ASCII by IDNA 2008 and UTS 46: `straße.example` is
    `xn--strae-oqa.example`, where IDNA 2003 names another domain, `strasse.example`.

    ValueError for what can be no domain.
    """
    if domain.isascii():
        return domain
    import idna

    return idna.encode(domain, uts46=True).decode()


def domain_in_ascii(address: str) -> str:
    """Return the address with its domain in ASCII. ValueError when that can be no domain."""
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"
