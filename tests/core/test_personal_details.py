"""Tests what the check for personal details says about sentences as coalitions write them."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.personal_details import DetailKind, Finding, findings, fingerprint

TODAY = date(2026, 11, 25)

PHONES = [
    ("Call her at 512-555-0142 after six", "512-555-0142"),
    ("Her mother (512-555-0142) called", "512-555-0142"),
    ("(512) 555-0142", "(512) 555-0142"),
    ("(512)555-0142", "(512)555-0142"),
    ("512.555.0142 is his cell", "512.555.0142"),
    ("512 555 0142", "512 555 0142"),
    ("512 - 555 - 0142", "512 - 555 - 0142"),
    ("512-5550142", "512-5550142"),
    ("number is 512/555-0142 ext 4", "512/555-0142"),
    ("text 5125550142", "5125550142"),
    ("+1 512 555 0142", "+1 512 555 0142"),
    ("1-512-555-0142", "1-512-555-0142"),
    ("tel:+15125550142", "+15125550142"),
    ("+52 55 1234 5678", "+52 55 1234 5678"),
    ("011 52 55 1234 5678", "011 52 55 1234 5678"),
    ("Maria 512\u2013555\u20130142", "512\u2013555\u20130142"),
    ("Maria\u00a0512\u00a0555\u00a00142", "512\u00a0555\u00a00142"),
    ("Maria 555-0142", "555-0142"),
    ("Maria 555-2143", "555-2143"),
    ("Maria 555-0140", "555-0140"),
    ("her cell is 555 0142", "555 0142"),
    ("text 555.0142 after six", "555.0142"),
    ("Call 555-1980", "555-1980"),
    ("number: 555 0142", "555 0142"),
    ("A shop, 1-800-555-0142", "1-800-555-0142"),
    ("Dial-in fails; Maria's cell 512-555-0142", "512-555-0142"),
    ("Hotline poster is up. Reach Ana: 512-555-0142", "512-555-0142"),
]
DATES = [
    ("She was born 03/05/1994", "03/05/1994"),
    ("She turned 16 on 3/5/2026, born 3/5/2010", "3/5/2010"),
    ("3/5/94", "3/5/94"),
    ("3-5-94", "3-5-94"),
    ("03/05/12", "03/05/12"),
    ("3-05-12", "3-05-12"),
    ("3-5-40", "3-5-40"),
    ("01/01/1906", "01/01/1906"),
    ("DOB 11/25/2026", "11/25/2026"),
    ("DOB 3/2026", "DOB 3/2026"),
    ("DOB 3/1906", "DOB 3/1906"),
    ("born in March 2022", "born in March 2022"),
    ("03.05.1994", "03.05.1994"),
    ("3 / 5 / 1994", "3 / 5 / 1994"),
    ("25/12/1994", "25/12/1994"),
    ("2/31/1994", "2/31/1994"),
    ("1994-03-05", "1994-03-05"),
    ("March 5, 1994", "March 5, 1994"),
    ("march 5th 1994", "march 5th 1994"),
    ("Mar. 5,1994", "Mar. 5,1994"),
    ("Mar. 5, '94", "Mar. 5, '94"),
    ("5 March 1994", "5 March 1994"),
    ("the 5th of March, 1994", "5th of March, 1994"),
    ("05-Mar-1994", "05-Mar-1994"),
    ("5-Mar-94", "5-Mar-94"),
    ("1994 March 5", "1994 March 5"),
    ("5 de marzo de 1994", "5 de marzo de 1994"),
    ("DOB 3/94", "DOB 3/94"),
    ("D.O.B. 03051994", "D.O.B. 03051994"),
    ("date of birth is 19940305", "date of birth is 19940305"),
    ("DOB: 03 05 94", "DOB: 03 05 94"),
    ("born in March 1994", "born in March 1994"),
    ("born 3-5-10", "3-5-10"),
    ("signed the MOU, born 3/5/1994", "3/5/1994"),
    ("DOB 3/5/2025", "3/5/2025"),
]
CASE_NUMBERS = [
    ("Case No. 24-CR-00123 is open", "Case No. 24-CR-00123"),
    ("Case No. 24 CR 00123", "Case No. 24 CR 00123"),
    ("case #4411", "case #4411"),
    ("case number 123", "case number 123"),
    ("case 12345", "case 12345"),
    ("case A-1187", "case A-1187"),
    ("Case#24-00123", "Case#24-00123"),
    ("the case number is 1234", "case number is 1234"),
    ("CASE NUMBER 24-1187", "CASE NUMBER 24-1187"),
    ("police case: 2024-00123", "case: 2024-00123"),
    ("case 2024-1187", "case 2024-1187"),
    ("CPS case 4455667", "case 4455667"),
    ("docket 4:21-cr-00567", "docket 4:21-cr-00567"),
    ("cause no. 24-1187", "cause no. 24-1187"),
    ("incident report #2026-014", "report #2026-014"),
    ("police report 26-0312", "report 26-0312"),
    ("file number A-2214", "file number A-2214"),
    ("warrant number 88-1234", "warrant number 88-1234"),
    ("expediente n\u00famero 123/2024", "expediente n\u00famero 123/2024"),
    ("see 2:19-cv-01234", "2:19-cv-01234"),
    ("CR-2024-001234", "CR-2024-001234"),
    ("2023CF001234", "2023CF001234"),
    ("receipt IOE0912345678", "IOE0912345678"),
    ("EAC-21-123-45678", "EAC-21-123-45678"),
]
IDENTITY_NUMBERS = [
    ("ID: 123-45-6789.", "123-45-6789"),
    ("123 45 6789", "123 45 6789"),
    (
        "\uff11\uff12\uff13-\uff14\uff15-\uff16\uff17\uff18\uff19",
        "\uff11\uff12\uff13-\uff14\uff15-\uff16\uff17\uff18\uff19",
    ),
    ("XXX-XX-1234", "XXX-XX-1234"),
    ("SSN 123456789", "SSN 123456789"),
    ("SSN: 4821", "SSN: 4821"),
    ("Social Security number is 123 45 6789", "Social Security number is 123 45 6789"),
    ("last four of her social 4821", "last four of her social 4821"),
    ("A123456789", "A123456789"),
    ("A-12345678", "A-12345678"),
    ("A# 012-345-678", "A# 012-345-678"),
    ("A 123 456 789", "A 123 456 789"),
    ("her A-number is 012345678", "A-number is 012345678"),
    ("Alien Registration Number: A012345678", "Alien Registration Number: A012345678"),
    ("passport 123456789", "passport 123456789"),
    ("passport no. C03005988", "passport no. C03005988"),
    ("he showed C03005988", "C03005988"),
    ("driver's license 12345678", "driver's license 12345678"),
    ("driver\u2019s license 12345678", "driver\u2019s license 12345678"),
    ("I-94 number 12345678901", "I-94 number 12345678901"),
]
PERSONAL = [
    *((DetailKind.PHONE, *row) for row in PHONES),
    *((DetailKind.DATE, *row) for row in DATES),
    *((DetailKind.CASE_NUMBER, *row) for row in CASE_NUMBERS),
    *((DetailKind.IDENTITY_NUMBER, *row) for row in IDENTITY_NUMBERS),
]

HARMLESS = [
    # help lines
    "In an emergency call 911; for a crisis call or text 988; relay 711; dial 2-1-1 for services",
    "National hotline 1-888-373-7888",
    "Hotline (888) 373-7888, 1-888-3737-888, 888.373.7888 or 18883737888",
    "Nacional: +1 888 373 7888, text 233733 (BEFREE), HELP to 233733",
    "373-7888 on the poster needs its area code",
    "Childhelp 1-800-422-4453, NCMEC 1-800-843-5678 (1-800-THE-LOST)",
    "The state hotline is 1-800-555-0177",
    # dial-ins
    "Dial 1-877-555-0142 at noon",
    "Dial-in: +1 312 555 0142, meeting ID: 850 123 4567, passcode 441122",
    "Zoom meeting ID: 85012345678",
    "Conference line 866-555-0142, code 12345#",
    "Join by phone: +1 646 555 0142 or +1 312 555 0143",
    "Call-in 1-888-555-0142, access code 998877#",
    "https://zoom.us/j/8501234567?pwd=1234567890",
    # addresses in the net
    "Write to maria5125550142@example.org or 512-555-0142@example.org",
    "See https://example.org/2019/05/04/report-24-1187 and www.example.org/5125550142",
    # dates of plans and meetings, and of the coalition itself
    "We meet on March 5, 2026, 10:00-11:30",
    "Next: 2026-12-03, then 1/14/2027, then 3/5/27, then 14 January 2028",
    "Due 11/25/2023",
    "Held on 5 March 2024 and 5 de marzo de 2025",
    "2026-11-25T18:00:00Z",
    "The coalition was founded on May 4, 2011",
    "The Act was signed into law on October 28, 2000",
    "MOU of June 1, 2019, bylaws amended 6/3/2019",
    "Our group's birthday is 3/5/2027",
    "Born in 2009 as a church group, since 11/2019 with two workgroups",
    "Juneteenth marks June 19, 1865",
    "A workgroup born in March 2023, DOB 3/1865, DOB 3/2027",
    "May 5, we start; March 5 we vote; 10-12-26 we meet",
    # years, spans, ages, times, small numbers
    "The 2026-27 school year, fiscal year 2025-2026, FY2026, 1998",
    "24/7, 24/7/365, 9/11, 3/4 of the members, 50/50",
    "Ages 12-17, 5-10-15 minutes, 8 a.m. to 5 p.m., Mon-Fri 9-5",
    "60% of 43 indicators; 4 of 5 people in 3 sectors; 3 of 9",
    "Objective 2: from 3/9 to 6/9 by 12/2027",
    "Train 1,200 nurses in 3 hospitals, 40 deputies and 11 churches",
    "Reach 200-1000 people, print 500-1500 flyers, 1,000-1,500 meals",
    "Call 5 parents, text 20 teachers in 2026",
    # money
    "Raise $12,500.00 by June, then $1,250,000 or $2145550100",
    "Budget 2026: 4500; 2027: 5250; from 250000 to 3500000",
    # references
    "Pages 23-24, pp. 101-1204, p. 512",
    "28 CFR 94.115, 22 U.S.C. 7102, P.L. 106-386, H.R. 6552, HB 390-1234",
    "Grant 2020-VT-BX-0123, 15POVC-21-GG-03456-HT, H79SM012345, EIN 74-1234567",
    "Austin, TX 78701-1234; Room 204-1015; Suite 300; Policy 302-1101; US-290; Route 290-2222",
    "Version 2.10.15, htmx 2.0.11, RFC 3986, ISO 9001:2015, 30.2672, -97.7431",
    "Item #12, Action 14, Goal 3, objective 1.2.3, agenda line 4",
    "Forms I-94, I-914 and 990-EZ; COVID-19; Title IV-E",
    # the words of case work, without a case
    "Case management 101; case study 3; 15 cases in 2026; case #4",
    "Case numbers rose from 120 to 300 in 2026",
    "In case 12000 people come, in case 2026-27 is cut",
    "Annual report 2025-26, report no. 12, report FY2025-26, report Q3-2026, report #2026-01",
    "We report 15000 contacts and file 12 forms",
    "Report: 2026-11-25 minutes; report to the council on 12/1/2026",
    "Incident command training 100, 200 and 700",
    "A docket of 12 ideas; the matter of 2026-27",
    # the words of papers, without a number
    "Passport to Freedom on 2026-05-12; passport fee 130.00",
    "Social Security office, 2026 outreach; SSN 2026",
    "Driver's license drive, 2 offenses; state ID day on 12/05/2026; green card workshop, 10 people",
    "A 10,000 dollar grant, A 2026 plan, UEI ABC123DEF456",
]


@pytest.mark.parametrize(("kind", "text", "part"), PERSONAL)
def test_personal_details_are_found_where_they_stand(kind: DetailKind, text: str, part: str) -> None:
    start = text.index(part)

    assert findings(text, TODAY) == (Finding(kind, start, start + len(part)),)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_coalitions_write_every_day_does_not_warn(text: str) -> None:
    assert [(found.kind, text[found.start : found.end]) for found in findings(text, TODAY)] == []


def test_all_kinds_are_found_in_one_text_in_its_order() -> None:
    text = "Case 24-1187 and 512-555-0142,\nborn 3/5/1994, SSN 123-45-6789"

    found = findings(text, TODAY)

    assert [one.kind for one in found] == [
        DetailKind.CASE_NUMBER,
        DetailKind.PHONE,
        DetailKind.DATE,
        DetailKind.IDENTITY_NUMBER,
    ]
    assert [text[one.start : one.end] for one in found] == [
        "Case 24-1187",
        "512-555-0142",
        "3/5/1994",
        "SSN 123-45-6789",
    ]


def test_of_two_findings_that_touch_both_are_named() -> None:
    text = "1994 March 5\u00baCase 24-1187"

    assert findings(text, TODAY) == (
        Finding(DetailKind.DATE, 0, 13),
        Finding(DetailKind.CASE_NUMBER, 13, len(text)),
    )


@pytest.mark.parametrize(
    "allowed",
    ["(512) 555-0142", "+1 512.555.0142", "Safe line: 512-555-0142, option 2", "Call 1-512-KKK-0142"],
)
def test_an_allowed_number_may_stand_in_every_spelling(allowed: str) -> None:
    text = "Our line is (512) 555-0142, 1-512-555-0142, 5125550142 or, in town, 555-0142"

    assert len(findings(text, TODAY)) == 4
    assert findings(text, TODAY, [allowed]) == ()
    assert len(findings("512-555-0143", TODAY, [allowed])) == 1


def test_an_empty_allowed_number_allows_nothing() -> None:
    assert len(findings("512-555-0142 and 555-0142", TODAY, ["", " "])) == 2


@pytest.mark.parametrize(
    ("typed", "warns"),
    [
        ("11/24/2023", True),
        ("11/25/2023", False),
        ("2023-11-24", True),
        ("Nov 25, 2023", False),
        ("12/31/2022", True),
    ],
)
def test_plans_may_look_three_years_back_to_the_day(typed: str, warns: bool) -> None:
    assert bool(findings(typed, TODAY)) is warns


def test_three_years_before_a_leap_day_is_the_end_of_february() -> None:
    leap_day = date(2028, 2, 29)

    assert findings("3/1/2025", leap_day) == ()
    assert len(findings("2/28/2025", leap_day)) == 1


def test_of_a_year_in_two_digits_the_near_future_is_a_plan_and_the_rest_is_past() -> None:
    assert findings("3/5/36", TODAY) == ()
    assert len(findings("3/5/37", TODAY)) == 1


def test_a_finding_never_shows_the_text() -> None:
    assert "0142" not in repr(findings("call 512-555-0142", TODAY))


_SHARDS = st.sampled_from(
    [
        "case ",
        "no. ",
        "DOB ",
        "May ",
        "\u017fep ",
        "d\u0130c ",
        "5",
        "19",
        "2024",
        "555",
        "0142",
        "-",
        "/",
        ".",
        " ",
        "(",
        "A",
        "+1",
        "'",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(_SHARDS, max_size=40).map("".join)))
def test_every_text_is_answered_with_places_inside_it_in_order(text: str) -> None:
    found = findings(text, TODAY)

    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(any(character.isdigit() for character in text[one.start : one.end]) for one in found)


@pytest.mark.parametrize(
    "shard",
    [
        "The coalition meets in the church hall on March 5, 2026 to plan. ",
        "call 512-555-0142 or 3/5/1994 case 24-1187 123-45-6789 ",
    ],
)
def test_a_text_of_300_kilobytes_takes_less_than_a_second(shard: str) -> None:
    assert _seconds((shard * 6_000)[:300_000]) < 1


# What would take minutes here if the time grew with the square of the length.
@pytest.mark.parametrize(
    "shard",
    [
        *(
            "1",
            "1-",
            "0 ",
            "+1 ",
            "1.1",
            "12/",
            "(1",
            "A1 ",
            "5 de ",
            "5 May ",
            " ",
            "a@",
            "a.",
            "https://",
            "x-",
        ),
        *(
            "case no ",
            "case 1a",
            "case case ",
            "passport ",
            "last four a ",
            "dob: ",
            "born on ",
            "IOE ",
            "2:20-",
        ),
    ],
)
def test_no_text_makes_the_check_slow(shard: str) -> None:
    assert _seconds((shard * 30_000)[:30_000] + "7") < 0.5


def _seconds(text: str) -> float:
    start = process_time()
    findings(text, TODAY)
    return process_time() - start


def test_a_fingerprint_knows_a_text_again_after_the_browser_changed_its_line_ends() -> None:
    assert fingerprint("Call 512-555-0142\r\nat six ") == fingerprint("call 512-555-0142\nat  six")
    assert fingerprint("Call \uff15") == fingerprint("Call 5")


def test_a_fingerprint_tells_texts_apart() -> None:
    assert fingerprint("Call 512-555-0142") != fingerprint("Call 512-555-0143")


@given(st.text(alphabet=st.characters()))
def test_a_fingerprint_is_32_hex_digits(text: str) -> None:
    printed = fingerprint(text)

    assert len(printed) == 32
    assert set(printed) <= set("0123456789abcdef")
