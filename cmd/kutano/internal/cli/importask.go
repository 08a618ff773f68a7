// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// asking is how far the asking for the password of one file is.
type asking struct {
	known bool // what opened a backup was given for it, unasked
	left  int  // how often a person is asked for it still
	lines int  // read from the descriptor so far, for all files
}

// password answers for a file of another app: what opened a backup, then the
// next line of the descriptor or what a person types. An empty answer leaves
// the file out.
func (im *importing) password(ctx context.Context, q exchange.Question) (secret.Value, error) {
	st := &im.asking
	if !q.Wrong {
		st.known, st.left = false, tries
		if have := im.keys.have.Passphrase; have.Len() > 0 {
			st.known = true
			return have.Clone(), nil
		}
	}
	wrong := q.Wrong && !st.known // a person need not know of the other try
	st.known = false
	switch {
	case im.keys.fd >= 0 && wrong:
		return secret.Value{}, nil
	case im.keys.fd >= 0:
		return im.fromDescriptor(ctx)
	case !im.app.interactive() || st.left == 0:
		return secret.Value{}, nil
	}
	if wrong {
		im.app.say(explain.Reason(foreign.ErrPassword))
	}
	st.left--
	question := words.T("Password of {file} ({app}): ", "file", sourceName(q.Source), "app", q.Format.App)
	if q.Format.App == "" { // the password tells what it is
		question = words.T("Password of {file}: ", "file", sourceName(q.Source))
	}
	return im.app.askHidden(ctx, question)
}

// fromDescriptor takes the next line. After the last one there is no password.
func (im *importing) fromDescriptor(ctx context.Context) (secret.Value, error) {
	line, err := im.app.lineFrom(ctx, im.keys.fd, "--"+fileFlag)
	if err != nil && im.asking.lines > 0 && explain.Error(err).Kind == explain.Usage {
		return secret.Value{}, nil
	}
	im.asking.lines++
	return line, err
}
