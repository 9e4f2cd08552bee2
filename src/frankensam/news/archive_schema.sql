-- The archive, version 1. Names are for people: the file opens in Datasette as it is.

CREATE TABLE documents (
    document_number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,           -- first 32 hexadecimal digits of sha256
    sha256 TEXT NOT NULL UNIQUE,                -- of the original bytes
    title TEXT,
    outlet TEXT,
    outlet_url TEXT,
    aggregator TEXT,
    author TEXT,
    kind TEXT,
    note TEXT,                                  -- what the record says about itself
    url TEXT,
    language TEXT,                              -- the one used, ISO 639-1
    language_declared TEXT,
    language_detected TEXT,
    language_confidence REAL NOT NULL,
    published TEXT,                             -- ISO 8601 with the precision and zone of the source
    published_as_written TEXT,
    published_first_day TEXT,                   -- first and last day it can have been on
    published_last_day TEXT,
    published_utc TEXT,                         -- earliest moment that fits, UTC; orders stories
    text TEXT NOT NULL,
    outlet_keys TEXT NOT NULL,                  -- search keys of the outlet's name
    stored_at TEXT NOT NULL                     -- UTC
) STRICT;
CREATE INDEX documents_by_language ON documents (language);
CREATE INDEX documents_by_day ON documents (published_first_day);
CREATE INDEX documents_by_url ON documents (url);

CREATE TABLE originals (
    document_number INTEGER PRIMARY KEY REFERENCES documents (document_number),
    content BLOB NOT NULL                       -- the bytes as given; their SHA-256 is documents.sha256
) STRICT;

CREATE TABLE header_fields (
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    line INTEGER NOT NULL,
    label TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (document_number, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE document_warnings (
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    position INTEGER NOT NULL,
    slug TEXT NOT NULL,                         -- explained in docs/messages.md
    line INTEGER,
    rule TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY (document_number, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE paragraphs (
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    position INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('headline', 'caption', 'body', 'quotation')),
    part TEXT NOT NULL CHECK (part IN ('title', 'body')),
    basis TEXT NOT NULL,
    start_offset INTEGER NOT NULL,              -- characters into documents.text
    end_offset INTEGER NOT NULL CHECK (end_offset > start_offset),
    PRIMARY KEY (document_number, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE locations (
    location_number INTEGER PRIMARY KEY,
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    record_name TEXT NOT NULL,                  -- under which name the bytes were found
    path TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    UNIQUE (document_number, path)
) STRICT;

CREATE TABLE page_versions (
    url TEXT NOT NULL,
    version INTEGER NOT NULL,                   -- 1 is the first stored
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    PRIMARY KEY (url, version),
    UNIQUE (url, document_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE stories (
    story_number INTEGER PRIMARY KEY,
    origin_document_number INTEGER NOT NULL REFERENCES documents (document_number)
) STRICT;

CREATE TABLE story_documents (
    document_number INTEGER PRIMARY KEY REFERENCES documents (document_number),
    story_number INTEGER NOT NULL REFERENCES stories (story_number),
    similarity REAL NOT NULL                    -- to the nearest document that was in the story when it joined; 1 for the first
) STRICT;
CREATE INDEX story_documents_by_story ON story_documents (story_number);

CREATE TABLE fingerprints (
    document_number INTEGER PRIMARY KEY REFERENCES documents (document_number),
    words_key INTEGER NOT NULL,
    signature BLOB                              -- 128 little-endian 32-bit values, null for short texts
) STRICT;
CREATE INDEX fingerprints_by_words ON fingerprints (words_key);

CREATE TABLE fingerprint_bands (
    band_key INTEGER NOT NULL,
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    PRIMARY KEY (band_key, document_number)
) STRICT, WITHOUT ROWID;

-- Search keys (frankensam.news.search_terms), not words: a key meets all inflections and transliterations.
CREATE VIRTUAL TABLE document_search USING fts5 (title_keys, body_keys, content = '', tokenize = 'ascii');
