// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

var update = flag.Bool("update", false, "write testdata anew")

func sampleFile(t *testing.T) file {
	t.Helper()
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, err := decodeStatus([]byte(sampleStatus))
	if err != nil {
		t.Fatal(err)
	}
	return file{
		Address: sampleBase, Who: &whoJSON{ID: "5f0c1f6b", Email: "ana@example.com", Name: "Ana"}, Since: day, Scopes: []link.Scope{link.ReadStatus},
		Desk:  &deskNote{Address: sampleBase, Who: whoJSON{ID: "5f0c1f6b", Email: "ana@example.com", Name: "Ana"}, Since: day},
		Enrol: day.Add(EnrolLife), Seen: encodeStatus(s), SeenAt: day.Add(time.Hour), Enrolment: []byte(`{"id":"e1f2a3b4"}`),
		Untold: []link.Event{"of-a-later-version", link.CodeUsed},
	}
}

// The file is as it was, so that older and newer versions read each other's.
func TestFileIsAsItWas(t *testing.T) {
	h := &Home{Dir: t.TempDir(), Client: client(), Secrets: noSecrets{}}
	if err := h.write(sampleFile(t)); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(h.path())
	golden := filepath.Join("testdata", fileName)
	if *update && err == nil {
		err = os.WriteFile(golden, got, 0o600)
	}
	want, werr := os.ReadFile(golden)
	if err = errors.Join(err, werr); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("it is\n%s\nand was\n%s", got, want)
	}
	l, ok, err := h.Linked()
	if !ok || err != nil || l.Who.Email != "ana@example.com" || l.Seen.Codes.Left != 9 || l.Seen.Pending != nil || !l.Watched || !slices.Equal(l.Untold, []link.Event{link.CodeUsed}) {
		t.Errorf("read: %+v, %v", l, err)
	}
	if info, err := os.Stat(h.path()); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if err := h.write(file{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(h.path()); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file that says nothing stays")
	}
}

func TestFileRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"newer":     {`{"version":2,"address":7}`, link.ErrUnreadable},
		"newer too": {`{"version":2}`, link.ErrNewer},
		"not JSON":  {`{`, link.ErrUnreadable},
		"old":       {`{"version":0}`, link.ErrUnreadable},
		"huge":      {strings.Repeat(" ", maxFile+1), link.ErrUnreadable},
		"no who":    {`{"version":1,"address":"https://x","scopes":["status"]}`, link.ErrUnreadable},
		"http":      {`{"version":1,"address":"http://x","scopes":["status"],"who":{"id":"a","email":"b"}}`, link.ErrUnreadable},
		"scope":     {`{"version":1,"address":"https://x","scopes":["all"],"who":{"id":"a","email":"b"}}`, link.ErrUnreadable},
		"status":    {`{"version":1,"address":"https://x","scopes":["status"],"who":{"id":"a","email":"b"},"seen":{}}`, link.ErrUnreadable},
	} {
		h := &Home{Dir: t.TempDir(), Client: client(), Secrets: noSecrets{}}
		if err := os.WriteFile(h.path(), []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.Linked(); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
		if err := h.SetWatched(t.Context(), false); err == nil {
			t.Errorf("%s: written over", name)
		}
		_, err := h.readOver()
		if errors.Is(tc.want, link.ErrUnreadable) && err != nil || errors.Is(tc.want, link.ErrNewer) && !errors.Is(err, link.ErrNewer) {
			t.Errorf("%s: to link anew: %v", name, err)
		}
	}
}

func TestWatchedIsKept(t *testing.T) {
	h := &Home{Dir: t.TempDir(), Client: client(), Secrets: noSecrets{}}
	for _, on := range []bool{false, true} {
		if err := h.SetWatched(t.Context(), on); err != nil {
			t.Fatal(err)
		}
		if l, _, err := h.Linked(); err != nil || l.Watched != on {
			t.Errorf("%t: %+v, %v", on, l, err)
		}
	}
	if _, err := h.Session(t.Context()); !errors.Is(err, link.ErrNotLinked) {
		t.Errorf("nothing is linked: %v", err)
	}
	if err := h.write(sampleFile(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Session(t.Context()); !errors.Is(err, link.ErrEnded) { // the keyring was reset
		t.Errorf("linked, and no permission: %v", err)
	}
}

func TestPermissionIsRead(t *testing.T) {
	for text, want := range map[string]error{
		"":               link.ErrNotLinked,
		"{":              link.ErrUnreadable,
		`{"version":2}`:  link.ErrNewer,
		`{"version":-1}`: link.ErrUnreadable,
		`{"version":1,"address":"http://x","scopes":["status"],"refresh":"a","access":"b"}`:                            link.ErrUnreadable,
		`{"version":1,"address":"https://x","scopes":["status"],"refresh":"","access":"b"}`:                            link.ErrUnreadable,
		`{"version":1,"address":"https://x","scopes":["status"],"refresh":"a","access":"b","made":1,"until":2}`:        nil,
		`{"version":1,"address":"https://x","scopes":["status"],"refresh":"a","access":"b","made":1,"until":2}garbage`: link.ErrUnreadable,
	} {
		if _, err := decodePermission(secret.FromString(text)); !errors.Is(err, want) {
			t.Errorf("%.60s: %v, want %v", text, err, want)
		}
	}
}
