// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/practice"
)

// train is a house in which callers are practised with.
func train(t *testing.T, scenarios ...string) *house {
	t.Helper()
	p, err := practice.Open(t.Context(), practice.Options{Addr: "127.0.0.1:0", Scenarios: scenarios})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, p.Close()); err != nil {
			t.Error(err)
		}
	})
	return &house{t: t, base: strings.TrimSuffix(p.URL, "/practice/call"), now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
}

// R53: a call to learn on, with the keyboard and the mouse alone and without JavaScript.
func TestACallToLearnOn(t *testing.T) {
	h := train(t, "slow-clock", "social-engineering")
	b := h.open(t, onDesk.noScript())
	b.visit("/practice/call").sees("The phone is ringing.").shoot("60-practice-phone").press("Answer the call").sees("My codes don’t work any more.")
	b.press("Please read me the check phrase of your app.").sees("Here it is:").shoot("61-practice-call")
	b.press("Let your device set its time by itself.").sees("it has jumped forward by four minutes")
	b.press("Wait for the next code, and type it on the page.").sees("100 of 100", "the caller is in").shoot("62-practice-score")
	b.press("Answer the next call").sees("my board meeting starts in five minutes")
	b.press("Never mind the checks, I can see that you are in a hurry.").press("Hang up, and call the number on record")
	b.press("I cannot do this on the phone, and I will report this call.").sees("85 of 100", "Let nobody rush you past a check", "All calls: 93 of 100").shoot("63-practice-score-hurry")

	phone := h.open(t, onPhone)
	phone.visit("/practice/call").press("Answer: Dan’s phone is gone").sees("stole my phone").shoot("64-practice-call-phone")
	phone.press("Hang up").sees("40 of 100", "you hung up")
}
