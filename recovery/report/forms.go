// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/kutano/authenticator/assets/words"
)

// JSON returns the report for programs: one object, indented, with an end of line.
func (r Report) JSON() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		panic(err) // it holds nothing that JSON has not
	}
	return b.Bytes()
}

// Text returns the report for people: what matters in the language in use, and the
// figures under English names, for whoever helps speaks another language perhaps.
func (r Report) Text() string {
	var b strings.Builder
	heading := func(text string) { fmt.Fprintf(&b, "\n%s\n", text) }
	fmt.Fprintln(&b, words.T("Report of Kutano Authenticator"))
	fmt.Fprintln(&b, words.T("It has no name, no address, no key and no code in it. It is never sent by itself: you decide who gets it."))
	if len(r.Phrase.Words) > 0 {
		heading(words.T("Check phrase"))
		r.writePhrase(&b)
	}
	heading(words.T("How things stand"))
	for _, l := range r.Says {
		fmt.Fprintf(&b, "  %s: %s\n", l.title, l.Text)
	}
	heading(words.T("Figures for your helpdesk"))
	r.writeFigures(&b)
	return b.String()
}

func (r Report) writePhrase(b *strings.Builder) {
	for i, w := range r.Phrase.Words {
		fmt.Fprintf(b, "  %d. %s\n", i+1, w)
	}
	groups := make([]string, len(r.Phrase.Digits))
	for i, g := range r.Phrase.Digits {
		groups[i] = g.String()
	}
	fmt.Fprintf(b, "  %s\n", strings.Join(groups, " "))
}

// writeFigures writes what JSON has, too.
func (r Report) writeFigures(b *strings.Builder) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(b, "  %-9s "+format+"\n", append([]any{mark(name != "", name+":")}, args...)...)
	}
	app := r.App.Version.String() + mark(r.App.Development, " development") + ", Go " + r.App.Go.String()
	if c := r.App.Commit.String(); c != "" {
		app += ", commit " + c[:12] + mark(r.App.Modified, " modified")
	}
	row("app", "%s", app)
	row("system", "%s %s %s", r.System.Name, r.System.Version, r.System.Arch)
	row("language", "%s", r.Language)
	s := r.Standing
	row("standing", "clock=%s source=%s store=%s enrolment=%s link=%s codes=%s automatic=%s last=%s camera=%s",
		s.Clock, s.Source, s.Store, s.Enrolment, s.Link, s.Codes, s.Automatic, s.Last, s.Camera)
	row("keys", "%s, %s%s%s", r.Store.Backend, r.Store.State, mark(r.Store.Reason != "", " ("+string(r.Store.Reason)+")"),
		mark(r.Store.Guarded, ", passphrase"))
	a := r.Accounts
	row("accounts", "%d, Kutano %d, removed %d, set aside %d", a.Count, a.Kutano, a.Removed, a.SetAside)
	for _, one := range a.Sorts {
		row("", "%s", one.text())
	}
	r.Clock.write(row)
	row("link", "%s%s, method %s, asked %s", r.Link.State, mark(r.Link.Reason != "", " ("+string(r.Link.Reason)+")"),
		cmp.Or(r.Link.Method, "unknown"), ago(r.Link.Days))
	names := make([]string, len(r.Events))
	for i, e := range r.Events {
		names[i] = string(e)
	}
	row("events", "%s", cmp.Or(strings.Join(names, " "), "none"))
	row("format", "%d", r.Version)
}

func (s Sort) text() string {
	text := fmt.Sprintf("%d x %s %s, %d digits", s.Count, s.Type, s.Algorithm, s.Digits)
	if s.Period > 0 {
		text += fmt.Sprintf(", %d s", s.Period)
	}
	if s.KeyBytes > 0 {
		text += fmt.Sprintf(", key of %d bytes", s.KeyBytes)
	} else {
		text += ", length of the key unknown"
	}
	return text + mark(s.Kutano, ", Kutano")
}

func (c Clock) write(row func(name, format string, args ...any)) {
	row("clock", "corrected by %s s%s, network %s, synced %s, measured %s", signed(c.Correction), mark(c.Off, " (switched off)"),
		c.Network, c.Synced, cmp.Or(mark(c.Stale != "", "before it was "+string(c.Stale)), ago(c.Days)))
	for _, s := range c.Samples {
		row("", "%s %s s ± %s s%s%s", s.Kind, signed(s.Offset), tenths(s.Uncertainty), mark(s.Proven, ", proven"),
			mark(!s.Agrees, ", not believed"))
	}
}

func mark(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

func ago(days int) string {
	switch {
	case days < 0:
		return "never"
	case days == 0:
		return "within a day"
	}
	return fmt.Sprintf("%d days ago", days)
}

func tenths(s float64) string { return strconv.FormatFloat(s, 'f', 1, 64) }

func signed(s float64) string {
	if s > 0 {
		return "+" + tenths(s)
	}
	return tenths(s)
}
