// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"html"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// head is how much of a file is looked at to tell a text from other things.
const head = 64 << 10

// decoded returns a text without a byte order mark. It is not ok for what is no text.
func decoded(data []byte) (text []byte, ok bool) {
	data = foreign.Bare(data)
	return data, bytes.IndexByte(data[:min(len(data), head)], 0) < 0
}

// split yields the lines of a text.
func split(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(text) > 0 {
			line := text
			if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
				line, text = text[:end], text[end+1:]
			} else {
				text = nil
			}
			if !yield(line) {
				return
			}
		}
	}
}

// begins tells whether one of the characters comes first, after blanks.
func begins(text []byte, chars string) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && strings.IndexByte(chars, text[0]) >= 0
}

// onlyComments tells whether a text is empty but for comments.
func onlyComments(text []byte) bool {
	for text = bytes.TrimSpace(text); len(text) > 0; text = bytes.TrimSpace(text) {
		if text[0] != '#' {
			return false
		}
		end := bytes.IndexAny(text, "\r\n")
		if end < 0 {
			return true
		}
		text = text[end:]
	}
	return true
}

// slashes are what may stand after a scheme: as it is, in JSON, in a page's source.
var slashes = []string{"//", `\/\/`, "&#x2F;&#x2F;", "&#47;&#47;"}

// schemes tells which key URIs a text holds.
func schemes(text []byte) (export, other bool) {
	for {
		i := bytes.IndexByte(text, ':')
		if i < 0 {
			return export, other
		}
		before, after := text[:i], text[i+1:]
		isExport, isOther := scheme(before)
		if (isExport || isOther) && anyPrefix(after, slashes) {
			if isExport {
				return true, other
			}
			other = true
		}
		text = after
	}
}

// scheme tells which scheme a text ends with.
func scheme(text []byte) (export, other bool) {
	if endsFold(text, "otpauth-migration") {
		return true, false
	}
	return false, endsFold(text, "otpauth") || endsFold(text, "steam") || endsFold(text, "motp")
}

// suspect tells whether a line is worth a closer look.
func suspect(line []byte) bool {
	export, other := schemes(line)
	return export || other
}

func anyPrefix(text []byte, prefixes []string) bool {
	for _, p := range prefixes {
		if len(text) >= len(p) && strings.EqualFold(string(text[:len(p)]), p) {
			return true
		}
	}
	return false
}

func endsFold(text []byte, name string) bool {
	return len(text) >= len(name) && strings.EqualFold(string(text[len(text)-len(name):]), name)
}

// Compiled at first use: every run of the command line would wait for it.
var (
	entity = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});`)
	})
	escape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\\/|(?:\\u[0-9a-fA-F]{4}){1,2}`) })
)

// unescape undoes what pages and JSON do to a URI. JSON that is well formed to its end
// does not come here.
func unescape(line string) string {
	if strings.Contains(line, "&") {
		line = entity().ReplaceAllStringFunc(line, html.UnescapeString)
	}
	if strings.Contains(line, `\`) {
		line = escape().ReplaceAllStringFunc(line, unquote)
	}
	return line
}

// unquote reads one or two of JSON's escapes.
func unquote(s string) string {
	if s == `\/` {
		return "/"
	}
	var units []uint16
	for part := range strings.SplitSeq(s[2:], `\u`) {
		n, err := strconv.ParseUint(part, 16, 16)
		if err != nil {
			return s
		}
		units = append(units, uint16(n))
	}
	return string(utf16.Decode(units))
}
