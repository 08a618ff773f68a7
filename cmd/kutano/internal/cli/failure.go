// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
)

// told is an error that the command line has its own words for.
type told struct{ message explain.Message }

// Error returns the kind: what a person reads is the message.
func (t *told) Error() string { return string(t.message.Kind) }

// Message returns what a person is told.
func (t *told) Message() explain.Message { return t.message }

func tell(kind explain.Kind, what, safe, next string) error {
	return &told{explain.Message{Kind: kind, What: what, Safe: safe, Next: next, Exit: kind.Exit()}}
}

// warn tells what went wrong beside a result that is good: with --json in the
// object, else at once.
func (a *App) warn(m explain.Message) {
	if a.json {
		a.warnings = append(a.warnings, failure{Kind: string(m.Kind), Message: join(m.What, m.Safe), Hint: m.Next})
		return
	}
	a.say(join(m.What, m.Safe))
	if m.Next != "" {
		a.say(m.Next)
	}
}

// usage is an error of the person's call: wrong or missing words.
func usage(what, next string) error { return tell(explain.Usage, what, "", next) }

// finish prints the JSON object or the error, and returns the exit code.
func (a *App) finish(err error) int {
	m := explain.Error(err)
	if a.json {
		return a.finishJSON(err, m)
	}
	if err == nil {
		return 0
	}
	if m.What != "" {
		fmt.Fprintln(a.Err, join(m.What, m.Safe))
	}
	if m.Next != "" {
		fmt.Fprintln(a.Err, m.Next)
	}
	var own *told
	if m.Kind == explain.Failed && !errors.As(err, &own) {
		// Errors hold no key and no passphrase; for a report they are all there is.
		fmt.Fprintln(a.Err, words.T("Details: {text}", "text", clean(err.Error())))
	}
	return m.Exit
}

func (a *App) finishJSON(err error, m explain.Message) int {
	if a.doc == nil && err == nil {
		return 0 // help, completion: they print text
	}
	if a.doc == nil {
		a.doc = &document{}
	}
	a.doc.Warnings = a.warnings
	if err != nil {
		a.doc.Error = &failure{Kind: string(m.Kind), Message: join(m.What, m.Safe), Hint: m.Next}
	}
	if err := a.doc.print(a); err != nil {
		m = explain.Error(err)
		fmt.Fprintln(a.Err, m.What)
	}
	return m.Exit
}

func join(what, safe string) string {
	if safe == "" {
		return what
	}
	return what + " " + safe
}
