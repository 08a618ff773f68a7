// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// keyFlags say where the recovery key comes from.
type keyFlags struct {
	file string
	fd   int
}

func (k *keyFlags) register(f *pflag.FlagSet) {
	f.StringVar(&k.file, "key-file", "", words.T("read the recovery key from `FILE`"))
	fdFlag(f, &k.fd, "key-fd", words.T("read the recovery key from file descriptor `N`, on one line"))
}

func (k *keyFlags) given() bool { return k.file != "" || k.fd >= 0 }

// tries is how often a person may type a key or a file's passphrase.
const tries = 3

// recoveryKey gets the recovery key: from a file, a descriptor, or a person.
func (a *App) recoveryKey(ctx context.Context, from keyFlags) (snapshot.Opener, error) {
	switch {
	case from.file != "":
		text, err := readKeyFile(ctx, from.file)
		if err != nil {
			return snapshot.Opener{}, err
		}
		defer text.Clear()
		return opener(text)
	case from.fd >= 0:
		line, err := a.lineFrom(ctx, from.fd, "--key-fd")
		for err == nil && strings.HasPrefix(line.Reveal(), "#") { // a key file
			line, err = a.lineFrom(ctx, from.fd, "--key-fd")
		}
		if err != nil {
			return snapshot.Opener{}, err
		}
		defer line.Clear()
		return opener(line)
	case !a.interactive():
		return snapshot.Opener{}, tell(explain.Passphrase, words.T("This needs the recovery key."), "",
			words.T("Run this in a terminal, or give the key with --key-file or --key-fd."))
	}
	return a.typeKey(ctx)
}

// typeKey asks a person, again where there was a mistake.
func (a *App) typeKey(ctx context.Context) (snapshot.Opener, error) {
	a.say(words.T("Type the 16 words of your recovery key on one line, or the line that begins with AGE-SECRET-KEY."))
	for left := tries; ; left-- {
		line, err := a.askHidden(ctx, words.T("Recovery key (not shown as you type): "))
		if err != nil {
			return snapshot.Opener{}, err
		}
		o, err := opener(line)
		line.Clear()
		if err == nil || left == 1 {
			return o, err
		}
		m := explain.Error(err)
		a.say(m.What + " " + m.Next)
	}
}

// maxKeyFile is far above a key file with its words.
const maxKeyFile = 64 << 10 // bytes

func readKeyFile(ctx context.Context, path string) (secret.Value, error) {
	text, err := readFile(ctx, path, maxKeyFile)
	if err != nil {
		return secret.Value{}, fmt.Errorf("read recovery key: %w", err)
	}
	return secret.New(text), nil
}

// readFile reads a file of at most limit bytes and one more, which tells that
// it is larger. A pipe that nobody writes into can be cancelled.
func readFile(ctx context.Context, path string, limit int64) ([]byte, error) {
	return inBackground(ctx, nil, func() ([]byte, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, limit+1))
	})
}

// opener reads a recovery key, or another identity of the age program.
func opener(text secret.Value) (snapshot.Opener, error) {
	key, err := snapshot.ParseKey(text.Reveal())
	if err == nil {
		return snapshot.Opener{Key: key}, nil
	}
	if errors.Is(err, snapshot.ErrNotKey) && strings.Contains(text.Reveal(), "AGE-SECRET-KEY-1") {
		return snapshot.Opener{Identities: text.Reveal()}, nil
	}
	return snapshot.Opener{}, keyError(err)
}

// keyError says where the mistake in a recovery key is, by the place and never
// by the word.
func keyError(err error) error {
	var wrong *snapshot.WordError
	if !errors.As(err, &wrong) {
		return err
	}
	what := words.T("Word {n} of this recovery key is not right.", "n", wrong.At)
	if wrong.Swapped > 0 {
		what = words.T("Words {n} and {m} of this recovery key are swapped.", "n", wrong.At, "m", wrong.Swapped)
	}
	return tell(explain.Passphrase, what, words.T("Nothing was changed."), words.T("Compare the words with your sheet."))
}

// unlocker opens backups. What opened one is tried on the next.
type unlocker struct {
	app  *App
	key  keyFlags
	fd   int // of a backup's passphrase
	have snapshot.Opener
}

const fileFlag = "file-passphrase-fd"

func (u *unlocker) register(f *pflag.FlagSet) {
	u.key.register(f)
	fdFlag(f, &u.fd, fileFlag, words.T("read the backup's own passphrase from file descriptor `N`"))
}

func (u *unlocker) clear() {
	u.have.Key.Clear()
	u.have.Passphrase.Clear()
}

// open decrypts a backup with what its header asks for.
func (u *unlocker) open(ctx context.Context, name string, file []byte) (snapshot.Document, error) {
	need, err := snapshot.Needs(file)
	if err != nil {
		return snapshot.Document{}, err
	}
	asks := u.app.interactive() && !u.given(need)
	if u.has(need) {
		d, err := snapshot.Decrypt(file, u.have)
		if !asks || !isWrong(err) {
			return d, err
		}
	}
	for left := tries; ; left-- {
		if err := u.ask(ctx, need, name); err != nil {
			return snapshot.Document{}, err
		}
		d, err := snapshot.Decrypt(file, u.have)
		if !asks || left == 1 || !isWrong(err) {
			return d, err
		}
		u.app.say(explain.Reason(err))
	}
}

// isWrong tells whether something else might open the file.
func isWrong(err error) bool {
	return errors.Is(err, snapshot.ErrPassphrase) || errors.Is(err, snapshot.ErrWrongKey)
}

// has tells whether something of that kind opened a file before.
func (u *unlocker) has(need snapshot.Need) bool {
	if need == snapshot.NeedPassphrase {
		return u.have.Passphrase.Len() > 0
	}
	return !u.have.Key.IsZero() || u.have.Identities != ""
}

func (u *unlocker) given(need snapshot.Need) bool {
	if need == snapshot.NeedPassphrase {
		return u.fd >= 0
	}
	return u.key.given()
}

func (u *unlocker) ask(ctx context.Context, need snapshot.Need, name string) (err error) {
	if need == snapshot.NeedPassphrase {
		u.have.Passphrase.Clear()
		u.have.Passphrase, err = u.filePassphrase(ctx, name)
		return err
	}
	found, err := u.app.recoveryKey(ctx, u.key)
	u.have.Key, u.have.Identities = found.Key, found.Identities
	return err
}

func (u *unlocker) filePassphrase(ctx context.Context, name string) (secret.Value, error) {
	switch {
	case u.fd >= 0:
		return u.app.lineFrom(ctx, u.fd, "--"+fileFlag)
	case !u.app.interactive():
		return secret.Value{}, tell(explain.Passphrase, words.T("This backup is under a passphrase of its own."), "",
			words.T("Run this in a terminal, or give the passphrase with {flag}.", "flag", "--"+fileFlag))
	}
	return u.app.askHidden(ctx, words.T("Passphrase of {file}: ", "file", clean(filepath.Base(name))))
}
