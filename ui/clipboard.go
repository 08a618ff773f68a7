// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/vault/clipboard"
)

// forever is how long a code stays in the clipboard of a user who does not
// want it cleared; leaving the app clears it all the same.
const forever = 365 * 24 * time.Hour

// Lender lends a text to the clipboard for a while. It is
// [clipboard.Serve] but in tests.
type Lender func(ctx context.Context, text string, d time.Duration) error

// codeClipboard puts codes into the clipboard and takes them out again, if
// they are still there. Where the system gives no better way it uses Fyne's
// clipboard.
type codeClipboard struct {
	lend Lender
	fyne fyne.Clipboard

	cancel context.CancelFunc
	lent   sync.WaitGroup

	mine  string // in Fyne's clipboard
	timer *time.Timer
}

// Put lends a text for a time, 0 meaning until the app ends. What was lent
// before is over.
func (c *codeClipboard) Put(text string, keep time.Duration) {
	if keep <= 0 {
		keep = forever
	}
	c.stop()
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.lent.Go(func() {
		err := c.lend(ctx, text, keep)
		if errors.Is(err, clipboard.ErrNoClipboard) {
			fyne.Do(func() {
				if ctx.Err() == nil {
					c.putFyne(text, keep)
				}
			})
		}
	})
}

func (c *codeClipboard) putFyne(text string, keep time.Duration) {
	c.mine = text
	c.fyne.SetContent(text)
	if keep >= forever {
		return
	}
	c.timer = time.AfterFunc(keep, func() {
		fyne.Do(func() {
			if c.mine == text {
				c.clearFyne()
			}
		})
	})
}

// clearFyne empties the clipboard if it still holds our text: what the user
// copied since stays.
func (c *codeClipboard) clearFyne() {
	if c.mine != "" && c.fyne.Content() == c.mine {
		c.fyne.SetContent("")
	}
	c.mine = ""
}

func (c *codeClipboard) stop() {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	if c.cancel != nil {
		c.cancel()
		c.cancel = nil
	}
}

// Drop has our text taken out of the clipboard, and waits for nothing.
func (c *codeClipboard) Drop() {
	c.stop()
	c.clearFyne()
}

// Clear takes our text out of the clipboard before it returns, at the latest
// after two seconds if the system does not answer: afterwards the app may end.
func (c *codeClipboard) Clear() {
	c.Drop()
	done := make(chan struct{})
	go func() {
		c.lent.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(2 * time.Second):
	}
}
