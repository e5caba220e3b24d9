"""The application for any WSGI server: `gunicorn wsgi:app`."""

from engage import create_app
from engage.config import Config
from engage.extensions import db
from engage.frame import logs
from engage.operations import lock, schema

_config = Config.from_environment()
lock.share(_config)
app = create_app(_config)
with app.app_context():
    schema.refuse_other(schema.revision_of(db.engine))
logs.start(_config.LOG)
