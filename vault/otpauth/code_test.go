// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"encoding/hex"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// ascii returns a key of n bytes "1234567890…", as in the RFCs.
func ascii(n int) secret.Value {
	return secret.FromString(strings.Repeat("1234567890", 7)[:n])
}

// RFC 4226 appendix D.
func TestHOTPVectors(t *testing.T) {
	want := []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"}
	for counter, code := range want {
		k := Key{Type: HOTP, Secret: ascii(20), Counter: uint64(counter)}.Normal()
		got, err := k.Code(time.Unix(-1, 0)) // the time does not matter
		if err != nil || got != (Code{Value: code, Counter: uint64(counter)}) {
			t.Errorf("%d: %+v, %v; want %s", counter, got, err, code)
		}
	}
}

// RFC 6238 appendix B, with the key lengths of its errata.
func TestTOTPVectors(t *testing.T) {
	tests := []struct {
		at                   int64
		sha1, sha256, sha512 string
	}{
		{59, "94287082", "46119246", "90693936"},
		{1111111109, "07081804", "68084774", "25091201"},
		{1111111111, "14050471", "67062674", "99943326"},
		{1234567890, "89005924", "91819424", "93441116"},
		{2000000000, "69279037", "90698825", "38618901"},
		{20000000000, "65353130", "77737706", "47863826"},
	}
	for _, tt := range tests {
		for _, a := range []struct {
			algorithm Algorithm
			bytes     int
			want      string
		}{{SHA1, 20, tt.sha1}, {SHA256, 32, tt.sha256}, {SHA512, 64, tt.sha512}} {
			k := Key{Type: TOTP, Secret: ascii(a.bytes), Algorithm: a.algorithm, Digits: 8}.Normal()
			got, err := k.Code(time.Unix(tt.at, 999_999_999))
			if err != nil || got.Value != a.want || got.Counter != uint64(tt.at/30) {
				t.Errorf("%v at %d: %+v, %v; want %s", a.algorithm, tt.at, got, err, a.want)
			}
			if got.From.Unix() != tt.at/30*30 || got.Until.Sub(got.From) != 30*time.Second {
				t.Errorf("%v at %d: from %v until %v", a.algorithm, tt.at, got.From, got.Until)
			}
		}
	}
}

func TestSteamVectors(t *testing.T) {
	k, err := Parse("steam://63BEDWCQZKTQWPESARIERL5DTTQFCJTK")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[int64]string{1511200518: "FR8RV", 1511200714: "9P3VP"} {
		if got, err := k.Code(time.Unix(at, 0)); err != nil || got.Value != want {
			t.Errorf("%d: %+v, %v; want %s", at, got, err, want)
		}
	}
}

// TestCodesOffline: codes are made from the key and the time alone, for Kutano (R19)
// and for services with parameters of their own (R20). All of them are the last digits of
// 1094287082, the truncated value for counter 1 in RFC 4226 appendix D.
func TestCodesOffline(t *testing.T) {
	const key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	tests := []struct {
		uri  string
		at   int64
		want string
	}{
		{"otpauth://totp/Kutano:ada@example.com?secret=" + key + "&issuer=Kutano", 59, "287082"}, // R19
		{"otpauth://totp/Other:ada?secret=" + key + "&digits=4", 59, "7082"},                     // R20
		{"otpauth://totp/Other:ada?secret=" + key + "&digits=5", 59, "87082"},
		{"otpauth://totp/Other:ada?secret=" + key + "&digits=7", 59, "4287082"},
		{"otpauth://totp/Other:ada?secret=" + key + "&digits=8", 59, "94287082"},
		{"otpauth://totp/Other:ada?secret=" + key + "&digits=9", 59, "094287082"},
		{"otpauth://totp/Other:ada?secret=" + key + "&digits=10", 59, "1094287082"},
		{"otpauth://totp/Other:ada?secret=" + key + "&period=1", 1, "287082"}, // step 1, like 30–59 s
		{"otpauth://totp/Other:ada?secret=" + key + "&period=86400", 86400, "287082"},
		{"otpauth://totp/Other:ada?secret=" + key + "&period=7", 13, "287082"},
		{"otpauth://hotp/Other:ada?secret=" + key + "&counter=1", 0, "287082"},
	}
	for _, tt := range tests {
		k, err := Parse(tt.uri)
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Code(time.Unix(tt.at, 0))
		if err != nil || got.Value != tt.want {
			t.Errorf("%s: %+v, %v; want %s", tt.uri, got, err, tt.want)
		}
	}
}

