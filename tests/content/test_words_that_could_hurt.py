"""What people sign, read late at night, or teach others says nothing that could hurt someone."""

import pytest

from engage.content.loader import content
from tests.client import EngageClient

BOTH = pytest.mark.parametrize("language", ["en", "es"])


def _template(language: str, key: str) -> str:
    (found,) = (each for each in content(language).document_templates if each.key == key)
    return " ".join(text for part in found.parts for text in (*part.texts, *part.points))


def _guides(language: str) -> str:
    every = content(language).guides
    return " ".join(text for guide in every for part in guide.parts for text in (*part.texts, *part.points))


def test_the_guide_sends_who_must_report_to_the_states_line_and_not_only_away_from_the_hotline() -> None:
    assert "They call the state's abuse line or the police" in _guides("en")
    assert "Llaman a la línea de abuso de su estado o a la policía" in _guides("es")


@BOTH
def test_no_guide_or_tip_speaks_of_a_hotline_without_its_name(language: str) -> None:
    bare = {"en": ("the hotline",), "es": ("la línea nacional ", "línea directa")}[language]
    items = " ".join(item.text for tip in content(language).tips for item in tip.items)
    assert not [words for words in bare if words in f"{_guides(language)} {items}"]


def test_help_says_in_spanish_how_988_answers_in_spanish(client: EngageClient) -> None:
    crisis = client.page("/help", headers={"Accept-Language": "es"}).text("#pages-crisis")
    assert "oprima 2" in crisis
    assert "AYUDA" in crisis


@BOTH
@pytest.mark.parametrize("key", ["mou", "referral"])
def test_what_is_shared_about_a_minor_needs_a_guardian_who_did_no_harm(key: str, language: str) -> None:
    words = {"en": ("a parent or guardian agrees too", "can never agree for them")}
    words["es"] = ("quien tenga la tutela", "Nunca puede aceptar en su nombre quien abusó de esa persona")
    assert all(each in _template(language, key) for each in words[language])


@BOTH
def test_who_signs_the_statement_may_still_screen_at_work_and_tells_no_disguised_story(language: str) -> None:
    statement = _template(language, "confidentiality")
    allowed = {"en": "such as screening", "es": "preguntas de detección"}[language]
    story = {"en": "even with details changed", "es": "ni siquiera con datos cambiados"}[language]
    assert allowed in statement
    assert story in statement


@BOTH
def test_a_shelter_for_women_or_youth_can_sign_whom_it_serves(language: str) -> None:
    promise = _template(language, "mou")
    assert {"en": "We serve everyone", "es": "Atendemos a todas las personas"}[language] not in promise
    assert {"en": "gender identity", "es": "identidad de género"}[language] in promise


@pytest.mark.parametrize("start", ["no vemos a", "Quedan fuera la trata laboral"])
def test_men_and_boys_are_not_men_and_children_in_spanish(start: str) -> None:
    here = content("es")
    texts = [level for each in here.indicators for level in each.levels]
    texts += [text for area in here.areas for text in area.explanation]
    (sentence,) = {each for text in texts for each in text.split(". ") if start in each and "hombres" in each}
    assert "niños varones" in sentence


def _why(language: str, key: str) -> str:
    (found,) = (each for each in content(language).extras if each.key == key)
    return found.why


@BOTH
def test_the_law_says_whom_to_tell_of_a_young_person_missing_from_care(language: str) -> None:
    told = {"en": ("requires", "the police"), "es": ("exige", "a la policía")}[language]
    assert all(each in _why(language, "missing-from-care-steps") for each in (*told, "24", "42 U.S.C. 671"))


@BOTH
def test_no_one_is_told_that_a_t_visa_waits_for_a_signature(language: str) -> None:
    free = {"en": "people can apply without it", "es": "la visa se puede pedir sin ella"}[language]
    assert free in _why(language, "immigration-relief")
    assert "notario" in _why(language, "immigration-relief")


@BOTH
def test_churches_are_told_that_they_cannot_file_the_lobbying_form(language: str) -> None:
    (item,) = (
        each for tip in content(language).tips for each in tip.items if each.key == "lobbying-rules-known"
    )
    cannot, unread = {
        "en": ("Churches, groups that belong to them", "not checked by a lawyer"),
        "es": ("Las iglesias", "sin revisión legal"),
    }[language]
    assert item.help is not None and cannot in item.help and unread in item.help


@BOTH
def test_every_help_line_says_in_which_languages_it_answers_or_that_one_asks(language: str) -> None:
    said = {"en": ("language", "English"), "es": ("idioma", "inglés")}[language]
    lines = content(language).help_lines
    assert lines and [each.key for each in lines if not any(word in each.hours for word in said)] == []


@BOTH
def test_every_step_has_a_hint_for_a_task_force(language: str) -> None:
    assert [step.key for step in content(language).steps if step.hints.task_force is None] == []
