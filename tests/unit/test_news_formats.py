"""Feeds, JSON and ZIP archives: what is made of them, and what is refused."""

from __future__ import annotations

import io
import stat
import tomllib
import zipfile
from importlib import resources
from pathlib import Path

import pytest

from frankensam.errors import InputRefused, Problem
from frankensam.news.documents import Document, ParagraphRole
from frankensam.news.intake import Candidate, find_records, read_bytes
from frankensam.news.page_kinds import wall_of
from frankensam.news.reading import read_document

SENTENCE = "The ministry said that two launchers had been shown."
ENTRY = (
    "<item><title>A &amp; b</title><link>https://news.example/1</link><pubDate>Tue, 05 Mar 2024 10:15:00 +0200</pubDate>"
    f"<dc:creator>W. Riter</dc:creator><description>short</description><content:encoded><![CDATA[<figure><figcaption>A Buk with RIM-7"
    f"</figcaption></figure><p>{SENTENCE}</p><blockquote>A second.</blockquote><script>x</script>]]></content:encoded></item>"
)
NAMESPACES = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
RSS = (
    f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}><channel><title>Gazette</title><link>https://news.example</link>'
    f"<language>en</language><lastBuildDate>NOW</lastBuildDate>{ENTRY}"
    f"<item><title>Другий</title><description>{SENTENCE}</description></item></channel></rss>"
)
ATOM = (
    f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Gazette</title><link href="https://news.example"/><entry>'
    '<title type="html">A &lt;b&gt;title&lt;/b&gt;</title><link rel="alternate" href="https://news.example/3"/>'
    '<published>2024-03-05T10:00:00Z</published>'
    f'<author><name>N. Ame</name><uri>https://x.example</uri></author>'
    f'<content type="xhtml"><div><p>{SENTENCE} &lt;i&gt;</p><p>Second.</p></div></content>'
    "</entry></feed>"
)
RDF = (
    f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    f'xmlns="http://purl.org/rss/1.0/" {NAMESPACES}><channel rdf:about="x">'
    f'<title>Gazette</title></channel>'
    f'<item rdf:about="y"><title>T</title><dc:date>2024-03-05</dc:date><description>{SENTENCE}</description></item></rdf:RDF>'
)


def taken(tmp_path: Path, name: str, content: bytes) -> list[Document | str]:
    """What a file gives: documents, or the slugs of problems."""
    path = tmp_path / name
    path.write_bytes(content)
    made: list[Document | str] = []
    for found in find_records([path]):
        if isinstance(found, Problem):
            made.append(found.slug)
            continue
        try:
            made.append(read_document(read_bytes(found), found.name))
        except InputRefused as error:
            made += [problem.slug for problem in error.problems]
    return made


def documents(tmp_path: Path, name: str, content: bytes) -> list[Document]:
    return [made for made in taken(tmp_path, name, content) if isinstance(made, Document)]


def test_an_rss_feed_is_its_entries(tmp_path: Path) -> None:
    first, second = documents(tmp_path, "news.rss", RSS.encode())
    assert (first.title, first.outlet, first.outlet_url, first.author, first.url) == (
        "A & b",
        "Gazette",
        "https://news.example",
        "W. Riter",
        "https://news.example/1",
    )
    assert first.published is not None
    assert first.published.iso == "2024-03-05T10:15:00+02:00"
    assert first.language.declared == "en"
    assert [(paragraph.role, first.text_of(paragraph)) for paragraph in first.paragraphs[1:]] == [
        (ParagraphRole.CAPTION, "A Buk with RIM-7"),
        (ParagraphRole.BODY, SENTENCE),
        (ParagraphRole.BODY, "A second."),
    ]
    assert (second.title, second.record_name, second.format) == ("Другий", "news.rss#2", "feed entry")


def test_an_atom_feed_and_an_rdf_feed(tmp_path: Path) -> None:
    (atom,) = documents(tmp_path, "a.xml", ATOM.encode())
    assert (atom.title, atom.author, atom.url, atom.language.declared) == ("A title", "N. Ame", "https://news.example/3", "en")
    assert [atom.text_of(paragraph) for paragraph in atom.body_paragraphs] == [f"{SENTENCE} <i>", "Second."]
    (rdf,) = documents(tmp_path, "b.xml", RDF.encode())
    assert (rdf.outlet, rdf.published and rdf.published.iso, rdf.text) == ("Gazette", "2024-03-05", f"T\n\n{SENTENCE}")


