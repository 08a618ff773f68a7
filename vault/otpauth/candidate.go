// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// candidate is a place in a text where a key URI begins. Where it ends is not
// always clear, as blanks occur in labels and keys.
type candidate struct {
	scheme string
	wide   string // with blanks, where the line or a pair of quotes holds nothing else; or ""
	rest   string // the line up to the next candidate; see narrow
	alone  bool   // the text is this candidate and nothing else
}

func (c candidate) text() string {
	if c.wide != "" {
		return c.wide
	}
	return c.narrow()
}

// candidates yields the candidates of a text, each found in time that depends on its own length only.
func candidates(text string) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		text = strings.TrimFunc(text, blank)
		alone := !strings.ContainsAny(text, "\r\n")
		for text != "" {
			line := text
			if end := strings.IndexAny(text, "\r\n"); end >= 0 {
				line, text = text[:end], text[end+1:]
			} else {
				text = ""
			}
			if !lineCandidates(strings.TrimFunc(line, blank), alone, yield) {
				return
			}
		}
	}
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' }

func lineCandidates(line string, alone bool, yield func(candidate) bool) bool {
	start, scheme := nextScheme(line, 0)
	for start >= 0 {
		next, nextName := nextScheme(line, start+len(scheme)+len("://"))
		end := next
		if next < 0 {
			end = len(line)
		}
		c := candidate{scheme: scheme, rest: line[start:end]}
		c.alone = alone && start == 0 && end == len(line)
		c.wide = wide(line, start, end)
		if !yield(c) {
			return false
		}
		start, scheme = next, nextName
	}
	return true
}

// nextScheme returns where the next key URI begins, or -1.
func nextScheme(line string, from int) (int, string) {
	for {
		i := strings.Index(line[from:], "://")
		if i < 0 {
			return -1, ""
		}
		i += from
		for _, s := range []string{schemeKey, schemeMigration, schemeSteam, schemeMotp} {
			if at := i - len(s); at >= from && equalFold(line[at:i], s) && !inWord(line, at) {
				return at, s
			}
		}
		from = i + len("://")
	}
}

// inWord reports whether the character before at makes it the middle of another word.
func inWord(line string, at int) bool {
	if at == 0 {
		return false
	}
	c := line[at-1]
	return c == '-' || c == '+' || alphanumeric(c)
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// closing are the partners of what may stand around a URI.
var closing = map[rune]string{'"': `"`, '\'': `'`, '`': "`", '<': ">", '“': "”", '„': "“", '«': "»", '‘': "’", '[': "]"}

// wide returns the reading with blanks: up to the end of the line or a page's closing tag
// when the line begins with the URI, or up to the closing quote. It is "" where there is none.
func wide(line string, start, end int) string {
	s, _, _ := strings.Cut(line[start:end], "</")
	if start > 0 {
		s = line[start:end]
		before, _ := utf8.DecodeLastRuneInString(line[:start])
		partner, ok := closing[before]
		if !ok {
			return ""
		}
		if s, _, ok = strings.Cut(s, partner); !ok {
			return ""
		}
	}
	s = strings.TrimRight(s, " \t,;")
	if !oneKey(s) {
		return ""
	}
	return s
}

// oneKey reports whether blanks in s belong to it: in the secret they separate groups of
// one key and not words that follow it, and in no parameter a link follows them.
func oneKey(s string) bool {
	scheme, rest, _ := strings.Cut(s, "://")
	if equalFold(scheme, schemeSteam) {
		return groups(strings.Fields(rest))
	}
	_, query, _ := strings.Cut(s, "?")
	for query != "" {
		var part string
		part, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(strings.TrimPrefix(part, "amp;"), "=")
		if equalFold(name, paramNames[paramSecret]) && !groups(strings.Fields(value)) {
			return false
		}
		if _, after, ok := strings.Cut(value, " "); ok && strings.Contains(after, "://") {
			return false
		}
	}
	return true
}

func groups(words []string) bool {
	if len(words) < 2 {
		return true
	}
	size, last := len(words[0]), len(words)-1
	for i, w := range words {
		if i < last && len(w) != size || len(w) > size || strings.IndexFunc(w, notBase32) >= 0 {
			return false
		}
	}
	all := strings.Join(words, "")
	return size <= 8 && (strings.ToUpper(all) == all || strings.ToLower(all) == all)
}

func notBase32(r rune) bool { return base32Value(r) < 0 && r != '=' }

// narrow returns the URI as it stands in prose: up to a blank,
// a quote or an angle bracket, without the punctuation of the sentence. The label
// may hold blanks when the parameters with the secret follow it.
func (c candidate) narrow() string {
	s := c.rest[:c.proseEnd()]
	s = strings.TrimRight(s, ".,;:!?'’…")
	if !strings.Contains(s, "(") {
		s = strings.TrimRight(s, ").,;]}")
	}
	return s
}

func (c candidate) proseEnd() int {
	s, from := c.rest, 0
	if q := strings.IndexByte(s, '?'); q >= 0 && strings.IndexFunc(s[:q], ends) >= 0 &&
		strings.IndexFunc(s[:q], endsLabel) < 0 && containsFold(token(s[q:]), "secret=") {
		from = q
	}
	return from + len(token(s[from:]))
}

// minCut is the length from which a secret in prose is taken to be whole though a
// blank follows it: the shortest that services give out.
const minCut = 16

// torn returns an error when the narrow reading may have lost what changes the codes: a
// blank ends it, and either its last parameter is a short secret, which may go on, or
// such parameters follow.
func (c candidate) torn() error {
	end := c.proseEnd()
	lost := c.rest[end:]
	if r, _ := utf8.DecodeRuneInString(lost); !unicode.IsSpace(r) || strings.TrimFunc(lost, unicode.IsSpace) == "" {
		return nil
	}
	s := c.rest[:end]
	name, value, ok := strings.Cut(s[strings.LastIndexAny(s, "?&")+1:], "=")
	if ok && equalFold(name, paramNames[paramSecret]) && len(value) < minCut {
		return refuse("secret", ErrBadSecret, "a blank follows its first characters")
	}
	for part := range strings.SplitSeq(lost, "&") {
		name, _, ok := strings.Cut(strings.TrimPrefix(part, "amp;"), "=")
		if i := paramIndex(name); ok && i >= 0 && i != paramIssuer {
			return refuse(paramNames[i], ErrEncoding, "a blank stands before it")
		}
	}
	return nil
}

func token(s string) string {
	if i := strings.IndexFunc(s, ends); i >= 0 {
		return s[:i]
	}
	return s
}

func ends(r rune) bool { return unicode.IsSpace(r) || endsLabel(r) }

func endsLabel(r rune) bool { return strings.ContainsRune("\"<>`“”„«»", r) }

// containsFold reports whether s holds an ASCII lower-case text in any case.
func containsFold(s, lower string) bool {
	for i := 0; i+len(lower) <= len(s); i++ {
		if equalFold(s[i:i+len(lower)], lower) {
			return true
		}
	}
	return false
}
