"""The application for any WSGI server, after the checks of `engage serve`: `waitress-serve wsgi:app`.

It upgrades no database and does no day's work, which `engage init` and `engage tick` do.
"""

import os
import sys

import click

from engage import cli

os.umask(0o077)
try:
    app = cli.application()
except click.ClickException as error:
    sys.exit(f"Error: {error.message}")
