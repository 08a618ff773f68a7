// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/sha256"
	"path/filepath"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// sum tells whether a file is still what was read.
type sum [sha256.Size]byte

// remember keeps what tells a named file from what may stand there later.
func (im *importing) remember(s *foreign.Source) {
	if s.Met || s.Path == "" {
		return
	}
	if im.sums == nil {
		im.sums = map[string]sum{}
	}
	im.sums[s.Path] = sha256.Sum256(s.Data)
}

// hold notes a file that is not deleted: passwords and the like would go with it.
func (im *importing) hold(path string) {
	if im.held == nil {
		im.held = map[string]bool{}
	}
	im.held[path] = true
}

// shredAfter deletes the unencrypted files of which everything came in, where
// that is wanted. What went wrong before it has the last word.
func (im *importing) shredAfter(ctx context.Context, err error) error {
	kind := explain.Error(err).Kind
	if im.take.dryRun || err != nil && kind != explain.Refused && kind != explain.Exists {
		return err
	}
	files := im.spent()
	if !im.mayShred(ctx, files) {
		return err
	}
	for _, f := range files {
		switch failed := im.shredOne(ctx, f); {
		case failed == nil:
		case err == nil:
			err = failed
		default:
			im.app.warn(explain.Error(failed))
		}
	}
	if len(im.gone) > 0 {
		im.app.say(words.T("Copies of it may remain: in a bin, in a backup, in a cloud folder, and on a flash drive, which keeps old data for a while."))
	}
	return err
}

// mayShred tells whether --shred says so, or a person. Who says neither has the
// accounts all the same: that is what the run was for.
func (im *importing) mayShred(ctx context.Context, files []exchange.File) bool {
	if !im.shred {
		if len(files) == 0 || im.take.yes || !im.app.interactive() {
			return false
		}
		yes, err := im.app.confirm(ctx, askShred(files), "--shred", false)
		return err == nil && yes
	}
	named, met := im.plain()
	if met > 0 {
		im.app.warn(explain.Message{
			Kind: explain.Refused,
			What: words.T("Files that were found in a folder are not deleted."),
			Next: words.T("They are not encrypted: keep them safe, or name them one by one."),
		})
	}
	if len(files) < named {
		im.app.warn(explain.Message{
			Kind: explain.Refused,
			What: words.T("Files of which not all came in are not deleted."),
			Next: words.T("They are not encrypted: keep them safe."),
		})
	}
	return true
}

func askShred(files []exchange.File) string {
	if len(files) == 1 {
		return words.T("{file} is not encrypted: whoever gets it has your accounts. Overwrite and delete it?", "file", sourceName(files[0].Name))
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = sourceName(f.Name)
	}
	return words.N(len(files), "1 file is not encrypted: whoever gets it has your accounts. Overwrite and delete it?",
		"{n} files are not encrypted: whoever gets them has your accounts. Overwrite and delete {files}?", "files", strings.Join(names, ", "))
}

// plain counts the files that are not encrypted: those that were named, and those
// with entries that were met in folders.
func (im *importing) plain() (named, met int) {
	for _, f := range im.files {
		_, is := im.sums[f.Path]
		switch {
		case f.Encrypted:
		case is:
			named++
		case f.Met && f.From < f.To:
			met++
		}
	}
	return named, met
}

// spent returns those of them of which everything is here now.
func (im *importing) spent() []exchange.File {
	left := map[int]bool{}
	for _, r := range im.take.rows {
		if r.status == isRefused || r.account.ID == "" || !r.use && r.status != isSame {
			left[r.file] = true
		}
	}
	var files []exchange.File
	for i, f := range im.files {
		if _, named := im.sums[f.Path]; named && !f.Encrypted && f.Err == nil && f.From < f.To && !left[i] && !im.held[f.Path] {
			files = append(files, f)
		}
	}
	return files
}

// shredOne deletes a file, unless something else stands there by now.
func (im *importing) shredOne(ctx context.Context, f exchange.File) error {
	place, err := filepath.Abs(f.Path)
	if err != nil {
		return err
	}
	if im.shreds[place] { // named twice
		im.gone[f.Path] = true
		return nil
	}
	data, err := readFile(ctx, f.Path, foreign.MaxSource)
	same := sha256.Sum256(data) == im.sums[f.Path]
	clear(data)
	switch {
	case err == nil && !same:
		err = tell(explain.Busy, words.T("It was changed since it was read."), words.T("It was not deleted."), words.T("Import it again."))
	case err == nil:
		err = atomicfile.Shred(f.Path)
	}
	if err != nil {
		m := explain.Error(err)
		return tell(m.Kind, sourceName(f.Name)+": "+m.What, m.Safe, m.Next)
	}
	if im.gone == nil {
		im.gone, im.shreds = map[string]bool{}, map[string]bool{}
	}
	im.gone[f.Path], im.shreds[place] = true, true
	if !im.app.json {
		return im.app.print(words.T("{file} is overwritten and deleted.", "file", sourceName(f.Name)))
	}
	return nil
}
