// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clipboard

import (
	"context"
	"errors"
	"fmt"
	"image"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/scan"
)

// limit is how long the program that owns the clipboard may take to answer.
const limit = 2 * time.Second

// source gives what a clipboard holds, type by type. Types are media types,
// and the names that X programs use.
type source interface {
	types(ctx context.Context) ([]string, error)
	read(ctx context.Context, kind string) ([]byte, error)
}

var (
	pictureTypes = []string{"image/png", "image/bmp", "image/jpeg", "image/webp", "image/tiff", "image/gif"}
	fileTypes    = []string{"x-special/gnome-copied-files", "text/uri-list"}
	textTypes    = []string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING", "TEXT"}
)

// collect takes from a source what a Clip can hold.
func collect(ctx context.Context, s source) (Clip, error) {
	types, err := s.types(ctx)
	if err != nil {
		return Clip{}, err
	}
	var clip Clip
	var failed error // why what seems to be a picture is none
	if kind := first(types, pictureTypes); kind != "" {
		clip.Picture, failed = readPicture(ctx, s, kind)
	}
	if kind := first(types, fileTypes); kind != "" {
		if clip.Picture == nil {
			clip.Picture, failed = readFiles(ctx, s, kind)
		}
		// The text beside a list of files is the list again.
		return finish(ctx, clip, failed)
	}
	if kind := first(types, textTypes); kind != "" {
		data, err := s.read(ctx, kind)
		if err != nil && failed == nil {
			failed = err
		}
		clip.Text = plain(data)
	}
	return finish(ctx, clip, failed)
}

// finish decides what is the result and what an error.
func finish(ctx context.Context, clip Clip, failed error) (Clip, error) {
	switch {
	case clip.Picture != nil || clip.Text != "":
		return clip, nil
	case ctx.Err() != nil:
		return Clip{}, ctx.Err()
	case failed != nil:
		return Clip{}, failed
	}
	return Clip{}, ErrEmpty
}

// first returns the first of wanted that is offered, "" if none is.
func first(offered, wanted []string) string {
	for _, w := range wanted {
		for _, o := range offered {
			if o == w {
				return o
			}
		}
	}
	return ""
}

// plain returns data as text. Old programs give Latin-1 and end with a zero.
func plain(data []byte) string {
	text := strings.TrimRight(string(data), "\x00")
	if utf8.ValidString(text) {
		return text
	}
	runes := make([]rune, len(text))
	for i := range len(text) {
		runes[i] = rune(text[i])
	}
	return string(runes)
}

func readPicture(ctx context.Context, s source, kind string) (image.Image, error) {
	data, err := s.read(ctx, kind)
	if err != nil {
		return nil, err
	}
	return scan.Load(ctx, strings.NewReader(string(data)))
}

// readFiles returns the first copied file that is a picture.
func readFiles(ctx context.Context, s source, kind string) (image.Image, error) {
	data, err := s.read(ctx, kind)
	if err != nil {
		return nil, err
	}
	failed := ErrEmpty
	for _, path := range copiedFiles(string(data)) {
		img, err := scan.LoadFile(ctx, path)
		if err == nil {
			return img, nil
		}
		if errors.Is(failed, ErrEmpty) {
			failed = err
		}
	}
	return nil, failed
}

// maxFiles is how many copied files are looked at for a picture.
const maxFiles = 20

// copiedFiles returns the files of this computer in a list of addresses: one a
// line, as file managers write them; some begin with the word copy or cut.
func copiedFiles(list string) []string {
	var out []string
	for line := range strings.Lines(list) {
		u, err := url.Parse(strings.TrimRight(line, "\r\n\x00"))
		if err != nil || u.Scheme != "file" || !local(u.Host) || len(out) == maxFiles {
			continue
		}
		path := filepath.FromSlash(u.Path)
		if runtime.GOOS == "windows" {
			path = strings.TrimPrefix(path, `\`)
		}
		if filepath.IsAbs(path) {
			out = append(out, path)
		}
	}
	return out
}

// local says whether the host of a file's address is this computer.
func local(host string) bool {
	if host == "" || host == "localhost" {
		return true
	}
	name, err := os.Hostname()
	return err == nil && strings.EqualFold(host, name)
}

// within runs a reader with the time limit, and says when it was that.
func within(ctx context.Context, read func(context.Context) (Clip, error)) (Clip, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	clip, err := read(limited)
	if err == nil {
		return clip, nil
	}
	if ctx.Err() != nil {
		return Clip{}, ctx.Err()
	}
	if limited.Err() != nil {
		return Clip{}, fmt.Errorf("%w: the program that holds it does not answer", ErrNoClipboard)
	}
	return Clip{}, err
}
