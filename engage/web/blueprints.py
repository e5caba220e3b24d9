"""Makes blueprints below `/c/<slug>/`."""

from flask import Blueprint, abort, g


def coalition_blueprint(name: str, import_name: str, prefix: str) -> Blueprint:
    """Makes a feature's blueprint below /c/<slug>/; it reads the slug from addresses and puts it into built ones."""
    bp = Blueprint(name, import_name, url_prefix=f"/c/<slug>/{prefix}".rstrip("/"))

    @bp.url_value_preprocessor
    def take_slug(endpoint: str | None, values: dict[str, object] | None) -> None:
        g.slug = (values or {}).pop("slug")
        # PostgreSQL does not accept NUL in text, and no key in an address contains one.
        if any(isinstance(value, str) and "\x00" in value for value in (values or {}).values()):
            abort(404)

    @bp.url_defaults
    def put_slug(endpoint: str, values: dict[str, object]) -> None:
        values.setdefault("slug", g.get("slug"))

    return bp
