// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import "golang.org/x/sys/unix"

func systemVersion() Number {
	v, err := unix.Sysctl("kern.osproductversion")
	if err != nil {
		return Number{}
	}
	return leading(v)
}