def test_an_entry_met_again_in_a_feed_that_moved_on_is_the_same_document(tmp_path: Path) -> None:
    later = RSS.replace("NOW", "LATER").replace(
        "<item><title>Другий", f"<item><title>new</title><description>{SENTENCE}</description></item><item><title>Другий"
    )
    before = {document.document_id for document in documents(tmp_path, "a.rss", RSS.encode())}
    after = {document.document_id for document in documents(tmp_path, "b.rss", later.encode())}
    assert before < after
    assert len(after) == 3


def test_what_is_kept_of_an_entry_are_the_feeds_own_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.rss").write_bytes(RSS.encode())
    first = next(iter(find_records([tmp_path])))
    assert isinstance(first, Candidate)
    assert ENTRY.encode() in read_bytes(first)


@pytest.mark.parametrize(
    ("feed", "slug"),
    [
        ("<!DOCTYPE rss><rss><channel><item/></channel></rss>", "feed-document-type"),
        ("<rss><channel></channel></rss>", "feed-without-entries"),
        ("<rss><channel><item>", "feed-not-well-formed"),
        ("<rss><channel><item>&nbsp;</item></channel></rss>", "feed-not-well-formed"),
        ("<?xml version='1.0' encoding='x-made-up'?><rss><channel><item/></channel></rss>", "feed-not-well-formed"),
        ("<rss><channel>" + "<a>" * 200 + "</a>" * 200 + "</channel></rss>", "feed-too-complex"),
    ],
)
def test_feeds_that_are_refused(tmp_path: Path, feed: str, slug: str) -> None:
    assert taken(tmp_path, "a.xml", feed.encode()) == [slug]


def test_a_feed_in_windows_1251(tmp_path: Path) -> None:
    feed = "<?xml version='1.0' encoding='windows-1251'?><rss><channel><title>Газета</title>"
    feed += f"<item><title>Бук</title><description>{'Міністерство. ' * 9}</description></item></channel></rss>"
    (document,) = documents(tmp_path, "a.rss", feed.encode("cp1251"))
    assert (document.title, document.outlet) == ("Бук", "Газета")


def test_json_lines_an_array_and_one_object(tmp_path: Path) -> None:
    one = '{"title":"T","url":"https://news.example/1","source":{"name":"Gazette","url":"https://news.example"},"publishedAt":"2024-03-05T10:00:00Z",'
    one += f'"content":"{SENTENCE}\\n\\nA second.","lang":"en","authors":["A","B"]}}'
    lines = documents(tmp_path, "a.jsonl", (one + "\n" + one.replace("/1", "/2") + "\n").encode())
    array = documents(tmp_path, "a.json", f"[{one},\n {one.replace('/1', '/2')}]".encode())
    (single,) = documents(tmp_path, "b.json", one.replace(',"', ',\n "').encode())
    assert [document.document_id for document in lines] == [document.document_id for document in array]
    for document in (*lines[:1], single):
        assert (document.title, document.outlet, document.outlet_url, document.author, document.language.used) == (
            "T",
            "Gazette",
            "https://news.example",
            "A, B",
            "en",
        )
        assert document.published is not None
        assert [document.text_of(paragraph) for paragraph in document.body_paragraphs] == [SENTENCE, "A second."]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ('{"a":1}', ["json-not-an-article"]),
        ("[[1]]", ["json-not-an-article"]),
        ('[{"title":"a"', ["json-syntax"]),
        ("[]", []),
        ('{"title":"a","title":"b"}', ["duplicate-key"]),
        ('{"title":"a","text":NaN}', ["number-not-finite"]),
        ('{"title":\n"a"\n}\n{"b":1}', ["json-syntax"]),
    ],
)
def test_json_that_is_no_article(tmp_path: Path, text: str, slugs: list[str]) -> None:
    assert taken(tmp_path, "a.json", text.encode()) == slugs


