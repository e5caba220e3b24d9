"""Builds what surrounds the content of every page: menu, person, coalition, help line, notices at the top."""

from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from flask import Flask, current_app, g, request, session, url_for
from jinja2 import StrictUndefined
from msgspec import Struct

from engage import clock, dates
from engage.coalitions import queries, reach
from engage.coalitions.models import Coalition
from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import Role
from engage.coalitions.settings.forms import time_zone_name
from engage.database import READING_METHODS
from engage.dates import long_day
from engage.extensions import language, reader
from engage.frame import menu
from engage.frame.authorization import PLACE
from engage.frame.sections import parts_here, sections_here
from engage.i18n import LazyString
from engage.i18n import gettext as _
from engage.operations.backup import note
from engage.web import language_switch, links
from engage.web.forms import control_of, described_by, in_page_order, is_unaccepted
from engage.web.lists import Choice

# These views show texts of another page, the one from which the person came.
_ABOUT_ANOTHER_PAGE = {"coalitions.report_text", "coalitions.texts", "coalitions.confirm_redaction"}

# The session keeps the time of the newest security notice that a page has shown.
_NOTICE_SHOWN = "notice"


class Banner(Struct, frozen=True):
    """A notice at the top; `link` leads to `url`, and `button` posts a form there and returns to the page."""

    text: str
    url: str | None = None
    link: str = ""
    button: str = ""


class Other(Struct, frozen=True):
    name: str
    url: str


class ShownHelpLine(Struct, frozen=True):
    name: str
    number: str
    tel: str | None


def help_line(coalition: Coalition) -> ShownHelpLine | None:
    """Returns the local help line's number, and its form for a phone link."""
    if not coalition.help_number:
        return None
    digits = "".join(c for c in coalition.help_number if c in "+0123456789")
    return ShownHelpLine(coalition.help_name or _("Local help"), coalition.help_number, digits or None)


