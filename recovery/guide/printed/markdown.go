// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package printed

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
)

// Markdown returns the guide from the named entries on, or the whole guide, as
// CommonMark. It fails with guide.ErrNoEntry.
func Markdown(g *guide.Guide, entries []string, fill guide.Fill) ([]byte, error) {
	s, err := LayOut(g, entries, fill)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", escape(s.Title))
	for _, line := range s.Head {
		fmt.Fprintf(&b, "%s\n\n", escape(line))
	}
	if s.fill.Help != "" {
		fmt.Fprintf(&b, "<%s>\n\n", s.fill.Help)
	}
	for _, p := range s.Parts {
		fmt.Fprintf(&b, "- %s\n", escape(p.contents()))
	}
	for _, p := range s.Parts {
		fmt.Fprintf(&b, "\n## %s\n", escape(p.Entry.Title))
		if len(p.Steps) == 0 {
			fmt.Fprintf(&b, "\n%s\n", escape(goOn(p.First)))
		}
		for _, x := range p.Steps {
			b.WriteString(x.markdown(s.fill))
		}
	}
	return []byte(b.String()), nil
}

func (x Step) markdown(f guide.Fill) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %d. %s\n\n", x.Number, escape(x.Title))
	for _, t := range x.Text {
		fmt.Fprintf(&b, "%s\n\n", escape(t))
	}
	if a := x.address(f); a != "" {
		fmt.Fprintf(&b, "<%s>\n\n", a)
	}
	list := func(sign string, all []string) {
		for _, t := range all {
			fmt.Fprintf(&b, "- %s%s\n", sign, escape(t))
		}
	}
	for _, l := range x.lists() {
		if l.title != "" {
			fmt.Fprintf(&b, "%s\n\n", escape(l.title))
		}
		list("", l.all)
		b.WriteString("\n")
	}
	for _, c := range x.Cards {
		fmt.Fprintf(&b, "**%s**\n\n%s\n\n", escape(name(c)), escape(c.Best))
		list("✓ ", c.Pros)
		list("✗ ", c.Cons)
		b.WriteString("\n")
	}
	for _, n := range x.Notes {
		fmt.Fprintf(&b, "> %s\n\n", escape(says(f, n)))
	}
	for _, w := range x.Ways {
		fmt.Fprintf(&b, "* %s\n", escape(w.text())) // another sign begins another list
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// escape keeps what is said from being read as Markdown or HTML.
func escape(s string) string {
	var b strings.Builder
	for i, r := range s {
		if strings.ContainsRune("\\`*_[]<>|~&#", r) || i == 0 && strings.ContainsRune("+-=", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func title(g *guide.Guide) string {
	if g.Name == "recover" {
		return words.T("Getting back into Kutano, step by step")
	}
	return words.T("Two-factor sign-in for Kutano, step by step")
}

// head are the lines below the title.
func (s *Sheet) head() []string {
	lines := []string{words.T("These steps follow Kutano’s published guide; your page may look a little different.")}
	if s.fill.Workspace != "" {
		lines = append(lines, words.T("With the notes of {workspace}.", "workspace", s.fill.Workspace))
	}
	return lines
}

func (p Part) contents() string {
	return words.T("{title}: step {n}", "title", p.Entry.Title, "n", p.First)
}

func goOn(to int) string { return words.T("Go to step {n}.", "n", to) }

func (w Way) text() string { return words.T("{answer}: go to step {n}.", "answer", w.Label, "n", w.To) }

func says(f guide.Fill, note string) string {
	if f.Workspace == "" {
		return note
	}
	return words.T("{workspace} says: {note}", "workspace", f.Workspace, "note", note)
}

// list is what stands below a step's text.
type list struct {
	class, title string
	all          []string
}

// lists are the step's own, without those that are empty.
func (x Step) lists() []list {
	all := []list{
		{"points", "", x.Points},
		{"looks", words.T("What to look at:"), x.Looks},
		{"next", words.T("What to do next:"), x.Next},
	}
	return slices.DeleteFunc(all, func(l list) bool { return len(l.all) == 0 })
}

// address is where the step's button leads in the app, "" for none.
func (x Step) address(f guide.Fill) string {
	if x.Live != guide.Open {
		return ""
	}
	return f.Settings
}
