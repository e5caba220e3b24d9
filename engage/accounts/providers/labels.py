"""Returns the texts that say why a provider's answer signs no one in."""

from engage.accounts.providers.rules import Trouble
from engage.i18n import LazyString
from engage.i18n import lazy_gettext as _l

TITLES: dict[Trouble, LazyString] = {
    Trouble.NO_COOKIE: _l("Your browser does not allow cookies"),
    Trouble.USED: _l("Start again"),
    Trouble.STOPPED: _l("You did not finish"),
    Trouble.NO_ANSWER: _l("%(provider)s does not answer"),
    Trouble.WRONG: _l("We could not check the answer of %(provider)s"),
    Trouble.NO_ADDRESS: _l("Choose a password first"),
    Trouble.TIED_ELSEWHERE: _l("It is connected to another account"),
    Trouble.TIED_ANOTHER: _l("Another one is connected already"),
    Trouble.OTHER_PERSON: _l("That is another account"),
    Trouble.NOT_FRESH: _l("We need your password"),
    Trouble.SIGNED_OUT: _l("You were signed out in the meantime"),
}
TEXTS: dict[Trouble, LazyString] = {
    Trouble.NO_COOKIE: _l(
        "Engage needs one to know that it is still you when you come back from %(provider)s. Allow cookies for "
        "this site in your browser’s settings, or use another browser. Nothing was changed."
    ),
    Trouble.USED: _l(
        "This answer from %(provider)s was used before, is older than ten minutes, or was asked for in another "
        "browser. Nothing was changed."
    ),
    Trouble.STOPPED: _l("%(provider)s says that you stopped before the end. Nothing was changed."),
    Trouble.NO_ANSWER: _l("Nothing was changed. Try again in a few minutes, or use another way to sign in."),
    Trouble.WRONG: _l(
        "So no one was signed in, and nothing was changed. Use another way to sign in, and tell the person who "
        "runs this site."
    ),
    Trouble.NO_ADDRESS: _l(
        "%(provider)s did not tell us an e-mail address that it has checked. Join with a password. Then you can "
        "connect %(provider)s on your account’s page."
    ),
    Trouble.TIED_ELSEWHERE: _l(
        "The account that you chose at %(provider)s is connected to another account here. Sign in with it, "
        "and disconnect it from that account first. Nothing was changed."
    ),
    Trouble.TIED_ANOTHER: _l(
        "Your account here is connected to another account at %(provider)s. Disconnect that one first. Nothing "
        "was changed."
    ),
    Trouble.OTHER_PERSON: _l(
        "The account that you chose at %(provider)s is not the one that is connected to your account here. "
        "Nothing was changed."
    ),
    Trouble.NOT_FRESH: _l(
        "%(provider)s did not ask again who you are, or does not say when it did. So its answer cannot replace "
        "your password. Nothing was changed."
    ),
    Trouble.SIGNED_OUT: _l("Sign in again, and repeat what you did. Nothing was changed."),
}
STATUS = {
    Trouble.NO_ANSWER: 503,
    Trouble.WRONG: 502,
    Trouble.TIED_ELSEWHERE: 409,
    Trouble.TIED_ANOTHER: 409,
    Trouble.OTHER_PERSON: 422,
    Trouble.NOT_FRESH: 422,
    Trouble.NO_ADDRESS: 422,
}
