// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && !race

package main

import (
	"os"
	"strings"
)

// keeping goes through the safe for backup codes, early: whatever is written
// after it, snapshots, exports, lists, settings, holds none of its codes.
func (w *walk) keeping() {
	w.Text("a backup code", w.code)
	w.Text("a backup code for paper", w.paper)
	w.Text("the safe's passphrase", w.safe)
	w.Text("the safe's second passphrase", w.safe2)
	w.Text("a backup code in a wrong place", w.stray)
	codes := w.code + "\n" + w.code[:12] + " " + w.code[12:] + "\n"
	safe := func(args, in string, exit int, fds ...string) {
		w.t.Helper()
		w.do(step{args: "safe " + args, in: in, exit: exit, fds: fds})
	}
	for _, json := range []string{"", " --json"} {
		safe("note Note --where drawer --count 3"+json, "", 0)
	}
	safe("add Plain --blanks-inside --safe-passphrase-fd 4", codes, 2, w.safe) // the key is here
	safe("add Plain --blanks-inside --dry-run --json", codes, 0)
	safe("add Plain --blanks-inside --here --safe-passphrase-fd 4", codes, 0, w.safe)
	safe("add Other --safe-passphrase-fd 4 --json", w.code+"\n", 0, w.safe)
	safe("add Bad --safe-passphrase-fd 4", w.code+"\x00", 6, w.safe)
	safe("add Bad --safe-passphrase-fd 4 --json", strings.Repeat(w.code, 9), 1, w.safe)
	safe("add Paper --pdf ../out/codes.pdf", w.paper+"\n", 0)
	safe("add Packed --to ../out/codes.age --new-passphrase-fd 4 --json", w.paper+"\n", 0, w.safe2)
	for _, json := range []string{"", " --json"} {
		safe("use plain 1 --safe-passphrase-fd 4"+json, "", 0, w.safe)
		safe("use plain --undo --safe-passphrase-fd 4"+json, "", 0, w.safe)
		safe("list"+json, "", 0)
		safe("show plain --yes --safe-passphrase-fd 4"+json, "", 4, w.safe2)
		safe("show plain"+json, "", 2)
		safe("show plain 9 --yes --safe-passphrase-fd 4"+json, "", 3, w.safe)
		safe("import ../out/codes.age --safe-passphrase-fd 4 --file-passphrase-fd 5"+json, "", 4, w.safe, w.safe)
	}
	shown := w.do(step{args: "safe show plain 1 --yes --safe-passphrase-fd 4", fds: []string{w.safe}, skip: true})
	if err := os.WriteFile(w.path("out/code.txt"), []byte(shown), 0o600); err != nil {
		w.t.Fatal(err)
	}
	safe("split plain --to ../out/shares --text --safe-passphrase-fd 4", "", 0, w.safe)
	safe("split plain --to ../out/sheets --safe-passphrase-fd 4 --json", "", 0, w.safe)
	safe("join ../out/shares/share-1-of-3.txt --here --safe-passphrase-fd 4", "", 6, w.safe)
	safe("join ../out/shares/share-1-of-3.txt ../out/shares/share-2-of-3.txt --here --safe-passphrase-fd 4", "", 0, w.safe)
	safe("print other --pdf ../out/other.pdf --safe-passphrase-fd 4", "", 0, w.safe)
	safe("export ../out/safe.age --safe-passphrase-fd 4 --new-passphrase-fd 5", "", 0, w.safe, w.safe2)
	safe("import ../out/safe.age --safe-passphrase-fd 4 --file-passphrase-fd 5", "", 0, w.safe, w.safe2)
	safe("remove other --yes --safe-passphrase-fd 4", "", 0, w.safe)
	safe("passphrase --safe-passphrase-fd 4 --new-passphrase-fd 5", "", 0, w.safe, w.safe2)
	safe("passphrase --safe-passphrase-fd 4 --new-passphrase-fd 5", "", 4, w.safe, w.safe2)
	safe("start-anew --yes --new-passphrase-fd 4", "", 0, w.safe)
	safe("add Again --safe-passphrase-fd 4", w.code+"\n", 0, w.safe)
	// A code in a wrong place is in the arguments, and not repeated.
	w.do(step{args: "safe show --yes", more: []string{w.stray}, exit: 3})
	w.do(step{args: "safe use plain", more: []string{w.stray}, exit: 2})
}
