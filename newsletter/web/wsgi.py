"""The app for a WSGI server of your own: `gunicorn newsletter.web.wsgi:app`.

The workspace is the folder that NEWSLETTER_WORKSPACE names, or the current one.
"""

import os
import sys
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.web.app import create_app
from newsletter.web.ready import ready_to_serve
from newsletter.wiring import Workspace

try:
    root = Path(os.environ.get("NEWSLETTER_WORKSPACE", "."))
    workspace = Workspace.open(root, os.environ)
    ready_to_serve(workspace)
    app = create_app(workspace)
except NewsletterError as error:
    sys.exit(f"newsletter: {error}\n  hint: {error.hint}")
