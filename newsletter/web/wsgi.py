"""The app for a WSGI server of your own: `gunicorn newsletter.web.wsgi:app`.

The workspace is the folder that NEWSLETTER_WORKSPACE names, or the current one.
"""

import os
import sys
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.web.app import create_app
from newsletter.wiring import Workspace

try:
    root = Path(os.environ.get("NEWSLETTER_WORKSPACE", "."))
    app = create_app(Workspace.open(root, os.environ))
except NewsletterError as error:
    sys.exit(f"newsletter: {error}\n  hint: {error.hint}")
