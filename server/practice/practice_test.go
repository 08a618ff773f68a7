// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	_ "image/png" // what the QR codes are drawn as
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/kutano/authenticator/server/issuer"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/practice"
)

// learner is a browser without scripts at a running practice.
type learner struct {
	*practice.Practice
	t      *testing.T
	client *http.Client
	base   string
}

func begin(t *testing.T, o practice.Options) *learner {
	t.Helper()
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	p, err := practice.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, p.Close()); err != nil {
			t.Error(err)
		}
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &learner{Practice: p, t: t, client: &http.Client{Jar: jar}, base: strings.TrimSuffix(p.URL, "/practice")}
}

func (l *learner) read(r *http.Response, err error) (*http.Response, string) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return r, string(text)
}

func (l *learner) get(path string) (*http.Response, string) {
	l.t.Helper()
	return l.read(l.client.Get(l.base + path))
}

// person is one of people.json.
type person struct {
	Email, Name, Secret, Method, Google, Apple, Phone string
	Role                                              people.Role
	KeyURI                                            string   `json:"key_uri"`
	Codes                                             []string `json:"backup_codes"`
}

func (l *learner) people() map[string]person {
	l.t.Helper()
	_, text := l.get("/practice/people.json")
	var all []person
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		l.t.Fatal(err)
	}
	byEmail := map[string]person{}
	for _, p := range all {
		byEmail[p.Email] = p
	}
	return byEmail
}

func (l *learner) call(path, token, body string, status int) map[string]any {
	l.t.Helper()
	r, err := http.NewRequestWithContext(l.t.Context(), http.MethodPost, l.base+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, text := l.read(l.client.Do(r))
	if resp.StatusCode != status {
		l.t.Fatalf("%s: %d, not %d: %s", path, resp.StatusCode, status, text)
	}
	got := map[string]any{}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		l.t.Fatal(err)
	}
	return got
}

