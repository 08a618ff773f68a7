// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import "golang.org/x/sys/windows"

func systemVersion() Number {
	v := windows.RtlGetVersion()
	return Number{int(v.MajorVersion), int(v.MinorVersion), int(v.BuildNumber)}
}
