// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"context"
	"errors"
	"sync"

	"fyne.io/fyne/v2"
)

// ErrStopped says that a piece of work ended in a fault of ours. It carries no
// detail, because the detail could hold a secret.
var ErrStopped = errors.New("the work stopped because of a fault in the program")

// running counts the work under way, for Settle.
var running sync.WaitGroup

// Go does work off the user interface's goroutine and hands its result to
// done on it. A panic in work becomes [ErrStopped].
//
// When ctx ends before the work, done is still called, with the context's
// error and the zero value, as soon as work returns: work must heed ctx.
func Go[T any](ctx context.Context, work func(context.Context) (T, error), done func(T, error)) {
	running.Go(func() {
		result, err := guarded(ctx, work)
		fyne.Do(func() { done(result, err) })
	})
}

func guarded[T any](ctx context.Context, work func(context.Context) (T, error)) (result T, err error) {
	defer func() {
		if recover() != nil {
			var zero T
			result, err = zero, ErrStopped
		}
	}()
	return work(ctx)
}

// Settle waits until all work is done. It is for tests: called on the user
// interface's goroutine of a running app it would wait for ever.
func Settle() { running.Wait() }
