// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clipboard

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	setClipboardData = user32.NewProc("SetClipboardData")
	registerFormat   = user32.NewProc("RegisterClipboardFormatW")
	sequenceNumber   = user32.NewProc("GetClipboardSequenceNumber")
	globalAlloc      = kernel32.NewProc("GlobalAlloc")
	globalFree       = kernel32.NewProc("GlobalFree")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
	moveMemory       = kernel32.NewProc("RtlMoveMemory")
)

const (
	unicodeText  = 13     // CF_UNICODETEXT
	gmemMoveable = 0x0002 // memory that may be handed to the clipboard

	openAgain = 10 * time.Millisecond  // after another program had the clipboard open
	lookAgain = 500 * time.Millisecond // whether another program has taken it over
)

// hints are the formats by which Windows' own history, its cloud and other
// clipboard managers know what to leave alone ("Cloud Clipboard and Clipboard
// History Formats" in Microsoft's documentation). Each holds a DWORD of zero:
// for the first any value will do, for the others it means no.
var hints = []string{
	"ExcludeClipboardContentFromMonitorProcessing",
	"CanIncludeInClipboardHistory",
	"CanUploadToCloudClipboard",
}

// lend puts text into the clipboard, with the hints at the same moment: who
// watches it sees neither without the other. The channel tells that another
// program has taken it over; it is not told once ctx has ended.
func lend(ctx context.Context, text string) (<-chan struct{}, error) {
	number, err := put(ctx, text)
	if err != nil {
		return nil, err
	}
	taken := make(chan struct{})
	go func() {
		look := time.NewTicker(lookAgain)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
			}
			if now, _, _ := sequenceNumber.Call(); now != number {
				close(taken)
				return
			}
		}
	}()
	return taken, nil
}

// put does it and returns the clipboard's number afterwards, which every
// change of it makes larger.
func put(ctx context.Context, text string) (number uintptr, err error) {
	letters, err := windows.UTF16FromString(text)
	if err != nil {
		return 0, errors.New("the text has a zero character")
	}
	defer clear(letters)
	runtime.LockOSThread() // an open clipboard belongs to a thread
	defer runtime.UnlockOSThread()
	if err := open(ctx); err != nil {
		return 0, err
	}
	err = fill(letters)
	if ok, _, errno := closeClipboard.Call(); ok == 0 && err == nil {
		err = fmt.Errorf("close the clipboard: %w", errno)
	}
	// Only now: closing it may add formats that Windows makes from ours, and
	// count. What another program put there just now is not taken for ours, for
	// the text is compared before it is removed.
	number, _, _ = sequenceNumber.Call()
	return number, err
}

// open waits for the clipboard, which another program may have open.
func open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		ok, _, errno := openClipboard.Call(0)
		if ok != 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("open the clipboard: %w", errno)
		case <-time.After(openAgain):
		}
	}
}

// fill replaces what is in the open clipboard. The hints come first: a text
// without them is not left behind.
func fill(letters []uint16) error {
	if ok, _, errno := emptyClipboard.Call(); ok == 0 {
		return fmt.Errorf("empty the clipboard: %w", errno)
	}
	no := uint32(0)
	for _, name := range hints {
		wide, err := windows.UTF16PtrFromString(name)
		if err != nil {
			return err
		}
		format, _, errno := registerFormat.Call(uintptr(unsafe.Pointer(wide)))
		if format == 0 {
			return fmt.Errorf("register a clipboard format: %w", errno)
		}
		if err := set(format, unsafe.Pointer(&no), unsafe.Sizeof(no)); err != nil {
			return err
		}
	}
	return set(unicodeText, unsafe.Pointer(&letters[0]), uintptr(len(letters))*unsafe.Sizeof(letters[0]))
}

// set hands a copy of size bytes to the clipboard, which owns it then.
func set(format uintptr, data unsafe.Pointer, size uintptr) error {
	memory, _, errno := globalAlloc.Call(gmemMoveable, size)
	if memory == 0 {
		return fmt.Errorf("make room for the clipboard: %w", errno)
	}
	at, _, errno := globalLock.Call(memory)
	if at == 0 {
		_, _, _ = globalFree.Call(memory)
		return fmt.Errorf("make room for the clipboard: %w", errno)
	}
	_, _, _ = moveMemory.Call(at, uintptr(data), size)
	_, _, _ = globalUnlock.Call(memory)
	if ok, _, errno := setClipboardData.Call(format, memory); ok == 0 {
		_, _, _ = globalFree.Call(memory)
		return fmt.Errorf("write to the clipboard: %w", errno)
	}
	return nil
}
