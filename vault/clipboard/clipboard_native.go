// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build windows || (darwin && !ios && cgo)

package clipboard

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"golang.design/x/clipboard"

	"github.com/kutano/authenticator/vault/scan"
)

func read(ctx context.Context) (Clip, error) {
	return within(ctx, func(ctx context.Context) (Clip, error) {
		if err := clipboard.Init(); err != nil {
			return Clip{}, fmt.Errorf("%w: %w", ErrNoClipboard, err)
		}
		type result struct{ picture, text []byte }
		done := make(chan result, 1)
		// The library waits without end for a clipboard that another program
		// keeps open.
		go func() { done <- result{clipboard.Read(clipboard.FmtImage), clipboard.Read(clipboard.FmtText)} }()
		select {
		case <-ctx.Done():
			return Clip{}, ctx.Err()
		case r := <-done:
			clip := Clip{Text: string(r.text)}
			var failed error
			if len(r.picture) > 0 {
				clip.Picture, failed = scan.Load(ctx, bytes.NewReader(r.picture))
			}
			return finish(ctx, clip, failed)
		}
	})
}

func lacking() error { return nil }

func serve(ctx context.Context, text string, d time.Duration) error {
	if err := clipboard.Init(); err != nil {
		return fmt.Errorf("%w: %w", ErrNoClipboard, err)
	}
	lending, stop := context.WithCancel(ctx)
	defer stop()
	taken, err := lend(lending, text)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoClipboard, err)
	}
	end := time.NewTimer(d)
	defer end.Stop()
	select {
	case <-taken:
		return nil
	case <-end.C:
	case <-ctx.Done():
	}
	if string(clipboard.Read(clipboard.FmtText)) == text {
		clipboard.Write(clipboard.FmtText, nil)
	}
	return nil
}
