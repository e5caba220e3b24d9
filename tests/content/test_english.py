"""The English content: complete, in US spelling, in respectful words, and in our own sentences."""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import pytest
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
    """Yields a short hash of every eight words in a row; case, punctuation, and hyphens do not count."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\s*-\s*|['\u2019]", "", text.lower()))
    for start in range(len(words) - 7):
        yield sha256(" ".join(words[start : start + 8]).encode()).hexdigest()[:8]


def test_no_eight_words_in_a_row_stand_in_the_official_toolkits_excerpt() -> None:
    copied = set(EXCERPT.split())
    assert {where: text for where, text in TEXTS.items() if copied & set(shingles(text))} == {}


def test_eight_copied_words_would_be_noticed_through_case_and_hyphens() -> None:
    source = "the quick brown fox jumps over the la-zy dog"
    assert set(shingles("Look: The QUICK brown fox jumps over the lazy cat.")) & set(shingles(source))
    assert not set(shingles("quick brown fox jumps over the lazy cat")) & set(shingles(source))


# Hashes of every eight words in a row of the toolkit's pages that Engage starts from; its text stays out.
EXCERPT = """
00351f54 00575f20 0084eebc 0098e9fe 00b9dbd3 01697557 01fce0e2 0248a1a7 02aeebcc 02c15da8 02dcad91 0311cf57
03147a3a 03a85e59 03f4a2cd 0425eeb8 048151a0 04931d97 054d0872 061c1ebe 0657ec1b 068d069a 0696d5a5 06ab81f8
06b0075e 06d98dee 079e87dd 07e3f8e3 07f86cb6 086fa2fa 088535d7 0975bd11 0a606c68 0a9ac4fe 0afa3b1f 0b213c59
0b261758 0b29c350 0bcf88c8 0cb56b9e 0d7c4499 0de01906 0deada55 0e04ca88 0e05eb3a 0e0e8f26 0e0eeba5 0e176e29
0e810031 0ebd3b6e 0ecd0f90 0eda67b6 0f883219 0f997856 0fdb880d 10109569 1026233b 10cec7b0 11cfe694 11f835c8
12d09abd 132fbca1 135ac47a 138b142f 13ad35e7 13de723f 13e8f24f 14958634 14995c66 149bf4e1 14ac65dc 15367548
155046f5 1631c3f1 16390263 16b1b22d 16bd3457 16de94e8 178f1296 17dbea47 185863e4 1891dd02 18d21a6f 19711757
19b11710 1a675887 1b15c353 1bbb9bf2 1bfc63ea 1c107bfb 1c159e26 1c366485 1c6738bd 1c78f6ee 1d09289a 1d096125
1d18641f 1d468df6 1db8ace9 1e5de1fc 1ea69809 201889e8 20a7e4c1 20eeb6b4 212e502a 2148b42b 2198af1e 21c7e6d9
21fe8c0c 229f74b0 22f3e14d 231b9962 2370dbd5 238a1c1c 238f2e2e 2406357f 24b7a587 24baec4f 25337a6d 2560103a
25fd29ad 26279e4e 26495391 2699d76e 272f78d8 2832d278 2873ba21 288760f8 28ba683b 29081fb2 2961043b 29c60a67
2a106725 2ac20b34 2ad35ae8 2afe3b30 2b7c0716 2b7e63c6 2b8ea045 2c040fed 2c09bf62 2c838be8 2d352e6c 2da16f27
2dbee40b 2dfbee65 2ea0956b 2fc9f97e 2ff3311c 31468b2b 31a1e6bc 3215018a 3248c30d 325a8bde 32f5d6ad 333564fb
33ab8b38 33ce35ed 33fca767 34a0372c 34cc5cbf 3542938c 35cac60d 3708ebcd 3709681d 3732b908 3754948e 375a490e
388e4320 389d116a 390b10c5 39286fc1 39f7bfe6 3a6b1da0 3a70e585 3aed062d 3b1ad02a 3bbaae01 3be5c8f4 3c0be810
3c11292f 3c4e13da 3d046906 3d7e198c 3db50cf2 3db8b391 3df61817 3e1654d1 3e387e1e 3e458934 3f9d4e4b 3fbbecf2
4084932a 408c4bf4 40a2e4f2 41bb2a53 41cfc1bf 41d9996b 4213d7a5 42201a5a 427f03d3 42a59d59 42e76efb 43c5c49f
4432b961 44343d9b 4443cad2 44588d0c 44b6fe06 44ff795c 4540cb34 457d97fe 459ade7e 45fb853e 46421bd3 46cc7ef3
4703d96a 475685a6 47f4b252 481376ab 489a4a40 48beac18 49245eb7 492e35f3 495752af 498edc1f 49bf40c2 49ecb3ff
4a3efe79 4a5dfb4c 4a9b09db 4b78e1da 4b8804ec 4c00e202 4c0a3ae9 4c748c06 4cae467b 4cb9a826 4cd7b3dd 4dd09336
4e4bbb0a 4ecaa15f 4ed51cf1 4ee257b6 50003311 500f2d66 502191fe 50459f4d 51103352 51b34397 51f15ac9 5256982d
525ab958 52793c33 52e241d5 5422d527 544987f0 5473f367 54764dbf 547ee635 553a997f 55409618 5549f8a5 56045fbc
56620cd4 56c1388b 56f8d300 57227dff 5777d583 579607d3 57aeaa38 57deb42e 58adf2a0 58b73bd5 5921d9a2 59fb5bcd
5a084f60 5a4a709c 5a98c950 5aac6784 5b157ed6 5b549c9c 5b77dae7 5bd74d97 5be6ffaa 5c315ced 5c416cb9 5c75e64f
5cd1c53e 5db70529 5dee451d 5e0aa7be 5e286e65 5e53720a 5eaf8417 5ecabd9a 5ee0c1a9 5fe42377 60c26394 60ec828d
6113db5f 613f0f9c 614d0cb8 619da6c2 61b6310a 61d17ab6 6202e226 62604096 62bb9292 63576b0f 638ed97e 63f848f8
64358c5b 64f70f5c 654d9ead 658173d0 66b09650 66faaaa1 67a10624 68142403 684a7f7b 687b3782 68967ab8 69855b14
69df73ff 6a293045 6a6dd9c4 6a88f237 6b3540ac 6b9b9bb6 6c3063e2 6cdb3bd5 6e6054df 6f760402 6ff576d7 6fffe543
70237e8e 706c7721 7077e8bc 70efce56 70f97f7f 70fca526 71269f8e 71464ce1 71b017db 720625ad 72462519 727939d0
7285ee97 7294623f 72a877dd 72edb205 72eed181 73b1fd74 73b8060a 73baa30e 744811ba 744a3dbc 74665cb8 74791d60
74b78102 75277cf3 753e3a28 758ecfe2 769954bb 7702059a 7706faf9 775435e9 775b6124 77c82264 782f50f0 783fbfde
78e1d43e 792020c9 792831a1 797d1149 797d6475 79d13001 7a7f119f 7b40f4d0 7b64680d 7bc12468 7bc537ea 7bc85db9
7bd30e24 7c4c38cb 7c7e3959 7cf02406 7d1e44ae 7d2ef989 7d33fba3 7d59d21f 7d79d188 7df4d0bb 7e0f3467 7e9520ad
7ee830ad 80159baf 804bb052 8058cea4 8060fdca 80ce6568 8112882f 815abeef 81765b7d 818e06fa 81963a3e 81a25328
81a627aa 81aa0356 81b075da 81c99670 81cbc06f 821c1cd6 82396316 8241b512 8355246b 83575dcb 837d81c4 83c65162
83efbced 84cca049 851d324b 85337bd1 85496c11 854f607b 8572ac25 85859ff5 85fd7a1d 8632f024 868df5c9 86ddee0c
872af6b4 87497a4e 87da14bf 87e640ff 87fde796 8865f09a 8876b6b8 888cc546 88b2f1c0 891cd918 894e02c1 8966f115
89941f5e 89db6258 89dda72a 8a3f042e 8a53d3a4 8a60c2d8 8a76c87d 8d32de85 8dc4a835 8deb646e 8df81a18 8e8e4485
8edd62ea 8eedbdc4 8f6a21c2 8fad1220 9000a725 902b8557 9044bf53 912bcfb7 913e3789 916f680a 9221b295 925f3847
926a85e2 9270c534 92e438a0 931aa9b9 9327db11 938aa54d 93b9dfce 93dd5ad3 946ba88b 946e51ac 94fdf682 9505a8a2
9566fd05 95a8c5c7 95b7808a 9603e34d 96982a77 97134963 9727697a 972f6ac6 9842893e 9892b055 989abc65 98ac2ee6
98bc7703 9901fbfc 996450ad 99a199a4 99f98810 9a6cc611 9a77021e 9a7d7d89 9af8226d 9b1c19eb 9b775b70 9baf8a64
9bb5c0e5 9beae2b0 9cab9bf0 9ccb6b96 9d3b8834 9dd19614 9e10135a 9e10cc0d 9e194185 9e7ddcef 9f6ec442 9fabc0d3
9fe14fe9 a0670774 a0b3ee78 a11c59f3 a1884dc4 a1bc1107 a1d738e5 a204633a a2e5289d a361d91b a370d84c a378205c
a37fef4a a3993118 a3a47709 a3fb4dfc a432e7f5 a49f5501 a4b0dd97 a4c567ca a588b07e a597cdbb a5d72f3c a62a5f96
a6efa658 a70015cd a7f359d9 a7f37d09 a83e7dea a97f3c06 a980324c a9dc8ea1 aa2a6952 aa983a64 aabf8143 aac734bf
ab96751c ad45b971 ada231e3 adaccd11 ae3baacb ae6403fc aea1d0b3 aec0754a aecc42aa aef12f78 afb36548 afb83a53
afbe2ebe b01cd938 b03514e0 b045b674 b0bf5c3a b0df6943 b1063c3b b12e5673 b18c77b7 b1b4856f b1fd6fce b21bc87d
b2255171 b2db1018 b3168311 b3699f09 b3c2abea b414f99c b420620a b431cd9b b45cefcd b4917df5 b4c9d1fc b51c66b7
b52a0a99 b635ef45 b6fddb4e b71989c2 b71fa9ec b7b28407 b804dbe6 b8197a6f b82e1161 b86a2694 b8789ef8 b8a49d9f
b99128f6 b9c85842 ba1aeff9 ba275624 ba4c9481 ba862124 baa1f72c baab51ed bab6d171 bb119ecb bb1e39fb bb3da328
bc8143e7 bd474a0e bd5e24d2 bdcc7c25 be08414f be315afe bed5295f bef119d3 bf4ea9da bf77db0e bff61a57 c0120263
c013485a c062d098 c069061f c087077a c0e10068 c121d002 c12a6cc0 c177f83f c3c197ec c42a745c c4c102d0 c4c4b5ad
c521e255 c54a6c72 c55ed18a c58c304c c6f0808c c8398030 c85e5608 c85fcb3e c8906219 c8b13522 c8bec5f4 c8f8a8f4
c8f8f5b3 c925e38a c946490e c9859c37 c9ea9d66 ca12c0b8 ca627cc0 ca8e669f caae68f3 caba243c caef2b31 cb2ab283
cb75c643 cbaad659 cbc4c084 cbdcc3ac cc2f29de cc793c87 ccbcf66d cd00a685 cd083e64 cd6f284b cda20c96 cdb565d2
ce232b41 ce6ce938 ceb69548 d05ae05f d05d38e3 d0d2fa77 d0f9c070 d105d068 d123d6be d14f21b4 d16ab6a7 d18717e7
d1dae575 d233824b d250c2e3 d269458d d285559b d2b0220a d364b7b6 d39a8df4 d3a6ad40 d3ddf339 d3ecc183 d40d454c
d465e7a5 d46def39 d4f68eb3 d5154ff2 d52eaa2c d5336050 d5658a2b d5900eb8 d5ad4090 d5c65e11 d7748aa5 d7976db3
d7d7ddcd d81da8e3 d8b7599a d8d88919 d8eb8270 d91033a7 d99d4f7a d9e91c48 da535fdb da6b68b1 da7efd8b daf08803
db42a81a db633c1f db948883 dbad5e8b dbb82ac8 dc0bc85a dc35026f dc44f018 dc5890d3 dc673be0 dcca4ab2 dcd4300b
dcfdee08 dd331978 dd3fe8bc dd73f3d9 de750b41 de94df58 de94e3a0 deb2853f df0279a0 df67dfae e0dd9f30 e0ec863a
e2a146ed e337f79c e372bf9a e384da89 e40c4f54 e4191d9e e4c3d1bf e4f4ac4c e524954d e54e4d79 e57062a1 e57421de
e5ab565c e5fa9699 e69ae782 e71ea12c e7924ea6 e7960505 e7f7eb3a e8017771 e80c1236 e811919d e8198d3d e92d0780
e9441011 e993b969 e99ce1f7 e9d600a2 e9fcc247 ea308ca4 ea3c34aa ea990edb eb0cff5c eb6163aa eb8125a5 ecafebdd
ed293438 eda4074b edaadc79 ee0539c5 ee287632 ee4a2187 ee69a58e eed4c015 ef2965ae ef5eef90 ef89cb70 efbe4e2c
efe41caf f0194880 f042b51b f07c7aa3 f0867104 f0a327f5 f0c61b0d f16c7e11 f179792f f1db11ea f1eac039 f2170b53
f2318ec5 f24327fb f25acf52 f3172bd7 f383bec0 f3bfbbb7 f4031aae f45c868d f50654b7 f587e2ae f5d09e94 f6135dc7
f63be7b4 f6a36f9c f6c925bc f6d4cf0f f7219cd2 f73f9771 f772ea7c f827afd9 f82bf869 f83b0980 f873b6e7 f905fbd7
f906eec4 f9239ecf f9a64a8c f9b85a26 f9df8049 f9fabdb3 fb002df4 fb712c90 fbb1d563 fbc7c6d4 fc3482af fc9208c8
fc9f3bab fd4371ca fd46b35b fd5349bc fd603a88 fef93c6f ff21955f ff80d2f7 ffa8188b fff97709
"""
