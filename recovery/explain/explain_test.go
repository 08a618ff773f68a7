// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes/split"
	"github.com/kutano/authenticator/vault/keystore"
)

// sources are the folders whose sentinels must all have a message, by the name
// under which the rules' files import them.
var sources = map[string]string{
	"vault":      "../../vault",
	"keystore":   "../../vault/keystore",
	"otpauth":    "../../vault/otpauth",
	"scan":       "../../vault/scan",
	"clipboard":  "../../vault/clipboard",
	"snapshot":   "../../vault/snapshot",
	"foreign":    "../../vault/exchange/foreign",
	"atomicfile": "../../vault/atomicfile",

	"backupcodes": "../../vault/backupcodes",
	"split":       "../../vault/backupcodes/split",
	"guide":       "../guide",
	"profile":     "../profile",
	"practice":    "../practice",
	"statefile":   "../../vault/statefile",
	"link":        "../../sync/link",
	"enrolment":   "../../sync/link/enrolment",
	"desk":        "../../sync/link/desk",
	"helpdesk":    "../helpdesk",
	"phrase":      "../phrase",
}

func TestEverySentinelHasAMessage(t *testing.T) {
	used := ruled(t)
	for pkg, dir := range sources {
		for _, name := range sentinels(t, dir) {
			if !slices.Contains(used, pkg+"."+name) {
				t.Errorf("%s.%s has no message", pkg, name)
			}
		}
	}
}

// sentinels returns the exported Err… variables that a folder's files declare.
func sentinels(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	for _, file := range parse(t, dir) {
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					if strings.HasPrefix(id.Name, "Err") {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	if len(names) == 0 {
		t.Fatalf("no sentinels in %s", dir)
	}
	return names
}

// ruled returns the pkg.Err… selectors in this package's own sources.
func ruled(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, file := range parse(t, ".") {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := s.X.(*ast.Ident); ok {
					names = append(names, id.Name+"."+s.Sel.Name)
				}
			}
			return true
		})
	}
	return names
}

func parse(t *testing.T, dir string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, p := range paths {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func TestEachRuleIsReached(t *testing.T) {
	for _, room := range rooms() {
		for _, r := range room {
			got := Error(fmt.Errorf("add an account: %w", r.err))
			if got != r.message() {
				t.Errorf("%v is explained as %q, its rule says %q", r.err, got.What, r.message().What)
			}
		}
	}
}

// forbidden are the words that screens.md keeps from people, and shouting.
var forbidden = regexp.MustCompile(`(?i)\b(token|skew|seed|payload|secret|invalid|error)s?\b|!`)

func TestMessagesAreCalmAndPlain(t *testing.T) {
	messages := []Message{general.message(), diskFull.message(), NothingFound(), waiting(&vault.WaitError{For: 8 * time.Second})}
	for _, room := range rooms() {
		for _, r := range room {
			messages = append(messages, r.message())
		}
	}
	for _, m := range messages {
		for _, text := range []string{m.What, m.Safe, m.Next} {
			if bad := forbidden.FindString(strings.ReplaceAll(text, "AGE-SECRET-KEY", "")); bad != "" {
				t.Errorf("%q has %q in it", text, bad)
			}
			if text != "" && !strings.HasSuffix(text, ".") {
				t.Errorf("%q is not a sentence", text)
			}
		}
		if m.What == "" || m.Safe == "" || m.Kind == "" {
			t.Errorf("incomplete message %+v", m)
		}
		if m.Next == "" && m.Kind != Cancelled {
			t.Errorf("%q says nothing about what to do next", m.What)
		}
	}
}

func TestExitCodesOfTheContract(t *testing.T) {
	for kind, exit := range map[Kind]int{
		Failed: 1, BadPicture: 1, NoQR: 1, ReadOnly: 1, DiskFull: 1, Busy: 1, KeysGone: 1, Clock: 1, NoNetwork: 1, TooLarge: 1,
		Usage: 2, NotFound: 3, Ambiguous: 3, Locked: 4, Passphrase: 4,
		KeyringUnavailable: 5, KeyringDenied: 5, Timeout: 5,
		Refused: 6, Exists: 6, Cancelled: 7,
	} {
		if kind.Exit() != exit {
			t.Errorf("%s exits with %d, the contract says %d", kind, kind.Exit(), exit)
		}
	}
}

func TestSystemErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		kind Kind
	}{
		{&fs.PathError{Op: "open", Path: "/x", Err: syscall.ENOSPC}, DiskFull},
		{&fs.PathError{Op: "open", Path: "/x", Err: syscall.EROFS}, ReadOnly},
		{&fs.PathError{Op: "open", Path: "/x", Err: syscall.EACCES}, ReadOnly},
		{&os.LinkError{Op: "rename", Old: "/a", New: "/b", Err: syscall.EDQUOT}, DiskFull},
		{&fs.PathError{Op: "open", Path: "/x", Err: syscall.ENOENT}, NotFound},
		{&fs.PathError{Op: "open", Path: "/x", Err: syscall.EEXIST}, Failed},
		{fmt.Errorf("scan: %w", context.Canceled), Cancelled},
		{context.DeadlineExceeded, Timeout},
		{&fs.PathError{Op: "mkdir", Path: "/x", Err: syscall.ENOTDIR}, Failed},
		{fmt.Errorf("write sealed file: %w: %w", keystore.ErrFailed, syscall.ENOSPC), DiskFull},
		{fmt.Errorf("write sealed file: %w: %w", keystore.ErrFailed, fs.ErrPermission), ReadOnly},
		{errors.New("a text with a key in it"), Failed},
	} {
		m := Error(c.err)
		if m.Kind != c.kind || m.Exit != c.kind.Exit() {
			t.Errorf("%v: kind %q exit %d, want %q", c.err, m.Kind, m.Exit, c.kind)
		}
		if strings.Contains(m.What+m.Safe+m.Next, "/x") || strings.Contains(m.What, "a text with") {
			t.Errorf("%v: the message repeats the error: %q", c.err, m.What)
		}
	}
	if m := Error(nil); m != (Message{}) {
		t.Errorf("nil is explained as %+v", m)
	}
}

