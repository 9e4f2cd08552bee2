-- Version 2: documents are not records only. A document comes back from its rows, so that its text, and with it
-- every offset, stays what it was when it was stored, whatever a later version would read from the same bytes.

ALTER TABLE documents ADD COLUMN format TEXT NOT NULL DEFAULT 'record';  -- record, web page, feed entry, JSON article
ALTER TABLE documents ADD COLUMN reader TEXT NOT NULL DEFAULT 'record';  -- what made text of the bytes, with its version
ALTER TABLE documents ADD COLUMN no_article TEXT;                        -- why nothing is claimed from the page; null for an article
ALTER TABLE documents ADD COLUMN text_sha256 TEXT;                       -- of the text in UTF-8
UPDATE documents SET text_sha256 = sha256_of_text(text);
-- Filters of a search are answered from these alone, without touching the long rows of documents.
CREATE INDEX documents_by_days ON documents (published_first_day, published_last_day);
CREATE INDEX documents_by_outlet ON documents (outlet_keys);
CREATE INDEX documents_by_format ON documents (format);
CREATE INDEX page_versions_by_document ON page_versions (document_number);