class Page:
    """What surrounds the content of a page, built once per request.

    It reads only what the request has loaded, so that error pages can use it, too.
    """

    @cached_property
    def _coalition(self) -> Coalition | None:
        return g.get("coalition")

    @property
    def coalition_name(self) -> str:
        return self._shown.name if self._shown else ""

    @property
    def _shown(self) -> "Coalition | queries.Beside | None":
        """Returns the coalition whose menu the page shows, also on the pages of the person's account."""
        return self._coalition or self._beside

    @cached_property
    def today_words(self) -> str:
        """Returns the day on which a page is printed, in the coalition's time zone."""
        return long_day(clock.today(self._shown.time_zone if self._shown else "UTC"))

    @cached_property
    def person_name(self) -> str | None:
        if "membership" in g:
            return str(g.membership.name)
        return str(reader().name) if reader().is_authenticated else None

    @cached_property
    def menu(self) -> menu.Menu | None:
        place = g.get("membership") or self._beside
        if place is None or self._shown is None:
            return None
        return menu.of(place.role, self._shown, g.get("menu_counts", {}))

    @property
    def around(self) -> str:
        """Returns the base template of the account's pages. It includes the coalition's menu for members."""
        return "base.html" if self._beside else "bare.html"

    @cached_property
    def _beside(self) -> "queries.Beside | None":
        """Reads the coalition whose menu is shown on pages outside all coalitions: the one that was opened last."""
        places = queries.places_beside(reader().id) if reader().is_authenticated else []
        if not places:
            return None
        found = next((each for each in places if each.slug == session.get(PLACE)), places[0])
        g.slug = found.slug
        g.other_coalitions = [each for each in places if each is not found]
        return found

    @cached_property
    def sections(self) -> list[Choice]:
        return sections_here()

    @cached_property
    def parts(self) -> list[Choice]:
        return parts_here()

    @property
    def home_url(self) -> str:
        return url_for("home.index")

    @property
    def search_url(self) -> str:
        return url_for("search.index")

    @property
    def slash_searches(self) -> bool:
        """Returns whether the key / focuses the search box, which each person can switch off."""
        return bool(reader().is_authenticated and reader().slash_searches)

    @property
    def account_url(self) -> str:
        return url_for("accounts.profile")

    @property
    def is_account(self) -> bool:
        return request.path.startswith(self.account_url)

    @property
    def is_admin(self) -> bool:
        return request.path.startswith("/admin/")

    @property
    def admin_url(self) -> str | None:
        """Returns the address of the administration pages, for the installation's admins."""
        return url_for("operations.coalitions") if reader().is_admin else None

    @property
    def sign_out_url(self) -> str:
        return url_for("accounts.sign_out")

    @property
    def leave_url(self) -> str:
        return url_for("accounts.leave")

    @property
    def help_url(self) -> str:
        return url_for("pages.help")

    @property
    def about_url(self) -> str:
        return url_for("pages.about")

    @property
    def report_url(self) -> str | None:
        """Returns the address of the page on which a reader of this page can report a text on it."""
        if "membership" not in g or request.method not in READING_METHODS or "is_problem" in g:
            return None
        if request.endpoint in _ABOUT_ANOTHER_PAGE:
            return None
        return f"{self.home_url}settings/report?page={quote(request.path.removeprefix(self.home_url))}"

    @property
    def language(self) -> str:
        return language().replace("_", "-")

    @cached_property
    def languages(self) -> list[language_switch.OfferedLanguage]:
        """Returns the other languages in which this page can be read."""
        return language_switch.others()

    @property
    def address(self) -> str:
        return language_switch.this_page()

    @property
    def saves_language(self) -> bool:
        """Returns whether choosing a language saves it with the account. On printed papers it does not."""
        return "on_paper" not in g and "account" in g

    @cached_property
    def switcher(self) -> list[Other]:
        others: list[Coalition | queries.Beside] = g.get("other_coalitions", [])
        return [Other(other.name, url_for("home.index", slug=other.slug)) for other in others]

    @cached_property
    def help_line(self) -> ShownHelpLine | None:
        return help_line(self._coalition) if self._coalition is not None else None

    @cached_property
    def banners(self) -> list[Banner]:
        found = []
        if reader().is_authenticated and _is_new_notice(reader().notice_at):
            text = _("There is a security notice about your account.")
            found.append(Banner(text, url_for("accounts.profile"), _("Read the notice")))
        if request.method in READING_METHODS and "membership" in g and reach.must_be_told(g.membership):
            text = _(
                "Coordinators can see members’ e-mail addresses, so that they can write to them. Yours stays hidden "
                "until you press Understood. Other members see it only if you show it."
            )
            found.append(Banner(text, url_for("coalitions.understood"), button=_("Understood")))
        unsafe = not current_app.config["HTTPS"] and not links.is_local()
        if unsafe and "membership" in g and g.membership.role is Role.COORDINATOR:
            text = _("This site is opened without https: others on the network could read what people send.")
            found.append(Banner(text))
        coordinates = "membership" in g and g.membership.role is Role.COORDINATOR
        hosts = reader().is_authenticated and reader().is_admin
        if (coordinates or hosts) and note.is_overdue():
            text = _(
                "There has been no backup in a week. Ask the person who runs this site to type: engage backup"
            )
            health = (url_for("operations.health"), _("See the last backup")) if hosts else ()
            found.append(Banner(text, *health))
        if current_app.config["DEMO"]:
            said = _("A demo. Your changes are erased when it restarts.")
            found.append(Banner(said, url_for("demo_mail.index"), _("E-mail in the demo")))
        return found


def init_app(app: Flask) -> None:
    """Gives every template its `page`, and `may(permission name)` to hide what a role may not see."""

    @app.context_processor
    def page() -> dict[str, object]:
        if "page" not in g:
            g.page = Page()
        return {"page": g.page, "may": _may}

    app.jinja_env.undefined = StrictUndefined
    # A lazy string is treated as safe HTML, whatever it contains; as plain text it is escaped.
    app.jinja_env.finalize = lambda value: str(value) if isinstance(value, LazyString) else value
    app.jinja_env.filters["long_day"] = dates.long_day
    app.jinja_env.filters["medium_day"] = dates.medium_day
    app.jinja_env.filters["day_text"] = dates.day_text
    app.jinja_env.filters["minute"] = dates.minute
    app.jinja_env.filters["in_page_order"] = in_page_order
    app.jinja_env.filters["control"] = control_of
    app.jinja_env.filters["described_by"] = described_by
    app.jinja_env.tests["unaccepted"] = is_unaccepted
    app.jinja_env.filters["time_zone_name"] = time_zone_name
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _is_new_notice(at: datetime | None) -> bool:
    """Returns whether no page of this session has shown the notice of that time yet; the account page keeps it."""
    if at is None or session.get(_NOTICE_SHOWN) == at.isoformat():
        return False
    session[_NOTICE_SHOWN] = at.isoformat()
    return True


def _may(name: str) -> bool:
    return "membership" in g and may(g.membership.role, Permission[name])
