// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import "golang.org/x/sys/unix"

// advise asks for huge pages: one page fault for 512. Failure changes nothing.
func advise(b []byte) { _ = unix.Madvise(b, unix.MADV_HUGEPAGE) }
