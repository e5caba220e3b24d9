"""Holds the texts of people's answers before a meeting."""

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.meetings.replies.rules import ReplyTally
from engage.meetings.rules import Coming

# Labels of buttons, and of answers in lists.
ANSWER_LABELS = {
    Coming.YES: _l("Yes"),
    Coming.ONLINE: _l("Online"),
    Coming.PERHAPS: _l("Maybe"),
    Coming.NO: _l("No"),
}
# How a person's own answer is shown to them.
MINE_LABELS = {
    Coming.YES: _l("You said yes."),
    Coming.PERHAPS: _l("You said maybe."),
    Coming.NO: _l("You said no."),
    Coming.ONLINE: _l("You said that you will join online."),
}


def tally_words(found: ReplyTally) -> str:
    """Returns words such as "6 yes, 1 online, 2 maybe, 1 no"; "" if no one has answered."""
    number = found.numbers
    said = {
        Coming.YES: ngettext("%(num)s yes", "%(num)s yes", number[Coming.YES]),
        Coming.ONLINE: ngettext("%(num)s online", "%(num)s online", number[Coming.ONLINE]),
        Coming.PERHAPS: ngettext("%(num)s maybe", "%(num)s maybe", number[Coming.PERHAPS]),
        Coming.NO: ngettext("%(num)s no", "%(num)s no", number[Coming.NO]),
    }
    return ", ".join(words for answer, words in said.items() if number[answer])


def silent_words(found: ReplyTally) -> str:
    """Returns how many have not answered, and how many answered before the meeting was moved."""
    said = []
    if found.silent:
        said.append(ngettext("%(num)s has not answered.", "%(num)s have not answered.", found.silent))
    if found.old:
        said.append(
            ngettext(
                "%(num)s answered before the time changed.",
                "%(num)s answered before the time changed.",
                found.old,
            )
        )
    return " ".join(said)


def saved_words(answer: Coming, *, wants_reminder: bool) -> str:
    """Returns the message after saving: what was saved, and whether a reminder will come."""
    said = str(MINE_LABELS[answer])
    if wants_reminder:
        return _("%(said)s You will be reminded the day before.", said=said)
    return said
