"""Tests what the loader accepts, and that each refusal names the file, the line, and what to do."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from engage import languages
from engage.content import nodes
from engage.content.loader import ContentError, content, load
from engage.content.model import AgendaPage, AgendaPart, Audience, Basis

# The smallest content that loads: one row of each kind.
SMALL = {
    "sectors.yaml": """\
        groups:
        - {key: faith, name: Faith and community}
        sectors:
        - key: faith
          name: Faith-based
          group: faith
          expected: true
          help: Churches and temples.
        """,
    "disciplines.yaml": """\
        groups:
        - key: health
          name: Health
          disciplines:
          - {key: nurses, name: Nurses}
        - key: special
          name: Special
          disciplines:
          - {key: leads, name: Leads, routing_only: true}
        """,
    "areas.yaml": """\
        - key: prevention
          name: Prevention
          short: Lower the chance.
          freedom_strategy: null
          question: Do we?
          explanation: [It matters.]
          look_for: [Classes.]
          ask_yourselves: ["Who teaches?"]
        """,
    "indicators.yaml": """\
        - key: lessons
          meaning: 1
          area: prevention
          title: Lessons
          statement: Children get lessons.
          why: Because.
          ask: [nurses, leads]
          levels: [None, Few, Some, Most, All]
        """,
    "scale.yaml": """\
        levels:
        - {label: Absent, meaning: Nothing}
        - {label: Starting, meaning: Talk}
        - {label: Partial, meaning: Some}
        - {label: Established, meaning: Most}
        - {label: Sustained, meaning: All}
        dont_know: {label: Not sure, meaning: To find out}
        does_not_apply: {label: Not here, meaning: Say why}
        """,
    "tips.yaml": """\
        - key: money
          name: Money
          basis: toolkit
          why: It helps.
          items:
          - {key: costs-listed, for: new, text: We listed costs}
          - {key: people-thanked, for: both, text: We thank people, help: Out loud}
        """,
    "steps.yaml": """\
        - key: plan
          name: Plan
          toolkit_pages: p. 9
          do: [Write it.]
          why: So that it happens.
          who: All
          time: One evening
          hints: {new: Start, existing: Go on}
        """,
    "sections.yaml": """\
        - {key: begin, name: Where to begin, pages: p. 4}
        """,
    "document_templates.yaml": """\
- key: charter
  name: Charter
  is_signed: true
  lead: Who we are.
  parts:
  - heading: Mission
    about: mission
    texts: ["{coalition} exists to {blank}"]
""",
    "help_lines.yaml": """\
        - key: night
          name: Night line
          website: https://night.example/
          for_whom: Anyone
          hours: At night
          source: https://night.example/about
          read: "2026-11-28"
        """,
    "guides.yaml": """\
- key: starter
  name: Starter
  lead: Hello.
  parts:
  - heading: One
    points: [First]
  - heading: Two
    texts: [A paragraph]
    points: [Second, Third]
