// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

const (
	// MaxBytes is the largest file that Load reads.
	MaxBytes = 64 << 20
	// MaxPixels is the largest picture that Load decodes: the largest screens
	// and cameras stay below it. Pictures of 16 bits a channel may have half
	// as many, for they take twice the memory.
	MaxPixels = 50_000_000
)

// format is one kind of picture that Load reads.
type format struct {
	name   string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// Load reads a picture: PNG, JPEG, GIF (its first frame), WebP, BMP or TIFF.
// The kind is told from the content, never from a name. Errors wrap
// ErrNotPicture or ErrTooBig, are those of r, or are ctx's, which also ends a
// read that hangs.
func Load(ctx context.Context, r io.Reader) (image.Image, error) {
	return await(ctx, func() (image.Image, error) { return load(ctx, r) })
}

// await returns what do returns, or ctx's error as soon as ctx ends.
func await[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// LoadFile reads the picture in a file; see Load.
func LoadFile(ctx context.Context, path string) (image.Image, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open the picture: %w", err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%w: it is a folder", ErrNotPicture)
	}
	if info.Size() > MaxBytes {
		return nil, tooManyBytes()
	}
	// Opening a pipe waits until somebody writes into it.
	f, err := await(ctx, func() (*os.File, error) { return os.Open(path) })
	if err != nil {
		return nil, fmt.Errorf("open the picture: %w", err)
	}
	// Load may return, cancelled, while its reader still reads: closing the
	// file then ends that read, which is what is wanted.
	defer f.Close()
	return Load(ctx, f)
}

func tooManyBytes() error {
	return fmt.Errorf("%w: the file has more than %d MiB", ErrTooBig, MaxBytes>>20)
}

// load does the work of Load in whatever goroutine it is called.
func load(ctx context.Context, r io.Reader) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			img, err = nil, fmt.Errorf("%w: it is damaged", ErrNotPicture)
		}
	}()
	data, err := io.ReadAll(io.LimitReader(&cancelReader{ctx, r}, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if len(data) > MaxBytes {
		return nil, tooManyBytes()
	}
	f, err := sniff(data)
	if err != nil {
		return nil, err
	}
	conf, err := f.config(bytes.NewReader(data))
	if err != nil {
		return nil, damaged(f.name, err)
	}
	if err := checkSize(conf); err != nil {
		return nil, err
	}
	img, err = f.decode(&cancelReader{ctx, bytes.NewReader(data)})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, damaged(f.name, err)
	}
	return img, nil
}

// damaged says what is wrong with a picture. The decoder's own words are left
// out: they are for programmers.
func damaged(name string, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: the %s picture is cut short", ErrNotPicture, name)
	}
	if errors.Is(err, png.UnsupportedError("dimension overflow")) {
		return fmt.Errorf("%w: at most %d million pixels are read", ErrTooBig, MaxPixels/1_000_000)
	}
	return fmt.Errorf("%w: the %s picture is damaged or of an unusual kind", ErrNotPicture, name)
}

// checkSize refuses what would take too much memory, before it is decoded.
func checkSize(c image.Config) error {
	if c.Width <= 0 || c.Height <= 0 {
		return fmt.Errorf("%w: it has no pixels", ErrNotPicture)
	}
	limit := int64(MaxPixels)
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		limit /= 2
	}
	// Each side is below 2³² in every format, so the product fits.
	if int64(c.Width) > limit || int64(c.Height) > limit || int64(c.Width)*int64(c.Height) > limit {
		return fmt.Errorf("%w: it has %d × %d pixels, at most %d million are read",
			ErrTooBig, c.Width, c.Height, limit/1_000_000)
	}
	return nil
}

// cancelReader fails as soon as its context has ended.
type cancelReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// The decoders are called by name and not through image.RegisterFormat, so
// that what other packages register never widens what is read here.
var (
	formatPNG  = format{"PNG", png.DecodeConfig, png.Decode}
	formatJPEG = format{"JPEG", jpeg.DecodeConfig, jpeg.Decode}
	formatGIF  = format{"GIF", gif.DecodeConfig, gif.Decode}
	formatWebP = format{"WebP", webp.DecodeConfig, webp.Decode}
	formatBMP  = format{"BMP", bmp.DecodeConfig, bmp.Decode}
	formatTIFF = format{"TIFF", tiff.DecodeConfig, tiff.Decode}
)
