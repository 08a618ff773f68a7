// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && !race

package exchange

import (
	"bytes"
	"cmp"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// need skips the test where a program is not installed.
func need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed; .ci/deps test installs it", p)
		}
		t.Skipf("%s is not installed; .ci/deps test installs it", p)
	}
}

// peer is how another program is called.
type peer struct {
	env []string
	in  string // on standard input
}

func (p peer) run(t testing.TB, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), append([]string{"LC_ALL=C.UTF-8"}, p.env...)...)
	cmd.Stdin = strings.NewReader(p.in)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v: %s", program, args[0], err, errs.String())
	}
	return string(out)
}

func account(uri string) foreign.Entry { return foreign.FromURI(uri) }

// samples are accounts of the kinds that the peers know, with the keys of RFC
// 6238, appendix B, and names that have to be escaped.
func samples(t testing.TB) []foreign.Entry {
	t.Helper()
	const (
		short = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
		long  = short + "GEZDGNBVGY3TQOJQGEZA"
	)
	all := []foreign.Entry{
		account("otpauth://totp/Kutano:ada@example.com?issuer=Kutano&secret=" + short),
		account("otpauth://totp/Caf%C3%A9%20%26%20Co:b%C3%A9la?issuer=Caf%C3%A9%20%26%20Co&digits=8&algorithm=SHA256&secret=" + long),
		account("otpauth://totp/Minute:m?issuer=Minute&period=60&algorithm=SHA512&secret=" + long),
		account("otpauth://hotp/Counter:c?issuer=Counter&counter=5&secret=" + short),
	}
	all[0].Tags, all[0].Note, all[0].Favourite = []string{"work"}, "a note", true
	for _, e := range all {
		if e.Err != nil {
			t.Fatal(e.Err)
		}
	}
	return all
}

// export writes what fits of the accounts as files, and returns their paths and
// the keys that are in them.
func export(t testing.TB, target, pass string, all []foreign.Entry) (paths []string, keys []otpauth.Key) {
	t.Helper()
	w, err := exchange.Write(t.Context(), target, all, secret.FromString(pass))
	if err != nil {
		t.Fatal(err)
	}
	if paths, err = exchange.Save(t.Context(), filepath.Join(t.TempDir(), "accounts"+w.Target.Ext), w, false); err != nil {
		t.Fatal(err)
	}
	for _, i := range w.Fitting {
		keys = append(keys, all[i].Key)
	}
	return paths, keys
}

// lines returns the URIs of an exported list as other programs see them.
func lines(t testing.TB, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// codes returns the code of a key now. As a program takes its time, there are two
// of them; each call of the program is between.
func codes(t testing.TB, k otpauth.Key, ask func() string) (got string, want []string) {
	t.Helper()
	at := func() string {
		c, err := k.Code(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c.Value
	}
	before := at()
	got = strings.TrimSpace(ask())
	return got, []string{before, at()}
}

func sameCode(t testing.TB, k otpauth.Key, ask func() string) {
	t.Helper()
	if got, want := codes(t, k, ask); !slices.Contains(want, got) {
		t.Errorf("%s: the code is %q, want one of %q", k.Issuer, got, want)
	}
}

// oathtool makes the codes of the URIs, as they are written, at times of RFC 6238.
func TestOathtool(t *testing.T) {
	need(t, "oathtool")
	paths, keys := export(t, "uris", "", samples(t))
	for i, line := range lines(t, paths[0]) {
		u, err := url.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		q, k := u.Query(), keys[i]
		if u.Path != "/"+k.Issuer+":"+k.Account || q.Get("issuer") != k.Issuer {
			t.Errorf("names %q and %q", u.Path, q.Get("issuer"))
		}
		or := func(name, def string) string { return strings.ToLower(cmp.Or(q.Get(name), def)) }
		args := []string{"--base32", "--digits=" + or("digits", "6"), q.Get("secret")}
		for _, at := range []int64{59, 1111111109, 20000000000} {
			kind := []string{"--totp=" + or("algorithm", "sha1"), "--time-step-size=" + or("period", "30") + "s", "--now=@" + strconv.FormatInt(at, 10)}
			if u.Host == "hotp" {
				kind = []string{"--hotp", "--counter=" + or("counter", "")}
			}
			want, err := k.Code(time.Unix(at, 0))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace((peer{}).run(t, "oathtool", append(kind, args...)...)); got != want.Value {
				t.Errorf("%s at %d: oathtool says %s, want %s", k.Issuer, at, got, want.Value)
			}
		}
	}
}

// pass with its extension for codes takes the URIs.
func TestPass(t *testing.T) {
	need(t, "pass", "gpg", "gpgconf", "oathtool")
	home, err := os.MkdirTemp("", "pass") // short: the agent's socket is in it
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + home, "GNUPGHOME=" + home, "PASSWORD_STORE_DIR=" + filepath.Join(home, "store")}
	t.Cleanup(func() {
		kill := exec.Command("gpgconf", "--kill", "all")
		kill.Env = append(os.Environ(), env...)
		if err := kill.Run(); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	const who = "exchange@example.com"
	do := func(in, program string, args ...string) string { return peer{env, in}.run(t, program, args...) }
	do("", "gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", who, "future-default", "default", "never")
	do("", "pass", "init", who)
	paths, keys := export(t, "uris", "", samples(t))
	for i, line := range lines(t, paths[0]) {
		name := "account-" + strconv.Itoa(i)
		do(line+"\n", "pass", "otp", "insert", "--force", name)
		k := keys[i]
		if k.Type == otpauth.HOTP {
			k.Counter++ // pass counts before it makes a code
		}
		sameCode(t, k, func() string { return do("", "pass", "otp", name) })
	}
}

// zbarimg reads the pictures, which then say all of each key.
func TestZBar(t *testing.T) {
	need(t, "zbarimg")
	paths, keys := export(t, "google-qr", "", samples(t))
	var got []otpauth.Key
	for _, p := range paths {
		text := strings.TrimSpace((peer{}).run(t, "zbarimg", "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", p))
		b, err := otpauth.ParseMigration(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range b.Entries {
			got = append(got, e.Key)
		}
	}
	if len(got) != len(keys) {
		t.Fatalf("%d accounts, want %d", len(got), len(keys))
	}
	for i, k := range keys {
		if g := got[i]; !g.Same(k) || g.Issuer != k.Issuer || g.Account != k.Account || g.Counter != k.Counter {
			t.Errorf("%s came out as another", k.Issuer)
		}
	}
}

// keepassxc-cli opens the database and makes the codes.
func TestKeePassXC(t *testing.T) {
	need(t, "keepassxc-cli")
	const pass = "correct horse"
	paths, keys := export(t, "keepass", pass, samples(t))
	do := peer{env: []string{"QT_QPA_PLATFORM=offscreen", "HOME=" + t.TempDir()}, in: pass + "\n"}
	var titles []string
	for line := range strings.Lines(do.run(t, "keepassxc-cli", "ls", "--quiet", "--recursive", "--flatten", paths[0])) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasSuffix(line, "/") {
			titles = append(titles, line)
		}
	}
	if len(titles) != len(keys) {
		t.Fatalf("%d entries: %q", len(titles), titles)
	}
	for _, k := range keys {
		at := slices.IndexFunc(titles, func(s string) bool { return strings.Contains(s, k.Issuer) })
		if at < 0 {
			t.Errorf("%s is not there", k.Issuer)
			continue
		}
		if k.Type == otpauth.TOTP {
			sameCode(t, k, func() string { return do.run(t, "keepassxc-cli", "show", "--quiet", "--totp", paths[0], titles[at]) })
		}
	}
}
