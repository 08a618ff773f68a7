// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sentcode_test

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/sentcode"
)

var start = time.UnixMilli(1_800_000_000_000)

func keys(t *testing.T) *seal.Keys {
	t.Helper()
	k, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// R52: another code can be asked for after a wait that can be seen.
func TestWait(t *testing.T) {
	for sends, want := range map[int]time.Duration{
		0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 3: 5 * time.Minute, 4: 5 * time.Minute, 99: 5 * time.Minute,
	} {
		if got := sentcode.Wait(sends); got != want {
			t.Errorf("after %d sendings: %v, not %v", sends, got, want)
		}
	}
	s := sentcode.Sent{Sends: 2, At: start}
	for after, want := range map[time.Duration]time.Duration{
		0: 2 * time.Minute, 119 * time.Second: time.Second, 2 * time.Minute: 0, time.Hour: 0, -time.Minute: 2 * time.Minute, -time.Hour: 0,
	} {
		if got := s.Resend(start.Add(after)); got != want {
			t.Errorf("%v after the second: %v, not %v", after, got, want)
		}
	}
}

// R28: a wrong, expired or used code is refused.
func TestVerdict(t *testing.T) {
	k := keys(t)
	sent := sentcode.Sent{
		MAC: sentcode.MAC(k, "mail", "flow-1", "123456"), Tries: 1, Sends: 1, At: start, Expires: start.Add(sentcode.Life),
	}
	tests := []struct {
		name       string
		change     func(*sentcode.Sent)
		flow, code string
		at         time.Duration
		want       refusal.Kind
		left       int
	}{
		{name: "right", flow: "flow-1", code: "123456"},
		{name: "right at the fifth try", change: func(s *sentcode.Sent) { s.Tries = 5 }, flow: "flow-1", code: "123456"},
		{name: "right at the last moment", flow: "flow-1", code: "123456", at: sentcode.Life - time.Millisecond},
		{name: "late", flow: "flow-1", code: "123456", at: sentcode.Life, want: refusal.CodeExpired, left: -1},
		{name: "wrong", flow: "flow-1", code: "123457", want: refusal.CodeWrong, left: 4},
		{name: "of another flow", flow: "flow-2", code: "123456", want: refusal.CodeWrong, left: 4},
		{name: "wrong at the fifth", change: func(s *sentcode.Sent) { s.Tries = 5 }, flow: "flow-1", code: "000000", want: refusal.CodeWrong},
		{name: "right at the sixth", change: func(s *sentcode.Sent) { s.Tries = 6 }, flow: "flow-1", code: "123456", want: refusal.TooManyTries, left: -1},
		{name: "used", change: func(s *sentcode.Sent) { s.Used = start }, flow: "flow-1", code: "123456", want: refusal.CodeUsed, left: -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sent
			if tt.change != nil {
				tt.change(&s)
			}
			err := s.Verdict(k, "mail", tt.flow, tt.code, start.Add(tt.at))
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if e := refusal.Of(err); e == nil || e.Kind != tt.want || e.Left != tt.left {
				t.Fatalf("got %+v", e)
			}
		})
	}
	if err := sent.Verdict(k, "sms", "flow-1", "123456", start); !refusal.Is(err, refusal.CodeWrong) {
		t.Fatalf("a code of another kind: %v", err)
	}
}

// What was made is right for its flow and for nothing else.
func TestVerdictIsBound(t *testing.T) {
	k := keys(t)
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[0-9]{6}`)
		flow, other := rapid.String().Draw(t, "flow"), rapid.String().Draw(t, "other flow")
		code, typed := digits.Draw(t, "code"), digits.Draw(t, "typed")
		s := sentcode.Sent{MAC: sentcode.MAC(k, "mail", flow, code), Tries: 1, Sends: 1, At: start, Expires: start.Add(sentcode.Life)}
		if got := s.Verdict(k, "mail", other, typed, start) == nil; got != (flow == other && code == typed) {
			t.Fatalf("accepted: %v", got)
		}
	})
}
