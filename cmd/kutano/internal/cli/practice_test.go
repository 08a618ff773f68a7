// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link/practicetest"
)

// The browser is shown where the phone rings; Ctrl+C ends it and prints the score.
func TestPractice(t *testing.T) {
	t.Setenv("PATH", filepath.Dir(practicetest.Program(t)))
	for _, asJSON := range []bool{false, true} {
		ctx, interrupt := context.WithCancel(t.Context())
		var out, errs bytes.Buffer
		a := &App{Out: &out, Err: &errs, Clock: clock.Wall{}, In: strings.NewReader("")}
		a.browse = func(_ context.Context, address string) error {
			practicetest.Train(t, address, "slow-clock", "ask-code", "set-clock", "next-code")
			interrupt()
			return errors.New("no display")
		}
		args := []string{"practice", "--scenario", "slow-clock"}
		if asJSON {
			args = append(args, "--json")
		}
		if code := a.Run(ctx, args); code != 0 {
			t.Fatalf("exit %d: %s%s", code, &out, &errs)
		}
		if !strings.Contains(errs.String(), "The phone is ringing at http://127.0.0.1:") || !strings.Contains(errs.String(), "Open the address yourself.") {
			t.Errorf("it says %s", &errs)
		}
		if !asJSON {
			if want := "Codes are refused: 50 of 100. Never ask for a code"; !strings.HasPrefix(out.String(), want) || !strings.Contains(out.String(), "You answered one call and scored 50 of 100 points.") {
				t.Errorf("it prints %s", &out)
			}
			continue
		}
		var doc struct{ Practice shownScore }
		if err := json.Unmarshal(out.Bytes(), &doc); err != nil || doc.Practice.Score != 50 || len(doc.Practice.Calls) != 1 || doc.Practice.Calls[0].Broken[0] != "no-code-asked" {
			t.Errorf("%v: %s", err, &out)
		}
	}
}
