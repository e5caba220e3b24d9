"""Files as three makers of forms write them, made from what was documented on December 1, 2026.

- Google Forms ("View and manage form responses", support.google.com/docs/answer/139706): a sheet or a CSV file whose
  first column is *Timestamp*; a grid's rows are columns called "Question [Row]"; a linear scale holds its numbers.
- SurveyMonkey ("Exporting survey data", help.surveymonkey.com): nine columns about the respondent, then the
  questions; a second row of names holds *Response*, or the parts of the question above.
- Microsoft Forms ("Check and share your form results", support.microsoft.com): a workbook or a CSV file with *ID*,
  *Start time*, *Completion time*, *Email*, *Name*, then the questions.

No file of a real survey could be tried.
"""

import csv
import io
import random
from collections.abc import Sequence

from openpyxl import Workbook

from engage.content.loader import content

WORDS = ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree")
WORDS_ES = (
    "Totalmente en desacuerdo",
    "En desacuerdo",
    "Ni de acuerdo ni en desacuerdo",
    "De acuerdo",
    "Totalmente de acuerdo",
)
SECTORS = ("Health care", "Schools", "Faith-based")
ASKED = [each for each in content("en").indicators if each.short]
Table = list[list[str]]


def google(people: int, *, statements: int = 6, seed: int = 1, words: Sequence[str] = WORDS) -> Table:
    """Returns a form with a sector, statements, an e-mail address and a comment."""
    chance = random.Random(seed)
    head = ["Timestamp", "Email Address", "What sector do you work in?"]
    head += [f"How true is this here? [{each.title}]" for each in ASKED[:statements]]
    rows = [
        [
            f"10/{1 + n % 28}/2025 {9 + n % 12}:{n % 60:02}:{(n + seed) % 60:02}",
            f"person{n}@example.org",
            chance.choice(["Health care and public health", "Faith-based", "Schools (K-12)"]),
            *(chance.choice(words) for _each in range(statements)),
            f"I live on Elm Street and my neighbor number {n} knows more.",
        ]
        for n in range(people)
    ]
    return [[*head, "Anything else you want to tell us?"], *rows]


def survey_monkey(people: int, *, statements: int = 4, seed: int = 2) -> Table:
    chance = random.Random(seed)
    about = "Respondent ID,Collector ID,Date Created,Date Modified,IP Address,Email Address"
    about += ",First Name,Last Name,Custom Data 1"
    head = [
        *about.split(","),
        "How much do you agree?",
        *[""] * (statements - 1),
        "Your sector",
        "Other thoughts?",
    ]
    below = [*[""] * 9, *(each.title for each in ASKED[:statements]), "Response", "Open-Ended Response"]
    rows = [
        [
            str(118_000_000_000 + n),
            "4200001",
            f"2025-10-{1 + n % 28:02} 10:{n % 60:02}:00",
            f"2025-10-{1 + n % 28:02} 10:{n % 60:02}:59",
            f"203.0.113.{n % 250}",
            "",
            f"First{n}",
            f"Last{n}",
            "",
            *(chance.choice(WORDS) for _each in range(statements)),
            chance.choice(["Faith-based", "Business"]),
            f"thought number {n}",
        ]
        for n in range(people)
    ]
    return [head, below, *rows]


def microsoft(people: int, *, statements: int = 4, seed: int = 3) -> Table:
    chance = random.Random(seed)
    head = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        *(each.statement for each in ASKED[:statements]),
    ]
    rows = [
        [
            str(n + 1),
            f"10/{1 + n % 28}/25 19:{n % 60:02}:23",
            f"10/{1 + n % 28}/25 19:{n % 60:02}:59",
            "anonymous",
            f"Person Number{n}",
            *(str(chance.randint(1, 5)) for _each in range(statements)),
        ]
        for n in range(people)
    ]
    return [head, *rows]


def as_csv(table: Table, delimiter: str = ",") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(table)
    return file.getvalue().encode()


def as_workbook(table: Table) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in table:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
