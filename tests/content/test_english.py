"""The English content: complete, in US spelling, in respectful words, and in our own sentences."""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from msgspec import Struct
from msgspec.structs import asdict

from engage.content.loader import content
from engage.content.model import (
    FIRST_GROUPING,
    GROUPING,
    AgendaPart,
    Area,
    Basis,
    Discipline,
    Sector,
    Step,
    Tip,
    ToolkitSection,
)
from engage.meetings.rules import MeetingKind

ENGLISH = content("en")
MESSAGES = Path(__file__).parents[2] / "engage" / "translations" / "messages.pot"

# Fields that hold keys or kinds, which no one reads on a page.
UNREAD = {"key", "group", "area", "ask", "tip", "audience", "basis"} | {
    "page",
    "insiders",
    "lengths",
    "minutes",
    "records_follow",
    "new_tips",
    "existing_tips",
    "about",
    "is_signed",
}

BRITISH = re.compile(
    r"""\b(
        \w*(?:organ|recogn|real|prior|priorit|util|mobil|minim|maxim|emphas|special|summar|critic|stabil|final)
        is(?:e[ds]?|ers?|ing|ations?)
      | analys(?:e|ed|ing) | programmes? | labour\w* | counsell\w+ | centres? | (?:def|lic|off)ence\w*
      | (?:behavi|col|fav|neighb|hon|rum|harb|endeav)our\w* | judgement\w* | whilst | amongst | towards
      | enrol(?:s|ment)? | fulfil(?:s|ment)? | practis\w+ | (?:travel|cancel|model)l(?:ed|er|ing)
      | carers? | cheques? | paediatric\w* | learnt | per\ cent | enquir\w+ | theatres? | metres? | grey
      | mums? | ageing | sceptic\w* | dependants? | fortnight\w* | solicitors?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)

# Words that make a person a label or a thing, heroes of helpers, or blame of a gap.
DISRESPECTFUL = re.compile(
    r"""\b(
        rescu\w+ | sav(?:e|es|ed|ing) | saviou?rs? | slave\w* | enslav\w+ | modern\ slavery | abolition\w*
      | prostitut\w+ | hookers? | pimps? | johns? | customers? | voiceless | illegals? | aliens?
      | (?:child|teen|underage)\ sex\ workers? | trafficked\ (?:girl|boy|woman|women|child|children|person)s?
      | at-risk\ \w+ | (?:vulnerable|broken)\ (?:girl|boy|woman|women|child|children|person|people|youth)s?
      | failures? | bad\ scores?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def texts(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Yields every text that a page may show, with the place where it stands."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from texts(each, f"{where}[{getattr(each, 'key', number)}]")
    elif isinstance(value, Struct):
        for name, each in asdict(value).items():
            if name not in UNREAD:
                yield from texts(each, f"{where}.{name}")


TEXTS = dict(texts(ENGLISH))


def found(pattern: re.Pattern[str]) -> dict[str, str]:
    hits = {where: pattern.search(text) for where, text in TEXTS.items()}
    return {where: hit.group() for where, hit in hits.items() if hit}


def test_every_part_is_there() -> None:
    assert len(ENGLISH.areas) == 6
    assert (len(ENGLISH.indicators), len(ENGLISH.extras)) == (43, 8)
    assert len(ENGLISH.tips) == 11
    assert sum(len(tip.items) for tip in ENGLISH.tips) == 64
    assert len(ENGLISH.sector_groups) == 6
    assert len(ENGLISH.sectors) == 20
    assert len(ENGLISH.person_disciplines()) == 55
    assert [agenda.key for agenda in ENGLISH.agendas] == list(MeetingKind)


def syllables(word: str) -> int:
    """Returns about how many there are: groups of vowels, without a silent ending."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    spoken = plain if plain.endswith("le") else re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", "", plain)
    return max(1, len(re.findall(r"[aeiouy]+", spoken)))


def grade(sentences: list[str]) -> float:
    """Returns the school grade that can read these, by Flesch and Kincaid."""
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z’']+", sentence)]
    a_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * a_word - 15.59


def sentences_of(part: object) -> list[str]:
    found = [each for _where, text in texts(part) for each in re.split(r"(?<=[.!?;:])\s+", text)]
    return [sentence for sentence in found if len(sentence.split()) > 4]


READ = {
    f"{each.key} ({type(each).__name__})": each
    for each in (
        *ENGLISH.areas,
        *ENGLISH.indicators,
        *ENGLISH.extras,
        *ENGLISH.steps,
        *ENGLISH.tips,
        *ENGLISH.agendas,
    )
}


def test_an_eighth_grader_can_read_it() -> None:
    grades = {key: grade(sentences_of(each)) for key, each in READ.items()}
    assert len(grades) > 75
    assert {key: found for key, found in grades.items() if found > 8} == {}


def test_official_language_would_be_noticed() -> None:
    hard = "Implementation of multidisciplinary collaboration necessitates considerable organizational coordination."
    assert grade([hard]) > 8


def test_the_steps_come_in_the_order_of_the_path() -> None:
    assert [step.key for step in ENGLISH.steps] == [
        "strategy",
        "toolkit",
        "assess",
        "strengths",
        "relationships",
        "planning",
        "plan",
        "keep_going",
    ]
    assert ENGLISH.step("keep_going").name == "Keep it alive"


@pytest.mark.parametrize("step", ENGLISH.steps, ids=lambda step: step.key)
def test_a_step_has_two_to_four_lines_of_what_to_do(step: Step) -> None:
    assert 2 <= len(step.do) <= 4


def test_the_five_sections_whose_pages_are_known_are_referred_to_by_page() -> None:
    assert {section.key: section.pages for section in ENGLISH.sections} == {
        "getting-started": "p. 4",
        "tips": "from p. 5",
        "freedom-strategy": "p. 7",
        "community-assessment": "p. 8",
        "strengths-needs": "pp. 23-24",
    }


def test_a_step_and_its_section_name_the_same_pages() -> None:
    pages = {step.key: step.toolkit_pages for step in ENGLISH.steps}
    assert pages["strategy"] == ENGLISH.section("freedom-strategy").pages
    assert pages["assess"] == ENGLISH.section("community-assessment").pages
    assert pages["strengths"] == ENGLISH.section("strengths-needs").pages


def test_every_sector_group_has_sectors() -> None:
    assert {sector.group for sector in ENGLISH.sectors} == {group.key for group in ENGLISH.sector_groups}


def test_unions_tribes_and_child_welfare_are_not_counted_with_employers_except_in_the_first_grouping() -> (
    None
):
    now, first = ENGLISH.grouping(GROUPING).of, ENGLISH.grouping(FIRST_GROUPING).of
    apart = ("labor", "tribal", "child_welfare", "government")
    assert [now[key] for key in apart] == ["faith", "government", "care", "government"]
    assert {first[key] for key in apart} == {"business"} == {now["business"]}


def test_the_first_grouping_is_what_it_was() -> None:
    first = ENGLISH.grouping(FIRST_GROUPING)
    assert {group.key: group.name for group in first.groups} == {
        "justice": "Justice",
        "care": "Care and health",
        "schools": "Schools and youth",
        "faith": "Faith and community",
        "business": "Business and government",
    }
    assert set(first.of) == {sector.key for sector in ENGLISH.sectors}
    assert set(first.of.values()) == {group.key for group in first.groups}


def test_fifteen_sectors_have_a_seat_that_shows_as_open() -> None:
    no_seat = {sector.key for sector in ENGLISH.sectors if not sector.expected}
    assert no_seat == {"child_welfare", "tribal", "civic", "media", "other"}


def test_leads_and_lived_experience_route_questions_and_are_never_offered_for_a_person() -> None:
    offered = {each.key for each in ENGLISH.person_disciplines()}
    routing = {each.key for group in ENGLISH.discipline_groups for each in group.disciplines} - offered
    assert routing == {"coalition_leads", "lived_experience", "peer_support"}
    of_organizations = {each.key for each in ENGLISH.organization_disciplines()}
    assert of_organizations == offered | {"peer_support"}


def test_every_focus_area_has_indicators() -> None:
    assert {each.area for each in ENGLISH.indicators} == {area.key for area in ENGLISH.areas}


def test_one_focus_area_is_our_own_and_the_others_carry_a_freedom_strategy_name() -> None:
    assert sum(area.freedom_strategy is None for area in ENGLISH.areas) == 1


def test_an_indicator_has_five_distinct_levels_and_knows_whom_to_ask() -> None:
    assert [each.key for each in ENGLISH.indicators if len(set(each.levels)) != 5] == []
    asked = {(each.key, key) for each in ENGLISH.indicators for key in each.ask}
    assert [pair for pair in asked if not ENGLISH.discipline(pair[1]).name] == []


def test_the_tips_of_the_toolkit_are_told_from_those_we_added() -> None:
    assert {tip.key for tip in ENGLISH.tips if tip.basis is Basis.TOOLKIT} == {
        "structure",
        "leadership",
        "coordinator",
        "mission_vision",
        "membership",
        "relationships",
    }


@pytest.mark.parametrize("stage", ["new", "existing"])
@pytest.mark.parametrize("tip", ENGLISH.tips, ids=lambda tip: tip.key)
def test_every_tip_has_something_for_each_stage(tip: Tip, stage: str) -> None:
    assert any(item.fits(stage) for item in tip.items)


@pytest.mark.parametrize(
    "rows",
    [
        ENGLISH.sectors,
        ENGLISH.person_disciplines(),
        ENGLISH.areas,
        ENGLISH.tips,
        ENGLISH.steps,
        ENGLISH.sections,
    ],
    ids=["sectors", "disciplines", "areas", "tips", "steps", "sections"],
)
def test_no_two_rows_of_a_kind_have_one_name(
    rows: tuple[Sector | Discipline | Area | Tip | Step | ToolkitSection, ...],
) -> None:
    assert Counter(row.name for row in rows).most_common(1)[0][1] == 1


@pytest.mark.parametrize("stage", ["new", "existing"])
@pytest.mark.parametrize("part", list(AgendaPart))
def test_a_planning_session_fills_its_three_hours_or_each_of_its_halves(stage: str, part: AgendaPart) -> None:
    agenda = ENGLISH.agenda("planning_session")
    length = dict(agenda.lengths)[part]
    assert sum(line.minutes_in(part) or 0 for line in agenda.lines_for(stage, part)) == length
    assert length == (180 if part is AgendaPart.WHOLE else 90)


@pytest.mark.parametrize("stage", ["new", "existing"])
def test_two_halves_cover_what_one_long_session_does(stage: str) -> None:
    agenda = ENGLISH.agenda("planning_session")
    in_one_go = {line.key for line in agenda.lines_for(stage, AgendaPart.WHOLE) if not line.is_break}
    first = {line.key for line in agenda.lines_for(stage, AgendaPart.FIRST)}
    second = {line.key for line in agenda.lines_for(stage, AgendaPart.SECOND)}
    assert in_one_go <= first | second
    assert first & second == {"close"}


def test_only_a_new_coalition_settles_words_and_structure_and_only_an_existing_one_looks_back() -> None:
    agenda = ENGLISH.agenda("planning_session")
    new = {line.key for line in agenda.lines_for("new", AgendaPart.WHOLE)}
    existing = {line.key for line in agenda.lines_for("existing", AgendaPart.WHOLE)}
    assert new - existing == {"definitions", "structure"}
    assert existing - new == {"mission", "last-plan"}


@pytest.mark.parametrize("stage", ["new", "existing"])
def test_the_tips_to_review_have_items_for_the_stage_and_are_not_the_same_for_both(stage: str) -> None:
    agenda = ENGLISH.agenda("planning_session")
    for key in agenda.tips_for(stage):
        assert any(item.fits(stage) for item in ENGLISH.tip(key).items)
    assert set(agenda.new_tips) != set(agenda.existing_tips)
    assert {"leadership", "coordinator", "mission_vision"} <= set(agenda.new_tips) - set(agenda.existing_tips)


def test_short_meetings_leave_room_for_what_the_records_bring_up() -> None:
    for key in (MeetingKind.GENERAL, MeetingKind.CORE_TEAM, MeetingKind.WORKGROUP):
        agenda = ENGLISH.agenda(key)
        used = sum(line.minutes_in(AgendaPart.WHOLE) or 0 for line in agenda.lines)
        assert used <= dict(agenda.lengths)[AgendaPart.WHOLE] - 20


def test_the_spelling_is_american() -> None:
    assert found(BRITISH) == {}


@pytest.mark.parametrize(
    "word", ["organisation", "Programme", "counsellors", "labour", "prioritise", "carers"]
)
def test_british_spelling_would_be_noticed(word: str) -> None:
    assert BRITISH.search(f"Our {word} here")


@pytest.mark.parametrize("word", ["advise", "promises", "exercise", "supervised", "raised", "analysis"])
def test_words_spelled_alike_on_both_sides_are_left_alone(word: str) -> None:
    assert not BRITISH.search(word)


def test_the_words_respect_people_where_we_do_not_quote_the_freedom_strategys_name_of_an_area() -> None:
    quoted = re.compile(r"The Freedom Strategy calls this area \w+")
    ours = {
        where: quoted.sub("", text)
        for where, text in TEXTS.items()
        if not where.endswith(".freedom_strategy")
    }
    assert [where for where, text in ours.items() if DISRESPECTFUL.search(text)] == []


@pytest.mark.parametrize("phrase", ["to rescue her", "saved", "at-risk youth", "Johns", "modern slavery"])
def test_a_disrespectful_word_would_be_noticed(phrase: str) -> None:
    assert DISRESPECTFUL.search(f"We {phrase} here")


def test_signs_are_plain() -> None:
    assert found(re.compile(r"[\u2010-\u201f\u2026\u00a0]|  | - |\.\.|!")) == {}


def shingles(text: str) -> Iterator[str]:
    """Yields a short hash of every six words in a row; case, punctuation, and hyphens do not count."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\s*-\s*|['\u2019]", "", text.lower()))
    for start in range(len(words) - 5):
        yield sha256(" ".join(words[start : start + 6]).encode()).hexdigest()[:8]


def test_no_six_words_in_a_row_of_the_content_stand_in_the_official_toolkits_excerpt() -> None:
    copied = set(EXCERPT.split())
    assert {where: text for where, text in TEXTS.items() if copied & set(shingles(text))} == {}


def test_no_six_words_in_a_row_on_screen_stand_in_it_but_its_publishers_name() -> None:
    copied = set(EXCERPT.split()) - set(shingles("Alliance for Freedom, Restoration, and Justice"))
    with MESSAGES.open("rb") as file:
        ids = [each.id if isinstance(each.id, str) else " / ".join(each.id) for each in read_po(file)]
    assert len(ids) > 1000
    assert [text for text in ids if copied & set(shingles(text))] == []


def test_six_copied_words_would_be_noticed_through_case_and_hyphens() -> None:
    source = "the quick brown fox jum-ps over"
    assert set(shingles("Look: The QUICK brown fox jumps over it.")) & set(shingles(source))
    assert not set(shingles("quick brown fox jumps over it")) & set(shingles(source))


# Hashes of every six words in a row of the toolkit's pages that Engage starts from; its text stays out.
EXCERPT = """
000263f4 001c8a8f 015379d0 016703ad 024e0c5f 026f40f3 0299bd22 02ae6afe 02bde037 02e9732b 02eb1288 0312c357 036cf768
037d8548 03b24e51 041dfe3b 0430330f 045faae6 049c0a6e 055e2628 0636a5fe 069bdb4c 06ea6515 0775bfc7 078529b6 07d8964b
08846551 08e3d2a4 08f90905 090742d3 0a2e7e37 0a7a2e93 0adae583 0c1b5cbf 0cacb700 0cb58162 0cbb0850 0d72c69d 0dae5882
0e395770 0e870d6d 0e92eca7 0eb3f2c3 0ef4df55 0f2893e6 0f5725ef 0f63e66a 0f79c975 0fef8289 102b0b64 10f981da 11420a82
114299b3 11f09163 124bb6bb 12644f06 1309f5eb 132c955f 133768ba 13e8c459 13f8e533 14c1312d 14d10aff 14d743eb 15265d18
15f53f87 1617ee04 163cb67d 17196b0f 1728e4a9 173c49a0 17acfa22 18278585 18e4ab2e 18eeca56 1920c4a8 19610317 19e3fb75
19fb8be2 1a4e3744 1a518de4 1a7766e0 1a7937c8 1a80fc02 1ab92893 1b41e4e1 1b4d2611 1b75c266 1bec8d12 1c3f9f87 1c633802
1c6afbff 1cbcf718 1cf5a034 1cfb6011 1d379fdf 1d3f709b 1dcf00ad 1e217ddb 1ef6e72e 1f10a9e9 1f1ad3db 1f30e993 1f3b4a27
20633bae 20747044 2096e66e 20cd7370 217fc905 221fc9bd 22734ef6 2334c30f 235499f2 240153df 246462e5 249d1324 24d11a1d
25177ed5 25aade60 25acf2b4 25caaa1a 2647d7e6 2647d8bb 26896b20 26a1c4cb 26b8dc67 26ba772d 26d0c1d4 28860a41 28d1ba5d
290010c2 290d3824 29333e37 29932e46 29de3ca8 2a4ce947 2a8f3d95 2ab9a6da 2b052680 2b0db99d 2b2cb4a8 2b4dac2a 2b93a852
2b962ee0 2babd073 2bc46241 2bcaeff9 2c81162d 2cf2ee66 2d690d95 2de107f9 2e3aad90 2e4f620a 2f22cfff 2f650058 2f70745d
2f8780ec 2fa3dcfb 2fa80ffa 30041ec8 301cfb4f 315e8155 32a71a32 330e4389 347e1663 34b82e83 34c5cba6 34e64c64 34eadf8a
356888a0 35f1759c 364361d9 36e136ec 36ea77a3 375b77e7 37610596 37eb4066 37fdbf3b 38c118e6 38e9db30 3916f8f4 3949622f
394a0a56 39dd2806 3a54ddfb 3a7dee14 3b0547a8 3b4b4399 3b5ae7c6 3ba32bba 3bdc7882 3c2c873d 3c681215 3ca054c7 3d980451
3e355caf 3eb5931d 3f0363ac 3fbb23b7 3feb0728 3ff9dddb 400450e5 401af125 403e6d7d 4072f24a 410e3ab8 422528a7 4244776c
4298c9a5 42b8188a 4306935a 43276b8f 43d610bf 44bf7df1 4512a95e 451cb02d 457f2276 45d16071 46e190a5 470b3525 478bfb4f
47a218d7 47a9b0b2 47e75246 4829d882 489cb2d2 495daa66 496e3701 498a896e 49dbed39 4a40daa5 4ad2313b 4b8e7a60 4bccffbb
4c03f363 4c06247a 4c3539dc 4c65a384 4cc5b295 4d24e127 4d2e2736 4d3bc984 4da42b74 4e190c41 4e257365 4e4786f6 4e73b403
4eb4b711 4f155170 4f1cba0e 4f600842 4f930b3a 4f9562c8 4fbbb6fb 4ff8389a 50145e77 51cb1e11 51d75831 51fe4a93 5299bb3e
531eddab 53411ede 5370a947 540bfcf3 542a1d45 543e4a14 54e1837a 54fe50d8 55a04e07 55d9219c 56165693 56a81774 56d6e491
5706de4a 578acfac 57d00bc6 5872d04e 59720d4b 5b012af2 5b10eead 5b3d0b9a 5b805b14 5bdf0238 5bee0983 5c374474 5c49801f
5c837e58 5d6039c8 5d8df044 5edaa86b 5edb737f 5ede2910 5ee60031 5f6eefcc 5f704198 5f85a490 5fec219f 5ffc9efc 6007fff5
602844ef 6063acfc 60939682 60c99762 60e24e6b 61140e3c 6139ee20 615af56d 61b7e737 61c91e9a 61fbbdeb 6220e087 627dff31
62bfda03 62c0461f 6346e00c 6363b209 63752d8c 6386a41e 63ce8871 6488f090 64af41e6 64e6e406 65525b0c 65599635 658c53e3
658f7f57 65b22760 6616c284 6624b9fa 666c6d0c 668464d7 671daa36 6721b322 6724bcba 67dd82e5 67e79bdf 680c7637 68208b31
683df6a3 6acea134 6ad7cf7e 6aef3a5e 6b3193a1 6c0f1d98 6c8c19aa 6cbcbc35 6d6d9902 6e46f83c 6e81a080 6e85cac6 6e9a608f
6edaa925 6f8dfa93 6fa5c6bd 6fbfc075 6ff44460 7042423c 705d7ef8 718e2e30 7210a675 722c2913 7263dc9a 737b6c5b 74245509
74588f3d 746077ee 74928055 74963c2e 74ffd344 75514efa 766f28e1 769b4f07 76b3df85 76f16df6 7719f85b 7753a57d 77ec8881
7800071f 7892b5b9 78f87526 79be9ba1 79c4f3ad 79dca59b 79e1f34a 7a33a1eb 7a411553 7a4aa3e3 7a58a2c3 7a73bd5b 7ae41f88
7b1ac956 7b919b96 7b99d8d9 7c05a200 7c6dcf1b 7c7382b4 7c9b2bff 7cf77666 7cfba40d 7d074453 7d2f6e53 7d32c5cb 7d99d754
7dee4b99 7ed2982e 7ef45f2f 7f10c986 7f31d5a6 7f637856 7f70e81b 7f942ff6 80a52462 816c6aaf 816f766f 81af8123 82032df9
82515f87 82953a74 832a002f 84588f9a 84bcee7d 84fa91c3 85d2f236 861bff92 8669d89c 866f5dc6 87038838 872ecdb0 87335ca3
874d6ee2 8769bb2a 87c538c9 87fd7ace 88095455 8859be4c 88d8bb31 894521b4 8954588e 896891c2 8987fabe 8a14e070 8a9184d6
8aa2647a 8acadc98 8ae9653b 8b7ab886 8b84397c 8b8d803f 8b92b4be 8b992555 8b99cd2e 8c701c56 8c85d65b 8c9a1a1e 8c9beebe
8cb4ec91 8ce17780 8d032ee3 8db29690 8dc2ca6f 8de58e48 8e5c6bd3 8eb49915 8ee786a7 8f1304f9 8f1b77e3 8f87e5e6 8fa5c109
8fac52d3 8fe94cca 8ff01891 902395bf 903b630b 903c1f96 90646bf5 908d0cd9 90bdf7c8 90ec0539 911510c7 91da9616 922dae6d
9238fe92 92d9c05d 9310faee 932f8bfb 935db9b0 937bd19d 9385cd31 938ddaa9 93a16001 93bd4633 94ca0be6 9550dbe0 9552257a
959b1649 95a39225 95ca42ae 970a76ed 976697dd 979df17a 979ec65a 986daa8a 99439ff3 99642729 996b1309 997e7f8a 99a2f955
99d1120c 9ab9b580 9aeff673 9b07411d 9b213ed7 9bae0a19 9bc87530 9c2eaed2 9c998043 9d5a6d0b 9da6375f 9dff0d75 9e5addac
9f48d2f9 9f6f1936 9f83b4c3 9fc7fe55 a020dc05 a0b3d6e3 a0b77f9c a0b7e0c7 a12a62b1 a17a41bc a23910b5 a24dd884 a29ce838
a2b8b5dd a2b97e60 a2c9a93a a32cb5ec a34f1fbc a35ad2e1 a3856145 a397a042 a3a27338 a3cfd2ea a52e2a7c a53fa9ff a547fe42
a54fdc02 a571560e a5ad4e9c a6a27e88 a6a58126 a7164773 a7254453 a75bf132 a7879c00 a7f691e1 a85f64c2 a8689ba1 a90a5f98
a913756a a93d66e6 aa060c0e aa0fb8cd aa2c3098 aa5d465d aa932fcd ab1eff19 ab279ee6 ab5cb0b1 aba3c550 abff2ed5 ac85a03f
aca5c8c8 acde559f acf93b82 ad016d31 ad5fd291 ad708ce3 adaa4324 ae56e743 ae78a700 ae7ac43a aeab3f85 aed29221 af1c7190
af71de7d af7cedc1 b029af62 b09aba82 b0a0961f b10b52c2 b130c499 b15d66cc b2313895 b2515671 b29cead7 b2a752c7 b2ccf119
b2de95d5 b3b645f9 b476c867 b4b9459a b4f402ea b515dc53 b523517e b5634fd7 b7d90259 b8303aa9 b831cb31 b88d4cc5 b8a953c1
b9059109 b9b6992a ba1fef8a ba692b12 baeb023b bb595822 bb6054bb bb654f6d bb7b3a21 bbc21940 bbdcac1b bbe38393 bbff86c2
bc12e036 bcd0c3fd bce779ee bdfd7934 be547807 be9f6c40 bf5898eb bf9f822f bfa1a064 bfb25015 c0ba256e c16df8a2 c289273f
c315ca0f c32a3808 c3956c67 c3b3b0ca c3fc6ac7 c426f2c6 c47ce4ae c482d501 c4f07355 c575a1b2 c5dbaa62 c6c7e467 c77d94a9
c790cff4 c7997d58 c79c2c72 c8272623 c8f16cb5 c908d8b3 c9a3e023 c9ee9bf5 ca675ec6 ca7a6bfa caba0c2c cae2c75c cb22442c
cb4cec92 cbbda5ba cbd1e9c2 cc170ae2 cc1e97db cc42ba38 cde5fa58 ce019cf3 ce1f6666 cef1a69b cfa7c7a6 d044518c d094a837
d152b886 d174d259 d18629ae d1d36310 d36d9568 d372bcfe d3dae14c d465651a d49e78a3 d4db77c2 d5a4f9c1 d5d6ed10 d68fa73b
d6a4518d d6b7b8b6 d6bd2f2a d704c232 d75789e3 d774a83d d7b9b6be d8313eae d840a16c d886ebad d8e7d1b8 d8fffc2b d94d5953
d96b5270 d9f2adc5 d9fe934d da1e285a da409d86 da614f0c db4affc0 db6743bc db876ca9 dba8042f dc069685 dc618556 dc73d9ff
dc88e312 dcd45370 dcf550b0 dd0ea59e dd8d5a54 ddedcd5e de0ee5e6 de1327a6 de5a32c5 ded32a22 ded6e859 ded8364d dee2d3ca
df1da432 df3a9f52 df504087 df5811ba dfb163be dfec9248 e0265cf3 e0fc1546 e14781d3 e26861d8 e2cadaf8 e3903d68 e3d09ab8
e4538a40 e4aba066 e4cc7f25 e5273db2 e5a4714c e5afa3ea e5bb6ef6 e5cabb77 e62c7b79 e664116e e69b29f4 e6a334e2 e6acd3ed
e7401da7 e758fad5 e81112c3 e82d4b1b e8bb11b9 e8ceae87 e9568aa8 ea072503 ea3dc66f ea63117c ea75ce6f ea80553b eaaab0bb
eb292d32 ec703bf7 ec7461ef ecc92d63 eccea6ed ed5b4677 ed5f0191 edc881b1 edfaec47 ee38d9b6 ee6a25b5 ef2b6921 ef838e47
efec68bf effb8222 f0b91e00 f15b9c35 f15f0569 f1700e31 f1a4087b f1a639b2 f1c4fb5a f277a951 f2d59bd3 f30c11fc f46d8ec7
f4855234 f4a7f5eb f4caeeb5 f4fb13c3 f5268652 f563c88d f564594c f5ab64c4 f5b72e94 f5f2a5e7 f604f7e1 f6238b94 f674c1e9
f6c8ec63 f6ccc4c2 f71fcdd8 f72bac24 f738f6d4 f75fd371 f77ebd7d f820cd3c f8e9323a f9b14b5c f9b8cd6a f9e83625 fa2808a6
fa2e8d83 fa40f2ec fa4ac920 fa6e1eca faf93069 fb655c3a fb7d724f fbd0313d fc2bc00b fc464239 fcfd89e5 fd166db2 fdbe49e0
fdc01d83 fdee65b4 fe20439d fe367fa7 fe4e9c72 fe62b1b4 fe7baa78 fe829a89 fe8b767a fed64964 fef4d850 ff3a3d9e ff461c04
ff46b39f ff68ca88 ff8b75de ffd32ed1
"""
