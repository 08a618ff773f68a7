// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import "golang.org/x/sys/windows"

// start has the system open the address, as a click on a link does.
func (o Opener) start() error {
	address, err := windows.UTF16PtrFromString(o.args[0])
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, nil, address, nil, nil, windows.SW_SHOWNORMAL)
}
