"""Roles of paragraphs, in the languages that pictures.toml covers."""

from __future__ import annotations

import pytest

from frankensam.news.documents import ParagraphRole
from frankensam.news.paragraphs import caption_rule, find_paragraphs, is_quotation, picture_wording

WORDING = picture_wording()
EXAMPLES = [(code, text) for code, table in WORDING.items() for text in table["examples"]]
COUNTER_EXAMPLES = [(code, text) for code, table in WORDING.items() for text in table["counter_examples"]]
EIGHT = {"en", "uk", "ru", "pl", "de", "fr", "es", "pt"}


def roles(body: str, title: str = "") -> list[tuple[str, str]]:
    text = title + "\n" + body
    found = find_paragraphs(text, len(title) + 1, (0, len(title)) if title else None)
    return [(paragraph.role.value, text[paragraph.start:paragraph.end]) for paragraph in found if paragraph.part == "body"]


def test_every_language_has_examples_and_counter_examples() -> None:
    assert set(WORDING) >= EIGHT
    for code, table in WORDING.items():
        assert table["examples"], code
        assert table["counter_examples"], code


@pytest.mark.parametrize(("code", "text"), EXAMPLES)
def test_examples_are_captions(code: str, text: str) -> None:
    assert caption_rule(text) is not None


@pytest.mark.parametrize(("code", "text"), COUNTER_EXAMPLES)
def test_counter_examples_are_not(code: str, text: str) -> None:
    assert caption_rule(text) is None


@pytest.mark.parametrize("code", sorted(EIGHT))
def test_a_credit_inside_a_long_paragraph_makes_no_caption(code: str) -> None:
    credit = f"{WORDING[code]['before_colon'][0]}: X."
    assert caption_rule(credit.capitalize() + " слово word" * 60) is None


@pytest.mark.parametrize("text", [
    "A crew at work / AFP", "A crew at work (via Getty Images)", "Пуск ракеты © Ведомство", "A crew by night. By Reuters",
])
def test_agencies(text: str) -> None:
    assert caption_rule(text) is not None


def test_the_first_paragraph_above_the_repeated_title_is_a_caption() -> None:
    title = "Two launchers shown to visitors"
    assert roles(f"The range where the launchers stood\n\n{title}\n\nThe ministry said so on Monday.\n", title) == [
        ("caption", "The range where the launchers stood"), ("headline", title), ("body", "The ministry said so on Monday.")]


def test_a_date_line_above_the_repeated_title_is_none() -> None:
    title = "Two launchers shown to visitors"
    assert roles(f"05.03.2024 10:15\n\n{title}\n\nThe ministry said so.\n", title)[0][0] == "body"


def test_short_line_with_a_designator_and_no_verb_is_a_caption() -> None:
    found = roles("It was a quiet day at the range.\n\nAIM-9M missile on a rail\n\nThe ministry said so.\n")
    assert found[1] == ("caption", "AIM-9M missile on a rail")


@pytest.mark.parametrize("line", [
    "Ukraine has received AIM-9M", "• AIM-9M missiles", "January 7, 2023, 01:20 – Service ABC", "AIM-9M missiles were shown.", "aim-9m",
    "Read more", "Залишити відповідь", "4 Грудня 2025",
])
def test_other_short_lines_are_not(line: str) -> None:
    assert roles(f"It was a quiet day at the range.\n\n{line}\n\nThe ministry said so.\n")[1] == ("body", line)


@pytest.mark.parametrize("text", [
    "“We will deliver them in the spring,” the minister said.", "«Передадим весной», — сказал министр.",
    "„Wir liefern im Frühjahr“, sagte er.",
    "«Передамо навесні».",
    '"We will deliver them," he said.', "« Nous livrerons au printemps », a dit le ministre.", "— Передадим весной, — сказал министр.",
    "„Przekażemy je wiosną” – powiedział.", "「春に渡す」と述べた。", "“A quotation that goes on in the next paragraph",
])
def test_quotations(text: str) -> None:
    assert is_quotation(text)


@pytest.mark.parametrize("text", [
    "The minister said “yes”.",
    "“FrankenSAM” is the name that officials use for the whole family of hybrids shown on Monday.", "Plain words.",
    "- Recertification components", "«Бук» показали посетителям на полигоне в понедельник утром.",
])
def test_not_quotations(text: str) -> None:
    assert not is_quotation(text)


def test_lines_are_paragraphs_unless_wrapped_by_hand() -> None:
    wrapped = "The ministry said on Monday that two launchers had been shown to\nvisitors of the range."
    assert [text for _, text in roles(f"{wrapped}\n\n• one\n• two\nA line of its own.\nAnother.\n")] == [
        wrapped, "• one", "• two", "A line of its own.", "Another."]


def test_markdown_headings_and_pictures() -> None:
    assert roles("## What was shown\n\n![A launcher on a range](a.jpg)\n\n![](b.jpg)\n\nTwo launchers were shown.\n") == [
        ("headline", "What was shown"), ("caption", "A launcher on a range"), ("body", "Two launchers were shown.")]


def test_lines_without_words_are_no_paragraphs() -> None:
    assert roles("|\n\n---\n\n* * *\n\nWords.\n") == [("body", "Words.")]


def test_the_role_names_its_rule() -> None:
    text = "A launcher. Photo: Agency\n"
    (paragraph,) = find_paragraphs(text, 0, None)
    assert (paragraph.role, paragraph.basis) == (ParagraphRole.CAPTION, "photo credit")
