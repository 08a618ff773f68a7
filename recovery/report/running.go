// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/hex"
	"runtime"
	"runtime/debug"
	"strings"
)

// Running is what program runs on which system.
type Running struct {
	Arch     string // as package runtime has it
	Go       Number
	Commit   Commit
	Modified bool
	System   Number // the version of Windows or macOS, of Linux that of its kernel
}

// Here is this program on this system. It asks the system, and nobody else.
func Here() Running {
	r := Running{Arch: runtime.GOARCH, Go: number(strings.TrimPrefix(runtime.Version(), "go")), System: systemVersion()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				r.Commit = commit(s.Value)
			case "vcs.modified":
				r.Modified = s.Value == "true"
			}
		}
	}
	return r
}

// commit reads an id of 40 hexadecimal digits; anything else is not known.
func commit(id string) Commit {
	var c Commit
	b, err := hex.DecodeString(id)
	if err != nil || len(b) != len(c) {
		return Commit{}
	}
	copy(c[:], b)
	return c
}

// leading is the version at the beginning of a text such as "6.8.0-31-generic".
func leading(text string) Number {
	end := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end >= 0 {
		text = text[:end]
	}
	return number(strings.Trim(text, "."))
}
