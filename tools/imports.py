"""Count the imports of `newsletter/` that cross its folders: python -m tools.imports [--list].

What everything may use, `model` and `errors`, is left out. A number that grows says that a
capability is spreading over folders.
"""

import sys
from collections import Counter

import grimp

ASIDE = {"model", "errors"}


def folder(module: str) -> str:
    """Return the part below `newsletter`: the folder, or a module that stands there by itself."""
    return [*module.split("."), ""][1]


def main() -> None:
    """Print the count, and with `--list` each pair of folders with its own."""
    graph = grimp.build_graph("newsletter", include_external_packages=False)
    pairs = [
        (folder(importer), folder(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    ]
    crossing = Counter(
        (importer, imported)
        for importer, imported in pairs
        if importer != imported and imported and imported not in ASIDE
    )
    print(f"{crossing.total()} of {len(pairs)} imports cross folders (model and errors aside)")
    if "--list" in sys.argv[1:]:
        for (importer, imported), count in crossing.most_common():
            print(f"{count:5}  {importer} -> {imported}")


if __name__ == "__main__":
    main()
