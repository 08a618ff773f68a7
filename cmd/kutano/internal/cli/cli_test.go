// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

var sample = []vault.Account{
	{ID: "aaaaaaaaaaaa", Issuer: "GitHub", Name: "ana@example.com"},
	{ID: "bbbbbbbbbbbb", Issuer: "GitHub", Name: "bob@example.com"},
	{ID: "cccccccccccc", Issuer: "GitLab", Name: "ana@example.com", Note: "like GitHub"},
	{ID: "dddddddddddd", Issuer: "", Name: "github"},
	{ID: "eeeeeeeeeeee", Issuer: "Müller", Name: "ana"},
}

func TestFind(t *testing.T) {
	for query, want := range map[string][]vault.ID{
		"cccccccccccc":           {"cccccccccccc"},
		"GitHub:bob@example.com": {"bbbbbbbbbbbb"},
		"github:BOB@example.com": {"bbbbbbbbbbbb"},
		"gitlab":                 {"cccccccccccc"},                                 // and not the one named in a note
		"GitHub":                 {"aaaaaaaaaaaa", "bbbbbbbbbbbb", "dddddddddddd"}, // service or name
		"github bob":             {"bbbbbbbbbbbb"},                                 // words
		"ana":                    {"eeeeeeeeeeee"},                                 // the name goes before a part of one
		"ana@example.com":        {"aaaaaaaaaaaa", "cccccccccccc"},                 // two names
		"example":                {"aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"}, // three in which it is found
		"müller":                 {"eeeeeeeeeeee"},
		"nobody":                 {},
	} {
		got := []vault.ID{}
		for _, a := range find(sample, query) {
			got = append(got, a.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
}

func TestQueriesThatMayBeKeysAreNotRepeated(t *testing.T) {
	for _, query := range []string{
		"otpauth://totp/x?secret=AAAA", strings.Repeat("A", 41), strings.Repeat("A", 32), strings.Repeat("b", 16), "AAAA BBBB CCCC DDDD",
		"aaaa-bbbb-cccc-dddd-22", "AAAAAAAAAAAAAAAAAAAAAAAAAA======",
	} {
		if got := repeat(query); strings.Contains(got, query) {
			t.Errorf("%q is repeated", query)
		}
	}
	for _, query := range []string{"github", "ana@example.com", "my bank account 2", "Kutano:ana", "international-bank", "AAAABBBB", ""} {
		if got := repeat(query); got != `"`+query+`"` {
			t.Errorf("%q becomes %s", query, got)
		}
	}
	if got := repeat("git\x1b[2Jhub"); got != `"git`+"\uFFFD"+`[2Jhub"` {
		t.Errorf("got %q", got)
	}
}

func TestGrouped(t *testing.T) {
	for code, want := range map[string]string{
		"1234": "1234", "12345": "12345", "123456": "123 456", "1234567": "1234 567", "12345678": "1234 5678",
		"123456789": "123 456 789", "1234567890": "12345 67890", "FR8RV": "FR8RV", "": "",
	} {
		if got := grouped(code); got != want {
			t.Errorf("%q is shown as %q, want %q", code, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	got := table([][]string{{"a", "länger", "x"}, {"bbb", "c", ""}})
	if want := "a    länger  x\nbbb  c\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// R54: the next code is named when the current one is about to end.
func TestLasts(t *testing.T) {
	m := made{next: "118230", code: otpauth.Code{Until: time.Unix(60, 0)}}
	for at, want := range map[time.Duration]string{
		30 * time.Second:         "30 seconds left",
		49 * time.Second:         "11 seconds left",
		50 * time.Second:         "10 seconds left, then 118 230",
		59 * time.Second:         "1 second left, then 118 230",
		59500 * time.Millisecond: "1 second left, then 118 230",
	} {
		if got := lasts(m, time.Unix(0, 0).Add(at)); got != want {
			t.Errorf("after %v: %q, want %q", at, got, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	for answer, want := range map[string][2]bool{
		"": {true, true}, "y": {true, true}, " YES ": {true, true}, "n": {false, true}, "no": {false, true}, "perhaps": {false, false},
	} {
		if yes, ok := yesOrNo(answer, true); yes != want[0] || ok != want[1] {
			t.Errorf("%q: %v %v", answer, yes, ok)
		}
	}
	for answer, want := range map[string][]bool{
		"": {true, true, true}, "n": {false, false, false}, "2": {false, true, false}, "1, 3": {true, false, true},
		"4": nil, "0": nil, "x": nil, "-1": nil,
	} {
		got, ok := picked(answer, 3)
		if ok != (want != nil) || ok && !slices.Equal(got, want) {
			t.Errorf("%q: %v %v", answer, got, ok)
		}
	}
}

func TestMoved(t *testing.T) {
	as := []vault.Account{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	for position, want := range map[int]string{1: "cab", 2: "acb", 3: "abc", 99: "abc"} {
		got := ""
		for _, id := range moved(as, "c", position) {
			got += string(id)
		}
		if got != want {
			t.Errorf("to %d: %s, want %s", position, got, want)
		}
	}
}

func TestMissingPicturesAreCounted(t *testing.T) {
	if got := missing(map[int]bool{1: true}, 3); got != "1, 3" {
		t.Errorf("got %q", got)
	}
	if got := missing(nil, 100_000); !strings.HasSuffix(got, "20, …") {
		t.Errorf("got %q", got)
	}
}

func TestNamed(t *testing.T) {
	for args, want := range map[string]string{
		"code x": "code", "--data code list": "list", "--json --store=file add": "add", "--passphrase-fd 3 tour": "tour", "": "", "--version": "",
	} {
		if got := named(strings.Fields(args)); got != want {
			t.Errorf("%q names %q, want %q", args, got, want)
		}
	}
}

// fixed is a clock that stands.
type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }

// run runs the command line in this process on a sealed file.
func run(t *testing.T, dir string, now time.Time, stdin string, args ...string) (out, errs string, exit int) {
	t.Helper()
	var o, e bytes.Buffer
	a := &App{
		Version: "test", Out: &o, Err: &e, Clock: fixed(now),
		In: io.MultiReader(strings.NewReader("correct horse\n"), strings.NewReader(stdin)),
	}
	exit = a.Run(t.Context(), append([]string{"--data", dir, "--store", "file", "--passphrase-fd", "0"}, args...))
	return o.String(), e.String(), exit
}

const rfc = "otpauth://totp/Kutano:sha1?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kutano&digits=8\n"

// R41 R54: the time left is exact, and near the end the next code is there too.
func TestGoBackToKutano(t *testing.T) {
	for second, want := range map[int64]string{
		43: "Now go back to Kutano, press Continue, and type this code: 9428 7082 (17 seconds left)",
		55: "Now go back to Kutano, press Continue, and type this code: 9428 7082 (5 seconds left, then 3735 9152)",
	} {
		out, errs, exit := run(t, t.TempDir(), time.Unix(second, 0), rfc, "add")
		if exit != 0 || !strings.Contains(out, want) {
			t.Errorf("exit %d, %q, %s", exit, out, errs)
		}
	}
}

func TestClocksThatCannotBeRight(t *testing.T) {
	dir := t.TempDir()
	if _, errs, exit := run(t, dir, time.Unix(59, 0), strings.ReplaceAll(rfc, "Kutano", "RFC"), "add"); exit != 0 {
		t.Fatal(errs)
	}
	in1969 := time.Date(1969, 7, 20, 20, 17, 40, 0, time.UTC)
	_, errs, exit := run(t, dir, in1969, "", "code", "rfc")
	if exit != 1 || !strings.Contains(errs, "clock of this device cannot be right") {
		t.Errorf("in 1969: exit %d, said %q", exit, errs)
	}
	out, _, exit := run(t, dir, in1969, "", "code", "rfc", "--json")
	var doc struct{ Error struct{ Kind string } }
	if json.Unmarshal([]byte(out), &doc) != nil || exit != 1 || doc.Error.Kind != "clock" {
		t.Errorf("in 1969: exit %d, printed %s", exit, out)
	}
	// After 2106 Unix time needs more than 32 bits: oathtool --totp -d 8
	// --now '2106-02-07 06:28:16 UTC' on the same key says 59791428.
	out, errs, exit = run(t, dir, time.Date(2106, 2, 7, 6, 28, 16, 0, time.UTC), "", "code", "rfc")
	if exit != 0 || out != "59791428\n" {
		t.Errorf("in 2106: exit %d, %q %q", exit, out, errs)
	}
	if out, _, exit := run(t, dir, in1969, "", "code", "rfc", "--at", "59"); exit != 0 || out != "94287082\n" {
		t.Errorf("--at does not help: exit %d, %q", exit, out)
	}
}

// Files from Windows begin with a mark, and may be UTF-16.
func TestFilesFromWindows(t *testing.T) {
	text := "# my keys\r\n\r\n" + strings.TrimSuffix(rfc, "\n") + "\r\n   \r\n"
	little, big := []byte{0xFF, 0xFE}, []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(text)) {
		little = binary.LittleEndian.AppendUint16(little, u)
		big = binary.BigEndian.AppendUint16(big, u)
	}
	for name, in := range map[string]string{
		"UTF-8": text, "UTF-8 with its mark": "\ufeff" + text, "UTF-16": string(little), "UTF-16, big end first": string(big),
	} {
		out, errs, exit := run(t, t.TempDir(), time.Unix(43, 0), in, "add", "--dry-run")
		if want := "Would add Kutano · sha1.\n"; exit != 0 || out != want {
			t.Errorf("%s: exit %d, %q, %q", name, exit, out, errs)
		}
	}
	if _, _, exit := run(t, t.TempDir(), time.Unix(43, 0), "\xff\xfeo", "add"); exit != 2 {
		t.Errorf("half a character: exit %d, want 2", exit)
	}
}

// What keeps one account's code back, and what keeps all of them back.
func TestErrorsAboutOneAccount(t *testing.T) {
	for err, want := range map[error]bool{
		vault.ErrKeysGone: true, vault.ErrAside: true, vault.ErrReadOnly: true, syscall.ENOSPC: true,
		keystore.ErrLocked: false, keystore.ErrTimeout: false, context.Canceled: false, otpauth.ErrClock: false,
	} {
		if got := aboutOne(fmt.Errorf("code: %w", err)); got != want {
			t.Errorf("%v is about one account: %v, want %v", err, got, want)
		}
	}
}

func TestAFolderThatEveryoneCanWrite(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no such modes
	}
	dir := t.TempDir()
	for mode, want := range map[os.FileMode]bool{0o700: false, 0o755: false, 0o777: true} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		_, errs, exit := run(t, dir, time.Unix(59, 0), "", "list")
		if got := strings.Contains(errs, "chmod go-w "+dir); exit != 0 || got != want {
			t.Errorf("%o: exit %d, warned %v, want %v: %s", mode, exit, got, want, errs)
		}
	}
}

func TestCancelledBeforeItBegan(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	a := &App{Out: &out, Err: &errs, In: strings.NewReader("x\n"), Clock: fixed(time.Unix(59, 0))}
	exit := a.Run(ctx, []string{"--data", t.TempDir(), "tour"})
	if exit == 0 {
		t.Errorf("a cancelled tour was taken to its end: %s", out.String())
	}
}

// Each command says what it is for, with an example, in plain words.
func TestHelpOfEachCommand(t *testing.T) {
	all := (&App{}).Command().Commands()
	for _, cmd := range slices.Clone(all) {
		all = append(all, cmd.Commands()...)
	}
	for _, cmd := range all {
		if cmd.Hidden || cmd.Parent().Name() == "completion" {
			continue
		}
		if cmd.Long == "" || cmd.Example == "" || cmd.Short == "" {
			t.Errorf("%s lacks a text", cmd.CommandPath())
		}
		for _, word := range []string{"token", "skew", "seed", "payload", "!"} {
			if strings.Contains(strings.ToLower(cmd.Long+cmd.Short+cmd.Flags().FlagUsages()), word) {
				t.Errorf("%s speaks of %q", cmd.CommandPath(), word)
			}
		}
		for line := range strings.Lines(cmd.Long + "\n" + cmd.Example) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 82 {
				t.Errorf("%s: a line of %d characters: %s", cmd.CommandPath(), n, line)
			}
		}
	}
}
