"""Forms of accounts."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, StopValidation

from engage.accounts.common_passwords import any_common
from engage.accounts.rules import PASSWORD_LONGEST, PASSWORD_SHORTEST, weakness
from engage.languages import offered, own_name
from engage.web.forms import Address, EngageForm, Line, SeveralOf

WEAK_WORDS = {
    "short": _l(
        "Use at least %(least)s characters. A few words in a row are easy to remember.",
        least=PASSWORD_SHORTEST,
    ),
    "long": _l("Use at most %(most)s characters.", most=PASSWORD_LONGEST),
    "common": _l("Many people use this password, or one much like it. Choose one that is only yours."),
    "own_words": _l("This is mostly a name or a word of this site. Add words that only you would think of."),
}


class Password(PasswordField):
    """A field for a password exactly as typed: never trimmed, and never shown again."""

    def __init__(self, label: str, required: str, **settings: object) -> None:
        long = Length(max=1000, message=_l("Use at most %(most)s characters.", most=PASSWORD_LONGEST))
        super().__init__(label, validators=[DataRequired(required), long], **settings)


class NewPassword(Password):
    """A field for a new password, checked against the person's own name and address if the form has them."""

    def pre_validate(self, form: Form) -> None:
        names = [str(form[name].data or "") for name in ("name", "email") if name in form]
        if self.data and (reason := weakness(self.data, any_common, *names)):
            raise StopValidation(str(WEAK_WORDS[reason]))


class Code(StringField):
    """A field for a code of two-step sign-in, however it is typed."""

    def __init__(self, label: str = "", **settings: object) -> None:
        super().__init__(
            label or _l("Code"),
            validators=[
                DataRequired(_l("Enter the code.")),
                Length(max=100, message=_l("That is not a code. Check it, and try again.")),
            ],
            **settings,
        )


class SignInForm(EngageForm):
    email = Address(_l("E-mail address"), required=_l("Enter your e-mail address."))
    password = Password(_l("Password"), _l("Enter your password."))


class OnTheWayForm(SignInForm):
    """The form for signing in on the way to a view.

    It carries that view's fields, so its own names differ from theirs.
    """

    email = Address(_l("E-mail address"), required=_l("Enter your e-mail address."), name="sign_in_email")
    password = Password(_l("Password"), _l("Enter your password."), name="sign_in_password")


class NewAccountForm(EngageForm):
    """The form of what any new account needs."""

    name = Line(_l("Your name"), required=_l("Enter your name."))
    email = Address(_l("E-mail address"), required=_l("Enter your e-mail address."))
    password = NewPassword(
        _l("Password"),
        _l("Choose a password."),
        description=_l(
            "At least %(least)s characters. A few words in a row work well.", least=PASSWORD_SHORTEST
        ),
    )


class ForgottenForm(EngageForm):
    email = Address(_l("E-mail address"), required=_l("Enter the e-mail address you sign in with."))


class NewPasswordForm(EngageForm):
    """The form to choose a password behind a one-time link."""

    password = NewPassword(
        _l("New password"),
        _l("Choose a password."),
        description=_l(
            "At least %(least)s characters. A few words in a row work well.", least=PASSWORD_SHORTEST
        ),
    )


class NameForm(EngageForm):
    name = Line(_l("Your name"), required=_l("Enter your name."))


class LanguageForm(EngageForm):
    """The form to choose the language; `here` is the page whose footer shows it."""

    language = SelectField(
        _l("Language"),
        default="",
        description=_l(
            "E-mail from Engage comes in this language, too. What people write stays as they wrote it."
        ),
        name="lang",
    )
    here = HiddenField()

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        own = [SelectChoice(each, own_name(each)) for each in offered()]
        self.language.choices = [SelectChoice("", _("The language of my browser")), *own]


class KeysForm(EngageForm):
    keys = SeveralOf(_l("Keys"), [("slash", _l("The / key moves to the search box"))])


class EmailForm(EngageForm):
    email = Address(_l("New e-mail address"), required=_l("Enter your new e-mail address."))


class CodeForm(EngageForm):
    """The form of the second step of signing in; `proof` shows that the password was right a moment ago."""

    proof = HiddenField(name="sign_in_proof")
    code = Code(name="sign_in_code")


class EnrolForm(EngageForm):
    """The form for a code from the app, which shows that the app has the key."""

    code = Code(name="sign_in_code", description=_l("Six digits that change every 30 seconds."))


class AgainForm(EngageForm):
    """The form that asks for the password again.

    It carries another view's fields, so its own names differ from theirs.
    """

    password = Password(
        _l("Your password"), _l("Enter your password, so that we know it is you."), name="sign_in_password"
    )
    # The field is removed for people without two-step sign-in.
    code = Code(_l("The code your app shows, or a recovery code"), name="sign_in_code")


class ChangePasswordForm(EngageForm):
    password = Password(_l("Current password"), _l("Enter your current password."))
    new_password = NewPassword(
        _l("New password"),
        _l("Choose a new password."),
        description=_l(
            "At least %(least)s characters. You will be signed out everywhere else.", least=PASSWORD_SHORTEST
        ),
    )


def browser_address() -> str:
    """Returns the network address from which a try comes, for the throttle."""
    return request.remote_addr or ""


def wrong_password() -> str:
    """Returns the one message for a wrong password."""
    return _("That password is not right. Check it and try again.")