def packed(members: dict[str, bytes], **options: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", options.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


RECORD = f"# Título: A\n\n### Conteúdo:\n\n{SENTENCE}\n".encode()


def test_a_zip_archive_is_its_members(tmp_path: Path) -> None:
    content = packed(
        {
            "b/записи.txt": RECORD,
            "a.rss": RSS.encode(),
            ".hidden.txt": RECORD,
            "__MACOSX/x.txt": RECORD,
            "c.jsonl": b'{"title":"T","text":"%s"}' % SENTENCE.encode(),
        }
    )
    assert [document.record_name for document in documents(tmp_path, "a.zip", content)] == ["a.rss#1", "a.rss#2", "записи.txt", "c.jsonl#1"]
    assert taken(tmp_path, "renamed.txt", packed({"a.txt": RECORD}))[0] == read_document(RECORD, "a.txt")


@pytest.mark.parametrize(
    ("members", "slug"),
    [
        ({"../a.txt": RECORD}, "zip-name"),
        ({"/a.txt": RECORD}, "zip-name"),
        ({"C:a.txt": RECORD}, "zip-name"),
        ({"a\u202etxt": RECORD}, "zip-name"),
        ({"a /b.txt": RECORD}, "zip-name"),
        ({"a.txt.": RECORD}, "zip-name"),
        ({"x" * 2_000: RECORD}, "zip-name"),
        ({"a.txt": b" " * 4_900_000}, "zip-ratio"),
        ({"a.txt": b" " * 6_000_000}, "record-too-large"),
        ({"in.zip": packed({"a.txt": RECORD})}, "intake-other-kind"),
        ({"a.pdf": b"%PDF-1.7"}, "intake-other-kind"),
        ({"[Content_Types].xml": b"x", "word/document.xml": b"x"}, "record-other-kind"),
        ({}, "intake-empty-folder"),
        ({"x.bin": b"\x00" * 9}, "record-nul"),
    ],
)
def test_members_that_are_refused(tmp_path: Path, members: dict[str, bytes], slug: str) -> None:
    assert taken(tmp_path, "a.zip", packed(members)) == [slug]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_bzip2_members_links_repeated_names_and_encrypted_members_are_refused(tmp_path: Path) -> None:
    assert taken(tmp_path, "a.zip", packed({"a.txt": RECORD}, compression=zipfile.ZIP_BZIP2)) == ["zip-compression"]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("b.txt", RECORD)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("b.txt", RECORD)
    assert taken(tmp_path, "b.zip", stream.getvalue()) == ["zip-name", "zip-name", "zip-not-regular"]
    encrypted = bytearray(packed({"a.txt": RECORD}))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert taken(tmp_path, "c.zip", bytes(encrypted)) == ["zip-encrypted"]


def test_damaged_archives_are_refused_at_every_cut_and_never_half_believed(tmp_path: Path) -> None:
    whole = packed({f"{number}.txt": RECORD.replace(b"A", b"%d" % number) for number in range(5)})
    for length in range(4, len(whole), 37):
        assert taken(tmp_path, "a.zip", whole[:length]) == ["zip-damaged"]
    flipped = bytearray(whole)
    flipped[whole.index(b"0.txt") + 20] ^= 0x55
    assert taken(tmp_path, "a.zip", bytes(flipped))[0] == "zip-damaged"


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    whole = bytearray(packed({"a.txt": RECORD, "b.txt": RECORD}))
    second = whole.rindex(b"PK\x01\x02")
    whole[second + 42 : second + 46] = (0).to_bytes(4, "little")
    assert taken(tmp_path, "a.zip", bytes(whole)) == ["zip-overlapping"]


def test_an_archive_with_too_many_members_is_refused_before_its_directory_is_read(tmp_path: Path) -> None:
    whole = bytearray(packed({"a.txt": RECORD}))
    end = whole.rindex(b"PK\x05\x06")
    whole[end + 8 : end + 12] = (20_000).to_bytes(2, "little") * 2
    assert taken(tmp_path, "a.zip", bytes(whole)) == ["zip-too-many-members"]


def test_the_wording_of_walls_is_recognised_as_its_examples_say() -> None:
    tables = tomllib.loads(resources.files("frankensam.news").joinpath("page_kinds.toml").read_text(encoding="utf-8"))
    for kind, table in tables.items():
        assert table["examples"]
        assert table["counter_examples"]
        assert [wall_of(example) for example in table["examples"]] == [kind] * len(table["examples"])
        assert [wall_of(example) for example in table["counter_examples"]] == [None] * len(table["counter_examples"])
