// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"errors"
	"runtime"
	"testing"
	"unsafe"

	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

// A window of the system's own kind shows what Windows is asked for.
func TestHideFromCapture(t *testing.T) {
	user := windows.NewLazySystemDLL("user32.dll")
	create, destroy := user.NewProc("CreateWindowExW"), user.NewProc("DestroyWindow")
	affinity := user.NewProc("GetWindowDisplayAffinity")
	class, err := windows.UTF16PtrFromString("STATIC")
	if err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread() // a window belongs to the thread that made it
	defer runtime.UnlockOSThread()
	const visible = 0x10000000 // WS_VISIBLE
	hwnd, _, errno := create.Call(0, uintptr(unsafe.Pointer(class)), 0, visible, 0, 0, 100, 100, 0, 0, 0, 0)
	if hwnd == 0 {
		t.Skipf("no window can be made here: %v", errno)
	}
	defer func() { _, _, _ = destroy.Call(hwnd) }()
	if ok, _, errno := setAffinity.Call(hwnd, affinityMonitor); ok == 0 && errors.Is(errno, windows.ERROR_NOT_ENOUGH_MEMORY) {
		t.Skip("not Windows but Wine, which only has the name of the function")
	}
	w := &nativeWindow{context: driver.WindowsWindowContext{HWND: hwnd}}
	for _, on := range []bool{true, false, true} {
		if !hideFromCapture(w, on) {
			t.Fatalf("hidden %v: it cannot be done", on)
		}
		var got uint32
		if ok, _, errno := affinity.Call(hwnd, uintptr(unsafe.Pointer(&got))); ok == 0 {
			t.Fatal(errno)
		}
		if (got != affinityNone) != on {
			t.Errorf("hidden %v: the affinity is %#x", on, got)
		}
	}
}
