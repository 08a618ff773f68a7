// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"

	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/scan"
)

// Eyes is how pictures and texts come in. Tests have eyes of their own.
type Eyes interface {
	// Screen returns one picture a monitor.
	Screen(ctx context.Context) ([]image.Image, error)
	// Clipboard returns the picture or the text in the clipboard.
	Clipboard(ctx context.Context) (clipboard.Clip, error)
	// Decode returns the texts of the QR codes in a picture.
	Decode(ctx context.Context, img image.Image) ([]string, error)
}

// System is the eyes of a real device.
type System struct{}

// Screen looks at all monitors.
func (System) Screen(ctx context.Context) ([]image.Image, error) { return scan.Screen(ctx) }

// Clipboard reads the system's clipboard.
func (System) Clipboard(ctx context.Context) (clipboard.Clip, error) { return clipboard.Read(ctx) }

// Decode reads QR codes.
func (System) Decode(ctx context.Context, img image.Image) ([]string, error) {
	return scan.Decode(ctx, img)
}

// Texts is what the pictures of a source said.
type Texts struct {
	Texts    []string
	Pictures int // that could be looked at
	Screens  bool
	Failed   []Failure // pictures that could not
}

// Failure is a picture that could not be looked at.
type Failure struct {
	Name string // of the file
	Err  error
}

// Picture is a picture on its way: it is opened only when its turn comes.
type Picture struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// LookAtScreen reads the QR codes on all monitors. It calls say with the
// number of monitors before it reads.
func LookAtScreen(ctx context.Context, eyes Eyes, say func(monitors int)) (Texts, error) {
	pictures, err := eyes.Screen(ctx)
	if err != nil {
		return Texts{}, fmt.Errorf("look at the screen: %w", err)
	}
	say(len(pictures))
	t := Texts{Screens: true}
	for _, p := range pictures {
		if err := t.read(ctx, eyes, p); err != nil {
			return Texts{}, err
		}
	}
	return t, nil
}

// LookAtPictures reads the QR codes in several pictures. One that cannot be
// read does not keep the others from being read.
func LookAtPictures(ctx context.Context, eyes Eyes, pictures []Picture, say func(done, all int)) (Texts, error) {
	var t Texts
	for i, p := range pictures {
		say(i, len(pictures))
		img, err := open(ctx, p)
		if err == nil {
			err = t.read(ctx, eyes, img)
		}
		if ctx.Err() != nil {
			return Texts{}, ctx.Err()
		}
		if err != nil {
			t.Failed = append(t.Failed, Failure{p.Name, err})
		}
	}
	if t.Pictures == 0 && len(t.Failed) == 1 {
		return t, t.Failed[0].Err
	}
	return t, nil
}

func open(ctx context.Context, p Picture) (image.Image, error) {
	r, err := p.Open()
	if err != nil {
		return nil, fmt.Errorf("open a picture: %w", err)
	}
	defer func() { _ = r.Close() }()
	return scan.Load(ctx, r)
}

func (t *Texts) read(ctx context.Context, eyes Eyes, img image.Image) error {
	texts, err := eyes.Decode(ctx, img)
	if err != nil {
		return fmt.Errorf("read the picture: %w", err)
	}
	t.Pictures++
	t.Texts = append(t.Texts, texts...)
	return nil
}

// LookAtClipboard reads the picture or the text in the clipboard.
func LookAtClipboard(ctx context.Context, eyes Eyes) (Texts, error) {
	clip, err := eyes.Clipboard(ctx)
	if err != nil {
		return Texts{}, fmt.Errorf("read the clipboard: %w", err)
	}
	var t Texts
	if clip.Picture != nil {
		err = t.read(ctx, eyes, clip.Picture)
		return t, err
	}
	if strings.TrimSpace(clip.Text) == "" {
		return t, clipboard.ErrEmpty
	}
	t.Texts = []string{clip.Text}
	return t, nil
}

// IsCancelled reports whether an error only says that the user stopped.
func IsCancelled(err error) bool { return errors.Is(err, context.Canceled) }
