// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"github.com/zalando/go-keyring"
)

// sentinels are all classes an error can have.
var sentinels = []error{
	ErrNotFound, ErrLocked, ErrNoService, ErrDenied, ErrTooLarge, ErrTimeout, ErrNotStored,
	ErrSealed, ErrPassphrase, ErrNoPassphrase, ErrUnreadable, ErrDamaged, ErrInvalid, ErrClosed, ErrFailed,
}

// classify gives an error of the keyring a class and says what was attempted.
func classify(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), classed(err):
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w: %w", what, class(err), err)
}

func classed(err error) bool {
	for _, s := range sentinels {
		if errors.Is(err, s) {
			return true
		}
	}
	return false
}

// class finds the class of an error that has none yet.
func class(err error) error {
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooLarge
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return ErrNoService
	}
	var c error
	switch runtime.GOOS {
	case "windows":
		c = windowsClass(err)
	case "darwin":
		c = darwinClass(err)
	default:
		c = serviceClass(err)
	}
	if c == nil {
		return ErrFailed
	}
	return c
}

// darwinClass reads the exit status of /usr/bin/security, which is the low
// byte of the system's error code; the text is lost in go-keyring.
func darwinClass(err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return ErrNoService
	}
	var exit interface{ ExitCode() int }
	if !errors.As(err, &exit) {
		return nil
	}
	switch exit.ExitCode() {
	case 44: // errSecItemNotFound, -25300
		return ErrNotFound
	case 36: // errSecInteractionNotAllowed, -25308: locked and nobody to ask
		return ErrLocked
	case 51, 128: // errSecAuthFailed, -25293; errSecUserCanceled, -128
		return ErrDenied
	case 37, 50, 53: // errSecNoDefaultKeychain, -25307; errSecNoSuchKeychain, -25294; errSecNotAvailable, -25291
		return ErrNoService
	}
	return nil
}

// windowsClass reads the codes that the Credential Manager is documented to
// give, and RPC_X_BAD_STUB_DATA, its answer to values that are too long.
func windowsClass(err error) error {
	var code syscall.Errno
	if !errors.As(err, &code) {
		return nil
	}
	switch code {
	case 1168: // ERROR_NOT_FOUND
		return ErrNotFound
	case 5: // ERROR_ACCESS_DENIED
		return ErrDenied
	case 1783: // RPC_X_BAD_STUB_DATA
		return ErrTooLarge
	case 1312, 1722: // ERROR_NO_SUCH_LOGON_SESSION, RPC_S_SERVER_UNAVAILABLE
		return ErrNoService
	}
	return nil
}

// aborted is how go-keyring says that an unlock did not come to its end.
const aborted = "failed to unlock correct collection"

// again tells whether a second try may well end differently: a signal meant
// for somebody else aborted an unlock, or the service or the connection went
// away in the middle of the call and may be back already.
func again(err error) bool {
	var p *panicError
	return err != nil && (strings.Contains(err.Error(), aborted) || errors.As(err, &p) || interrupted(err))
}
