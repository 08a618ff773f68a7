// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	workFactor = 8
	os.Exit(m.Run())
}

// golden compares with a file in testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile("testdata/"+name, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is now\n%s", name, got)
	}
}

var sampleTime = time.Unix(1764081130, 0)

// sample is a document with everything that one can have. Its keys are made up.
func sample() Document {
	return Document{
		Made: sampleTime,
		Accounts: []Entry{
			{
				ID: "abcdefghij23", URI: secret.FromString("otpauth://totp/Example:alice@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example"),
				Tags: []string{"work", "zwei \"Wörter\""}, Note: "line one\nline two\t\u2028", Icon: "example.com", Favourite: true,
				Used: time.Unix(1764000000, 0), Verified: time.Unix(1763000000, 0),
			},
			{URI: secret.FromString("otpauth://hotp/bob?secret=GEZDGNBVGY3TQOJQ&counter=7"), Removed: time.Unix(1762000000, 0)},
			{ID: "zzzzzzzzzzzz", URI: secret.New([]byte("no text \xff\xfe"))},
		},
		Aside: []Aside{
			{Name: "Old", Reason: "its line cannot be read", Line: secret.FromString("abc \\ \"def\"\x00")},
			{Reason: "a page of another kind", Line: secret.New([]byte{0, 0xff, '"'})},
		},
	}
}

// small is a document of one account.
func small() Document {
	return Document{Made: sampleTime, Accounts: []Entry{{URI: secret.FromString("otpauth://totp/a?secret=GEZDGNBVGY3TQOJQ")}}}
}

// many is a document of n accounts.
func many(n int) Document {
	d := Document{Made: sampleTime, Accounts: make([]Entry, n)}
	for i := range d.Accounts {
		d.Accounts[i] = Entry{
			ID:   strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprintf("%012d", i)),
			URI:  secret.FromString(fmt.Sprintf("otpauth://totp/Service%%20%d:user%d@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Service%%20%d", i, i, i)),
			Tags: []string{"work"}, Used: sampleTime,
		}
	}
	return d
}

// same tells whether two documents hold the same.
func same(a, b Document) bool { return reflect.DeepEqual(plain(a), plain(b)) }

// plain shows a document with its secrets.
func plain(d Document) (out []string) {
	stamp := func(t time.Time) int64 { return seconds(t) }
	out = append(out, fmt.Sprint(stamp(d.Made)))
	for _, e := range d.Accounts {
		out = append(out, fmt.Sprintf("%q %q %q %q %q %v %d %d %d", e.ID, e.URI.Reveal(), e.Tags, e.Note, e.Icon, e.Favourite,
			stamp(e.Used), stamp(e.Verified), stamp(e.Removed)))
	}
	for _, a := range d.Aside {
		out = append(out, fmt.Sprintf("aside %q %q %q", a.Name, a.Reason, a.Line.Reveal()))
	}
	return out
}
