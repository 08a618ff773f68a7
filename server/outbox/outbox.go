// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package outbox sends mails and text messages. A message is written in the
// transaction that it tells of, sealed, and sent by a worker afterwards, again
// and again while the provider is away. Its content is dropped once it is sent.
package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// Channel is a way that messages go.
type Channel string

// The channels.
const (
	Mail Channel = "mail"
	SMS  Channel = "sms"
)

// Message is what is to be sent.
type Message struct {
	Channel Channel `json:"-"`
	To      string  `json:"to"` // an e-mail address, or a number in E.164
	Subject string  `json:"subject,omitempty"`
	Text    string  `json:"text"`
	// Dedupe is what makes the message one of a kind: with the same one it is sent once.
	Dedupe string `json:"-"`
	// Expires is when it is worth nothing any more; zero is a day after it was written.
	Expires time.Time `json:"-"`
	// Written is when it was put into the outbox. A Sender is told it, Put is not.
	Written time.Time `json:"-"`
}

// ID names a message to providers, always by the same 32 hexadecimal digits. It
// says nothing about the message.
func (m Message) ID() string {
	h := sha256.Sum256([]byte("kutano-2fa message " + m.Dedupe))
	return hex.EncodeToString(h[:16])
}

// Keep is how long a message is tried that does not say otherwise.
const Keep = 24 * time.Hour

// Put writes a message into the outbox. One with a Dedupe that is there already is left out.
func Put(ctx context.Context, q store.Q, keys *seal.Keys, m Message, now time.Time) error {
	if m.Dedupe == "" {
		return errors.New("a message without a dedupe key")
	}
	if m.Expires.IsZero() {
		m.Expires = now.Add(Keep)
	}
	plain, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	_, err = q.Exec(ctx, "INSERT INTO outbox (dedupe, channel, body, created_at, due_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)"+
		" ON CONFLICT (dedupe) DO NOTHING",
		m.Dedupe, string(m.Channel), keys.Seal(place(m.Dedupe), plain), store.Millis(now), store.Millis(now), store.Millis(m.Expires))
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	return nil
}

func place(dedupe string) seal.Place { return seal.Place{Table: "outbox", Row: dedupe, Column: "body"} }