// newest is the code in the newest message to someone, once it is there.
func (l *learner) newest(to string) string {
	l.t.Helper()
	for range 400 {
		_, text := l.get("/practice/inbox.json")
		var all []struct{ To, Text string }
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			l.t.Fatal(err)
		}
		for _, m := range all {
			if m.To == to {
				return regexp.MustCompile(`\b[0-9]{6}\b`).FindString(m.Text)
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.t.Fatal("no message came")
	return ""
}

// signIn proves the first factor of someone and returns the session's token.
func (l *learner) signIn(email string) string {
	l.t.Helper()
	flow, _ := l.call("/v1/signin/email", "", `{"email":"`+email+`"}`, http.StatusAccepted)["flow_id"].(string)
	token, _ := l.call("/v1/signin/email/"+flow+"/verify", "", `{"code":"`+l.newest(email)+`"}`, http.StatusOK)["token"].(string)
	return token
}

func TestEverySampleIsThere(t *testing.T) { // R01, R42
	l := begin(t, practice.Options{})
	all := l.people()
	roles := map[people.Role]int{}
	for _, p := range all {
		roles[p.Role]++
		if staff := p.Role != people.Member; staff && (p.Secret == "" || len(p.Codes) != 10) {
			t.Errorf("%s cannot be acted", p.Name)
		}
	}
	for role, least := range map[people.Role]int{people.Member: 3, people.Helpdesk: 1, people.Admin: 2, people.Owner: 1, people.Auditor: 1} {
		if roles[role] < least {
			t.Errorf("%d of the role %s", roles[role], role)
		}
	}
	if all["ana@example.com"].Method != "" || all["ela@example.com"].Method != "sms" {
		t.Errorf("%+v", all)
	}
	if _, text := l.get("/practice/inbox.json"); strings.TrimSpace(text) != "[]" {
		t.Errorf("the inbox is not empty at first: %s", text)
	}
}

// The code that the page shows for a sample is good at once, and so is the QR code.
func TestActAsTheHelpdesk(t *testing.T) { // R05, R35
	l := begin(t, practice.Options{})
	token := l.signIn("hana@example.com")
	_, page := l.get("/practice/people")
	hana := page[strings.Index(page, "<h2>Hana"):]
	code := regexp.MustCompile(`<code>([0-9]{6})</code>`).FindStringSubmatch(hana)
	if len(code) != 2 {
		t.Fatal("the page shows no code")
	}
	in := l.call("/v1/second-factor/verify", token, `{"method":"totp","code":"`+code[1]+`"}`, http.StatusOK)
	if in["token"] == "" {
		t.Errorf("%v", in)
	}

	at := regexp.MustCompile(`/practice/people/[0-9]+/qr\.png`).FindString(hana)
	_, picture := l.get(at)
	drawn, _, err := image.Decode(strings.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(drawn)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil || read.GetText() != l.people()["hana@example.com"].KeyURI {
		t.Errorf("the QR code says %v, %v", read, err)
	}
}

func TestTextMessagesArrive(t *testing.T) { // R27
	l := begin(t, practice.Options{})
	token := l.signIn("ela@example.com")
	l.call("/v1/second-factor/sms/send", token, `{}`, http.StatusAccepted)
	code := l.newest(l.people()["ela@example.com"].Phone)
	l.call("/v1/second-factor/verify", token, `{"method":"sms","code":"`+code+`"}`, http.StatusOK)
	if _, page := l.get("/practice/inbox"); !strings.Contains(page, "Text message") || !strings.Contains(page, code) {
		t.Error("the page does not show the text message")
	}
}

// Google and Apple are stood in for: who has an identity there gets in by it.
func TestProviders(t *testing.T) { // R03, R04
	l := begin(t, practice.Options{})
	for provider, who := range map[string]struct{ subject, name string }{"google": {"google-ben", "Ben"}, "apple": {"apple-cleo", "Cleo"}} {
		stay := *l.client
		stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		var to string
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r, err := http.NewRequestWithContext(t.Context(), method, l.base+"/signin/"+provider, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, _ := l.read(stay.Do(r))
			if at := resp.Header.Get("Location"); strings.HasPrefix(at, l.base+"/practice/"+provider) {
				to = at
				break
			}
		}
		if to == "" {
			t.Fatalf("%s: the browser is not sent there", provider)
		}
		back, err := issuer.Visit(t.Context(), l.client, to, who.subject)
		if err != nil {
			t.Fatal(err)
		}
		callback := l.base + "/signin/" + provider + "/callback"
		var resp *http.Response
		var page string
		if provider == "apple" {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, callback, strings.NewReader(back.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, page = l.read(l.client.Do(r))
		} else {
			resp, page = l.read(l.client.Get(callback + "?" + back.Encode()))
		}
		if resp.StatusCode != http.StatusOK || !strings.Contains(page, "Sign out") {
			t.Errorf("%s: %d\n%s", provider, resp.StatusCode, page)
		}
	}
}

func TestClockIsTurned(t *testing.T) { // R53
	l := begin(t, practice.Options{})
	turn := func(seconds string) int {
		resp, _ := l.read(l.client.PostForm(l.base+"/practice/clock", url.Values{"seconds": {seconds}}))
		return resp.StatusCode
	}
	if status := turn("-90"); status != http.StatusOK || l.Shift() != -90*time.Second {
		t.Fatalf("%d, %v", status, l.Shift())
	}
	if off := l.Now().Sub(moment.Now()) + 90*time.Second; off.Abs() > 5*time.Second {
		t.Errorf("the service's time is %v off from what was set", off)
	}
	for _, path := range []string{"/practice", "/practice/inbox", "/practice/people", "/practice/clock"} {
		if _, page := l.get(path); !strings.Contains(page, "90 seconds behind") {
			t.Errorf("%s does not say that the clock is turned", path)
		}
	}
	// The phone of a sample is right, and its code three steps ahead of what the service expects.
	token := l.signIn("dan@example.com")
	secret := strings.ReplaceAll(l.people()["dan@example.com"].Secret, " ", "")
	code := codeOf(t, secret, moment.Now())
	l.call("/v1/second-factor/verify", token, `{"method":"totp","code":"`+code+`"}`, http.StatusUnprocessableEntity)

	for _, wrong := range []string{"", "soon", "9999999", "-9999999", "1.5"} {
		if status := turn(wrong); status != http.StatusUnprocessableEntity || l.Shift() != -90*time.Second {
			t.Errorf("%q: %d, %v", wrong, status, l.Shift())
		}
	}
}

func codeOf(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	key, err := practice.SecretOf(secret)
	if err != nil {
		t.Fatal(err)
	}
	code, err := otp.Code(key, otp.Step(at))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// A page elsewhere may neither read the inbox by a name of its own nor turn the clock by a form.
func TestOnlyFromHere(t *testing.T) {
	l := begin(t, practice.Options{})
	ask := func(method, path, host, origin string) int {
		r, err := http.NewRequestWithContext(t.Context(), method, l.base+path, strings.NewReader("seconds=60"))
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		resp, _ := l.read(l.client.Do(r))
		return resp.StatusCode
	}
	for _, path := range []string{"/practice/inbox.json", "/practice", "/practice/google/keys", "/v1/time", "/"} {
		for _, host := range []string{"evil.example", "127.0.0.1.evil.example:80", "192.0.2.1", "localhost.evil.example"} {
			if status := ask(http.MethodGet, path, host, ""); status != http.StatusForbidden {
				t.Errorf("%s by the name %s: %d", path, host, status)
			}
		}
	}
	if status := ask(http.MethodPost, "/practice/clock", "", "https://evil.example"); status != http.StatusForbidden || l.Shift() != 0 {
		t.Errorf("a form of another site: %d, %v", status, l.Shift())
	}
}

func TestPagesAreStrict(t *testing.T) {
	l := begin(t, practice.Options{})
	for _, path := range []string{"/practice", "/practice/inbox", "/practice/inbox?live=1", "/practice/people", "/practice/clock"} {
		r, page := l.get(path)
		policy := r.Header.Get("Content-Security-Policy")
		if r.StatusCode != http.StatusOK || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %d, %q", path, r.StatusCode, policy)
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "style=") {
			t.Errorf("%s has what its policy forbids", path)
		}
		sheet := regexp.MustCompile(`href="(/static/[^"]+\.css)"`).FindStringSubmatch(page)
		if len(sheet) != 2 {
			t.Fatalf("%s has no style", path)
		}
		if r, _ := l.get(sheet[1]); r.StatusCode != http.StatusOK {
			t.Errorf("the style of %s: %d", path, r.StatusCode)
		}
		if live := strings.HasSuffix(path, "live=1"); live != (r.Header.Get("Refresh") != "") {
			t.Errorf("%s: Refresh %q", path, r.Header.Get("Refresh"))
		}
	}
}

func TestRefusesToBeReached(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "nonsense", "no.such.host.invalid:0", "[::ffff:192.0.2.1]:0"} {
		if p, err := practice.Open(t.Context(), practice.Options{Addr: addr}); err == nil {
			t.Errorf("%s was taken", addr)
			_ = p.Close()
		}
	}
	for _, addr := range []string{"localhost:0", "127.0.0.2:0", "[::ffff:127.0.0.1]:0"} {
		p, err := practice.Open(t.Context(), practice.Options{Addr: addr})
		if err != nil {
			t.Logf("%s: %v", addr, err) // where a machine has no such address
			continue
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestKeep(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "kept")
	open := func() (people []byte) {
		t.Helper()
		p, err := practice.Open(t.Context(), practice.Options{Addr: "127.0.0.1:0", Keep: folder})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		people, err = os.ReadFile(filepath.Join(folder, "people.json"))
		if err != nil {
			t.Fatal(err)
		}
		return people
	}
	first := open()
	if second := open(); !bytes.Equal(first, second) {
		t.Error("the people are others the second time")
	}
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
}
