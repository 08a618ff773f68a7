// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"path/filepath"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
)

// scanner collects what the sources hold.
type scanner struct {
	app     *App
	entries []*entry
	texts   []string // of all QR codes and the clipboard
	codes   int      // QR codes seen, whatever they hold
	failed  error    // why the first of the files that gave nothing did not
	empty   int      // how many files gave nothing
}

func (s *scanner) look(ctx context.Context, files []string, f scanFlags) error {
	var err error
	switch {
	case f.screen:
		err = s.lookAtScreens(ctx)
	case f.clipboard:
		err = s.lookIntoClipboard(ctx)
	default:
		err = s.lookAtFiles(ctx, files)
	}
	switch {
	case err != nil:
		return err
	case s.failed != nil && len(s.entries) == s.empty:
		return s.failed // no file gave anything
	case len(s.entries) == 0:
		return s.nothing()
	}
	s.dedupe()
	return nil
}

// nothing says that no key was found, and what was seen instead.
func (s *scanner) nothing() error {
	m := explain.NothingFound()
	if s.codes > 0 {
		m.What = words.N(s.codes, "There is a QR code, but it is not one with a key for codes.", "There are {n} QR codes, but none with a key for codes.")
	}
	return &told{m}
}

// lookAtFiles reads each file; one that gives nothing is refused by name and
// does not keep the others out.
func (s *scanner) lookAtFiles(ctx context.Context, files []string) error {
	for _, file := range files {
		source := clean(filepath.Base(file))
		before := len(s.entries)
		img, err := s.app.load(ctx, file)
		if err == nil {
			err = s.decode(ctx, source, img)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && len(s.entries) == before {
			err = s.nothing()
		}
		if err != nil {
			s.empty++
			s.entries = append(s.entries, newEntry(source, otpauth.Found{Name: source, Err: err}))
			s.failed = cmp.Or(s.failed, err)
		}
	}
	return nil
}

func (a *App) load(ctx context.Context, file string) (image.Image, error) {
	if file == "-" {
		return scan.Load(ctx, a.In)
	}
	return scan.LoadFile(ctx, file)
}

func (s *scanner) lookAtScreens(ctx context.Context) error {
	screens, err := scan.Screen(ctx)
	if err != nil {
		return err
	}
	for _, img := range screens {
		if err := s.decode(ctx, "screen", img); err != nil {
			return err
		}
	}
	if !s.app.json {
		s.app.say(words.N(len(screens), "Looking at 1 screen: ", "Looking at {n} screens: ") +
			words.N(len(s.entries), "found 1 key.", "found {n} keys."))
	}
	return nil
}

func (s *scanner) lookIntoClipboard(ctx context.Context) error {
	clip, err := clipboard.Read(ctx)
	if err != nil {
		return err
	}
	if clip.Picture != nil {
		return s.decode(ctx, "clipboard", clip.Picture)
	}
	s.take("clipboard", clip.Text)
	return nil
}

func (s *scanner) decode(ctx context.Context, source string, img image.Image) error {
	texts, err := scan.Decode(ctx, img)
	if err != nil {
		return err
	}
	s.codes += len(texts)
	for _, text := range texts {
		s.take(source, text)
	}
	return nil
}

func (s *scanner) take(source, text string) {
	s.texts = append(s.texts, text)
	for _, found := range otpauth.Find(text) {
		s.entries = append(s.entries, newEntry(source, found))
	}
}

// dedupe drops a key that a source holds twice, as two screens that mirror each
// other do: it is one account, not one added and one that is here already.
func (s *scanner) dedupe() {
	seen := map[string][]*entry{}
	kept := s.entries[:0]
	for _, e := range s.entries {
		name := e.source + "\x00" + nameOf(e.key.Issuer, e.key.Account)
		if e.err == nil && hasSame(seen[name], e) {
			e.key.Secret.Clear()
			continue
		}
		if e.err == nil {
			seen[name] = append(seen[name], e)
		}
		kept = append(kept, e)
	}
	s.entries = kept
}

func hasSame(list []*entry, e *entry) bool {
	for _, o := range list {
		if o.key.Same(e.key) {
			return true
		}
	}
	return false
}

// sayIncomplete tells that pictures of a move from another app are missing.
func (s *scanner) sayIncomplete() { s.app.sayMissing(otpauth.Incomplete(s.texts)) }

func (a *App) sayMissing(moves []otpauth.Missing) {
	for _, m := range moves {
		have := map[int]bool{}
		x := movingOut{Size: m.Size, Have: make([]int, 0, len(m.Have))}
		for _, i := range m.Have {
			have[i] = true
			x.Have = append(x.Have, i+1)
		}
		if a.doc == nil {
			a.doc = &document{}
		}
		a.doc.Incomplete = append(a.doc.Incomplete, x)
		a.say(words.T("{n} of {size} pictures of the move were read. Still missing: {missing}",
			"n", len(m.Have), "size", m.Size, "missing", missing(have, m.Size)))
	}
}

// maxMissing are named one by one; a hostile picture may claim thousands.
const maxMissing = 20

func missing(have map[int]bool, size int) string {
	var numbers []string
	for i := 0; i < size && len(numbers) < maxMissing; i++ {
		if !have[i] {
			numbers = append(numbers, fmt.Sprint(i+1))
		}
	}
	text := strings.Join(numbers, ", ")
	if size-len(have) > maxMissing {
		text += ", …"
	}
	return text
}
