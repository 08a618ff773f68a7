// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"slices"

	"github.com/kutano/authenticator/assets/words"
)

// ask asks what is to be done, one question for each sort of change.
func (c *comeback) ask(ctx context.Context) error {
	if c.yes {
		return nil
	}
	asked, wanted := 0, 0
	for _, q := range c.questions() {
		n := c.wanted(q.about)
		if n == 0 {
			continue
		}
		yes, err := c.app.confirm(ctx, q.text(n), "--yes", q.usual)
		if err != nil {
			return err
		}
		asked++
		if yes {
			wanted++
			c.agree(q.about)
		} else {
			c.leave(q.about)
		}
	}
	if asked > 0 && wanted == 0 {
		return declined()
	}
	return nil
}

// question is one about all rows of a sort.
type question struct {
	about func(*returning) bool
	text  func(n int) string
	usual bool // what Enter means
}

func (c *comeback) questions() []question {
	return []question{
		{func(r *returning) bool { return r.status == isNew && r.use }, c.askNew, true},
		{func(r *returning) bool { return r.status == isDiffers && r.use && !r.beside }, c.askReplace, false},
		{c.canKeepBoth, c.askBoth, true},
		{func(r *returning) bool { return r.status == onlyHere }, func(n int) string {
			return words.N(n, "Remove 1 account that the backup does not have? It can be brought back for 30 days.",
				"Remove {n} accounts that the backup does not have? They can be brought back for 30 days.")
		}, false},
	}
}

// canKeepBoth tells whether a row is one of which both keys can be kept: where
// that was asked for, and in an import that a person sees where nothing was.
func (c *comeback) canKeepBoth(r *returning) bool {
	return r.status == isDiffers && (r.beside || c.imports && !c.differing && c.app.interactive())
}

func (c *comeback) askNew(n int) string {
	if c.imports {
		return words.N(n, "Add 1 account?", "Add {n} accounts?")
	}
	return words.N(n, "Bring back 1 account?", "Bring back {n} accounts?")
}

func (c *comeback) askReplace(n int) string {
	if c.imports {
		return words.N(n, "Take the file's key for 1 account? The one here can be brought back for 30 days.",
			"Take the file's keys for {n} accounts? The ones here can be brought back for 30 days.")
	}
	return words.N(n, "Take the backup's key for 1 account? The one here can be brought back for 30 days.",
		"Take the backup's keys for {n} accounts? The ones here can be brought back for 30 days.")
}

func (c *comeback) askBoth(n int) string {
	return words.N(n, "1 account is here with another key. Keep both, as two accounts?",
		"{n} accounts are here with other keys. Keep both, as two accounts each?")
}

// agree takes in what the person said yes to.
func (c *comeback) agree(about func(*returning) bool) {
	for _, r := range c.rows {
		if r.at >= 0 && about(r) {
			r.beside = r.beside || r.status == isDiffers && !r.use
			r.use = true
		}
	}
}

// leave takes out what the person does not want. What was removed before comes
// along with what is new.
func (c *comeback) leave(about func(*returning) bool) {
	fresh := false
	for _, r := range c.rows {
		if r.at >= 0 && about(r) {
			r.use, r.beside, r.left = false, false, true
			fresh = fresh || r.status == isNew
		}
	}
	for _, r := range c.rows {
		if fresh && r.status == wasRemoved && r.use {
			r.use, r.left = false, true
		}
	}
	if about(&returning{status: onlyHere}) {
		c.replace = false
		c.rows = slices.DeleteFunc(c.rows, func(r *returning) bool { return r.status == onlyHere })
	}
}
