// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// seeds are texts that touch each part of the readers.
var seeds = []string{
	"", "otpauth://", "otpauth://totp/Kutano:ada@example.com?secret=" + sample + "&issuer=Kutano",
	"OTPAUTH://HOTP/a%3A%20b?counter=5&SECRET=jbsw y3dp====&algorithm=HMAC-SHA-512&digits=8",
	"otpauth://steam/Valve:bob?secret=" + sample + "&encoder=steam", "steam://" + sample,
	"otpauth://totp/C++:a+b?issuer=C++&amp;secret=" + sample + "&image=https://x.io#l&&=&x",
	"otpauth://totp/:a:b%00?secret=" + sample, "otpauth://totp/é\u202e🐙?secret=AA&period=86400",
	"otpauth://totp/x?secret=" + sample + "&secret=AAAA&digits=18446744073709551615&period=0",
	"otpauth://totp?%", "otpauth://totp/%?%=%&secret=%4",
	"motp://x:y?secret=00112233", "otpauth://yaotp/x?secret=AA", "see <otpauth://totp/a b?secret=JBSW Y3DP> or \"otpauth://totp/x?secret=A\"",
	"otpauth-migration://offline?data=" + "ChgKCkhlbGxvId6tvu8SBE5hbWUgASgBMAIQAhABGAEgAA%3D%3D",
	hello().uri(), msg{}.text(1, string(hello().num(6, 1).num(7, 3))).num(3, 2).num(4, 1).num(5, 1<<63).uri(),
}

// mustBeSound fails unless a key that was accepted is valid, makes codes of the right
// length at any time and counter, and is written so that it reads back the same.
func mustBeSound(t *testing.T, k Key) {
	t.Helper()
	if err := k.Validate(); err != nil {
		t.Fatalf("accepted, but not valid: %v", err)
	}
	if !equal(k, k.Normal()) {
		t.Fatalf("accepted, but not normal: %+v", k)
	}
	uri := k.URI()
	again, err := Parse(uri.Reveal())
	if err != nil || !equal(again, k) {
		t.Fatalf("%q reads back as %+v, %v; want %+v", uri.Reveal(), again, err, k)
	}
	for _, at := range []int64{0, 59, 1 << 31, 1 << 40} {
		c, err := k.Code(time.Unix(at, 0))
		if err != nil || len(c.Value) != k.Digits {
			t.Fatalf("at %d: %+v, %v", at, c, err)
		}
	}
}

// mustBeRefusal fails unless err is an *Error with a sentinel.
func mustBeRefusal(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Err == nil || e.Error() == "" {
		t.Fatalf("refused with %#v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := Parse(s)
		if err != nil {
			mustBeRefusal(t, err)
			return
		}
		mustBeSound(t, k)
	})
}

func FuzzParseMigration(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, []byte{})
	}
	f.Add("", []byte(msg{}.text(1, string(hello())).num(2, 1).num(3, 1)))
	f.Fuzz(func(t *testing.T, s string, payload []byte) {
		if len(payload) > 0 {
			s = msg(payload).uri()
		}
		b, err := ParseMigration(s)
		if err != nil {
			mustBeRefusal(t, err)
			return
		}
		if len(b.Entries) == 0 || b.Size < 1 || b.Index < 0 || b.Index >= b.Size {
			t.Fatalf("%+v", b)
		}
		mustBeFound(t, b.Entries)
	})
}

func mustBeFound(t *testing.T, found []Found) {
	t.Helper()
	for _, f := range found {
		if checkText("", f.Name) != nil || len(f.Name) > maxName+len("…") {
			t.Fatalf("name %q", f.Name)
		}
		if f.Err != nil {
			mustBeRefusal(t, f.Err)
			if !equal(f.Key, Key{}) {
				t.Fatalf("key and error: %+v", f)
			}
			continue
		}
		mustBeSound(t, f.Key)
	}
}

func FuzzParseSecret(f *testing.F) {
	for _, s := range []string{"", sample, "jbsw y3dp-ehpk", "A", "AA======", "JB=A", "\ufeffé", "POAKSPDOASKDOS"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseSecret(s)
		if err != nil {
			mustBeRefusal(t, err)
			return
		}
		again, err := ParseSecret(noPad.EncodeToString(v.Bytes()))
		if err != nil || !again.Equal(v) || v.Len() == 0 || v.Len() > len(s) {
			t.Fatalf("%q reads %x, and back %x, %v", s, v.Bytes(), again.Bytes(), err)
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Add(strings.Join(seeds, "\n"))
	f.Add(strings.Join(seeds, ", "))
	f.Fuzz(func(t *testing.T, s string) {
		found := Find(s)
		mustBeFound(t, found)
		Incomplete([]string{s})
		if k, err := Parse(s); err == nil && !strings.ContainsAny(s, " \"<'") {
			if len(found) == 0 || found[0].Err != nil {
				t.Fatalf("%q: Parse reads %+v, Find finds %+v", s, k, found)
			}
		}
	})
}
