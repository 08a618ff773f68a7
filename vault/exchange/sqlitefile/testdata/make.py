# Copyright 2026 The Kutano Authenticator authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the databases here, and beside each what SQLite itself reads from it."""
import json
import os
import random
import sqlite3

random.seed(7)
INTS = [0, 1, -1, 127, 128, -129, 32767, -32769, 8388607, -8388609, 2**31 - 1, -2**31 - 1, 2**47 - 1, -2**47 - 1, 2**63 - 1, -2**63]


def value():
    return random.choice([
        lambda: None,
        lambda: random.choice(INTS),
        lambda: random.randrange(-10**6, 10**6),
        lambda: random.choice([0.5, -1.25, 1e300, 3.0]),
        lambda: random.randbytes(random.randrange(40)),
        lambda: "x" * random.choice([0, 1, 63, 64, 65, 400, 470, 480, 1000]),
        lambda: "".join(random.choice("abc ëß𝄞:") for _ in range(random.randrange(30))),
    ])()


def shown(v):
    for kind, name in ((bytes, "blob"), (int, "int"), (float, "float"), (str, "text")):
        if isinstance(v, kind):
            return {name: v.hex() if kind is bytes else str(v) if kind is int else v}
    return {}


def create(name, page, encoding="UTF-8"):
    if os.path.exists(name):
        os.remove(name)
    c = sqlite3.connect(name)
    c.execute(f"PRAGMA page_size={page}")
    c.execute(f"PRAGMA encoding='{encoding}'")
    return c


def random_table(name, page, encoding, rows, vacuum="NONE"):
    c = create(name + ".db", page, encoding)
    c.execute(f"PRAGMA auto_vacuum={vacuum}")
    c.execute("""CREATE TABLE [t] (id INTEGER PRIMARY KEY, -- a comment, with a comma
        `a b` TEXT DEFAULT 'x, (y)', c BLOB CHECK (length(c) >= 0), d NUMERIC(10, 2), UNIQUE (id, d))""")
    for i in range(rows * 2):
        c.execute('INSERT INTO t(id, "a b", c, d) VALUES(?, ?, ?, ?)', (i * 3 + 1, value(), value(), value()))
    c.execute("INSERT INTO t(id, c) VALUES(1000000, ?)", ("long " * 1000,))
    c.execute("DELETE FROM t WHERE id % 2 = 0 AND id < 1000000")
    c.execute("ALTER TABLE t ADD COLUMN late INTEGER")
    c.execute("UPDATE t SET late = id WHERE id > 100")
    c.commit()
    rows = c.execute('SELECT id, "a b", c, d, late FROM t ORDER BY id')
    with open(name + ".json", "w", encoding="utf-8") as f:
        json.dump([[shown(v) for v in r] for r in rows], f, ensure_ascii=False)
    c.close()


random_table("p512", 512, "UTF-8", 60)
random_table("p1024", 1024, "UTF-16le", 20, "FULL")
random_table("p4096", 4096, "UTF-16be", 20)
random_table("p65536", 65536, "UTF-8", 10)

c = create("kinds.db", 512)
c.executescript("""
CREATE TABLE noid (a TEXT PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO noid VALUES('x', 1);
CREATE TABLE computed (a, b AS (a + 1)); INSERT INTO computed(a) VALUES(1);
CREATE VIRTUAL TABLE virt USING fts5(a);
CREATE TABLE room (`id` INTEGER NOT NULL, `name` TEXT, PRIMARY KEY(`id`)); INSERT INTO room VALUES(7, 'x');
CREATE TABLE textkey (id TEXT PRIMARY KEY, n INT); INSERT INTO textkey VALUES(NULL, 5);
CREATE TABLE "odd ""name" ("a""b", [c d], 'e' DEFAULT (CAST(1 AS INT))); INSERT INTO "odd ""name" VALUES(1, 2, 3);
CREATE VIEW v AS SELECT 1;
""")
c.close()