""",
    "agendas.yaml": """\
        - key: general
          name: General meeting
          lengths: {whole: 30, first: 15}
          before:
          - {key: room-booked, text: A room is booked}
          tips: {new: [money], existing: [money]}
          lines:
          - key: hello
            for: both
            title: Hello
            output: Who is here
            page: meeting
            minutes: {whole: 10, first: 10}
          - {key: rules, for: new, title: Rules, minutes: {whole: 15}}
          - {key: pause, for: both, title: Break, break: true, minutes: {first: 5}}
          - {key: bye, for: both, title: Goodbye, records_follow: true, minutes: {whole: 5}}
        """,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    language = tmp_path / "xx"
    language.mkdir()
    for name, text in SMALL.items():
        (language / name).write_text(dedent(text), encoding="utf-8")
    return language


def message_of(folder: Path) -> str:
    with pytest.raises(ContentError) as refusal:
        load(folder)
    return str(refusal.value)


def test_the_small_content_loads_with_every_field_in_its_place(folder: Path) -> None:
    small = load(folder)
    assert small.grouping(2).name("faith") == "Faith and community"
    assert small.sector("faith").expected is True
    assert small.discipline("nurses").group == "health"
    assert small.area("prevention").freedom_strategy is None
    assert small.indicator("lessons").levels == ("None", "Few", "Some", "Most", "All")
    assert small.indicators_in("prevention") == (small.indicator("lessons"),)
    assert [level.rating for level in small.scale.levels] == [0, 1, 2, 3, 4]
    assert small.scale.dont_know.label == "Not sure"
    assert small.tip("money").basis is Basis.TOOLKIT
    assert small.tip_item("costs-listed").audience is Audience.NEW
    assert small.tip_item("costs-listed").tip == "money"
    assert small.tip_item("costs-listed").help is None
    assert small.tip_item("people-thanked").help == "Out loud"
    assert small.step("plan").hints.existing == "Go on"
    assert small.section("begin").pages == "p. 4"
    agenda = small.agenda("general")
    assert agenda.lengths == ((AgendaPart.WHOLE, 30), (AgendaPart.FIRST, 15))
    assert [each.text for each in agenda.before] == ["A room is booked"]
    assert agenda.tips_for("new") == agenda.tips_for("existing") == ("money",)
    assert (agenda.lines[0].output, agenda.lines[0].page) == ("Who is here", AgendaPage.MEETING)
    assert (agenda.lines[1].output, agenda.lines[1].page) == ("", None)
    assert [each.key for each in agenda.lines if each.is_break] == ["pause"]
    assert agenda.records_follow == "bye"


@pytest.mark.parametrize(
    ("stage", "part", "lines"),
    [
        ("new", AgendaPart.WHOLE, ["hello", "rules", "bye"]),
        ("existing", AgendaPart.WHOLE, ["hello", "bye"]),
        ("existing", AgendaPart.FIRST, ["hello", "pause"]),
        ("new", AgendaPart.SECOND, []),
    ],
)
def test_an_agenda_has_the_lines_of_its_stage_and_part(
    folder: Path, stage: str, part: AgendaPart, lines: list[str]
) -> None:
    assert [each.key for each in load(folder).agenda("general").lines_for(stage, part)] == lines


def test_a_discipline_for_routing_only_is_never_offered_for_a_person(folder: Path) -> None:
    small = load(folder)
    assert [each.key for each in small.person_disciplines()] == ["nurses"]
    assert [each.key for each in small.person_discipline_groups()] == ["health"]
    assert small.discipline("leads").routing_only is True


@pytest.mark.parametrize(
    ("key", "stage", "shown"),
    [
        ("costs-listed", "new", True),
        ("costs-listed", "existing", False),
        ("people-thanked", "new", True),
        ("people-thanked", "existing", True),
        ("costs-listed", None, True),
    ],
)
def test_an_item_fits_the_stages_it_is_for(folder: Path, key: str, stage: str | None, shown: bool) -> None:
    assert load(folder).tip_item(key).fits(stage) is shown


@pytest.mark.parametrize(
    "look_up",
    [
        "sector",
        "discipline",
        "area",
        "indicator",
        "tip",
        "tip_item",
        "step",
        "section",
        "agenda",
    ],
)
def test_an_unknown_key_is_a_key_error(folder: Path, look_up: str) -> None:
    with pytest.raises(KeyError, match="no one"):
        getattr(load(folder), look_up)("no one")


NURSES = "- {key: nurses, name: Nurses}"
ROW = "    expected: true"


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "says"),
    [
        # What YAML itself allows and these files do not.
        ("areas.yaml", "[It matters.]", "&a [It matters.]", 6, "anchors"),
        ("areas.yaml", "[Classes.]", "*a", 7, "anchors"),
        ("areas.yaml", "key: prevention", "key: &a prevention", 1, "anchors"),
        ("steps.yaml", "who: All", "who: !!python/name:os.system x", 6, "expected text"),
        ("steps.yaml", "do: [Write it.]", "do: !!set {Write it.}", 4, "expected a list"),
        ("areas.yaml", "question: Do we?", "<<: {question: Do we}", 5, 'unknown field "<<"'),
        ("scale.yaml", "dont_know:", "---\ndont_know:", 7, "single document"),
        # Broken YAML.
        ("steps.yaml", "who: All", "who: All: of us", 6, "mapping values are not allowed here"),
        ("steps.yaml", "do: [Write it.]", "do: [Write it.", 5, "correct the YAML"),
        ("steps.yaml", "who: All", "\twho: All", 6, "correct the YAML"),
        ("steps.yaml", "who: All", "who: All\x00", 6, "control character"),
        # Fields.
        ("sectors.yaml", "name: Faith-based", "name: Faith\n  name: Faith-based", 6, '"name" is here twice'),
        ("sectors.yaml", "help: Churches and temples.", "helps: Churches.", 8, 'unknown field "helps"'),
        ("sectors.yaml", "  help: Churches and temples.\n", "", 4, 'the field "help" is missing'),
        ("sectors.yaml", "sectors:", "sector:", 3, 'unknown field "sector"; known here: groups, sectors'),
        ("disciplines.yaml", NURSES, "- {key: nurses}", 5, 'the field "name" is missing'),
        ("disciplines.yaml", NURSES, "- nurses", 5, "expected fields"),
        ("steps.yaml", "who: All", '"who\\n\\e[2J": All', 6, 'unknown field "who [2J"'),
        ("steps.yaml", "who: All", "? [a, b]\n  : All", 6, "unknown field"),
        (
            "steps.yaml",
            "hints: {new: Start, existing: Go on}",
            "hints: {new: Start}",
            8,
            '"existing" is missing',
        ),
        ("tips.yaml", "for: new, ", "", 6, 'the field "for" is missing'),
        # Types.
        ("sectors.yaml", "expected: true", "expected: yes", 7, "expected true or false"),
        ("sectors.yaml", "expected: true", 'expected: "true"', 7, "expected true or false"),
        ("sectors.yaml", "name: Faith-based", "name: 2026", 5, "expected text"),
        ("sectors.yaml", "name: Faith-based", "name: no", 5, "expected text"),
        ("sectors.yaml", "name: Faith-based", "name: [Faith]", 5, "expected text"),
        ("sectors.yaml", "name: Faith-based", "name: null", 5, "expected text"),
        ("steps.yaml", "do: [Write it.]", "do: Write it.", 4, "expected a list"),
        ("steps.yaml", "do: [Write it.]", "do: []", 4, "list is empty"),
        ("steps.yaml", "toolkit_pages: p. 9", "toolkit_pages: 9", 3, "expected text"),
        ("indicators.yaml", "meaning: 1", "meaning: one", 2, "expected a whole number"),
        ("indicators.yaml", "meaning: 1", "meaning: 1.5", 2, "expected a whole number"),
        ("indicators.yaml", "meaning: 1", "meaning: 1:30", 2, "expected a whole number"),
        ("indicators.yaml", "meaning: 1", "meaning: 0", 2, "too small"),
        # Texts.
        ("sectors.yaml", "name: Faith-based", 'name: ""', 5, "this text is empty"),
        ("sectors.yaml", "name: Faith-based", 'name: "  "', 5, "this text is empty"),
        ("steps.yaml", "[Write it.]", '["Write\\x07 it."]', 4, "U+0007"),
        ("steps.yaml", "who: All", 'who: "All\\0"', 6, "U+0000"),
        ("steps.yaml", "who: All", "who: |\n    All", 6, "U+000A"),
        # Keys.
        ("steps.yaml", "key: plan", "key: the plan", 1, '"the plan" is not a key'),
        ("steps.yaml", "key: plan", f"key: {'p' * 61}", 1, "at most 60"),
        ("disciplines.yaml", "{key: leads,", "{key: nurses,", 9, '"nurses" is used on line 5 too'),
        ("disciplines.yaml", "key: special", "key: health", 6, '"health" is used on line 2 too'),
        ("tips.yaml", "key: people-thanked", "key: costs-listed", 7, '"costs-listed" is used on line 6 too'),
        ("sections.yaml", "key: begin", "key: own-1", 1, "own sections begin with own-"),
        ("sections.yaml", "pages: p. 4", "pages: 4", 1, "expected text"),
        # Agendas.
        ("document_templates.yaml", "{coalition}", "{coalitoin}", 8, "unknown word in braces: coalitoin"),
        ("document_templates.yaml", "about: mission", "about: money", 7, "not a known part of About us"),
        ("document_templates.yaml", "    texts: [", "    text: [", 8, "unknown field"),
        ("help_lines.yaml", '"2026-11-28"', "someday", 7, "expected a day here"),
        ("guides.yaml", "points: [First]", "texts: [First]", 5, '"points" is missing'),
        ("agendas.yaml", "lengths: {whole: 30,", "lengths: {whole: 25,", 3, "take 30 minutes, more than 25"),
        (
            "agendas.yaml",
            "minutes: {whole: 15}",
            "minutes: {whole: 20}",
            3,
            "a coalition that is new take 35",
        ),
        ("agendas.yaml", "minutes: {first: 5}", "minutes: {first: 10}", 3, "lines for first"),
        ("agendas.yaml", "{whole: 10, first: 10}", "{whole: 7, first: 10}", 13, "steps of five"),
        ("agendas.yaml", "{whole: 10, first: 10}", "{whole: 0, first: 10}", 13, "too small"),
        ("agendas.yaml", "{whole: 10, first: 10}", "{third: 10}", 13, 'unknown field "third"'),
        ("agendas.yaml", "minutes: {whole: 15}", "minutes: {second: 15}", 14, "no length for second"),
        ("agendas.yaml", "records_follow: true", "records_follow: false", 8, "exactly one line"),
        ("agendas.yaml", "break: true", "records_follow: true", 8, "exactly one line"),
        ("agendas.yaml", "break: true", "break: long", 15, "expected true or false"),
        ("agendas.yaml", "page: meeting", "page: lobby", 12, '"lobby" is not a known page'),
        ("agendas.yaml", "new: [money]", "new: [food]", 6, '"food" is not a known tip'),
        ("agendas.yaml", "key: bye", "key: hello", 16, '"hello" is used on line 8 too'),
        ("agendas.yaml", "title: Hello", f"title: {'h' * 301}", 10, "shorten it to 300"),
        (
            "agendas.yaml",
            "{key: room-booked, text: A room is booked}",
            "{key: room-booked}",
            5,
            '"text" is missing',
        ),
        # References.
        ("sectors.yaml", "group: faith", "group: church", 6, '"church" is not a known sector group'),
        ("indicators.yaml", "area: prevention", "area: prevent", 3, '"prevent" is not a known focus area'),
        ("indicators.yaml", "nurses, leads", "nurses, nurse", 7, '"nurse" is not a known discipline'),
        ("indicators.yaml", "nurses, leads", "nurses, nurses", 7, '"nurses" is used on line 7 too'),
        ("tips.yaml", "for: new", "for: old", 6, "both, existing, new"),
        ("tips.yaml", "basis: toolkit", "basis: seed", 3, "more_practices, toolkit"),
        # Counts.
        ("indicators.yaml", "Few, ", "", 8, "expected five levels"),
        ("indicators.yaml", "Few, ", "Few, Fewer, ", 8, "found 6"),
        ("scale.yaml", "- {label: Partial, meaning: Some}\n", "", 2, "expected five levels"),
    ],
)
def test_a_refusal_names_file_and_line(
    folder: Path, name: str, old: str, new: str, line: int, says: str
) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    message = message_of(folder)
    assert message.startswith(f"xx/{name}:{line}: ")
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize("name", SMALL)
def test_a_row_that_appears_twice_is_refused_in_every_list_of_rows(folder: Path, name: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text, encoding="utf-8")
    assert re.match(rf"xx/{name}:\d+: .*(is used on line|is here twice)", message_of(folder))


@pytest.mark.parametrize("name", SMALL)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert message_of(folder) == f"xx/{name}:1: the file is missing; put it back"


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "tips.yaml").unlink()
    (folder / "tips.yaml").mkdir()
    assert message_of(folder).startswith("xx/tips.yaml:1: the file cannot be read")


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_is_named(folder: Path, text: str) -> None:
    (folder / "tips.yaml").write_text(text, encoding="utf-8")
    assert message_of(folder) == "xx/tips.yaml:1: the file is empty; put its content back"


def test_a_file_that_is_not_utf8_is_named_with_its_line(folder: Path) -> None:
    (folder / "tips.yaml").write_bytes(b"- key: money\n  name: Caf\xe9\n")
    assert message_of(folder) == "xx/tips.yaml:2: this is not UTF-8 text; store the file as UTF-8"


def test_a_file_nested_too_deeply_is_refused(folder: Path) -> None:
    (folder / "tips.yaml").write_text("[" * 5000 + "]" * 5000, encoding="utf-8")
    assert message_of(folder).startswith("xx/tips.yaml:1: the brackets or lists are nested too deeply")


def test_windows_line_ends_and_a_byte_order_mark_are_read(folder: Path) -> None:
    file = folder / "tips.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder).tip("money").why == "It helps."


def test_the_content_of_a_language_is_read_once() -> None:
    assert content("en") is content("en")


@pytest.mark.parametrize("language", ["../en", "en/", "", "."])
def test_a_language_is_a_name_not_a_path(language: str) -> None:
    with pytest.raises(ValueError, match="names no language"):
        content(language)


def test_a_language_without_files_says_so() -> None:
    with pytest.raises(ContentError, match=r"^zz/sectors\.yaml:1: the file is missing"):
        content("zz")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_parser_in_c_reads_what_pythons_own_reads(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = load(languages.CONTENT / language)
    assert not yaml.__with_libyaml__ or nodes._Quick is not nodes._Loader
    monkeypatch.setattr(nodes, "_Quick", nodes._Loader)
    assert load(languages.CONTENT / language) == quick
