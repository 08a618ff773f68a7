// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keep_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/keep"
)

func message(i int) outbox.Message {
	return outbox.Message{
		Channel: outbox.Mail, To: "ana@example.org", Subject: "s", Text: fmt.Sprint("text ", i), Dedupe: fmt.Sprint(i),
		Written: time.UnixMilli(1_800_000_000_000 + int64(i)),
	}
}

func TestMemory(t *testing.T) {
	k := keep.NewMemory(3)
	for _, i := range []int{1, 2, 3, 3, 4} { // one comes twice
		if err := k.Send(t.Context(), message(i)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, m := range k.Messages() {
		got = append(got, m.Text)
	}
	if s := strings.Join(got, ","); s != "text 4,text 3,text 2" {
		t.Fatalf("kept %s", s)
	}
	k.Messages()[0].Text = "changed"
	if k.Messages()[0].Text != "text 4" {
		t.Fatal("what was given out is what is kept")
	}
}

func TestFolder(t *testing.T) {
	f := keep.Folder{Dir: t.TempDir()}
	for _, i := range []int{1, 2, 2} {
		if err := f.Send(t.Context(), message(i)); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(f.Dir, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	for i, path := range files {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v, %v", info.Mode(), err)
		}
		text, err := os.ReadFile(path)
		if want := fmt.Sprintf("To: ana@example.org\nSubject: s\n\ntext %d\n", i+1); err != nil || string(text) != want {
			t.Fatalf("%q, %v", text, err)
		}
	}
	if err := (keep.Folder{Dir: filepath.Join(f.Dir, "none")}).Send(t.Context(), message(1)); err == nil {
		t.Fatal("a message went to a folder that is not there")
	}
}
