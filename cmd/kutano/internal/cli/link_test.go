// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/secret"
)

// linking is a command line beside a service.
type linking struct {
	*practicetest.Service
	t         *testing.T
	dir       string
	browse    func(context.Context, string) error
	waits     func(context.Context, time.Duration) error
	out, errs bytes.Buffer
}

func newLinking(t *testing.T) *linking {
	t.Helper()
	return &linking{Service: practicetest.Start(t), t: t, dir: filepath.Join(t.TempDir(), "data")}
}

// run runs the command line, and fails where the exit code is another.
func (l *linking) run(exit int, args ...string) string {
	l.t.Helper()
	l.out.Reset()
	l.errs.Reset()
	a := &App{Out: &l.out, Err: &l.errs, Clock: clock.Wall{}, In: strings.NewReader(""), browse: l.browse, waits: l.waits}
	a.fds = map[int]io.Reader{9: strings.NewReader("a test passphrase\na test passphrase\n")}
	got := a.Run(l.t.Context(), append([]string{"--data", l.dir, "--store", "file", "--passphrase-fd", "9"}, args...))
	if got != exit {
		l.t.Fatalf("kutano %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, exit, l.out.String(), l.errs.String())
	}
	return l.out.String() + l.errs.String()
}

func (l *linking) says(text string, wants ...string) {
	l.t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			l.t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// R42: linked by the browser, asked for the status, and ended.
func TestLink(t *testing.T) {
	l := newLinking(t)
	b := l.Browser(t, "dan@example.com")
	l.says(l.run(3, "link", "status"), "No service is linked with this app.")
	if _, err := os.Stat(l.dir); err == nil {
		t.Error("asking founded a data folder")
	}
	l.says(l.run(2, "link"), "Give the address of the service.")
	l.browse = func(context.Context, string) error { return errors.New("no display") }
	l.says(l.run(1, "link", l.URL), "No browser could be opened.", "--device")
	l.browse = func(_ context.Context, url string) error { return b.Open(t, false)(url) }
	l.says(l.run(7, "link", l.URL), "It was not allowed in the browser.")
	l.browse = func(_ context.Context, url string) error { return b.Open(t, true)(url) }
	l.says(l.run(0, "link", l.URL), "Linked with 127.0.0.1", "dan@example.com", "with an authenticator app", "10 backup codes are left of 10", l.URL+"/oauth/authorize?")
	l.keepsPermission()
	l.User(t, "dan@example.com", "").Do(t, http.MethodDelete, "/v1/me/2fa", map[string]any{"confirm": true})
	l.says(l.run(0, "link", "status", "--offline"), "with an authenticator app")
	var doc struct {
		Link shownLink
	}
	if err := json.Unmarshal([]byte(l.run(0, "link", "status", "--json")), &doc); err != nil {
		t.Fatal(err)
	}
	if s := doc.Link; !s.Linked || s.Email != "dan@example.com" || len(s.Events) != 1 || s.Events[0] != "turned-off" || s.Status.Enabled || s.SeenAt == 0 {
		t.Errorf("%+v", s)
	}
	l.says(l.run(0, "link", "end"), "is ended", "Your accounts are as they were.")
	l.says(l.run(3, "link", "status", "--offline"), "No service is linked")
	l.noKeyInFolder()
}

// noKeyInFolder fails where link.json holds what is secret.
func (l *linking) noKeyInFolder() {
	l.t.Helper()
	b, err := os.ReadFile(filepath.Join(l.dir, "link.json"))
	if err == nil {
		l.t.Errorf("link.json is there still: %s", b)
	}
}

// keepsPermission fails unless the permission is in the vault, and neither in
// link.json nor in what was printed.
func (l *linking) keepsPermission() {
	l.t.Helper()
	v, err := vault.Open(l.t.Context(), vault.Options{
		Dir: l.dir, Now: clock.Wall{}.Now, Passphrase: func(context.Context, bool) (secret.Value, error) { return secret.FromString("a test passphrase"), nil },
	})
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	kept, err := v.Keepsake(l.t.Context(), "link")
	var p struct{ Refresh, Access string }
	if err == nil {
		err = json.Unmarshal(kept.Bytes(), &p)
	}
	if err != nil || len(p.Refresh) < 40 || len(p.Access) < 40 {
		l.t.Fatalf("the vault keeps %d bytes, %v", kept.Len(), err)
	}
	left := l.out.String() + l.errs.String()
	all, err := filepath.Glob(filepath.Join(l.dir, "*"))
	if err != nil || len(all) < 3 {
		l.t.Fatalf("files %v, %v", all, err)
	}
	for _, path := range all {
		if b, err := os.ReadFile(path); err == nil {
			left += string(b)
		}
	}
	for _, part := range []string{p.Refresh[:40], p.Refresh[len(p.Refresh)-40:], p.Access} {
		if strings.Contains(left, part) {
			l.t.Error("the permission stands in clear in a file, or was printed")
		}
	}
}

// By a code on another device; the service away when the link is ended.
func TestLinkDevice(t *testing.T) {
	l := newLinking(t)
	b := l.Browser(t, "ela@example.com")
	typed := false
	l.waits = func(context.Context, time.Duration) error {
		if !typed {
			_, rest, _ := strings.Cut(l.errs.String(), "type this code there:\n\n    ")
			code, _, _ := strings.Cut(rest, "\n")
			b.Type(t, code, true)
			typed = true
		}
		return nil
	}
	l.says(l.run(0, "link", "--device", l.URL), "ela@example.com", "by text message to", "It is good for 10 minutes.")
	l.Kill()
	l.says(l.run(1, "link", "status"), "The service cannot be reached.")
	l.says(l.run(0, "link", "status", "--offline"), "by text message to")
	l.says(l.run(0, "link", "end"), "could not be told", "Linked apps")
	l.noKeyInFolder()
}

// Something else answers, in a way that is not understood, when the link is ended: it
// is ended here all the same.
func TestLinkEndNotUnderstood(t *testing.T) {
	l := newLinking(t)
	b := l.Browser(t, "dan@example.com")
	l.browse = func(_ context.Context, url string) error { return b.Open(t, true)(url) }
	l.run(0, "link", l.URL)
	l.Kill()
	at, err := net.Listen("tcp", strings.TrimPrefix(l.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	odd := &httptest.Server{Listener: at, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, strings.Repeat(" ", 1<<17))
	})}}
	odd.Start()
	defer odd.Close()
	l.says(l.run(0, "link", "end"), "could not be told", "Linked apps")
	l.noKeyInFolder()
}

func TestLinkRefuses(t *testing.T) {
	l := &linking{t: t, dir: filepath.Join(t.TempDir(), "data")}
	l.says(l.run(2, "link", "http://app.example.com"), "not the address of a service")
	l.says(l.run(2, "link", "a", "b"), "Give one address.")
	l.says(l.run(3, "link", "end"), "No service is linked")
	l.says(l.run(2, "link", "status", "x"), "takes no names")
}

// A linked service is asked for the time where the clock may ask at all, and is not told who asks.
func TestLinkedServiceTellsTheTime(t *testing.T) {
	l := newLinking(t)
	b := l.Browser(t, "dan@example.com")
	l.browse = func(_ context.Context, url string) error { return b.Open(t, true)(url) }
	l.run(0, "link", l.URL)
	a := &App{data: l.dir}
	if got := a.linkedService(); got != l.URL {
		t.Errorf("the clock asks %q", got)
	}
	l.User(t, "dan@example.com", "").EndLinks(t)
	l.says(l.run(1, "link", "status"), "The link has ended")
	if got := a.linkedService(); got != "" {
		t.Errorf("the link has ended, and the clock asks %q", got)
	}
}
