// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
)

// faults are the page's lines.
var faults = []struct {
	name string
	try  func(*trial) []finding
}{
	{"killed at each write", (*trial).killed},
	{"disk full", (*trial).diskFull},
	{"folder read-only", (*trial).readOnly},
	{"permission lost on the way", (*trial).denied},
	{"keyring killed on the way", (*trial).keyringKilled},
	{"keyring locked on the way", (*trial).keyringLocked},
	{"keyring wiped before", (*trial).keyringWiped},
	{"older keyring put back after", (*trial).keyringOlder},
	{"accounts.json deleted before", (*trial).indexDeleted},
	{"accounts.json damaged before", (*trial).indexDamaged},
	{"secrets.sealed deleted before", (*trial).sealedDeleted},
	{"older folder put back after", (*trial).folderOlder},
	{"a bit of any file flipped before", (*trial).flipped},
	{"two processes at once", (*trial).two},
	{"ten processes at once", (*trial).ten},
	{"clock far off", (*trial).clock},
}

const page = "../faults.md"

func TestMatrix(t *testing.T) {
	if raceEnabled {
		t.Skip("it runs without the race detector, as the step faults of .ci/test: with it every process takes several times as long")
	}
	cells := map[string]finding{}
	w := newWorld(t)
	for _, name := range names {
		for _, kind := range operations[name].kinds {
			t.Run(name+" in "+string(kind), func(t *testing.T) {
				w.t = t
				r := newTrial(w, name, kind)
				for _, f := range faults {
					cells[cell(f.name, name, kind)] = sum(f.try(r))
				}
			})
		}
	}
	w.t = t
	if t.Failed() {
		return // the page would say what must not be
	}
	text := render(cells)
	if *update {
		if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != text {
		t.Errorf("docs/faults.md says other than was found; go test ./docs/faults -update writes\n%s", text)
	}
	if strings.Contains(text, "|  |") {
		t.Error("a cell is empty")
	}
}

func cell(fault, name string, kind keystore.Kind) string {
	return fault + "/" + name + "/" + string(kind)
}

// sum says in a word or two what was found in all tries of a cell.
func sum(found []finding) finding {
	is := func(f finding) bool { return slices.Contains(found, f) }
	switch {
	case len(found) == 0:
		return unused // there was nothing to break
	case is(failed):
		return failed
	case is(done) && is(refused):
		return "either"
	}
	slices.Sort(found)
	var words []string
	for _, f := range slices.Compact(found) {
		words = append(words, string(f))
	}
	return finding(strings.Join(words, ", "))
}

// render writes the page.
func render(cells map[string]finding) string {
	var b strings.Builder
	b.WriteString(head)
	for _, kind := range both {
		fmt.Fprintf(&b, "\n## %s\n\n| |", map[keystore.Kind]string{keystore.Keyring: "Keys in the keyring", keystore.File: "Keys in a sealed file"}[kind])
		var columns []string
		for _, name := range names {
			if slices.Contains(operations[name].kinds, kind) {
				columns = append(columns, name)
				fmt.Fprintf(&b, " %s |", name)
			}
		}
		b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
		for _, f := range faults {
			fmt.Fprintf(&b, "| %s |", f.name)
			for _, name := range columns {
				fmt.Fprintf(&b, " %s |", cells[cell(f.name, name, kind)])
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

const head = `# Faults

What comes of a fault in the middle of each thing that the programs do. The tests in docs/faults write this page: each
cell is what they found when they broke it, on a real keyring, real files and real processes. It is made anew with

    go test -count=1 -timeout 20m ./docs/faults -update

and without -update the tests fail where a cell would change.

After every single try a program that knows nothing of the fault opens the vault and looks. Whatever the cell says, it
found every earlier account once and with the right key, the account in question whole or not at all and never twice,
what was confirmed done, every snapshot whole, and the newest of them holding all that was there before; the next change
went through and cleaned up what the fault had left. Else the test fails, and there is no page.

| word | |
|---|---|
| refused | the operation said why it failed, and nothing has changed |
| done | the operation went through, or is brought to its end by the next start |
| either | one or the other, depending on the moment of the fault; what had been confirmed is done |
| one wins | the first process does it; the others do it too or say why they cannot |
| noticed | the app says that a part of the data is older than the rest, or that the recovery key is not the one made here |
| undone | what was done last is as it was before, as in the copy that was put back; all earlier accounts are there |
| snapshot | keys are gone or cannot be opened, and a snapshot brings every one back |
| kept | every account is there, or a snapshot brings it back; no code of another account is shown |
| not touched | the fault is about something that the operation does not use, or that is not there yet |

A process is killed before each step by which it changes a file or an item of the keyring, and in the midst of each
writing, one process for each. A disk is full from every fourth such step on, and really, where a disk of that size can
be mounted. A clock that is put far forward lets accounts that were removed before expire: they are kept for thirty days.
What is removed under a clock that was put back is kept, too. A bit is flipped at a random place in each file; besides,
one bit of every byte of every file of a small vault is tried in turn: every byte of a sealed file, a snapshot or
unlock.age keeps it from opening, and that is said; what is wrong in accounts.json is mended from the keys, before a code
is shown; a changed recovery.json stops the snapshots, and that is said.

A thousand processes more are killed at random times while they do random changes, passphrases included. After each
the vault holds what they had said was done, and the last thing that they had begun is done or not.
`
