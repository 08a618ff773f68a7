// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build darwin && !ios && cgo

package clipboard

import (
	"context"
	"errors"

	"golang.design/x/clipboard"
)

// lend puts text into the clipboard. The channel tells that another program
// has taken it over.
func lend(_ context.Context, text string) (<-chan struct{}, error) {
	taken := clipboard.Write(clipboard.FmtText, []byte(text))
	if taken == nil {
		return nil, errors.New("it cannot be written")
	}
	return taken, nil
}
