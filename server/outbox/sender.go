// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package outbox

import (
	"context"
	"errors"
)

// Sender hands messages to a provider. It returns nil once the provider took the
// message, and a *TroubleError otherwise. It must not log messages.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// TroubleError is why a provider did not take a message.
type TroubleError struct {
	// Word says it in a word or two, from a small set of the driver: "unreachable",
	// "smtp-550". Never anything of the message.
	Word string
	// Final: this message will never be taken. Anything that lies with the provider
	// or with how it is configured is not final, so that messages are kept meanwhile.
	Final bool
	// Away: the provider took nothing at all, so that the next message need not be
	// tried at once.
	Away bool
}

func (t *TroubleError) Error() string { return "the provider did not take a message: " + t.Word }

// troubleOf is what is known of a failure. An error of another type keeps its words to itself.
func troubleOf(err error) *TroubleError {
	var t *TroubleError
	switch {
	case errors.As(err, &t):
		return t
	case errors.Is(err, context.DeadlineExceeded):
		return &TroubleError{Word: "timeout", Away: true}
	case errors.Is(err, context.Canceled):
		return &TroubleError{Word: "interrupted", Away: true}
	}
	return &TroubleError{Word: "failed"}
}
