// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sqlitefile

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func open(t testing.TB, data []byte) *DB {
	t.Helper()
	db, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// cell is a value as make.py writes it.
type cell struct {
	Int, Text, Blob *string
	Float           *float64
}

func (c cell) matches(v value, r Row) bool {
	switch v.kind {
	case integer:
		n, err := json.Marshal(v.n)
		return err == nil && c.Int != nil && *c.Int == string(n)
	case float:
		return c.Float != nil && *c.Float == v.f
	case text:
		return c.Text != nil && *c.Text == r.decode(v.bytes)
	case blob:
		return c.Blob != nil && *c.Blob == hex.EncodeToString(v.bytes)
	}
	return c == cell{}
}

// The databases hold random values; SQLite itself told what they are.
func TestAgainstSQLite(t *testing.T) {
	for _, name := range []string{"p512", "p1024", "p4096", "p65536"} {
		t.Run(name, func(t *testing.T) {
			var want [][]cell
			if err := json.Unmarshal(load(t, name+".json"), &want); err != nil {
				t.Fatal(err)
			}
			i := 0
			err := open(t, load(t, name+".db")).Rows("T", func(r Row) error {
				for j, c := range []string{"id", "a b", "c", "d", "late"} {
					if v := r.value(c); i >= len(want) || !want[i][j].matches(v, r) {
						t.Errorf("row %d, column %s: kind %d", i, c, v.kind)
					}
				}
				i++
				return nil
			})
			if err != nil || i != len(want) {
				t.Errorf("%d rows of %d, %v", i, len(want), err)
			}
		})
	}
}

func TestKindsOfTables(t *testing.T) {
	db := open(t, load(t, "kinds.db"))
	for _, tt := range []struct {
		table, column, want string
		err                 error
	}{
		{"room", "id", "7", nil},
		{"textkey", "id", "", nil},
		{"textkey", "N", "", nil}, // names are in lower case
		{"textkey", "n", "5", nil},
		{`odd "name`, `a"b`, "1", nil},
		{`odd "name`, "c d", "2", nil},
		{`odd "name`, "e", "3", nil},
		{"noid", "a", "", ErrUnsupported},
		{"computed", "a", "", ErrUnsupported},
		{"virt", "a", "", ErrUnsupported},
		{"v", "1", "", ErrNoTable},
		{"none", "a", "", ErrNoTable},
	} {
		got := ""
		err := db.Rows(tt.table, func(r Row) error { got = r.Text(tt.column); return nil })
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s.%s: %q, %v", tt.table, tt.column, got, err)
		}
	}
	if !db.Has("ROOM", "id", "name") || db.Has("room", "id", "x") || db.Has("noid", "a") || db.Has("none") {
		t.Error("Has is wrong")
	}
	stop := errors.New("stop")
	if err := open(t, load(t, "p512.db")).Rows("t", func(Row) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}

func TestFields(t *testing.T) {
	number := func(v value) foreign.Number {
		return Row{columns: []column{{name: "a"}}, values: []value{v}, encoding: utf8Text}.Number("a")
	}
	for _, tt := range []struct {
		v    value
		want foreign.Number
		text string
	}{
		{value{}, foreign.Number{}, ""},
		{value{kind: integer, n: -3}, foreign.Int(-3), "-3"},
		{value{kind: float, f: 30}, foreign.Int(30), "30"},
		{value{kind: float, f: 0.5}, foreign.Number{Set: true, Bad: true}, "0.5"},
		{value{kind: text, bytes: []byte("12")}, foreign.Int(12), "12"},
		{value{kind: text, bytes: []byte("x")}, foreign.Number{Set: true, Bad: true}, "x"},
		{value{kind: blob, bytes: []byte("12")}, foreign.Number{Set: true, Bad: true}, "12"},
	} {
		if got := number(tt.v); got != tt.want {
			t.Errorf("%+v: %+v", tt.v, got)
		}
		r := Row{columns: []column{{name: "a"}}, values: []value{tt.v}, encoding: utf8Text}
		if got := r.Text("a"); got != tt.text {
			t.Errorf("%+v: %q", tt.v, got)
		}
	}
}

func TestParseTable(t *testing.T) {
	for _, tt := range []struct{ sql, want string }{
		{"CREATE TABLE a(b, c)", "b c"},
		{"CREATE TABLE a(b INTEGER PRIMARY KEY)", "b*"},
		{"create table a(B integer primary key desc, c)", "b c"},
		{"CREATE TABLE a(b INT PRIMARY KEY, PRIMARY KEY (c))", "b"},
		{"CREATE TABLE a(b INTEGER, c, CONSTRAINT x PRIMARY KEY (b))", "b* c"},
		{"CREATE TABLE a(b INTEGER, c, PRIMARY KEY (b, c))", "b c"},
		{"CREATE TABLE a(b /* , */ x, 'c' -- ,\n, \"d\"\"e\")", "b c d\"e"},
		{"CREATE TABLE a(b DEFAULT (f(1, 2)), c DEFAULT ')')", "b c"},
		{"CREATE TABLE a(b INTEGER, c INTEGER, PRIMARY KEY (d), PRIMARY KEY (c))", "b c"},
		{"CREATE TABLE a(b" + strings.Repeat(",b", maxColumns) + ")", "!"},
		{"CREATE TABLE a(b", "b"},
		{"CREATE TABLE a", "!"},
		{"CREATE TABLE a()", "!"},
		{"CREATE TABLE a(b) WITHOUT ROWID", "!"},
		{"CREATE TABLE a(b GENERATED ALWAYS AS (1))", "!"},
		{"CREATE VIRTUAL TABLE a USING b(c)", "!"},
		{"", "!"},
	} {
		columns, err := parseTable(tt.sql)
		var names []string
		for _, c := range columns {
			names = append(names, c.name+strings.Repeat("*", map[bool]int{true: 1}[c.rowid]))
		}
		got := strings.Join(names, " ")
		if err != nil {
			got = "!"
		}
		if got != tt.want {
			t.Errorf("%s: %s", tt.sql, got)
		}
	}
}

func TestHostile(t *testing.T) {
	whole := load(t, "p512.db")
	change := func(f func([]byte)) []byte {
		data := bytes.Clone(whole)
		f(data)
		return data
	}
	root := 2 * 512 // page 3, or where the table's tree begins
	if whole[root] != tableInterior {
		root = 512
	}
	if whole[root] != tableInterior {
		t.Fatalf("page type %d", whole[root])
	}
	cellAt := root + int(binary.BigEndian.Uint16(whole[root+12:]))
	leaf := int(binary.BigEndian.Uint32(whole[cellAt:])-1) * 512
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"a cycle", change(func(b []byte) { binary.BigEndian.PutUint32(b[cellAt:], uint32(root/512+1)) }), foreign.ErrDamaged},
		{"a page twice", change(func(b []byte) { copy(b[root+8:root+12], b[cellAt:]) }), foreign.ErrDamaged},
		{"page 0", change(func(b []byte) { binary.BigEndian.PutUint32(b[cellAt:], 0) }), foreign.ErrDamaged},
		{"a page beyond the file", change(func(b []byte) { binary.BigEndian.PutUint32(b[cellAt:], 1<<31) }), foreign.ErrDamaged},
		{"cells beyond the page", change(func(b []byte) { binary.BigEndian.PutUint16(b[leaf+3:], 65535) }), foreign.ErrDamaged},
		{"a cell beyond the page", change(func(b []byte) { binary.BigEndian.PutUint16(b[leaf+8:], 511) }), foreign.ErrDamaged},
		{"an odd page", change(func(b []byte) { b[leaf] = 0x0a }), foreign.ErrDamaged},
		{"a giant row", change(func(b []byte) {
			copy(b[leaf+int(binary.BigEndian.Uint16(b[leaf+8:])):], "\xff\xff\xff\xff\xff\xff\xff\xff\xff")
		}), foreign.ErrDamaged},
		{"all cells the same", change(func(b []byte) {
			n := int(binary.BigEndian.Uint16(b[leaf+3:]))
			for i := range 200 {
				copy(b[leaf+8+2*i:leaf+10+2*i], b[leaf+8:])
			}
			binary.BigEndian.PutUint16(b[leaf+3:], uint16(max(n, 200)))
		}), foreign.ErrDamaged},
		{"page size 0", change(func(b []byte) { b[16], b[17] = 0, 0 }), foreign.ErrDamaged},
		{"no room on a page", change(func(b []byte) { b[20] = 255 }), foreign.ErrDamaged},
		{"an unknown encoding", change(func(b []byte) { b[59] = 9 }), foreign.ErrDamaged},
		{"half", whole[:len(whole)/2], foreign.ErrCutShort},
		{"half a header", whole[:50], foreign.ErrCutShort},
		{"nothing", nil, foreign.ErrDamaged},
	} {
		db, err := Open(tt.data)
		if err == nil {
			err = db.Rows("t", func(Row) error { return nil })
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// Whatever the bytes, a walk ends and stays within the file.
func TestFlipped(t *testing.T) {
	whole := load(t, "kinds.db")
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Clone(whole)
		for range rapid.IntRange(1, 30).Draw(t, "flips") {
			data[rapid.IntRange(16, len(data)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		walkAll(t, data)
	})
}

// walkAll reads all tables, and fails when there are more values than the file has room for.
func walkAll(t interface{ Errorf(string, ...any) }, data []byte) {
	db, err := Open(data)
	if err != nil {
		return
	}
	for name := range db.tables {
		size := 0
		_ = db.Rows(name, func(r Row) error {
			for _, v := range r.values {
				size += len(v.bytes)
			}
			r.Text("a")
			r.Number("id")
			return nil
		})
		if size > len(data) {
			t.Errorf("%d bytes from %d", size, len(data))
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(load(f, "kinds.db"))
	f.Add(load(f, "p512.db"))
	f.Fuzz(func(t *testing.T, data []byte) { walkAll(t, data) })
}

func FuzzParseTable(f *testing.F) {
	f.Add("CREATE TABLE a(`b` INTEGER PRIMARY KEY, [c] DEFAULT 'x', CHECK (1))")
	f.Fuzz(func(t *testing.T, sql string) {
		if columns, err := parseTable(sql); (err == nil) != (len(columns) > 0) {
			t.Errorf("%d columns, %v", len(columns), err)
		}
	})
}

// encrypt does what SQLCipher does, to a database whose pages have the room for it.
func encrypt(t testing.TB, s scheme, plain []byte, pass string) []byte {
	t.Helper()
	out := bytes.Clone(plain)
	copy(out, "0123456789abcdef")
	k, err := s.derive(context.Background(), []byte(pass), out[:saltSize])
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(k.page)
	if err != nil {
		t.Fatal(err)
	}
	for n := uint32(1); int(n)*s.pageSize <= len(out); n++ {
		p := out[int(n-1)*s.pageSize:][:s.pageSize]
		body, iv, sum := k.parts(p, n)
		for i := range iv {
			iv[i] = byte(i) * byte(n)
		}
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(body, body)
		mac := hmac.New(s.hash, k.mac)
		mac.Write(body)
		mac.Write(iv)
		mac.Write([]byte{byte(n), 0, 0, 0})
		copy(sum, mac.Sum(nil))
	}
	return out
}

// roomy makes an empty database of two pages.
func roomy(s scheme) []byte {
	data := make([]byte, 2*s.pageSize)
	copy(data, magic)
	binary.BigEndian.PutUint16(data[16:], uint16(s.pageSize))
	data[20], data[59] = byte(s.reserved), 1
	data[100] = tableLeaf
	data[s.pageSize] = tableLeaf
	return data
}

func TestDecrypt(t *testing.T) {
	for i, s := range schemes {
		s.rounds = min(s.rounds, 4000)
		defer func(was int) { schemes[i].rounds = was }(schemes[i].rounds)
		schemes[i].rounds = s.rounds + i // so that each is told from the others
		s = schemes[i]
		plain := roomy(s)
		locked := encrypt(t, s, plain, "pass")
		got, err := Decrypt(t.Context(), locked, []byte("pass"))
		if err != nil || !bytes.Equal(got[:s.pageSize-s.reserved], plain[:s.pageSize-s.reserved]) {
			t.Errorf("scheme %d: %v", i, err)
		}
		if !MayBeEncrypted(locked) {
			t.Errorf("scheme %d: not taken for encrypted", i)
		}
		if _, err := Decrypt(t.Context(), locked, []byte("other")); !errors.Is(err, foreign.ErrPassword) {
			t.Errorf("scheme %d, another passphrase: %v", i, err)
		}
		locked[s.pageSize+5] ^= 1
		got, err = Decrypt(t.Context(), locked, []byte("pass"))
		if err != nil || got[s.pageSize] != 0 || got[100] != tableLeaf {
			t.Errorf("scheme %d, tampered with: %v", i, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Decrypt(ctx, roomy(schemes[0]), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Decrypt(t.Context(), []byte("short"), nil); !errors.Is(err, foreign.ErrPassword) {
		t.Errorf("short: %v", err)
	}
}

func TestMayBeEncrypted(t *testing.T) {
	for _, data := range [][]byte{
		nil, load(t, "kinds.db"), []byte(strings.Repeat("0123456789abcdef", 128)), bytes.Repeat([]byte{0, 0, 0, 1}, 512), load(t, "p512.db")[:2048],
	} {
		if MayBeEncrypted(data) {
			t.Errorf("%d bytes are taken for encrypted", len(data))
		}
	}
}
