// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	"fyne.io/fyne/v2/test"
)

// Nothing is left for Fyne to do when the app has stopped, so its loop and its queue
// cannot wait for one another.
func TestEndsSurely(t *testing.T) {
	of := test.NewTempApp(t).Lifecycle()
	l, ok := of.(interface {
		OnStopped() func()
		SetOnStoppedHookExecuted(f func())
	})
	if !ok {
		t.Fatal("Fyne has changed: look whether endsSurely is still needed")
	}
	l.SetOnStoppedHookExecuted(func() {}) // as Fyne does
	if endsSurely(of); l.OnStopped() != nil {
		t.Error("something is left for Fyne to do")
	}
}
