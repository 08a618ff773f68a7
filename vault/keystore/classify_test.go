// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/zalando/go-keyring"
)

type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }
func (e exitCode) ExitCode() int { return int(e) }

// The codes are those of Security/SecBase.h, low byte, and of winerror.h.
func TestSystemClasses(t *testing.T) {
	for _, c := range []struct {
		class func(error) error
		err   error
		want  error
	}{
		{darwinClass, exitCode(44), ErrNotFound},
		{darwinClass, exitCode(36), ErrLocked},
		{darwinClass, exitCode(51), ErrDenied},
		{darwinClass, fmt.Errorf("run: %w", exitCode(128)), ErrDenied},
		{darwinClass, exitCode(50), ErrNoService},
		{darwinClass, exitCode(1), nil},
		{darwinClass, &exec.Error{Name: "security", Err: exec.ErrNotFound}, ErrNoService},
		{darwinClass, &fs.PathError{Op: "fork/exec", Err: syscall.ENOENT}, ErrNoService},
		{darwinClass, errors.New("else"), nil},
		{windowsClass, syscall.Errno(1168), ErrNotFound},
		{windowsClass, syscall.Errno(5), ErrDenied},
		{windowsClass, syscall.Errno(1783), ErrTooLarge},
		{windowsClass, fmt.Errorf("write: %w", syscall.Errno(1312)), ErrNoService},
		{windowsClass, syscall.Errno(87), nil},
		{windowsClass, errors.New("else"), nil},
	} {
		if got := c.class(c.err); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}

func TestClassify(t *testing.T) {
	if err := classify("read", nil); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ err, want error }{
		{keyring.ErrNotFound, ErrNotFound},
		{keyring.ErrSetDataTooBig, ErrTooLarge},
		{keyring.ErrUnsupportedPlatform, ErrNoService},
		{context.Canceled, context.Canceled},
		{context.DeadlineExceeded, context.DeadlineExceeded},
		{fmt.Errorf("x: %w", ErrDenied), ErrDenied},
		{errors.New("never seen"), ErrFailed},
		{&panicError{value: "index out of range"}, ErrFailed},
	} {
		err := classify("read page-0", c.err)
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "read page-0: ") {
			t.Errorf("%v: %v, want %v", c.err, err, c.want)
		}
		if !errors.Is(c.want, context.Canceled) && !errors.Is(c.want, context.DeadlineExceeded) {
			oneClass(t, err)
		}
	}
}

func TestSpaces(t *testing.T) {
	for _, space := range []string{"0123abcd", "", "00000000"} {
		if _, err := OpenKeyring(space); err != nil {
			t.Errorf("%q: %v", space, err)
		}
	}
	for _, space := range []string{"0123abc", "0123abcde", "0123ABCD", "0123abc-", "0123abc\n", "0123abcg"} {
		if _, err := OpenKeyring(space); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", space, err)
		}
	}
}

// Nothing wrong reaches the keyring: there is none here, and the errors are others.
func TestKeyringRefusesBeforehand(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	s := openKeyring(t, "0123abcd")
	for name, c := range map[string]struct{ err, want error }{
		"too large":     {s.Put(t.Context(), text("a", strings.Repeat("x", bulk+1))), ErrTooLarge},
		"not ASCII":     {s.Put(t.Context(), text("a", "é")), ErrInvalid},
		"name too long": {s.Put(t.Context(), text(strings.Repeat("a", 32), "x")), ErrInvalid},
		"line in name":  {s.Delete(t.Context(), "a\nb"), ErrInvalid},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
}
