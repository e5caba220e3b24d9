"""Serves, under `make dev` alone, one page with every part that pages share: to look at, and to compare a page with."""

from flask import Blueprint, render_template
from wtforms.fields.choices import SelectChoice

from engage.web.access import public
from engage.web.forms import Day, EngageForm, FreeText, NameLine, Number, OneOf, SeveralOf
from engage.web.lists import Choice

bp = Blueprint("parts", __name__)

LONG = "A name of eighty letters that a county, a church and a shelter agreed on together"


class PartsForm(EngageForm):
    """A form with a field of each kind."""

    name = NameLine("A line of text", required="Write a name.", description="A hint stands below the label.")
    day = Day("A day")
    count = Number("A number", least=1, most=20)
    text = FreeText("A longer text", longest=1000)
    choice = OneOf("One of a few", {"one": "The first", "two": LONG})
    several = SeveralOf("Several")
    refused = NameLine("A refused line")


@bp.get("/parts")
@public
def parts() -> str:
    form = PartsForm(formdata=None)
    form.several.choices = [SelectChoice("one", "The first"), SelectChoice("two", LONG)]
    form.refuse("refused", "Write what is missing. What you typed is still here.")
    choices = [Choice("All", "#", True, 40), Choice("Open", "#", False, 3), Choice(LONG, "#", False, 0)]
    return render_template("pages/parts.html", form=form, choices=choices, long=LONG)
