-- Version 3: what documents name and claim, and what people decided about it. The rows are written by frankensam.claims;
-- they stand here because a file has one schema and one version. A claim's words are never changed: a decision is another row.

CREATE TABLE systems (
    name TEXT PRIMARY KEY,                      -- in the gazetteer's spelling
    kind TEXT NOT NULL,                         -- launcher, interceptor, sensor, hybrid
    family TEXT NOT NULL                        -- systems of one family are found together
) STRICT, WITHOUT ROWID;
CREATE INDEX systems_by_family ON systems (family);

CREATE TABLE document_systems (
    system_name TEXT NOT NULL REFERENCES systems (name),
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    mentions INTEGER NOT NULL CHECK (mentions > 0),
    PRIMARY KEY (system_name, document_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_systems_by_document ON document_systems (document_number);

CREATE TABLE extractors (
    extractor_number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,                         -- with the version of its rules
    vocabulary_sha256 TEXT NOT NULL,            -- of its gazetteers and word lists
    first_used_at TEXT NOT NULL,                -- UTC
    UNIQUE (name, vocabulary_sha256)
) STRICT;

CREATE TABLE extractions (
    extraction_number INTEGER PRIMARY KEY,
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    extractor_number INTEGER NOT NULL REFERENCES extractors (extractor_number),
    extracted_at TEXT NOT NULL,                 -- UTC
    coverage TEXT NOT NULL CHECK (coverage IN ('full', 'partial', 'none')),  -- how well the language is read
    claims_found INTEGER NOT NULL,
    claims_left_out INTEGER NOT NULL            -- too large to be a claim
) STRICT;
CREATE INDEX extractions_by_document ON extractions (document_number, extractor_number);

CREATE TABLE claims (
    claim_number INTEGER PRIMARY KEY,
    claim_id TEXT NOT NULL UNIQUE,              -- hash of what the claim says and of its document
    document_number INTEGER NOT NULL REFERENCES documents (document_number),
    type TEXT NOT NULL,
    subject TEXT,                               -- what it is about, as claims are compared; null where nothing is named
    launcher TEXT,
    launcher_words TEXT,                        -- the source's words where it names no launcher
    interceptor TEXT,
    interceptor_words TEXT,
    sensor TEXT,
    agreement TEXT,
    hybrid TEXT,
    quantity REAL,
    low REAL,
    high REAL,
    unit TEXT,
    cost_of TEXT,
    date TEXT,
    date_precision TEXT,
    date_basis TEXT,
    date_words TEXT,
    status TEXT NOT NULL,
    hedge TEXT NOT NULL,
    negated INTEGER NOT NULL CHECK (negated IN (0, 1)),
    attributed_to TEXT,
    attribution_basis TEXT,
    in_caption INTEGER NOT NULL CHECK (in_caption IN (0, 1)),
    quote TEXT NOT NULL,                        -- exact words of documents.text
    quote_start INTEGER NOT NULL,
    quote_end INTEGER NOT NULL CHECK (quote_end > quote_start),
    language TEXT,
    coverage TEXT NOT NULL,
    extractor_number INTEGER NOT NULL REFERENCES extractors (extractor_number),  -- which found it first
    stored_at TEXT NOT NULL,                    -- UTC
    lost_to_extractor_number INTEGER REFERENCES extractors (extractor_number),   -- which no longer found it; null where found again
    lost_at TEXT
) STRICT;
CREATE INDEX claims_by_document ON claims (document_number);
CREATE INDEX claims_by_type_and_subject ON claims (type, subject);
CREATE INDEX claims_by_subject ON claims (subject);
CREATE INDEX claims_by_sum ON claims (unit, quantity) WHERE type = 'cost';

CREATE TABLE claim_actors (
    claim_number INTEGER NOT NULL REFERENCES claims (claim_number),
    role TEXT NOT NULL CHECK (role IN ('organisation', 'person', 'country')),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (claim_number, role, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_actors_by_name ON claim_actors (name);

CREATE TABLE claim_passages (
    claim_number INTEGER NOT NULL REFERENCES claims (claim_number),
    position INTEGER NOT NULL,
    why TEXT NOT NULL,                          -- antecedent, date, credit
    quote TEXT NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL CHECK (end_offset > start_offset),
    PRIMARY KEY (claim_number, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE places (                           -- as the gazetteer had them when a claim was stored
    place_number INTEGER PRIMARY KEY,
    geonames INTEGER NOT NULL,                  -- number at GeoNames
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    region TEXT,
    kind TEXT NOT NULL,
    population INTEGER NOT NULL,
    latitude REAL NOT NULL,                     -- degrees, to three figures
    longitude REAL NOT NULL
) STRICT;
CREATE INDEX places_by_geonames ON places (geonames);

CREATE TABLE claim_places (                     -- places that the sentence of the quote names
    claim_place_number INTEGER PRIMARY KEY,
    claim_number INTEGER NOT NULL REFERENCES claims (claim_number),
    position INTEGER NOT NULL,
    words TEXT NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL CHECK (end_offset > start_offset),
    UNIQUE (claim_number, position)
) STRICT;

CREATE TABLE claim_place_candidates (           -- what a place's name can stand for, largest first; nobody has chosen
    claim_place_number INTEGER NOT NULL REFERENCES claim_places (claim_place_number),
    rank INTEGER NOT NULL,
    place_number INTEGER NOT NULL REFERENCES places (place_number),
    PRIMARY KEY (claim_place_number, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_systems (                    -- which systems a claim names, edits included
    system_name TEXT NOT NULL REFERENCES systems (name),
    claim_number INTEGER NOT NULL REFERENCES claims (claim_number),
    PRIMARY KEY (system_name, claim_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_systems_by_claim ON claim_systems (claim_number);

CREATE TABLE decisions (
    decision_number INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL UNIQUE,           -- hash of the row, its fields, and the decision on the claim before it
    claim_number INTEGER NOT NULL REFERENCES claims (claim_number),
    action TEXT NOT NULL CHECK (action IN ('accept', 'reject', 'edit', 'undo')),
    decided_by TEXT NOT NULL CHECK (decided_by <> ''),
    decided_at TEXT NOT NULL,                   -- UTC
    reason TEXT NOT NULL CHECK (reason <> ''),
    undoes_decision_number INTEGER UNIQUE REFERENCES decisions (decision_number),
    CHECK ((action = 'undo') = (undoes_decision_number IS NOT NULL))
) STRICT;
CREATE INDEX decisions_by_claim ON decisions (claim_number);

CREATE TABLE decision_fields (                  -- what an edit says instead
    decision_number INTEGER NOT NULL REFERENCES decisions (decision_number),
    field TEXT NOT NULL,
    position INTEGER NOT NULL,                  -- of a name in a list; 0 elsewhere
    value TEXT,                                 -- null: unknown, or an empty list
    PRIMARY KEY (decision_number, field, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_reviews (                    -- where a claim stands; follows from its decisions
    claim_number INTEGER PRIMARY KEY REFERENCES claims (claim_number),
    review TEXT NOT NULL CHECK (review IN ('accepted', 'rejected')),
    edited INTEGER NOT NULL CHECK (edited IN (0, 1)),
    decision_number INTEGER NOT NULL REFERENCES decisions (decision_number)  -- the latest in force
) STRICT;
CREATE INDEX claim_reviews_by_review ON claim_reviews (review);

CREATE TABLE edited_claims (                    -- edited claims as they read now; follows from decisions
    claim_number INTEGER PRIMARY KEY REFERENCES claims (claim_number),
    type TEXT NOT NULL,
    subject TEXT,
    launcher TEXT,
    launcher_words TEXT,
    interceptor TEXT,
    interceptor_words TEXT,
    sensor TEXT,
    agreement TEXT,
    hybrid TEXT,
    organisations TEXT,
    people TEXT,
    countries TEXT,
    quantity REAL,
    low REAL,
    high REAL,
    unit TEXT,
    cost_of TEXT,
    date TEXT,
    status TEXT NOT NULL,
    hedge TEXT NOT NULL,
    negated INTEGER NOT NULL,
    attributed_to TEXT,
    quote TEXT NOT NULL,
    quote_start INTEGER NOT NULL,
    quote_end INTEGER NOT NULL
) STRICT;

CREATE VIEW claim_effective AS                  -- every claim as it reads now, with its document and where it stands
SELECT c.claim_number, c.claim_id, coalesce(r.review, 'undecided') AS review, e.claim_number IS NOT NULL AS edited,
    iif(e.claim_number IS NULL, c.type, e.type) AS type,
    iif(e.claim_number IS NULL, c.subject, e.subject) AS subject,
    iif(e.claim_number IS NULL, c.launcher, e.launcher) AS launcher,
    iif(e.claim_number IS NULL, c.launcher_words, e.launcher_words) AS launcher_words,
    iif(e.claim_number IS NULL, c.interceptor, e.interceptor) AS interceptor,
    iif(e.claim_number IS NULL, c.interceptor_words, e.interceptor_words) AS interceptor_words,
    iif(e.claim_number IS NULL, c.sensor, e.sensor) AS sensor,
    iif(e.claim_number IS NULL, c.agreement, e.agreement) AS agreement,
    iif(e.claim_number IS NULL, c.hybrid, e.hybrid) AS hybrid,
    iif(e.claim_number IS NULL, (SELECT group_concat(name, '; ') FROM (SELECT name FROM claim_actors a
        WHERE a.claim_number = c.claim_number AND a.role = 'organisation' ORDER BY a.position)), e.organisations) AS organisations,
    iif(e.claim_number IS NULL, (SELECT group_concat(name, '; ') FROM (SELECT name FROM claim_actors a
        WHERE a.claim_number = c.claim_number AND a.role = 'person' ORDER BY a.position)), e.people) AS people,
    iif(e.claim_number IS NULL, (SELECT group_concat(name, '; ') FROM (SELECT name FROM claim_actors a
        WHERE a.claim_number = c.claim_number AND a.role = 'country' ORDER BY a.position)), e.countries) AS countries,
    iif(e.claim_number IS NULL, c.quantity, e.quantity) AS quantity,
    iif(e.claim_number IS NULL, c.low, e.low) AS low,
    iif(e.claim_number IS NULL, c.high, e.high) AS high,
    iif(e.claim_number IS NULL, c.unit, e.unit) AS unit,
    iif(e.claim_number IS NULL, c.cost_of, e.cost_of) AS cost_of,
    iif(e.claim_number IS NULL, c.date, e.date) AS date,
    iif(e.claim_number IS NULL, c.status, e.status) AS status,
    iif(e.claim_number IS NULL, c.hedge, e.hedge) AS hedge,
    iif(e.claim_number IS NULL, c.negated, e.negated) AS negated,
    iif(e.claim_number IS NULL, c.attributed_to, e.attributed_to) AS attributed_to,
    c.in_caption,
    iif(e.claim_number IS NULL, c.quote, e.quote) AS quote,
    iif(e.claim_number IS NULL, c.quote_start, e.quote_start) AS quote_start,
    iif(e.claim_number IS NULL, c.quote_end, e.quote_end) AS quote_end,
    c.lost_at, c.stored_at, c.document_number, d.document_id, d.title, d.outlet, d.url, d.language, d.published, s.story_number,
    t.origin_document_number = c.document_number AS is_origin
FROM claims c
JOIN documents d ON d.document_number = c.document_number
JOIN story_documents s ON s.document_number = c.document_number
JOIN stories t ON t.story_number = s.story_number
LEFT JOIN claim_reviews r ON r.claim_number = c.claim_number
LEFT JOIN edited_claims e ON e.claim_number = c.claim_number;
