// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
)

// pages are n items as full as they get.
func pages(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = text(fmt.Sprintf("page-%d", i), strings.Repeat(string(rune('a'+i%26)), MaxItem))
	}
	return items
}

// 1,000 accounts are 63 pages: at most a second with the read-back.
func BenchmarkKeyringPut63(b *testing.B) {
	keyringtest.Start(b)
	s := openKeyring(b, "")
	items := pages(63)
	for b.Loop() {
		if err := s.Put(b.Context(), items...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKeyringGet(b *testing.B) {
	keyringtest.Start(b)
	s := openKeyring(b, "")
	if err := s.Put(b.Context(), pages(63)...); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Get(b.Context(), "page-7"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProbe(b *testing.B) {
	keyringtest.Start(b)
	for b.Loop() {
		if err := Probe(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// 10,000 accounts are 625 pages: at most a second.
func BenchmarkFilePut700(b *testing.B) {
	s, _ := newFile(b)
	items := pages(700)
	for b.Loop() {
		if err := s.Put(b.Context(), items...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFilePutOneOf700(b *testing.B) {
	s, _ := newFile(b, pages(700)...)
	for b.Loop() {
		if err := s.Put(b.Context(), text("page-7", "changed")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFileGet(b *testing.B) {
	s, _ := newFile(b, pages(700)...)
	for b.Loop() {
		if _, err := s.Get(b.Context(), "page-7"); err != nil {
			b.Fatal(err)
		}
	}
}

// The variable makes the test binary do one thing in a fresh process and print
// how long it took; fresh.go's point is lost in a warm one.
const freshVar = "KEYSTORE_TEST_FRESH"

func TestFreshProcess(t *testing.T) {
	salt := make([]byte, saltSize)
	s, err := OpenKeyring("")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	switch os.Getenv(freshVar) {
	case "warmed":
		floor.derive(phrase, salt)
	case "plain":
		argon2.IDKey(phrase.Bytes(), salt, uint32(floor.passes), floor.memory, floor.lanes, derivedSize)
	case "keyring":
		_, err = s.Get(t.Context(), "page-7")
	default:
		return // it is for the benchmarks below
	}
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("took %d us\n", time.Since(start).Microseconds())
}

// fresh reports the time of one action in a new process, without its start.
func fresh(b *testing.B, action string, env ...string) {
	var sum int
	for b.Loop() {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFreshProcess$")
		cmd.Env = append(os.Environ(), append(env, freshVar+"="+action)...)
		out, err := cmd.Output()
		var us int
		if _, scan := fmt.Sscanf(string(out), "took %d us", &us); err != nil || scan != nil {
			b.Fatalf("%s: %v", out, err)
		}
		sum += us
	}
	b.ReportMetric(float64(sum)/float64(b.N), "inside-us/op")
}

func BenchmarkFreshArgon2Warmed(b *testing.B) { fresh(b, "warmed") }
func BenchmarkFreshArgon2Plain(b *testing.B)  { fresh(b, "plain") }

func BenchmarkWarmArgon2(b *testing.B) {
	salt := make([]byte, saltSize)
	for b.Loop() {
		floor.derive(secret.FromString("x"), salt)
	}
}

func BenchmarkFreshKeyringGet(b *testing.B) {
	d := keyringtest.Start(b)
	if err := openKeyring(b, "").Put(b.Context(), pages(63)...); err != nil {
		b.Fatal(err)
	}
	fresh(b, "keyring", d.Env()...)
}
