# Copyright 2026 The Kutano Authenticator authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the databases here. It takes the sqlite3 program and Python's cryptography."""
import hashlib
import hmac
import os
import subprocess

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def make(name, sql, page=512, reserved=0):
    if os.path.exists(name):
        os.remove(name)
    room = f".filectrl reserve_bytes {reserved}\nVACUUM;" if reserved else ""
    subprocess.run(["sqlite3", name], input=f"PRAGMA page_size={page};\nCREATE TABLE android_metadata (locale TEXT);\n{room}\n{sql}",
                   text=True, check=True, capture_output=True)


def encrypt(name, password, page, rounds, digest, reserved):
    """Does what SQLCipher does."""
    data = open(name, "rb").read()
    assert data[20] == reserved and len(data) % page == 0
    salt = bytes(range(200, 216))
    key = hashlib.pbkdf2_hmac(digest, password, salt, rounds, 32)
    mac_key = hashlib.pbkdf2_hmac(digest, key, bytes(c ^ 0x3A for c in salt), 2, 32)
    out = b""
    for n in range(len(data) // page):
        p = data[n * page + (16 if n == 0 else 0):(n + 1) * page - reserved]
        iv = hashlib.md5(bytes([n])).digest()
        e = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        body = e.update(p) + e.finalize()
        tag = hmac.new(mac_key, body + iv + (n + 1).to_bytes(4, "little"), digest).digest()
        out += (salt if n == 0 else b"") + body + (iv + tag).ljust(reserved, b"\0")
    with open(name, "wb") as f:
        f.write(out)


make("google-old.db", """
CREATE TABLE accounts (_id INTEGER PRIMARY KEY, email TEXT NOT NULL, secret TEXT NOT NULL, counter INTEGER DEFAULT 0, type INTEGER,
  provider INTEGER DEFAULT 0);
INSERT INTO accounts VALUES (1, 'ann@example.com', 'JBSWY3DPEHPK3PXP', 0, 0, 0), (2, 'Acme:bob', 'gezdgnbvgy3tqojq', 7, 1, 0);
""")
make("google.db", """
CREATE TABLE accounts (_id INTEGER PRIMARY KEY, email TEXT NOT NULL, secret TEXT NOT NULL, counter INTEGER DEFAULT 0, type INTEGER,
  provider INTEGER DEFAULT 0, issuer TEXT DEFAULT NULL, original_name TEXT DEFAULT NULL, isencrypted INTEGER DEFAULT 0);
INSERT INTO accounts VALUES (1, 'Acme:ann', 'JBSWY3DPEHPK3PXP', 0, 0, 0, 'Acme', 'Acme:ann', 0),
  (2, 'bob', 'GEZDGNBVGY3TQOJQ', 9, 1, 0, 'Acme', NULL, 0), (3, 'eve', 'c2VhbGVkIGJ5IHRoZSBwaG9uZQ==', 0, 0, 0, 'Acme', NULL, 1),
  (4, 'odd', 'GEZDGNBVGY3TQOJQ', 0, 5, 0, NULL, NULL, 0), (5, 'none', '', 0, 0, 0, NULL, NULL, 0), (6, 'back', 'GEZDGNBVGY3TQOJQ', -1, 1, 0, '', '', 0);
""")
make("phonefactor.db", """
CREATE TABLE `accounts` (`_id` INTEGER PRIMARY KEY AUTOINCREMENT, `name` TEXT NOT NULL, `username` TEXT NOT NULL, `oath_secret_key` TEXT NOT NULL,
  `oath_enabled` INTEGER NOT NULL, `account_type` INTEGER NOT NULL, `encrypted_oath_secret_key` TEXT NOT NULL);
INSERT INTO accounts VALUES (1, 'Acme', 'ann', 'jbswy3dpehpk3pxp', 0, 0, ''), (2, 'Microsoft', 'ann@outlook.com', 'c2VjcmV0IGtleSBvZiAyMCBieQ==', 1, 1, ''),
  (3, 'Work', 'ann@work.com', '', 0, 2, ''), (4, 'Work', 'otp@work.com', 'GEZDGNBVGY3TQOJQ', 1, 2, ''), (5, 'Newer', 'ann', '', 0, 0, 'c2VhbGVk'),
  (6, 'Microsoft', 'bad', '!', 1, 1, '');
""")
PLUS = """
CREATE TABLE accounts (_id INTEGER PRIMARY KEY, position INTEGER, email TEXT NOT NULL, secret TEXT NOT NULL, counter INTEGER DEFAULT 0, type INTEGER,
  provider INTEGER DEFAULT 0, timestamp TEXT NOT NULL, uid TEXT NOT NULL, issuer TEXT, original_name TEXT, category TEXT NOT NULL DEFAULT 'All Accounts');
CREATE TABLE category (name TEXT NOT NULL, _id INTEGER PRIMARY KEY, position INTEGER DEFAULT 0, timestamp TEXT NOT NULL);
INSERT INTO accounts VALUES (1, 1, 'ann', 'JBSWY3DPEHPK3PXP', 0, 0, 0, 't', 'a', 'Acme', 'Acme:ann', 'Work'),
  (2, 2, 'bob', 'GEZDGNBVGY3TQOJQ', 9, 1, 0, 't', 'b', NULL, 'bob', 'All Accounts'),
  (3, 3, 'eve', '6162636465666768696a', 0, 2, 0, 't', 'c', 'Battle.net', NULL, 'All Accounts'),
  (4, 4, 'bad', 'xyz', 0, 2, 0, 't', 'd', NULL, NULL, 'Work');
"""
make("plus.db", PLUS)
make("plus-locked.db", PLUS, 1024, 48)
encrypt("plus-locked.db", b"pass", 1024, 64_000, "sha1", 48)
STRATUM = """
CREATE TABLE "authenticator"(
"type" integer ,
"icon" varchar(32) ,
"issuer" varchar(32) ,
"username" varchar(40) ,
"secret" varchar primary key not null ,
"pin" varchar(16) ,
"algorithm" integer ,
"digits" integer ,
"period" integer ,
"counter" integer ,
"ranking" integer );
CREATE TABLE "category"("id" varchar primary key not null , "name" varchar(32) , "ranking" integer );
CREATE TABLE "authenticatorcategory"("categoryId" varchar , "authenticatorSecret" varchar , "ranking" integer );
INSERT INTO authenticator VALUES (2, 'x', 'Acme', 'ann', 'JBSWY3DPEHPK3PXP', NULL, 1, 8, 60, 0, 0), (1, NULL, 'Acme', NULL, 'GEZDGNBVGY3TQOJQ', NULL, 0, 6, 0, 9, 1),
  (4, NULL, 'Steam', 'eve', 'GEZDGNBVGY3TQOJR', NULL, 0, 5, 30, 0, 2), (3, NULL, 'Old', 'pin', '7ac61d4736f51a2b', '1234', 0, 6, 10, 0, 3),
  (2, NULL, 'Odd', 'alg', 'GEZDGNBVGY3TQOJS', NULL, 9, 6, 30, 0, 4), (2, NULL, 'Odd', 'zero', 'GEZDGNBVGY3TQOJT', NULL, 0, 6, 0, 0, 5),
  (9, NULL, 'Odd', 'type', 'GEZDGNBVGY3TQOJU', NULL, 0, 6, 30, 0, 6);
INSERT INTO category VALUES ('c1', 'Work', 0), ('c2', 'Home', 1);
INSERT INTO authenticatorcategory VALUES ('c1', 'JBSWY3DPEHPK3PXP', 0), ('c2', 'JBSWY3DPEHPK3PXP', 0), ('c9', 'GEZDGNBVGY3TQOJQ', 0);
"""
make("stratum.db", STRATUM)
make("stratum-locked.db", STRATUM, 4096, 80)
encrypt("stratum-locked.db", b"pass", 4096, 256_000, "sha512", 80)
make("other-locked.db", "CREATE TABLE x (y); INSERT INTO x VALUES (1);", 1024, 48)
encrypt("other-locked.db", b"pass", 1024, 4_000, "sha1", 48)
