// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && !race

package main

import (
	"os"
	"path/filepath"

	"github.com/kutano/authenticator/vault/secret/canary"
)

// reporting makes reports and check phrases, which hold nothing secret and, more than
// that, no name: what people call things is searched for in them, too.
func (w *walk) reporting() {
	w.t.Helper()
	var names canary.Hunt
	word := func(name string) string {
		text := canary.Word(24)
		names.Text(name, text)
		return text
	}
	issuer := "Kutano " + word("an issuer")
	w.do(step{args: "add", in: link("Kutano", w.plain, "")})
	w.do(step{args: "edit kutano --json", more: []string{
		"--issuer", issuer, "--name", word("an account's name") + "@example.com", "--note", word("a note"), "--tag", word("a tag"),
	}})
	w.do(step{args: "safe note --json --count 3", more: []string{issuer, "--where", word("a place")}})
	names.Text("the folder's path", w.dir)
	for _, args := range []string{
		"phrase", "phrase --json", "phrase --digits", "report", "report --json",
		"report --save ../out/report.txt", "report --save ../out/report.json --json", "report --save ../out/report.txt --yes", "report --save report.pdf",
	} {
		exit := 0
		if args == "report --save report.pdf" {
			exit = 2
		}
		names.Saw("kutano "+args, []byte(w.do(step{args: args, exit: exit})))
	}
	w.do(step{args: "report --save ../out/report.txt", exit: 2}) // it is there
	for _, file := range []string{w.path("out/report.txt"), w.path("out/report.json"), filepath.Join(w.data(), "accounts.json")} {
		data, err := os.ReadFile(file)
		if err != nil {
			w.t.Error(err)
		}
		names.Saw(filepath.Base(file), data)
	}
	names.Allow("accounts.json")
	names.Want("accounts.json", "an account's name", "a note", "a tag") // it is there to be found
	names.Check(w.t)
}
