"""The application for any WSGI server: `gunicorn wsgi:app`."""

from engage import create_app

app = create_app()
