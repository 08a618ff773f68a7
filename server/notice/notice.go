// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package notice writes the mails and text messages that tell users what
// happened with their account.
//
// A notice says what happened, when, and what to do if it was not the user, with
// a link "This wasn't me". It never holds a code or another secret, and no link
// that signs anyone in. The two messages that do hold a code (SignInCode and
// TextCode) hold no link at all, so that nobody learns to click on one beside a
// code. All are plain text, in English.
package notice

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// Event is what a user is told of.
type Event string

// The events.
const (
	MethodAdded   Event = "method-added"   // Method
	MethodChanged Event = "method-changed" // Method: the new one
	MethodRemoved Event = "method-removed"
	CodesRenewed  Event = "codes-renewed"
	CodeUsed      Event = "code-used"      // Left
	SecondFailed  Event = "second-failed"  // after a good first factor
	SecondBlocked Event = "second-blocked" //
	NewDevice     Event = "new-device"     // Device
	BypassIssued  Event = "bypass-issued"
	ResetDone     Event = "reset-done"
	ResetAsked    Event = "reset-asked" // an administrator's, waits for a second administrator
	Unlocked      Event = "unlocked"
	ResyncOpened  Event = "resync-opened" // two codes in a row can be typed
	SignedOut     Event = "signed-out"    // everywhere, by the desk
	Suspended     Event = "suspended"
	Restored      Event = "restored"
	AppLinked     Event = "app-linked" // Device: the app's name
	// IdentityLinked: from now on this identity signs the user in. Method: "google", "apple".
	IdentityLinked   Event = "identity-linked"
	IdentityUnlinked Event = "identity-unlinked" // Method: the provider

	ContactChanged Event = "contact-changed" // the number on record
	UserReported   Event = "user-reported"   // to administrators; Device: the name of who said "this wasn't me"
)

// Facts are what a notice may mention. Never a code.
type Facts struct {
	Method string // "totp", "sms"; of an identity the provider
	Left   int
	Device string
	// Phone is an E.164 number for a text message beside the mail: "told on every channel".
	Phone string
	// Also is another number that is told, "" none.
	Also string
}

// Writer writes notices into the outbox.
type Writer struct {
	Keys *seal.Keys
	// BaseURL is the service's address, for the links ("https://app.kutano.example").
	BaseURL string
	// Workspace is the name that users know.
	Workspace string
	// Host is what text messages with a code end with.
	Host string
}

// ObjectionLife is how long a link "This wasn't me" is good.
const ObjectionLife = 7 * 24 * time.Hour

// quiet is how often, at most, a user is told of failed second factors: someone
// who keeps failing must not be able to fill a mailbox.
const quiet = time.Hour

// Tell writes the notices of an event into the outbox, in the transaction that
// the event happens in. Each has a link "This wasn't me" that ends the user's
// sessions and tells the administrators. Of SecondFailed a user is told once an
// hour.
func (w *Writer) Tell(ctx context.Context, q store.Q, u people.User, e Event, f Facts, now time.Time) error {
	words, ok := wording[e]
	if !ok {
		return fmt.Errorf("there is no notice of %q", string(e))
	}
	dedupe := "notice:" + seal.NewID()
	if e == SecondFailed {
		dedupe = fmt.Sprintf("notice:%s:%s:%d", e, u.ID, now.Unix()/int64(quiet.Seconds()))
		if told, err := written(ctx, q, dedupe); told || err != nil {
			return err
		}
	}
	token := seal.Token()
	_, err := q.Exec(ctx, "INSERT INTO objections (token_hash, user_id, event, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
		seal.Hash(token), u.ID, string(e), store.Millis(now), store.Millis(now.Add(ObjectionLife)))
	if err != nil {
		return fmt.Errorf("write a notice: %w", err)
	}
	d := w.facts(u, f, token, now)
	mail := outbox.Message{
		Channel: outbox.Mail, To: u.Email, Subject: words.subject, Text: render(words.mail, d), Dedupe: dedupe, Expires: now.Add(noticeLife),
	}
	if err := outbox.Put(ctx, q, w.Keys, mail, now); err != nil {
		return err
	}
	for i, phone := range []string{f.Phone, f.Also} {
		if phone == "" {
			continue
		}
		text := outbox.Message{
			Channel: outbox.SMS, To: phone, Text: render(words.text, d), Dedupe: dedupe + ":sms" + strconv.Itoa(i), Expires: now.Add(noticeLife),
		}
		if err := outbox.Put(ctx, q, w.Keys, text, now); err != nil {
			return err
		}
	}
	return nil
}

// noticeLife is how long a notice is tried: a provider may be away for a weekend.
const noticeLife = 3 * 24 * time.Hour

func written(ctx context.Context, q store.Q, dedupe string) (bool, error) {
	var n int
	if err := q.Row(ctx, "SELECT COUNT(*) FROM outbox WHERE dedupe = ?", []any{dedupe}, &n); err != nil {
		return false, fmt.Errorf("write a notice: %w", err)
	}
	return n > 0, nil
}

// SignInCode writes the mail with a code for signing in or for proving the address again.
// The code stands in the text only: subjects are logged and shown on locked screens.
func (w *Writer) SignInCode(ctx context.Context, q store.Q, address, flow, code string, send int, expires, now time.Time) error {
	return outbox.Put(ctx, q, w.Keys, outbox.Message{
		Channel: outbox.Mail, To: address, Subject: codeSubject,
		Text:   render(codeMail, w.code(code, expires, now)),
		Dedupe: fmt.Sprintf("mailcode:%s:%d", flow, send), Expires: expires,
	}, now)
}

// TextCode writes the text message with a code; it ends with "@host #123456" (the
// format of origin-bound one-time codes, W3C WICG). dedupe names this sending.
func (w *Writer) TextCode(ctx context.Context, q store.Q, phone, code, dedupe string, expires, now time.Time) error {
	return outbox.Put(ctx, q, w.Keys, outbox.Message{
		Channel: outbox.SMS, To: phone, Text: render(codeText, w.code(code, expires, now)),
		Dedupe: "textcode:" + dedupe, Expires: expires,
	}, now)
}
