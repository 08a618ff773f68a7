// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"context"
	"errors"
	"image"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

// pictures reads QR codes: pictures of all kinds that scan loads, and brightness as
// cameras give it.
type pictures struct{}

func (pictures) Format() foreign.Format {
	return foreign.Format{ID: "otpauth-qr", App: "QR"}
}

func (pictures) Detect(s *foreign.Source) foreign.Match {
	if scan.Known(s.Data) || len(frames(s.Data)) > 0 {
		return foreign.Maybe
	}
	return foreign.No
}

func (pictures) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

// Read reports the keys of all QR codes in the picture.
func (pictures) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	c := collector{ctx: ctx, source: s, add: add}
	if of := frames(s.Data); len(of) > 0 {
		return c.frame(of)
	}
	img, err := scan.Load(ctx, bytes.NewReader(s.Data))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, scan.ErrTooBig):
		return foreign.ErrBomb
	case err != nil:
		return foreign.ErrDamaged
	}
	return c.picture(img)
}

func (c *collector) picture(img image.Image) error {
	codes, err := scan.Decode(c.ctx, img)
	for _, text := range codes {
		c.text(text)
	}
	return err
}
