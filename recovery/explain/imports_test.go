// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"errors"
	"fmt"
	"go/ast"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

func TestFiguresAreTold(t *testing.T) {
	for _, c := range []struct {
		err  error
		kind Kind
		what string
	}{
		{foreign.Afford(foreign.Memory, 2<<30, 1<<30), TooLarge, "It asks for 2 GiB of memory to open; at most 1 GiB is allowed here."},
		{foreign.Afford(foreign.Memory, 1<<30+1, 1<<30), TooLarge, "It asks for 1.1 GiB of memory to open; at most 1 GiB is allowed here."},
		{foreign.Afford(foreign.Memory, 1<<64-1, 1<<30), TooLarge, "It asks for 16 EiB of memory to open; at most 1 GiB is allowed here."},
		{
			foreign.Afford(foreign.Rounds, 30_000_000, foreign.MaxRounds), TooLarge,
			"It asks for 30\u202f000\u202f000 rounds of computing to open; at most 20\u202f000\u202f000 are allowed here.",
		},
		{&foreign.VersionError{Version: 9, Err: foreign.ErrNewer}, Newer, "It is of version 9, which is newer than what is known here."},
		{&foreign.VersionError{Version: 3, Err: foreign.ErrOlder}, Unsupported, "It is of version 3, an old one that is not read here."},
		{foreign.NoPlace("digits", "it has six"), Refused, "The other app does not have codes of this length."},
		{foreign.NoPlace("", "it has six"), Refused, "The other app has no place for this account."},
		{&foreign.TypeError{Type: "motp"}, Refused, "mOTP codes are not supported here."},
		{&foreign.TypeError{Type: "yandex"}, Refused, "Yandex codes are not supported here."},
		{&foreign.TypeError{Type: "strange1"}, Refused, "strange1 codes are not supported here."},
		{&foreign.TypeError{Type: "not a word\n"}, Refused, "This kind of code is not supported here."},
	} {
		m := Error(fmt.Errorf("read file: %w", c.err))
		if m.What != c.what || m.Kind != c.kind || m.Safe == "" || m.Next == "" {
			t.Errorf("%v: %+v, want %q", c.err, m, c.what)
		}
	}
}

func TestAmounts(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1 KiB", 1025: "1.1 KiB", 1536: "1.5 KiB", 2047: "2 KiB",
		64 << 20: "64 MiB", 5 << 60: "5 EiB",
	} {
		if got := amount(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// Every remark that package foreign names has a sentence of its own.
func TestEveryRemarkHasASentence(t *testing.T) {
	used := strings.Join(ruled(t), " ") + " "
	n := 0
	for _, file := range parse(t, sources["foreign"]) {
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || len(g.Specs) == 0 {
				continue
			}
			if v, ok := g.Specs[0].(*ast.ValueSpec); !ok || fmt.Sprint(v.Type) != "Remark" {
				continue
			}
			for _, spec := range g.Specs {
				n++
				if name := spec.(*ast.ValueSpec).Names[0].Name; !strings.Contains(used, "foreign."+name+" ") {
					t.Errorf("foreign.%s has no sentence", name)
				}
			}
		}
	}
	if n == 0 {
		t.Fatal("no remarks were found")
	}
	seen := map[string]bool{}
	for r := range foreign.Remark(n) {
		text := Remark(r + 1)
		if text == "" || seen[text] || !strings.HasSuffix(text, ".") || forbidden.MatchString(text) {
			t.Errorf("remark %d: %q", r+1, text)
		}
		seen[text] = true
	}
	if got := Remark(0); got != "" {
		t.Errorf("no remark is %q", got)
	}
}

// What became of a file that was to be erased is said, and not only why.
func TestErased(t *testing.T) {
	for _, how := range []error{atomicfile.ErrPartly, atomicfile.ErrEmptied} {
		for _, why := range []error{fs.ErrPermission, syscall.ENOSPC, errors.New("any")} {
			if got, want := Error(fmt.Errorf("erase a: %w: %w", how, why)), Error(how); got != want {
				t.Errorf("%v: %v", why, got)
			}
		}
	}
}
