"""Saved pages: what readers see, what the markup says, versions, pages without article."""

from __future__ import annotations

from pathlib import Path

from frankensam.claims import extract_claims
from frankensam.news.archive import Archive
from frankensam.news.documents import ParagraphRole
from frankensam.news.pages import read_page
from frankensam.news.searching import search

BODY = "".join(
    f"<p>Paragraph {number}: on <time datetime=2024-03-0{number}>{number} March</time> two Buk launchers were shown to visitors at a "
    "range near the town, and a spokesman told reporters that the work goes on for as long as it takes.</p>"
    for number in range(1, 8)
)
JSON_LD = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage"},{"@type":["NewsArticle"],'
    '"headline":"Launchers shown","datePublished":"2024-03-05T10:15:00+02:00","author":[{"name":"A. Writer"}],'
    '"publisher":{"name":"Example Gazette","url":"https://news.example"},"inLanguage":"en"}]}</script>'
)


def page(body: str = BODY, head: str = JSON_LD, address: str = "https://news.example/a") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>Launchers shown - Example Gazette</title><meta name=date content=2020-01-01>"
        f"<link rel=canonical href={address}>{head}</head><body><nav><a href=/>Home</a><a href=/more>More news</a></nav><article>"
        f"<h1>Launchers shown</h1><figure><img src=a alt='not to be read'><figcaption>A Buk with RIM-7. Photo: Agency</figcaption></figure>"
        f"{body}"
        "<blockquote><p>“We have shown them to everyone who came,” the officer said.</p></blockquote></article>"
        "<aside><figure><figcaption>Another report of another day</figcaption></figure></aside><footer>All rights</footer></body></html>"
    ).encode()


def test_metadata_come_from_the_pages_own_markup() -> None:
    document = read_page(page(), "a.html")
    assert (document.title, document.outlet, document.outlet_url, document.author, document.url) == (
        "Launchers shown",
        "Example Gazette",
        "https://news.example",
        "A. Writer",
        "https://news.example/a",
    )
    assert document.published is not None
    assert document.published.iso == "2024-03-05T10:15:00+02:00"
    assert [warning.slug for warning in document.warnings] == ["page-dates-differ"]
    assert ("date", "2020-01-01") in [(item.label, item.value) for item in document.header]


def test_paragraphs_have_the_roles_of_the_markup_and_furniture_is_left_out() -> None:
    document = read_page(page(), "a.html")
    roles = [(paragraph.role, document.text_of(paragraph)) for paragraph in document.paragraphs]
    assert (ParagraphRole.CAPTION, "A Buk with RIM-7. Photo: Agency") in roles
    assert roles[-1] == (ParagraphRole.QUOTATION, "“We have shown them to everyone who came,” the officer said.")
    assert sum(role is ParagraphRole.BODY for role, _ in roles) == 7
    assert "on 3 March two Buk launchers" in document.text
    for word in ("not to be read", "More news", "All rights", "Another report"):
        assert word not in document.text


def test_a_caption_in_a_short_page_is_kept() -> None:
    document = read_page(page("<p>Two launchers were shown to visitors at a range near the town, a spokesman said.</p>"), "a.html")
    assert [paragraph.role for paragraph in document.body_paragraphs].count(ParagraphRole.CAPTION) == 1


def test_versions_of_a_changed_page_are_kept_and_bytes_are_stored_once(tmp_path: Path) -> None:
    contents = [page(), page(BODY.replace("two Buk", "three Buk")), page()]
    with Archive.open(tmp_path / "a.db") as archive:
        stored = list(archive.add((read_page(content, "a.html"), content, f"/{number}.html") for number, content in enumerate(contents)))
        assert [(item.outcome, item.page_version) for item in stored] == [("new", 1), ("new", 2), ("known", 1)]
        assert len(archive.stories()) == 1
        read_back = archive.document(stored[1].document.document_id)
        assert read_back == stored[1].document
        assert archive.original(stored[0].document.document_id) == contents[0]


def test_a_page_without_article_is_found_by_its_title_and_claims_nothing(tmp_path: Path) -> None:
    wall = page("", "").replace(b"<blockquote>", b"<blockquote hidden>").replace(b"<figcaption>A Buk", b"<figcaption hidden>A Buk")
    document = read_page(wall, "a.html")
    assert document.no_article == "no running text"
    assert extract_claims(document) == ()
    with Archive.open(tmp_path / "a.db") as archive:
        list(archive.add([(document, wall, "/a.html")]))
        (hit,) = search(archive, "launchers").hits
        assert hit.snippet.text == "Launchers shown"


def test_claims_are_quoted_from_the_text_of_the_page() -> None:
    body = (
        "<p>Ukraine has received two Buk launchers that were modified to fire RIM-7 Sea Sparrow missiles, the ministry of defence said.</p>"
        * 3
    )
    document = read_page(page(body + BODY), "a.html")
    claims = extract_claims(document)
    assert claims
    for claim in claims:
        assert document.text[claim.quote_start : claim.quote_start + len(claim.quote)] == claim.quote


def test_hidden_words_are_never_claimed() -> None:
    lie = "Ukraine has received nine hundred Buk launchers that were modified to fire RIM-7 missiles, the ministry of defence said."
    plain = extract_claims(read_page(page(), "a.html"))
    for hidden in (
        f"<p style='display:none'>{lie}</p>",
        f"<p hidden>{lie}</p>",
        f"<img src=x alt='{lie}'>",
        f"<!-- {lie} -->",
        f"<p style='color:#fff'>{lie}</p>",
    ):
        document = read_page(page(BODY + hidden), "a.html")
        assert "nine hundred" not in document.text
        assert len(extract_claims(document)) == len(plain)
