// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault/secret"
)

// drawer keeps permissions in memory.
type drawer struct {
	mu    sync.Mutex
	items map[string]string
}

func (d *drawer) Keepsake(_ context.Context, name string) (secret.Value, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return secret.FromString(d.items[name]), nil
}

func (d *drawer) SetKeepsake(_ context.Context, name string, v secret.Value) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.items[name] = v.Reveal()
	return nil
}

// A whole call at the desk of the service itself: a lost answer is found again, a
// bypass code is read out, and the numbers are the audit log's. R57 R59
func TestCallAtService(t *testing.T) {
	s, watcher := practicetest.Start(t), practicetest.Watch(t)
	home := &remote.Home{
		Client: &remote.Client{Clock: clock.Wall{}, Via: watcher.Via}, Dir: t.TempDir(), Secrets: &drawer{items: map[string]string{}},
	}
	r := newRig(t)
	r.now = s.Now()
	r.r.Home = func() Home { return home }
	r.r.Allow = func(done func(bool)) {
		found, err := home.Client.Discover(t.Context(), s.URL)
		if err != nil {
			t.Fatal(err)
		}
		p, err := found.Browser(t.Context(), []link.Scope{link.DeskWork}, s.Browser(t, "hana@example.com").Open(t, true))
		if err == nil {
			_, err = home.TakeDesk(t.Context(), p)
		}
		done(err == nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	r.r.Refresh()
	r.press("Help callers at the service…")
	r.hear(right())
	r.r.who.query.SetText("dan@")
	r.press("Find")
	r.mustSee("dan@example.com", "Two-factor authentication is on, with an authenticator app.")
	r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Boss, helpdesk.Video, helpdesk.Calm, helpdesk.Alone)

	cut := false
	watcher.Break = func(req *http.Request, answer *http.Response) error {
		if answer != nil && !cut && strings.HasSuffix(req.URL.Path, "/unlock") {
			cut = true
			return link.ErrUnreachable
		}
		return nil
	}
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.mustSee("The service’s answer was lost, but it was done")
	r.press("Close")

	r.r.Press(link.ActBypass)
	r.press("Make a bypass code")
	r.mustSee("Hides in 60 seconds", "It was done. Audit number ")
	if code := helpdesk.Letters(r.r.code.labels[0].Text); len(code) != 8 {
		t.Errorf("a code of %d letters", len(code))
	}
	r.press("I have read it out")

	subject, _ := r.r.Call().Subject()
	if len(subject.Cases) != 2 {
		t.Fatalf("%+v", subject.Cases)
	}
	note := r.r.noteText()
	for _, c := range subject.Cases {
		if !strings.Contains(note, strconv.FormatInt(c.Audit, 10)) {
			t.Errorf("%d is not in the note: %s", c.Audit, note)
		}
	}
	if regexp.MustCompile("(?i)dan|@").MatchString(note) {
		t.Errorf("somebody is named: %s", note)
	}
	r.r.Press(link.ActReset)
	r.mustSee("Only an administrator can reset.")
	r.press("Close")
	r.press("Stop helping callers")
	if _, ok, err := home.AtDesk(); ok || err != nil {
		t.Errorf("the permission is kept: %v", err)
	}
}
