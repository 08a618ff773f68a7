// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/snapshot"
)

// newKey draws a recovery key and writes it down, also with mistakes.
func newKey(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 || neg {
		ts.Fatalf("usage: newkey NAME")
	}
	write := func(ending, text string) {
		ts.Check(os.WriteFile(ts.MkAbs(args[0]+ending), []byte(text+"\n"), 0o600))
	}
	key := snapshot.NewKey()
	words := key.Words()
	write(".words.txt", strings.Join(words, " "))
	write(".key.txt", key.Identity().Reveal())
	swapped := slices.Clone(words)
	for i := 3; ; i++ { // two that differ
		if swapped[2], swapped[i] = words[i], words[2]; words[2] != words[i] {
			write(".swapped.txt", strings.Join(swapped, " "))
			ts.Setenv("SWAPPED", strconv.Itoa(i+1))
			break
		}
		swapped = slices.Clone(words)
	}
	wrong := slices.Clone(words)
	if wrong[4] = words[5]; words[4] == words[5] {
		wrong[4] = words[6]
	}
	write(".wrong.txt", strings.Join(wrong, " "))
	wrong[4] = "xyzzy"
	write(".unknown.txt", strings.Join(wrong, " "))
	write(".short.txt", strings.Join(words[:15], " "))
}

func identity(ts *testscript.TestScript, file string) *age.HybridIdentity {
	for line := range strings.Lines(ts.ReadFile(file)) {
		if strings.HasPrefix(line, "AGE-SECRET-KEY-PQ-") {
			id, err := age.ParseHybridIdentity(strings.TrimSpace(line))
			ts.Check(err)
			return id
		}
	}
	ts.Fatalf("no identity in %s", file)
	return nil
}

// makeBackup encrypts any text, as the age program would.
func makeBackup(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 || neg {
		ts.Fatalf("usage: backup FILE KEYFILE TEXTFILE")
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, identity(ts, args[1]).Recipient())
	ts.Check(err)
	_, err = io.WriteString(w, ts.ReadFile(args[2]))
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}

// ageOpens decrypts a file with nothing but age, and prints how many accounts
// its text has.
func ageOpens(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: age KEYFILE|=PASSPHRASEFILE FILE")
	}
	var id age.Identity
	if pass, ok := strings.CutPrefix(args[0], "="); ok {
		s, err := age.NewScryptIdentity(strings.TrimSpace(ts.ReadFile(pass)))
		ts.Check(err)
		id = s
	} else {
		id = identity(ts, args[0])
	}
	r, err := age.Decrypt(strings.NewReader(ts.ReadFile(args[1])), id)
	if neg {
		if err == nil {
			ts.Fatalf("%s opens with %s", args[1], args[0])
		}
		return
	}
	ts.Check(err)
	var text struct {
		Format   string
		Accounts []any
	}
	ts.Check(json.NewDecoder(r).Decode(&text))
	_, err = io.WriteString(ts.Stdout(), text.Format+" "+strconv.Itoa(len(text.Accounts))+"\n")
	ts.Check(err)
}

// flip changes one byte of a file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
}

// takeSnapshot copies the newest snapshot of the data folder, or the one N
// before it.
func takeSnapshot(ts *testscript.TestScript, _ bool, args []string) {
	names, err := filepath.Glob(ts.MkAbs("data/snapshots/kutano-*.age"))
	ts.Check(err)
	before := 0
	if len(args) > 1 {
		before, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	if len(names) <= before {
		ts.Fatalf("there are %d snapshots", len(names))
	}
	slices.SortFunc(names, func(a, b string) int { // by generation: the clock's seconds are too coarse
		return cmp.Or(cmp.Compare(a[strings.LastIndex(a, "-"):], b[strings.LastIndex(b, "-"):]), cmp.Compare(a, b))
	})
	name := names[len(names)-1-before]
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(name)), 0o600))
	ts.Setenv("SNAPSHOT", filepath.Base(name))
}

// space is what tells a data folder's items in the keyring from others'.
func space(ts *testscript.TestScript) string {
	head, _, _ := strings.Cut(ts.ReadFile("data/accounts.json"), "\n")
	space := regexp.MustCompile(`"space":"([0-9a-f]{8})"`).FindStringSubmatch(head)
	if space == nil {
		ts.Fatalf("no space in %s", head)
	}
	return space[1]
}

// wipe takes everything of the data folder out of the keyring, as a login
// password that was reset does.
func wipe(ts *testscript.TestScript, _ bool, _ []string) {
	store, err := keystore.OpenKeyring(space(ts))
	ts.Check(err)
	for _, name := range []string{"page-0", "page-1", "page-2", "recovery", "lock"} {
		ts.Check(store.Delete(context.Background(), name))
	}
	ts.Check(store.Close())
}

var (
	identityText = regexp.MustCompile(`AGE-SECRET-KEY-(PQ-)?1[0-9A-Za-z]{8,}`)
	wordsText    = regexp.MustCompile(`^(# words:( \d+\. [a-z]+){4}|[a-z]+( [a-z]+){14,})$`)
)

// wantNoRecoveryKey is the canary for recovery keys: no identity is printed at
// all, and no two words that follow each other in a key of the script's files.
func wantNoRecoveryKey(ts *testscript.TestScript, printed string) {
	if identityText.MatchString(printed) {
		ts.Fatalf("a recovery key was printed")
	}
	said := strings.Fields(strings.ToLower(printed))
	for _, line := range wordLines(ts) {
		for i := range len(line) - 1 {
			for j := range len(said) - 1 {
				if said[j] == line[i] && said[j+1] == line[i+1] {
					ts.Fatalf("words of a recovery key were printed")
				}
			}
		}
	}
}

// wordLines returns the lines of the script's files that are words of a key.
func wordLines(ts *testscript.TestScript) (lines [][]string) {
	files, err := filepath.Glob(ts.MkAbs("*.txt"))
	ts.Check(err)
	for _, f := range files {
		for line := range strings.Lines(ts.ReadFile(f)) {
			if line = strings.TrimSpace(line); !wordsText.MatchString(line) {
				continue
			}
			lines = append(lines, strings.FieldsFunc(strings.TrimPrefix(line, "# words: "), func(r rune) bool { return r < 'a' || r > 'z' }))
		}
	}
	return lines
}
