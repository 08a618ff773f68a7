// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clipboard

import (
	"context"
	"sync"
	"testing"
	"time"
	"unsafe"

	"golang.design/x/clipboard"
	"golang.org/x/sys/windows"
)

var formatAvailable = user32.NewProc("IsClipboardFormatAvailable")

// offered reports whether the clipboard has a format.
func offered(t *testing.T, name string) bool {
	t.Helper()
	wide, err := windows.UTF16PtrFromString(name)
	if err != nil {
		t.Fatal(err)
	}
	format, _, errno := registerFormat.Call(uintptr(unsafe.Pointer(wide)))
	if format == 0 {
		t.Fatal(errno)
	}
	yes, _, _ := formatAvailable.Call(format)
	return yes != 0
}

// On Windows the text is marked while it is lent, and gone afterwards.
func TestServeMarksTheText(t *testing.T) {
	const text = "492 039 ü 😀"
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := Serve(ctx, text, time.Minute); err != nil {
			t.Error(err)
		}
	})
	deadline := time.After(10 * time.Second)
	for string(clipboard.Read(clipboard.FmtText)) != text {
		select {
		case <-deadline:
			t.Fatalf("the clipboard has %q", clipboard.Read(clipboard.FmtText))
		case <-time.After(50 * time.Millisecond):
		}
	}
	for _, name := range hints {
		if !offered(t, name) {
			t.Errorf("the text is not marked with %s", name)
		}
	}
	cancel()
	wg.Wait()
	if got := clipboard.Read(clipboard.FmtText); len(got) != 0 {
		t.Errorf("%q is left behind", got)
	}
}

// What another program copies meanwhile ends it and stays.
func TestServeIsTakenOver(t *testing.T) {
	done := make(chan error, 1)
	go func() { done <- Serve(t.Context(), "ours", time.Minute) }()
	for string(clipboard.Read(clipboard.FmtText)) != "ours" {
		time.Sleep(20 * time.Millisecond)
	}
	clipboard.Write(clipboard.FmtText, []byte("another's"))
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
	if got := string(clipboard.Read(clipboard.FmtText)); got != "another's" {
		t.Errorf("the clipboard has %q", got)
	}
	if offered(t, hints[0]) {
		t.Error("another's text is marked as ours was")
	}
}
