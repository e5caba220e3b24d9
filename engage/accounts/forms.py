"""Forms of accounts."""

from flask import request
from wtforms import Form, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, StopValidation

from engage.accounts.passwords import any_common
from engage.accounts.rules import PASSWORD_LONGEST, PASSWORD_SHORTEST, weakness
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.languages import offered, own_name
from engage.web.forms import Address, EngageForm, NameLine, SeveralOf

WEAK_MESSAGES = {
    "short": _l(
        "Use at least %(least)s characters. A few words in a row are easy to remember.",
        least=PASSWORD_SHORTEST,
    ),
    "long": _l("Use at most %(most)s characters.", most=PASSWORD_LONGEST),
    "common": _l("Many people use this password, or one much like it. Choose one that is only yours."),
    "own_words": _l(
        "This password is mostly a name or a word from this site. Add words that only you would think of."
    ),
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
            raise StopValidation(str(WEAK_MESSAGES[reason]))


class Code(StringField):
    """A field for a code of two-step sign-in; spaces, hyphens and capitals do not matter."""

    def __init__(self, label: str = "", **settings: object) -> None:
        super().__init__(
            label or _l("Code"),
            validators=[
                DataRequired(_l("Enter the code.")),
                Length(max=100, message=_l("That is not a code. Check it, and try again.")),
            ],
            **settings,
        )


class RecoveryCode(StringField):
    """A field for a recovery code, which has letters; the field for the app's code brings up a phone's digits."""

    def stands_for(self, code: Code) -> None:
        """Takes the place of the app's code if it was filled in."""
        if self.data:
            code.data = self.data


class MailedCode(StringField):
    """A field for the six digits in an e-mail; spaces do not matter."""

    def __init__(self, label: str = "", **settings: object) -> None:
        super().__init__(
            label or _l("Code in the e-mail"),
            validators=[
                DataRequired(_l("Enter the six digits in the e-mail.")),
                Length(max=100, message=_l("That is not a code. Check it, and try again.")),
            ],
            **settings,
        )


class SignInForm(EngageForm):
    email = Address(_l("E-mail address"), required=_l("Enter your e-mail address."))
    password = Password(_l("Password"), _l("Enter your password."))


class OnTheWayForm(SignInForm):
    """The sign-in form that is shown on the way to a view that needs it.

    It also carries that view's fields, so its own field names differ from theirs.
    """

    email = Address(_l("E-mail address"), required=_l("Enter your e-mail address."), name="sign_in_email")
    password = Password(_l("Password"), _l("Enter your password."), name="sign_in_password")


class NewAccountForm(EngageForm):
    """The form with the fields that any new account needs."""

    name = NameLine(_l("Your name"), required=_l("Enter your name."))
    email = Address(_l("E-mail address"), required=_l("Enter your e-mail address."))
    password = NewPassword(
        _l("Password"),
        _l("Choose a password."),
        description=_l(
            "At least %(least)s characters. A few words in a row work well.", least=PASSWORD_SHORTEST
        ),
    )


class NoPasswordForm(EngageForm):
    """The form to join without a password, by someone who has shown that this address is theirs."""

    name = NameLine(_l("Your name"), required=_l("Enter your name."))
    email = HiddenField()

    def __init__(self, address: str, **settings: object) -> None:
        super().__init__(**settings)
        self.email.data = address

    def refuse(self, field: str, message: str) -> None:
        """Shows what is wrong with the address above the form, since no field of it can be changed."""
        if field == "email":
            self.form_errors.append(message)
        else:
            super().refuse(field, message)


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
    name = NameLine(_l("Your name"), required=_l("Enter your name."))


class LanguageForm(EngageForm):
    """The form to choose the language; `here` is the address of the page whose footer shows the form."""

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
    """The form for the code of two-step sign-in; `proof` is a signed note that the password was right a moment ago."""

    proof = HiddenField(name="sign_in_proof")
    code = Code(name="sign_in_code")
    recovery = RecoveryCode(_l("Recovery code"), name="sign_in_recovery")

    def validate(self, extra_validators: object = None) -> bool:
        self.recovery.stands_for(self.code)
        return super().validate(extra_validators)


class MailedCodeForm(EngageForm):
    """The form on the page where someone asked for a link to sign in."""

    mailed = MailedCode(name="sign_in_mailed_code")


class EnrolForm(EngageForm):
    """The form for turning on two-step sign-in: a code from the app proves that the app has the key."""

    code = Code(name="sign_in_code", description=_l("Six digits that change every 30 seconds."))


class PasskeyForm(EngageForm):
    """The form for adding a passkey; a script fills `passkey` with what the browser made."""

    name = NameLine(
        _l("Name"),
        required=_l("Give the passkey a name."),
        longest=80,
        description=_l("So that you can tell it from others: the phone or computer it is in."),
    )
    passkey = HiddenField(id="passkey")


class ReauthenticateForm(EngageForm):
    """The form that asks for the password again, or for a code in an e-mail if the person has none.

    It carries another view's fields, so its own names differ from theirs.
    """

    # A person without a password gets a code by mail, so that only one of these two stays in the form.
    password = Password(
        _l("Your password"), _l("Enter your password, so that we know it is you."), name="sign_in_password"
    )
    mailed = MailedCode(name="sign_in_mailed_code")
    # `code` and `recovery` are removed for people without two-step sign-in.
    code = Code(_l("The code your app shows"), name="sign_in_code")
    recovery = RecoveryCode(_l("Recovery code"), name="sign_in_recovery")

    def validate(self, extra_validators: object = None) -> bool:
        if "recovery" in self:
            self.recovery.stands_for(self.code)
        return super().validate(extra_validators)


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
    """Returns the network address that the request comes from, under which tries are counted."""
    return request.remote_addr or ""


def wrong_password() -> str:
    """Returns the error message for a wrong password; it is the same everywhere."""
    return _("That password is not right. Check it and try again.")
