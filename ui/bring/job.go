// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"crypto/sha256"
	"slices"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// job is what is being brought in, from the files to what is ticked.
type job struct {
	waits   []*foreign.Source // not read yet
	all     int               // how many there were to read
	files   []exchange.File   // read, or not to be read
	entries []foreign.Entry
	moves   []string          // Google Authenticator exports that were met
	pass    secret.Value      // the password that opened the last file
	spare   map[string]digest // files that can go once all of it is here, by their paths

	doc  snapshot.Document
	pick *choice
}

// digest tells whether a file is still what was read.
type digest [sha256.Size]byte

// note notes a file that can go once all of it is here. In a folder nobody named it.
func (j *job) note(of foreign.Format, s *foreign.Source) {
	if s.Path == "" || s.Met || !exchange.Disposable(of, s.Data) {
		return
	}
	if j.spare == nil {
		j.spare = map[string]digest{}
	}
	j.spare[s.Path] = sha256.Sum256(s.Data)
}

// dropWaits forgets what was not read yet.
func (j *job) dropWaits() {
	for _, s := range j.waits {
		s.Clear()
	}
	j.waits = nil
}

// begun reports whether anything was read.
func (j *job) begun() bool { return len(j.files) > 0 }

func (j *job) clear() {
	j.dropWaits()
	for _, e := range j.entries {
		e.Clear()
	}
	j.pass.Clear()
	j.doc.Clear()
	*j = job{}
}

// takeOver hands the job to a piece of work, which alone may touch it.
func (j *job) takeOver() *job {
	mine := *j
	*j = job{}
	return &mine
}

// take adds what was read of one source.
func (j *job) take(r exchange.Result, s *foreign.Source) {
	for _, file := range r.Files {
		file.From, file.To = file.From+len(j.entries), file.To+len(j.entries)
		j.files = append(j.files, file)
	}
	j.entries = append(j.entries, r.Entries...)
	j.moves = append(j.moves, s.Texts...)
}

// sorted returns the files that something was read from, and those with something wrong.
func (j *job) sorted() (files, failed []exchange.File) {
	for _, file := range j.files {
		if file.Err != nil {
			failed = append(failed, file)
		}
		if file.To > file.From {
			files = append(files, file)
		}
	}
	return files, failed
}

// appOf is the app's name, or what it is where many apps write it.
func appOf(f foreign.Format) string {
	switch f.ID {
	case "uri-list":
		return words.T("a list of key addresses")
	case "otpauth-qr":
		return words.T("pictures of QR codes")
	}
	return f.App
}

// apps are the names of the apps that the files are from, each once.
func apps(files []exchange.File) []string {
	var all []string
	for _, file := range files {
		if name := appOf(file.Format); !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}
