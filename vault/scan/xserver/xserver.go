// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package xserver connects to an X server within a context's time, for
// reading the screen and the clipboard without cgo.
package xserver

import (
	"context"
	"io"
	"sync"

	"github.com/jezek/xgb"
)

// quiet keeps xgb from writing to standard error, which belongs to the
// command line's user.
var quiet = sync.OnceFunc(func() { xgb.Logger.SetOutput(io.Discard) })

// Connect connects to the server named by the environment variable DISPLAY.
// A server that does not answer costs no more than ctx's time. The caller
// closes the connection; it is also closed when ctx ends, so that nothing
// waits for a server that hangs.
func Connect(ctx context.Context) (*xgb.Conn, error) {
	quiet()
	type result struct {
		conn *xgb.Conn
		err  error
	}
	done := make(chan result, 1)
	go func() {
		conn, err := xgb.NewConn()
		if err == nil {
			context.AfterFunc(ctx, conn.Close)
		}
		done <- result{conn, err}
	}()
	select {
	case r := <-done:
		return r.conn, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
