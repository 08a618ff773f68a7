// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"image"

	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"
)

// Decode returns the text of every QR code in img, each text once, in the
// order they are found. A picture without a code is no error: the result is
// empty. The work is bounded by the picture's size; it ends early when ctx
// does, with ctx's error.
func Decode(ctx context.Context, img image.Image) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g := toGray(img, 255)
	var out []string
	seen := map[string]bool{}
	inv := newGray(g.w, g.h)
	for i, v := range g.pix {
		inv.pix[i] = 255 - v
	}
	for _, p := range []gray{g, inv} {
		if p.w == 0 || p.h == 0 {
			continue
		}
		src, err := gozxing.NewPlanarYUVLuminanceSource(p.pix, p.w, p.h, 0, 0, p.w, p.h, false)
		if err != nil {
			return nil, err
		}
		bm, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(src))
		if err != nil {
			return nil, err
		}
		rs, _ := multi.NewQRCodeMultiReader().DecodeMultiple(bm, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true})
		for _, r := range rs {
			if t := r.GetText(); !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	return out, ctx.Err()
}