type speaking struct{ error }

func (speaking) Message() Message { return Message{Kind: NotFound, What: "Own words.", Exit: 3} }

func TestAnErrorMaySpeakForItself(t *testing.T) {
	err := fmt.Errorf("code: %w", speaking{context.Canceled})
	if m := Error(err); m.What != "Own words." || m.Kind != NotFound {
		t.Errorf("got %+v", m)
	}
	if got := Reason(err); got != "Own words." {
		t.Errorf("reason %q", got)
	}
}

// What is wrong with shares is said by their number.
func TestSharesAreNamed(t *testing.T) {
	for err, want := range map[error]string{
		&split.TooFewError{Have: 1, Need: 2}:                    "1 share is missing: 1 of 2 are there.",
		&split.TooFewError{Have: 0, Need: 3}:                    "3 shares are missing: 0 of 3 are there.",
		&split.ShareError{At: 2, Err: split.ErrForeign}:         "Share 2 belongs to another splitting than the others.",
		&split.ShareError{At: 3, Other: 1, Err: split.ErrTwice}: "Share 3 is the same as share 1.",
		&split.ShareError{At: 4, Err: split.ErrWrong}:           "Share 4 was changed and does not go with the others.",
		&split.ShareError{At: 1, Err: split.ErrMistake}:         "There is a mistake in the letters of share 1.",
		&split.ShareError{At: 1, Err: split.ErrNotShare}:        "Text 1 is not a share of backup codes.",
		&split.ShareError{At: 1, Err: split.ErrNewer}:           "This share was made by a newer version of this app.",
	} {
		if m := Error(fmt.Errorf("join backup codes: %w", err)); m.What != want || m.Next == "" {
			t.Errorf("%v: %+v", err, m)
		}
	}
}

// What is missing for something at the desk is named, and a lost answer is told
// before why it was lost.
func TestDesk(t *testing.T) {
	c := helpdesk.New(helpdesk.Agent{})
	c.Unlinked(link.RoleUser)
	_, err := c.Record(link.ActUnlock)
	if m := Error(err); m.What != "Missing: The six words, or a written reason why there are none." || m.Kind != Refused {
		t.Errorf("%+v", m)
	}
	if m := Error(fmt.Errorf("%w: %w", desk.ErrLost, link.ErrUnreachable)); m.Kind != NotKnown || m.Exit != 1 {
		t.Errorf("%+v", m)
	}
}

// A delay is told in whole seconds, and is not taken for a wrong passphrase.
func TestWaitIsTold(t *testing.T) {
	for wait, next := range map[time.Duration]string{
		7100 * time.Millisecond: "Wait 8 seconds, then try again.",
		time.Second:             "Wait 1 second, then try again.",
		0:                       "Wait 1 second, then try again.",
	} {
		m := Error(fmt.Errorf("unlock: %w", &vault.WaitError{For: wait}))
		if m.Next != next || m.Kind != Locked || m.Exit != 4 {
			t.Errorf("%v: %+v", wait, m)
		}
	}
	if m := Error(fmt.Errorf("code: %w", keystore.ErrSealed)); m.Kind != Locked || m.Exit != 4 {
		t.Errorf("locked: %+v", m)
	}
}

// A mistake in a check phrase is told by its place, with what to ask for.
func TestPhraseMistakesAreNamed(t *testing.T) {
	for _, c := range []struct {
		err        error
		what, next string
	}{
		{&phrase.CountError{Have: 5}, "The check phrase is not complete: one of its six words is missing.", "Ask for the missing words."},
		{&phrase.CountError{Have: 2}, "The check phrase is not complete: 4 of its six words are missing.", "Ask for the missing words."},
		{&phrase.CountError{Have: 7}, "These are more than the six words of a check phrase.", "Type its six words and nothing else."},
		{
			&phrase.WordsError{Words: []phrase.Unknown{{Place: 3, Near: []string{"castle", "cashew"}}}},
			"Word 3 is not on the list of words for check phrases.", "Ask for word 3 again. These sound like it: castle, cashew.",
		},
		{
			&phrase.WordsError{Words: []phrase.Unknown{{Place: 2}, {Place: 5}}},
			"2 words are not on the list of words for check phrases. The first is word 2.", "Ask for that word again, letter by letter.",
		},
		{
			&phrase.CheckError{}, "The six words do not fit together: one of them was misheard, or two were swapped.",
			"Ask for all six again, slowly, or ask for the digits beside them.",
		},
		{
			&phrase.CheckError{Suggest: &phrase.Suggestion{Place: 4, Word: "castle"}},
			"The six words do not fit together: one of them was misheard, or two were swapped.", "Ask for word 4 again: is it “castle”?",
		},
		{
			&phrase.CheckError{Suggest: &phrase.Suggestion{Place: 1, With: 2}},
			"The six words do not fit together: one of them was misheard, or two were swapped.", "Ask for words 1 and 2 again: were they swapped?",
		},
	} {
		if m := Error(fmt.Errorf("read check phrase: %w", c.err)); m.What != c.what || m.Next != c.next || m.Safe == "" {
			t.Errorf("%v: %+v", c.err, m)
		}
	}
}
