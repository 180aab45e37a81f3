"""`python -m newsletter` is the `newsletter` command."""

from newsletter.cli.main import main

if __name__ == "__main__":
    main()
