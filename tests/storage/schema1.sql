-- A database as the first release made it (version 1 of the tables), with two imports, of which one
-- is withdrawn, and three saved plans.
CREATE TABLE sispamkota_schema (version INTEGER NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE imports (number INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, file TEXT
    NOT NULL, sha256 TEXT NOT NULL, rows BIGINT NOT NULL, source TEXT NOT NULL, as_of DATE NOT
    NULL, sample BOOLEAN NOT NULL, imported_at DATETIME NOT NULL, withdrawn_at DATETIME, PRIMARY
    KEY (number), UNIQUE (id));
CREATE TABLE plans (number INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT
    NOT NULL, size_bytes BIGINT NOT NULL, saved_at DATETIME NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (number));
CREATE INDEX plans_by_id ON plans (id);
CREATE TABLE areas (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, code TEXT NOT NULL,
    level TEXT, name TEXT, kind TEXT, parent TEXT, kemendagri TEXT, bps TEXT, lon DOUBLE, lat
    DOUBLE, position TEXT, area_km2 DOUBLE, source TEXT, as_of DATE, PRIMARY KEY (row_number),
    FOREIGN KEY(import_id) REFERENCES imports (id));
CREATE INDEX ix_areas_import_id ON areas (import_id);
CREATE TABLE tps (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, code TEXT NOT NULL, desa
    TEXT, kecamatan TEXT, number INTEGER, khusus BOOLEAN, lon DOUBLE, lat DOUBLE, position TEXT,
    access TEXT, name TEXT, source TEXT, as_of DATE, PRIMARY KEY (row_number), FOREIGN
    KEY(import_id) REFERENCES imports (id));
CREATE INDEX ix_tps_import_id ON tps (import_id);
CREATE TABLE posts (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, code TEXT NOT NULL,
    name TEXT, kind TEXT, kecamatan TEXT, lon DOUBLE, lat DOUBLE, position TEXT, serves TEXT,
    phone TEXT, source TEXT, as_of DATE, PRIMARY KEY (row_number), FOREIGN KEY(import_id)
    REFERENCES imports (id));
CREATE INDEX ix_posts_import_id ON posts (import_id);
CREATE TABLE figures (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, subject TEXT NOT
    NULL, measure TEXT NOT NULL, stage TEXT NOT NULL, value BIGINT, estimated BIGINT, basis
    TEXT, source TEXT NOT NULL, as_of DATE, PRIMARY KEY (row_number), FOREIGN KEY(import_id)
    REFERENCES imports (id));
CREATE INDEX ix_figures_import_id ON figures (import_id);
CREATE TABLE boundaries (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, code TEXT NOT
    NULL, wkb BLOB, source TEXT, as_of DATE, PRIMARY KEY (row_number), FOREIGN KEY(import_id)
    REFERENCES imports (id));
CREATE INDEX ix_boundaries_import_id ON boundaries (import_id);
CREATE TABLE answers (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, subject TEXT NOT
    NULL, indicator TEXT NOT NULL, value DOUBLE, value_high DOUBLE, fact TEXT, fact_en TEXT,
    source TEXT, as_of DATE, sample BOOLEAN, PRIMARY KEY (row_number), FOREIGN KEY(import_id)
    REFERENCES imports (id));
CREATE INDEX ix_answers_import_id ON answers (import_id);
CREATE TABLE personnel (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, id TEXT NOT NULL,
    agency TEXT, unit TEXT, rank TEXT, leader BOOLEAN, home_post TEXT, home_desa TEXT, duty
    TEXT, transport TEXT, qualifications TEXT, available BOOLEAN, source TEXT, as_of DATE,
    sample BOOLEAN, PRIMARY KEY (row_number), FOREIGN KEY(import_id) REFERENCES imports (id));
CREATE INDEX ix_personnel_import_id ON personnel (import_id);
CREATE TABLE training (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, person TEXT NOT
    NULL, kind TEXT NOT NULL, date DATE, expires DATE, source TEXT, as_of DATE, PRIMARY KEY
    (row_number), FOREIGN KEY(import_id) REFERENCES imports (id));
CREATE INDEX ix_training_import_id ON training (import_id);
CREATE TABLE overrides (row_number INTEGER NOT NULL, import_id TEXT NOT NULL, tps TEXT NOT NULL,
    class TEXT, "by" TEXT, reason TEXT, at DATETIME, PRIMARY KEY (row_number), FOREIGN
    KEY(import_id) REFERENCES imports (id));
CREATE INDEX ix_overrides_import_id ON overrides (import_id);

INSERT INTO sispamkota_schema VALUES
    (1, '29cda14a2bf75237d7e0a0d3ab669ff24055aff80b240683e8438141dc81b3a5');
INSERT INTO imports VALUES
    (1, 'overrides-0001', 'overrides', 'a.csv', 'aa', 1, 'Padal', '2024-02-01', 0,
        '2024-02-01 12:00:00.000000', NULL),
    (2, 'overrides-0002', 'overrides', 'b.csv', 'bb', 1, 'Padal', '2024-02-02', 0,
        '2024-02-02 12:00:00.000000', '2024-02-03 12:00:00.000000');
INSERT INTO overrides VALUES
    (1, 'overrides-0001', '1608011007001', 'rawan', 'Padal', 'banjir', '2024-02-01 12:00:00.000000'),
    (2, 'overrides-0002', '1608011007001', 'sangat_rawan', 'Padal', 'salah',
        '2024-02-02 12:00:00.000000');
INSERT INTO plans VALUES
    (1, 'guards-1', 'guards', 'ff', 3, '2024-02-01 12:00:00.000000', X'6F6E65'),
    (2, 'standby-1', 'standby', 'ee', 3, '2024-02-02 12:00:00.000000', X'74776F'),
    (3, 'guards-2', 'guards', 'dd', 5, '2024-02-03 12:00:00.000000', X'7468726565');
