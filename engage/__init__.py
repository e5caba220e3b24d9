"""Holds Engage: where a local coalition against human trafficking works through the Community Toolkit."""

from flask import Flask

from engage.config import Config


def create_app(config: Config | None = None) -> Flask:
    """Builds the application: the table of contents of everything Engage is made of."""
    from engage import extensions
    from engage.accounts import routes as accounts
    from engage.assessment import routes as assessment
    from engage.chain import routes as chain
    from engage.checklist import routes as checklist
    from engage.coalitions import routes as coalitions
    from engage.coalitions.audit import downloads as audit_downloads
    from engage.coalitions.joining.routes import join as join_routes
    from engage.coalitions.setup import routes as setup_routes
    from engage.content import loader
    from engage.frame import access, layout, logs
    from engage.frame.pages import routes as pages
    from engage.home import routes as home
    from engage.meetings import routes as meetings
    from engage.messages import routes as messages
    from engage.messages.account import letters
    from engage.messages.account import routes as account_routes
    from engage.onboarding import routes as onboarding
    from engage.operations import routes as operations
    from engage.operations.backup import note as backup_note
    from engage.operations.daily import tick
    from engage.operations.redaction import afterwards
    from engage.partners import routes as partners
    from engage.plan import routes as plan
    from engage.reports import routes as reports
    from engage.reports.public.link import routes as public_link_routes
    from engage.strengths import routes as strengths
    from engage.strengths.votes.ballots import routes as vote_public_routes
    from engage.toolkit import routes as toolkit
    from engage.web import answers as errors
    from engage.web import headers, htmx, incoming, static_files
    from engage.web.application import Application

    config = config or Config.from_environment()
    app = Application(
        "engage",
        root_path=str(config.ROOT / "engage"),
        template_folder=str(config.ROOT / "templates"),
        static_folder=None,
    )
    app.config.from_object(config)
    loader.content()  # a broken content file stops the start, with its name and line

    logs.init_app(app)
    extensions.init_app(app)
    incoming.init_app(app)
    access.init_app(app)
    static_files.init_app(app)
    headers.init_app(app)
    htmx.init_app(app)
    errors.init_app(app)
    layout.init_app(app)
    tick.init_app(app)
    letters.init_app(app)
    backup_note.init_app(app)
    audit_downloads.init_app(app)
    afterwards.init_app(app)

    rooms = (pages, accounts, setup_routes, coalitions, join_routes, home, onboarding, toolkit, checklist)
    outside = (vote_public_routes, public_link_routes, account_routes, operations)
    features = (assessment, strengths, partners, meetings, plan, chain, reports, messages)
    for bp in dict.fromkeys(room.bp for room in (*rooms, *outside, *features)):
        app.register_blueprint(bp)
    return app
