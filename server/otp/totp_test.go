// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otp_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
)

// rfcSecret is the key of RFC 6238, appendix B, for SHA-1.
var rfcSecret = []byte("12345678901234567890")

func TestVectorsOfRFC6238(t *testing.T) {
	for unix, want := range map[int64]string{ // the last six of the eight digits there
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		at := time.Unix(unix, 0)
		got, err := otp.Code(rfcSecret, otp.Step(at))
		if err != nil || got != want {
			t.Errorf("at %d: %s, %v, want %s", unix, got, err, want)
		}
		if m, ok, err := otp.Find(rfcSecret, want, at, 0, 0); err != nil || !ok || m.Drift != 0 || m.Step != unix/30 {
			t.Errorf("at %d: %+v, %v, %v", unix, m, ok, err)
		}
	}
}

func code(t interface{ Fatal(...any) }, secret []byte, step int64) string {
	c, err := otp.Code(secret, step)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// R54: the neighbouring step is accepted, and no further one.
func TestWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), otp.SecretSize, otp.SecretSize).Draw(t, "secret")
		now := time.Unix(rapid.Int64Range(1e9, 4e9).Draw(t, "now"), 0)
		resync := rapid.IntRange(-otp.Reach, otp.Reach).Draw(t, "resync")
		off := rapid.IntRange(-3, 3).Draw(t, "off")
		step := otp.Step(now) + int64(resync) + int64(off)
		typed := code(t, secret, step)
		near := false
		for d := int64(-otp.Window); d <= otp.Window; d++ { // codes of two steps can be the same
			near = near || code(t, secret, otp.Step(now)+int64(resync)+d) == typed
		}
		m, ok, err := otp.Find(secret, typed, now, resync, 0)
		if err != nil || ok != near {
			t.Fatalf("off by %d: %v, %v", off, ok, err)
		}
		if ok && (m.Used || int64(m.Drift) != m.Step-otp.Step(now) || code(t, secret, m.Step) != typed) {
			t.Fatalf("%+v", m)
		}
		if ok {
			if again, ok, err := otp.Find(secret, typed, now, resync, m.Step+otp.Window+1); err != nil || !ok || !again.Used {
				t.Fatalf("after the step was taken: %+v, %v, %v", again, ok, err)
			}
		}
	})
}

func TestUsedStep(t *testing.T) {
	now := time.Unix(59, 0)
	for _, c := range []struct {
		off, last int64
		used      bool
	}{{0, 0, false}, {0, 1, true}, {0, 2, true}, {1, 1, false}, {1, 2, true}, {-1, 0, true}} {
		m, ok, err := otp.Find(rfcSecret, code(t, rfcSecret, otp.Step(now)+c.off), now, 0, c.last)
		if err != nil || !ok || m.Used != c.used || m.Drift != int(c.off) {
			t.Errorf("%+v: %+v, %v, %v", c, m, ok, err)
		}
	}
}

func TestResyncReach(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	secret := otp.NewSecret()
	for off := -otp.Reach - 2; off <= otp.Reach+2; off++ {
		step := otp.Step(now) + int64(off)
		m, ok, err := otp.Resync(secret, code(t, secret, step-1), code(t, secret, step), now, 0)
		if want := off >= -otp.Reach && off <= otp.Reach; err != nil || ok != want || ok && (m.Drift != off || m.Step != step || m.Used) {
			t.Errorf("off by %d: %+v, %v, %v", off, m, ok, err)
		}
		if _, ok, _ := otp.Resync(secret, code(t, secret, step), code(t, secret, step-1), now, 0); ok {
			t.Errorf("off by %d: two codes in the wrong order", off)
		}
		if _, ok, _ := otp.Resync(secret, code(t, secret, step), code(t, secret, step), now, 0); ok {
			t.Errorf("off by %d: one code twice", off)
		}
	}
	step := otp.Step(now) + 5
	for last, used := range map[int64]bool{step - 2: false, step - 1: true, step: true} {
		m, ok, err := otp.Resync(secret, code(t, secret, step-1), code(t, secret, step), now, last)
		if err != nil || !ok || m.Used != used {
			t.Errorf("the last accepted is %d before: %+v, %v, %v", step-last, m, ok, err)
		}
	}
}

func TestNormalise(t *testing.T) {
	for typed, want := range map[string]string{
		"123456": "123456", "123 456": "123456", " 123-456\n": "123456", "1 2 3 4 5 6": "123456", "123\u00a0456": "123456", "123–456": "123456",
		"": "", "12345": "", "1234567": "", "12345a": "", "１２３４５６": "", "-12345": "", "+123456": "", "123,456": "", "000000": "000000",
		strings.Repeat(" ", 100) + "123456": "",
	} {
		got, err := otp.Normalise(typed)
		if got != want || (want == "") != refusal.Is(err, refusal.CodeMalformed) {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"123456", "123 456", "12-34-56", "١٢٣٤٥٦", "", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := otp.Normalise(typed)
		if err != nil {
			if got != "" || !refusal.Is(err, refusal.CodeMalformed) {
				t.Fatalf("%q, %v", got, err)
			}
			return
		}
		if again, err := otp.Normalise(got); err != nil || again != got || len(got) != otp.Digits {
			t.Fatalf("%q is not what it becomes: %q, %v", got, again, err)
		}
	})
}

func TestRandomCodesAreUniform(t *testing.T) {
	const n = 20_000
	var seen [otp.Digits][10]int
	for range n {
		c := otp.Random()
		if got, err := otp.Normalise(c); err != nil || got != c {
			t.Fatalf("%q is no code", c)
		}
		for i, d := range c {
			seen[i][d-'0']++
		}
	}
	for i := range seen {
		for d, times := range seen[i] { // 2000 expected; ten standard deviations are 424
			if times < 1576 || times > 2424 {
				t.Errorf("place %d: the digit %d came %d times of %d", i, d, times, n)
			}
		}
	}
}
