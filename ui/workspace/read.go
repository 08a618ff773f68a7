// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/scan"
)

// met is a profile that was read and is not kept.
type met struct {
	profile profile.Profile
	trust   profile.Trust
	now     state // what was in use when it was read
}

// Take shows a profile whose text was met elsewhere, see [profile.IsQR].
func (f *Flow) Take(text string) {
	f.read(words.T("Reading the text…"), f.Close, func(context.Context) ([]byte, error) { return []byte(text), nil })
}

// File reads a profile's file, or a picture of its QR code.
func (f *Flow) File(path string) {
	if f.pages.Working() {
		return // something dropped must not end what is under way
	}
	f.read(words.T("Reading the file…"), f.stop, func(ctx context.Context) ([]byte, error) { return f.inFile(ctx, path) })
}

// Paste reads what is in the clipboard.
func (f *Flow) Paste() {
	f.read(words.T("Looking into the clipboard…"), f.stop, func(ctx context.Context) ([]byte, error) {
		t, err := add.LookAtClipboard(ctx, f.Eyes)
		switch {
		case err != nil:
			return nil, err
		case t.Pictures > 0:
			return only(t.Texts)
		}
		return []byte(t.Texts[0]), nil
	})
}

// Scan looks at all monitors, with our own window out of the way.
func (f *Flow) Scan() {
	f.pages.Busy(words.T("One moment"), words.T("Looking at your screen…"), f.stop)
	f.hide()
	f.work(func(ctx context.Context) ([]byte, error) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(f.Pause):
		}
		t, err := add.LookAtScreen(ctx, f.Eyes, func(int) { fyne.Do(f.unhide) })
		if err != nil {
			return nil, err
		}
		return only(t.Texts)
	})
}

// read says what is being read, and reads it.
func (f *Flow) read(sentence string, stop func(), source func(context.Context) ([]byte, error)) {
	f.pages.Busy(words.T("One moment"), sentence, stop)
	f.work(source)
}

// work reads a profile and shows it.
func (f *Flow) work(source func(context.Context) ([]byte, error)) {
	keeper := f.Keeper
	kit.Work(&f.pages, func(ctx context.Context) (met, error) {
		data, err := source(ctx)
		if err != nil {
			return met{}, err
		}
		m := met{}
		if m.profile, err = profile.Parse(data); err != nil {
			return met{}, err
		}
		m.trust, err = keeper.Trust(m.profile)
		if errors.Is(err, profile.ErrKept) { // it is out of the way now
			m.trust, err = keeper.Trust(m.profile)
		}
		if err != nil {
			return met{}, err
		}
		m.now = look(keeper)
		return m, nil
	}, func(m met, err error) {
		f.unhide()
		if err != nil {
			f.failed(err)
			return
		}
		f.present(m)
	}, nil)
}

// only returns the one profile among the texts of QR codes.
func only(texts []string) ([]byte, error) {
	text, err := profile.Among(texts)
	return []byte(text), err
}

// inFile returns the profile of a file: its text, or what the QR code in a picture
// says. What a file is goes by its content.
func (f *Flow) inFile(ctx context.Context, path string) ([]byte, error) {
	head, err := foreign.Await(ctx, func() ([]byte, error) { return begins(path) })
	if err != nil {
		return nil, err
	}
	if !scan.Known(head) {
		return head, nil
	}
	img, err := scan.LoadFile(ctx, path)
	if err != nil {
		return nil, err
	}
	texts, err := f.Eyes.Decode(ctx, img)
	if err != nil {
		return nil, err
	}
	return only(texts)
}

// begins returns how a file begins: all of a profile, and one byte more of what is
// larger.
func begins(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open profile: %w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, profile.ErrFormat
	}
	data, err := io.ReadAll(io.LimitReader(file, profile.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	return data, nil
}