func TestCodeTimes(t *testing.T) {
	k := sampleKey(func(k *Key) { k.Period = 7 })
	for _, at := range []int64{-1, -1 << 40, math.MinInt64, math.MaxInt64} {
		if _, err := k.Code(time.Unix(at, 0)); !errors.Is(err, ErrClock) {
			t.Errorf("%d: %v, want ErrClock", at, err)
		}
	}
	if _, err := k.Code(time.Time{}); !errors.Is(err, ErrClock) {
		t.Errorf("the zero time: %v, want ErrClock", err)
	}
	for _, at := range []int64{0, 6, 7, 1 << 31, 1<<32 - 1, 1 << 32, 1 << 40} { // 1970, 2038, 2106, far beyond
		c, err := k.Code(time.Unix(at, 0))
		if err != nil || len(c.Value) != 6 || c.From.Unix() != at-at%7 || c.Until.Unix() != at-at%7+7 {
			t.Errorf("%d: %+v, %v", at, c, err)
		}
	}
	for _, bad := range []Key{{}, sampleKey(func(k *Key) { k.Digits = 1 << 62 }), sampleKey(func(k *Key) { k.Period = 0 })} {
		if c, err := bad.Code(time.Unix(59, 0)); err == nil || c != (Code{}) {
			t.Errorf("a bad key makes a code: %+v", c)
		}
	}
}

// needs returns the path of a program, and skips the test where it is not installed.
func needs(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed, and CI must not skip", program)
		}
		t.Skipf("%s is not installed", program)
	}
	return path
}

// TestOathtool compares thousands of codes of random keys with oathtool's.
func TestOathtool(t *testing.T) {
	oathtool := needs(t, "oathtool")
	const runs, window = 90, 49
	r := rand.New(rand.NewPCG(4226, 6238))
	for range runs {
		key := make([]byte, 1+r.IntN(80))
		for i := range key {
			key[i] = byte(r.Uint32())
		}
		k := Key{
			Type: []Type{TOTP, HOTP}[r.IntN(2)], Secret: secret.New(key),
			Algorithm: SHA1, Digits: 6 + r.IntN(3),
		}
		start := r.Int64N(1 << 36)
		args := []string{"-d", strconv.Itoa(k.Digits), "-w", strconv.Itoa(window)}
		if k.Type == HOTP {
			args = append(args, "-c", strconv.FormatInt(start, 10))
		} else {
			k.Algorithm, k.Period = Algorithm(1+r.IntN(3)), 1+r.IntN(300)
			args = append(args, "--totp="+k.Algorithm.String(), "-s", strconv.Itoa(k.Period)+"s",
				"-N", "@"+strconv.FormatInt(start, 10))
		}
		out, err := exec.Command(oathtool, append(args, hex.EncodeToString(key))...).Output()
		if err != nil {
			t.Fatalf("oathtool %v: %v", args, err)
		}
		codes := strings.Fields(string(out))
		if len(codes) != window+1 {
			t.Fatalf("oathtool %v: %d codes", args, len(codes))
		}
		compare(t, k.Normal(), start, codes)
	}
}

func compare(t *testing.T, k Key, start int64, codes []string) {
	t.Helper()
	for i, want := range codes {
		at := start + int64(i*k.Period)
		if k.Type == HOTP {
			k.Counter = uint64(start) + uint64(i)
		}
		if got, err := k.Code(time.Unix(at, 0)); err != nil || got.Value != want {
			t.Fatalf("%+v, %d: %+v, %v; oathtool says %s", k, at, got, err, want)
		}
	}
}
