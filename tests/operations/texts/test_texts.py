"""Bringing a language up to date, checking it, and its texts as a table, out and in again."""

import csv
from pathlib import Path

import pytest

from engage import catalogs, languages
from engage.cli import main
from engage.content.loader import content
from engage.operations.texts import service
from engage.operations.texts.rules import problems
from tests import speaking

TEMPLATE = """\
msgid "Save"
msgstr ""

msgid "Hello %(name)s"
msgstr ""

msgctxt "month"
msgid "May"
msgstr ""

msgid "May"
msgstr ""

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] ""
msgstr[1] ""
"""


@pytest.fixture
def small(french: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The language, with four texts in all, and nothing to collect them from."""
    (languages.TEXTS / catalogs.TEMPLATE).write_text(TEMPLATE)
    catalogs.compile_all(languages.TEXTS)
    monkeypatch.setattr(service, "is_checkout", lambda: False)
    return french


@pytest.mark.parametrize(
    ("english", "translated", "wrong"),
    [
        (["Save"], ["Guardar"], []),
        (["Save"], [""], ["is not translated"]),
        (["Save"], ["  "], ["is not translated"]),
        (["Hi %(name)s"], ["Hola %(name)s"], []),
        (["Hi %(name)s"], ["Hola %(nombre)s"], ["has other blanks than English"]),
        (["Hi %(name)s"], ["Hola %(name)s %(name)s"], ["has other blanks than English"]),
        (["all of {partner}"], ["todo"], ["has other blanks than English"]),
        (["100%%"], ["100 %"], ["has other blanks than English"]),
        (["<b>Now</b>"], ["<b>Ya</b>"], []),
        (["<b>Now</b>"], ["<i>Ya</i>"], ["has other markup than English"]),
        ([" and "], ["y"], ["begins or ends with another space than English"]),
        (["%(num)s day", "%(num)s days"], ["un día", "%(num)s días"], []),
        (["%(num)s day", "%(num)s days"], ["%(num)s día", "días"], ["has other blanks than English"]),
        (["%(num)s day", "%(num)s days"], ["%(num)s día"], ["is not translated"]),
        (["a day", "%(num)s days"], ["%(num)s día", "%(num)s días"], []),
    ],
)
def test_a_translation_keeps_blanks_markup_and_spaces(
    english: list[str], translated: list[str], wrong: list[str]
) -> None:
    assert problems(english, translated, 2) == wrong


def test_new_texts_come_untranslated_old_ones_go_and_nothing_is_guessed(small: Path) -> None:
    speaking.write_texts(small, {"Save": "Enregistrer", "Saved": "Enregistré"})
    service.bring_up_to_date()
    texts = catalogs.read(small)
    assert texts.get("Save").string == "Enregistrer"
    assert texts.get("Saved") is None and not texts.obsolete
    assert texts.get("Hello %(name)s").string == ""
    assert not any(each.fuzzy for each in texts)
    before = small.read_bytes()
    service.bring_up_to_date()
    assert small.read_bytes() == before
    languages.refuse_broken()


def test_the_check_names_each_text_that_is_missing_unsure_left_over_or_broken(small: Path) -> None:
    speaking.write_texts(
        small, {"Save": "Enregistrer", "Hello %(name)s": "Bonjour", "Old": "Vieux", "May": ""}
    )
    small.write_text(
        small.read_text()
        + '#, fuzzy\nmsgctxt "month"\nmsgid "May"\nmsgstr "mai"\n\n#~ msgid "Gone"\n#~ msgstr "Parti"\n'
    )
    catalogs.compile_all(languages.TEXTS)
    assert service.faults() == [
        "fr: “%(num)s day” is missing",
        "fr: “Gone” is not used",
        "fr: “Hello %(name)s” has other blanks than English",
        "fr: “May” is marked as not sure",
        "fr: “May” is not translated",
        "fr: “Old” is not used",
    ]


def test_the_check_compares_the_content_too(small: Path) -> None:
    scale = languages.CONTENT / "fr" / "scale.yaml"
    scale.write_text(scale.read_text().replace("dont_know", "unknown"))
    speaking.forget()
    assert any("scale.yaml" in each for each in service.faults())


def test_a_table_goes_out_and_comes_back(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "fr.csv"
    service.write_table(file, "fr")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["place"], row["number"], row["english"]) for row in rows[:6]] == [
        ("", "", "Save"),
        ("", "", "Hello %(name)s"),
        (" [month]", "", "May"),
        ("", "", "May"),
        ("", "1", "%(num)s day"),
        ("", "2", "%(num)s days"),
    ]
    said = ["Garder", "Bonjour %(name)s", "mai", "pouvoir", "%(num)s jour", "%(num)s jours"]
    for row, words in zip(rows, said, strict=False):
        row["translation"] = words
    for row in rows:
        if row["number"] == "3":  # Babel 2.19 knows the plural of French millions, "de jours"
            row["translation"] = "%(num)s de jours"
    area = next(row for row in rows if row["place"] == "content/areas.yaml/1/name")
    assert (area["english"], area["translation"]) == ("Prevention", "Prévention")
    step = next(row for row in rows if row["place"].startswith("content/steps.yaml/1/why"))
    area["translation"], step["translation"] = 'Pré: "vention" # 1', "Parce que."
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.DictWriter(opened, service.HEADINGS)
        writer.writeheader()
        writer.writerows(rows)
    assert service.read_table(file, "fr") == 7
    texts = catalogs.read(small)
    assert texts.get("May", "month").string == "mai" and texts.get("May").string == "pouvoir"
    assert texts.get("%(num)s day").string[:2] == ("%(num)s jour", "%(num)s jours")
    speaking.forget()
    assert (content("fr").areas[0].name, content("fr").steps[0].why) == ('Pré: "vention" # 1', "Parce que.")
    assert service.faults() == []
    service.write_table(tmp_path / "again.csv", "fr")
    assert (tmp_path / "again.csv").read_bytes() == file.read_bytes()


def test_every_text_of_the_content_can_be_replaced(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "fr.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = [row._replace(translation=f"é {row.english}") for row in service.table("fr")]
        csv.writer(opened).writerows([service.HEADINGS, *rows])
    service.read_table(file, "fr")
    speaking.forget()
    assert [row.translation for row in service.table("fr")] == [row.translation for row in rows]
    assert content("fr").tips[0].why.startswith("é ")


def test_a_language_is_begun_by_a_table(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "it.csv"
    service.write_table(file, "it")
    file.write_text(file.read_text().replace(",,Save,", ",,Save,Salva"))
    service.read_table(file, "it")
    speaking.forget()
    assert languages.offered() == ("en", "fr", "it")
    assert catalogs.read(languages.TEXTS / "it" / "LC_MESSAGES" / "messages.po").get("Save").string == "Salva"


@pytest.mark.parametrize("text", ["", "english\n", "a,b\n1,2\n", "\xff"])
def test_what_is_no_table_is_refused_in_one_line(text: str, small: Path, tmp_path: Path) -> None:
    file = tmp_path / "fr.csv"
    file.write_bytes(text.encode("latin-1"))
    before = small.read_bytes()
    with pytest.raises(service.Refused):
        service.read_table(file, "fr")
    assert small.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["xq7"], "not the code of a language"),
        (["fr"], "Say either"),
        (["../x"], "not the code of a language"),
    ],
)
def test_the_command_refuses_in_one_line(words: list[str], says: str, small: Path) -> None:
    from click.testing import CliRunner

    done = CliRunner().invoke(main, ["texts", *words])
    assert done.exit_code == 1 and says in done.output
