// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

const example = `version = 1
name = "Example Ltd"
issuers = ["Kutano", "Example"]
settings = "https://app.kutano.com/settings"
help = "https://intranet.example.com/kutano"
service = "https://2fa.example.com"
contact = "IT desk, desk@example.com, +49 30 1234567"
review_months = 3

[[note]]
step = "keep"
text = "Print them and lock them away: the form is on the intranet."

[[note]]
step = "help"
text = "The desk is there from 8 to 18 o’clock."
`

func read(t testing.TB, text string) Profile {
	t.Helper()
	p, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDefault(t *testing.T) {
	p := Default()
	if !p.Recognises("KUTANO") || !p.Recognises("my kutano.com") || p.Recognises("GitHub") || p.Recognises("") {
		t.Error("it recognises the wrong accounts")
	}
	if p.Settings != "https://app.kutano.com" || p.Signed() || p.Name != "" || p.ReviewMonths != 6 || p.Service != "" {
		t.Errorf("%+v", p)
	}
	// What a file leaves out is as in the usual profile.
	if short := read(t, "version = 1"); short.Settings != p.Settings || short.ReviewMonths != p.ReviewMonths || !short.Recognises("Kutano") {
		t.Errorf("%+v", short)
	}
}

// A note stands under what the step is called; one at no step under its id.
func TestNotesByTheTitleOfTheStep(t *testing.T) {
	p := read(t, "version = 1\n[[note]]\nstep = \"keep\"\ntext = \"A\"\n[[note]]\nstep = \"dance\"\ntext = \"B\"\n"+
		"[[note]]\nstep = \"call\"\ntext = \"C\"\n")
	lines := p.Lines()
	if n := len(lines); n < 3 || lines[n-3] != (Line{"Note at “Where do you keep them?”", "A"}) || lines[n-2] != (Line{"Note at “dance”", "B"}) ||
		lines[n-1] != (Line{"Note at “Call your helpdesk”", "C"}) {
		t.Errorf("%+v", lines)
	}
}

// R58: the workspace's contact and notes stand in the guide.
func TestFill(t *testing.T) {
	p := read(t, example)
	if !p.Recognises("example.com") || p.Service != "https://2fa.example.com" {
		t.Errorf("%+v", p)
	}
	g, err := guide.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Restore(guide.State{Entry: guide.Setup, Step: "help"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetFill(p.Fill())
	s := r.Step()
	if s.Points[0] != "Your workspace’s contact: IT desk, desk@example.com, +49 30 1234567" || s.Notes[0] != "The desk is there from 8 to 18 o’clock." {
		t.Errorf("%q %q", s.Points, s.Notes)
	}
	for _, n := range p.Notes {
		if _, ok := g.Step(n.Step); !ok {
			t.Errorf("the example names the step %s, which is none", n.Step)
		}
	}
}

func TestHostileFiles(t *testing.T) {
	with := func(line string) string { return "version = 1\n" + line }
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":                 {"", ErrFormat},
		"no TOML":               {"\x00\x01", ErrFormat},
		"no version":            {`name = "A"`, ErrFormat},
		"version 0":             {"version = 0", ErrFormat},
		"newer":                 {"version = 2\ncolour = 1", ErrNewer},
		"unknown field":         {with(`script = "x"`), ErrFormat},
		"unknown field of note": {with("[[note]]\nstep = \"keep\"\ntext = \"A\"\nif = \"x\""), ErrFormat},
		"capitals":              {with(`Name = "A"`), ErrFormat},
		"twice by capitals":     {with("name = \"A\"\nNAME = \"B\""), ErrFormat},
		"another type":          {with("name = 3"), ErrFormat},
		"too large":             {with("# " + strings.Repeat("x", MaxBytes)), ErrTooLarge},
		"deep":                  {with("issuers = " + strings.Repeat("[", 7000)), ErrFormat},
		"not UTF-8":             {with("name = \"\xff\""), ErrFormat},
		"line end":              {with(`name = "A\nB"`), ErrText},
		"control character":     {with(`name = "A\u001b[2J"`), ErrText},
		"right to left":         {with(`contact = "desk\u202Emoc.elpmaxe"`), ErrText},
		"isolate":               {with(`contact = "\u2066desk"`), ErrText},
		"zero width":            {with(`name = "Ex\u200Bample"`), ErrText},
		"byte order mark":       {with(`name = "\uFEFFExample"`), ErrText},
		"no-break space":        {with(`name = "A\u00A0B"`), ErrText},
		"line separator":        {with(`name = "A\u2028B"`), ErrText},
		"private use":           {with(`name = "\uE000"`), ErrText},
		"heap of marks":         {with(`name = "e\u0301\u0301\u0301\u0301"`), ErrText},
		"blanks around":         {with(`name = " A"`), ErrText},
		"long name":             {with(`name = "` + strings.Repeat("x", 81) + `"`), ErrText},
		"long note":             {with("[[note]]\nstep = \"keep\"\ntext = \"" + strings.Repeat("x", 401) + "\""), ErrText},
		"empty note":            {with("[[note]]\nstep = \"keep\"\ntext = \"\""), ErrText},
		"odd step":              {with("[[note]]\nstep = \"../keep\"\ntext = \"A\""), ErrText},
		"many notes":            {with(strings.Repeat("[[note]]\nstep = \"keep\"\ntext = \"A\"\n", 25)), ErrFormat},
		"many issuers":          {with(`issuers = ["aaa","bbb","ccc","ddd","eee","fff","ggg","hhh","iii"]`), ErrFormat},
		"issuer of all":         {with(`issuers = [""]`), ErrText},
		"issuer of nearly all":  {with(`issuers = ["a"]`), ErrText},
		"months":                {with("review_months = 1000000"), ErrFormat},
		"negative months":       {with("review_months = -1"), ErrFormat},
		"http":                  {with(`settings = "http://app.kutano.com"`), ErrAddress},
		"script":                {with(`settings = "javascript:alert(1)"`), ErrAddress},
		"file":                  {with(`help = "file:///etc/passwd"`), ErrAddress},
		"half a signature":      {with("[signature]\nkey = \"AAAA\"\nvalue = \"AAAA\""), ErrSignature},
		"packed rubbish":        {qrPrefix + "ABC", ErrFormat},
		"packed newer":          {"KUTANO-PROFILE:2:ABC", ErrFormat},
	} {
		if p, err := Parse([]byte(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v: %+v", name, err, c.want, p)
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, good := range []string{
		"https://app.kutano.com", "https://app.kutano.com/a?b=c", "https://example.com:8443/x", "HTTPS://Example.COM", "https://xn--bcher-kva.example",
		"http://localhost:8080", "http://127.0.0.1:8080/x", "http://[::1]:80", "https://[2001:db8::1]/", "https://192.0.2.1",
	} {
		if !address(good) {
			t.Errorf("%s is refused", good)
		}
	}
	for _, bad := range []string{
		"", "https://", "https:///x", "app.kutano.com", "//app.kutano.com", "http://example.com", "http://127.0.0.1.example.com", "http://localhost.example.com",
		"https://ana@example.com", "https://kutano.com:pass@example.com", "https://bücher.example", "https://kutаno.com", "https://a b.com", "https://a.com\\@b.com",
		"https://a.com/\n", "https://a.com/#x", "https://a..com", "https://-a.com", "https://a.com:0", "https://a.com:99999", "https://a.com:x", "https:a.com",
		"https://[fe80::1%25eth0]/", "https://" + strings.Repeat("a", 600) + ".com", "ftp://a.com", "https://a_b.com", "https://a.com/\u202e",
	} {
		if address(bad) {
			t.Errorf("%s is taken", bad)
		}
	}
}

func signed(t testing.TB, p Profile) (Profile, secret.Value) {
	t.Helper()
	file, _ := NewSigningKey()
	s, err := p.Sign(file)
	if err != nil {
		t.Fatal(err)
	}
	return s, file
}

// A signature holds for what is said, however the file is written, and for
// nothing else.
func TestSignature(t *testing.T) {
	p, file := signed(t, read(t, example))
	data, err := p.TOML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(data)
	if err != nil || !again.Signer.Is(p.Signer) || !again.Same(p) {
		t.Fatalf("%v", err)
	}
	spaced := strings.ReplaceAll(string(data), " = ", "   =  ")
	if again, err = Parse([]byte("# a remark\n" + spaced)); err != nil || !again.Signed() {
		t.Errorf("written otherwise: %v", err)
	}
	for old, other := range map[string]string{
		"Example Ltd": "Example Inc", "2fa.example.com": "2fa.example.org", "review_months = 3": "review_months = 4",
		"\"Kutano\", \"Example\"": "\"KutanoExample\", \"\"", "step = \"keep\"": "step = \"kept\"", "8 to 18": "8 to 19", "desk@": "disk@",
	} {
		changed := strings.Replace(string(data), old, other, 1)
		if changed == string(data) {
			t.Fatalf("%q is not in\n%s", old, data)
		}
		if _, err := Parse([]byte(changed)); err == nil {
			t.Errorf("%q for %q is taken", other, old)
		}
	}
	unsigned := string(data[:bytes.Index(data, []byte("[signature]"))])
	if u := read(t, unsigned); u.Signed() {
		t.Error("signed without a signature")
	}
	if twice, err := p.Sign(file); err != nil || !bytes.Equal(twice.signature, p.signature) {
		t.Errorf("not the same again: %v", err)
	}
	other, _ := signed(t, p)
	if other.Signer.Is(p.Signer) || other.Signer.Fingerprint() == p.Signer.Fingerprint() || len(p.Signer.Fingerprint()) != 19 {
		t.Errorf("%s %s", other.Signer.Fingerprint(), p.Signer.Fingerprint())
	}
	if Key(nil).Is(nil) {
		t.Error("no key is a key")
	}
}

// Moving a text from one field into the next changes what is signed.
func TestCanonicalIsUnambiguous(t *testing.T) {
	text := rapid.StringMatching(`[a-c]{0,3}`)
	draw := rapid.Custom(func(t *rapid.T) Profile {
		p := Profile{Name: text.Draw(t, "name"), Settings: text.Draw(t, "settings"), Help: text.Draw(t, "help"), Contact: text.Draw(t, "contact")}
		p.Issuers = rapid.SliceOfN(text, 0, 2).Draw(t, "issuers")
		for range rapid.IntRange(0, 2).Draw(t, "notes") {
			p.Notes = append(p.Notes, Note{text.Draw(t, "step"), text.Draw(t, "text")})
		}
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		x, err := a.TOML()
		y, err2 := b.TOML()
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if a.Same(b) != bytes.Equal(x, y) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func TestKeyFiles(t *testing.T) {
	p := read(t, example)
	for _, text := range []string{"", "KUTANO-PROFILE-KEY-1:", "KUTANO-PROFILE-KEY-1:AAAA", "KUTANO-PROFILE-KEY-1:!!", strings.Repeat("A", 100), "KUTANO-PROFILE-KEY-1:" + strings.Repeat("A", 1000)} {
		if _, err := p.Sign(secret.FromString(text)); !errors.Is(err, ErrKeyFile) {
			t.Errorf("%.30q: %v", text, err)
		}
	}
	file, _ := NewSigningKey()
	p.Name = "A\nB"
	if _, err := p.Sign(file); !errors.Is(err, ErrText) {
		t.Errorf("signed what nobody reads: %v", err)
	}
}

// A usual profile fits one QR code that a screen shows and a camera reads.
func TestQR(t *testing.T) {
	p, _ := signed(t, read(t, example))
	text, err := p.QR()
	if err != nil || len(text) > 900 {
		t.Fatalf("%d characters: %v", len(text), err)
	}
	if !IsQR("\n"+text) || IsQR("otpauth://totp/a") {
		t.Error("it is not told from others")
	}
	img, err := scan.Draw(text, 800)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := scan.Decode(context.Background(), img)
	if err != nil || len(seen) != 1 {
		t.Fatalf("%d codes: %v", len(seen), err)
	}
	again, err := Parse([]byte(seen[0]))
	if err != nil || !again.Same(p) || !again.Signer.Is(p.Signer) {
		t.Errorf("%v %+v", err, again)
	}
}

// A small code cannot unfold to more than a profile may be.
func TestPackedBomb(t *testing.T) {
	p := Profile{Name: strings.Repeat("a", MaxBytes-100)}
	text, err := p.QR()
	if err != nil || len(text) > 200 {
		t.Fatalf("%d characters: %v", len(text), err)
	}
	if _, err := Parse([]byte(text)); !errors.Is(err, ErrText) {
		t.Errorf("got %v", err)
	}
	p.Name += strings.Repeat("a", MaxBytes)
	if _, err := p.QR(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

// The golden file is signed by the key of the seed of 32 zero bytes.
func TestGolden(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "profile-v1.toml"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := read(t, example).Sign(secret.FromString(keyPrefix + strings.Repeat("A", 43)))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := p.TOML(); !bytes.Equal(got, data) {
		t.Errorf("now it is\n%s", got)
	}
	qr, err := os.ReadFile(filepath.Join("testdata", "profile-v1.qr.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Parse(qr); err != nil || !again.Same(p) || again.Signer.Fingerprint() != p.Signer.Fingerprint() {
		text, _ := p.QR()
		t.Errorf("%v: now it is\n%s", err, text)
	}
	if got := p.Signer.Fingerprint(); got != "COPD-SQHG-JNKJ-C4RA" {
		t.Errorf("fingerprint %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	p, _ := signed(f, read(f, example))
	data, _ := p.TOML()
	qr, _ := p.QR()
	f.Add(data)
	f.Add([]byte(qr))
	f.Add([]byte("version = 1\nreview_months = 0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			for _, known := range []error{ErrFormat, ErrTooLarge, ErrNewer, ErrText, ErrAddress, ErrSignature} {
				if errors.Is(err, known) {
					return
				}
			}
			t.Fatalf("an error of no name: %v", err)
		}
		if err := p.check(); err != nil {
			t.Fatal(err)
		}
		text, err := p.TOML()
		if errors.Is(err, ErrTooLarge) { // written out it has more blanks
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(text)
		if err != nil || !again.Same(p) || again.Signed() != p.Signed() {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}

// Which of several profiles in view is meant nobody guesses.
func TestAmong(t *testing.T) {
	one, other := qrPrefix+"AAAA", qrPrefix+"BBBB"
	for _, c := range []struct {
		texts []string
		want  string
		err   error
	}{
		{nil, "", ErrNone},
		{[]string{"otpauth://totp/a"}, "", ErrNone},
		{[]string{"https://example.com", " " + one + "\n"}, one, nil},
		{[]string{one, one}, one, nil},
		{[]string{one, other}, "", ErrSeveral},
		{[]string{one, one, other}, "", ErrSeveral},
	} {
		if got, err := Among(c.texts); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%q: %q, %v", c.texts, got, err)
		}
	}
}
