"""The form that names a site."""

from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.reports.framing.rules import LONGEST, NoSite, beginning_of, origin_of
from engage.web.forms import EngageForm, NameLine


def _words(reason: NoSite, typed: str) -> str:
    if reason is NoSite.PATH:
        start = beginning_of(typed)
        return _("Enter only the beginning of the address, up to the first slash: %(start)s.", start=start)
    return {
        NoSite.NOT_HTTPS: _("Only sites whose address begins with https:// can show these pages."),
        NoSite.STAR: _("Name each site by itself, without a star."),
        NoSite.OTHER_LETTERS: _(
            "This name has letters that can look like others. Enter the address the way browsers send it, "
            "which begins with xn--."
        ),
        NoSite.PORT: _("Leave out the colon and the number after the name of the site."),
        NoSite.NO_NAME: _("Enter the address of a site like https://www.example.org."),
    }[reason]


class SiteForm(EngageForm):
    """The form that names a site by its address."""

    origin = NameLine(
        _l("Address of the site"),
        longest=LONGEST,
        required=_l("Enter the address of the site."),
        description=_l(
            "Only its beginning, as the browser shows it: https://www.example.org. A site with and without www "
            "is two addresses; name both."
        ),
    )

    def validate_origin(self, field: NameLine) -> None:
        found = origin_of(field.data or "")
        if isinstance(found, NoSite):
            raise ValidationError(_words(found, field.data or ""))
        field.data = found
