"""Forms of coverage: which sectors are expected here."""

from wtforms.validators import DataRequired

from engage.content.loader import content
from engage.i18n import lazy_gettext as _l
from engage.web.forms import SeveralOf, VersionedForm


class ExpectedForm(VersionedForm):
    """The form of the sectors that should have someone in the coalition."""

    sectors = SeveralOf(
        _l("Which sectors are expected here?"),
        validators=[DataRequired(_l("Check the sectors that belong at your table, at least one."))],
    )

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self.sectors.choices = [(each.key, each.name) for each in content().sectors]
        self.sectors.descriptions = {each.key: each.help for each in content().sectors}
