// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// manyURIs are as they come from real services.
func manyURIs(n int) []string {
	uris := make([]string, n)
	for i := range uris {
		uris[i] = fmt.Sprintf("otpauth://totp/Some%%20Service%d:ada%d@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"+
			"&issuer=Some%%20Service%d&algorithm=SHA1&digits=6&period=30", i, i, i)
	}
	return uris
}

// BenchmarkParse10000 is the reading of a large vault: at most 10 ms.
func BenchmarkParse10000(b *testing.B) {
	uris := manyURIs(10_000)
	b.ReportAllocs()
	for b.Loop() {
		for _, u := range uris {
			if _, err := Parse(u); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkURI(b *testing.B) {
	k, err := Parse(manyURIs(1)[0])
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		k.URI()
	}
}

func BenchmarkFind10000(b *testing.B) {
	text := strings.Join(manyURIs(10_000), "\n")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if n := len(Find(text)); n != 10_000 {
			b.Fatal(n)
		}
	}
}

func BenchmarkCode(b *testing.B) {
	k, err := Parse(manyURIs(1)[0])
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	at := time.Unix(1742298622, 0)
	for b.Loop() {
		if _, err := k.Code(at); err != nil {
			b.Fatal(err)
		}
	}
}

// TestCodeAllocations: at most one allocation beyond the library's own, the key as text.
func TestCodeAllocations(t *testing.T) {
	k, err := Parse(manyURIs(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	text := noPad.EncodeToString(k.Secret.Bytes())
	opts := hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	library := testing.AllocsPerRun(100, func() { _, _ = hotp.GenerateCodeCustom(text, 1, opts) })
	ours := testing.AllocsPerRun(100, func() { _, _ = k.Code(time.Unix(30, 0)) })
	if ours > library+1 {
		t.Errorf("%v allocations, the library alone has %v", ours, library)
	}
}
