"""Words people's answers to a meeting's invitation."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engage.meetings.replies.rules import Tally
from engage.meetings.rules import Coming

# These words are on buttons and in lists.
ANSWER_WORDS = {
    Coming.YES: _l("Yes"),
    Coming.ONLINE: _l("Online"),
    Coming.PERHAPS: _l("Maybe"),
    Coming.NO: _l("No"),
}
# A person reads these words about their own answer.
MINE_WORDS = {
    Coming.YES: _l("You said yes."),
    Coming.PERHAPS: _l("You said maybe."),
    Coming.NO: _l("You said no."),
    Coming.ONLINE: _l("You said that you will join online."),
}


def tally_words(found: Tally) -> str:
    """Returns words such as "6 yes, 1 online, 2 maybe, 1 no"; "" if no one has answered."""
    number = found.numbers
    said = {
        Coming.YES: ngettext("%(num)s yes", "%(num)s yes", number[Coming.YES]),
        Coming.ONLINE: ngettext("%(num)s online", "%(num)s online", number[Coming.ONLINE]),
        Coming.PERHAPS: ngettext("%(num)s maybe", "%(num)s maybe", number[Coming.PERHAPS]),
        Coming.NO: ngettext("%(num)s no", "%(num)s no", number[Coming.NO]),
    }
    return ", ".join(words for answer, words in said.items() if number[answer])


def silent_words(found: Tally) -> str:
    """Says how many have not answered, and how many answered before the meeting was moved."""
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
    """Says what was saved, and that a reminder will come."""
    said = str(MINE_WORDS[answer])
    if wants_reminder:
        return _("%(said)s You will be reminded the day before.", said=said)
    return said
