// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import "golang.org/x/sys/unix"

func systemVersion() Number {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return Number{}
	}
	return leading(unix.ByteSliceToString(u.Release[:]))
}
