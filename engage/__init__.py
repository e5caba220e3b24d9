"""Holds Engage, in which a local coalition against human trafficking works through the Community Toolkit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engage.config import Config

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Config | None = None) -> Flask:
    """Builds the application and lists every part that Engage is made of."""
    from flask import Flask

    from engage import database, extensions, languages
    from engage.accounts import routes as accounts
    from engage.accounts.sessions import leaving
    from engage.assessment import routes as assessment
    from engage.assessment.guests import routes as answer_public_routes
    from engage.calendar import routes as calendar
    from engage.calendar.feeds import routes as feeds_routes
    from engage.chain import routes as chain
    from engage.chain.results.routes import comparison as comparison_routes
    from engage.chain.results.routes import results as results_routes
    from engage.checklist import routes as checklist
    from engage.coalitions import menu
    from engage.coalitions import routes as coalitions
    from engage.coalitions.announcements import routes as announcements
    from engage.coalitions.audit import downloads as audit_downloads
    from engage.coalitions.setup import routes as setup_routes
    from engage.content import loader
    from engage.directory import routes as directory
    from engage.directory.joining.routes import join as join_routes
    from engage.documents import routes as documents
    from engage.frame import authorization, layout, logs
    from engage.frame.pages import old_addresses
    from engage.frame.pages import routes as pages
    from engage.home import routes as home
    from engage.meetings import routes as meetings
    from engage.meetings.replies.routes import link_bp as rsvp
    from engage.messages import routes as messages
    from engage.messages.account import routes as account_routes
    from engage.messages.account.approvals import ApprovalMails
    from engage.messages.account.letters import AccountLetters
    from engage.messages.action_links import routes as action_link_routes
    from engage.messages.letters import routes as letters_routes
    from engage.messages.letters.outbox import Letters
    from engage.messages.mail import queue as mail_queue
    from engage.messages.mail.event_confirmations import EventConfirmations
    from engage.onboarding import routes as onboarding
    from engage.onboarding.first_evening import answers as first_evening
    from engage.operations import routes as operations
    from engage.operations.backup import note as backup_note
    from engage.operations.daily import tick
    from engage.operations.ready import routes as ready_routes
    from engage.operations.redaction import scrub
    from engage.partners import routes as partners
    from engage.partners.services.link import routes as referral_link_routes
    from engage.plan import routes as plan
    from engage.plan.feedback.link import routes as feedback_routes
    from engage.plan.signups.link import routes as event_routes
    from engage.reports import routes as reports
    from engage.reports.framing.routes import link_bp as framed
    from engage.reports.public.routes import link_bp as public_page
    from engage.reports.tables.routes import link_bp as live_tables
    from engage.search import routes as search
    from engage.strengths import routes as strengths
    from engage.strengths.votes.ballots import routes as vote_public_routes
    from engage.toolkit import routes as toolkit
    from engage.web import answers as errors
    from engage.web import framing, headers, htmx, incoming, language_switch, papers, static_files

    config = config or Config.from_environment()
    database.refuse_wal_fault(config.SQLALCHEMY_DATABASE_URI)
    app = Flask(
        "engage",
        root_path=str(Path(__file__).parent),
        template_folder=str(config.FILES / "templates"),
        static_folder=None,
    )
    app.config.from_object(config)
    # A broken content or translation file prevents the start; the error names the file and the line.
    languages.refuse_broken()
    for language in languages.offered():
        loader.content(language)

    logs.init_app(app)
    leaving.init_app(app)
    extensions.init_app(app)
    incoming.init_app(app)
    framing.init_app(app)
    papers.init_app(app)
    authorization.init_app(app)
    static_files.init_app(app)
    headers.init_app(app)
    language_switch.init_app(app)
    htmx.init_app(app)
    errors.init_app(app)
    layout.init_app(app)
    first_evening.init_app(app)
    menu.init_app(app)
    tick.init_app(app)
    mail_queue.init_app(app, (AccountLetters, ApprovalMails, Letters, EventConfirmations))
    backup_note.init_app(app)
    audit_downloads.init_app(app)
    scrub.init_app(app)

    basics = (
        pages,
        old_addresses,
        accounts,
        setup_routes,
        coalitions,
        directory,
        join_routes,
        home,
        onboarding,
        toolkit,
        checklist,
    )
    answering = (vote_public_routes, answer_public_routes, event_routes, feedback_routes)
    outside = (*answering, feeds_routes, referral_link_routes, account_routes, operations, ready_routes)
    writing = (messages, action_link_routes, letters_routes, announcements)
    features = (
        assessment,
        results_routes,
        comparison_routes,
        strengths,
        partners,
        meetings,
        plan,
        documents,
        chain,
        calendar,
        search,
        reports,
        *writing,
    )
    features_own = (module.bp for module in (*basics, *outside, *features))
    for bp in dict.fromkeys((*features_own, rsvp, public_page, framed, live_tables)):
        app.register_blueprint(bp)
    if config.DEMO:
        from engage.operations.sample import routes as demo_mail

        app.register_blueprint(demo_mail.bp)
    if app.debug:
        from engage.frame.pages import parts

        app.register_blueprint(parts.bp)
    return app
