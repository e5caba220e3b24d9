"""The application for any WSGI server: `gunicorn wsgi:app`."""

from engage import create_app
from engage.config import Config
from engage.operations import lock

_config = Config.from_environment()
lock.share(_config)
app = create_app(_config)
