// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// openItself is nothing here: that it is no link was looked at before, and that
// it still is the same file is looked at afterwards.
const openItself = 0

// links returns how many names a file has.
func links(f *os.File, _ fs.FileInfo) (uint64, error) {
	var info windows.ByHandleFileInformation
	err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info)
	return uint64(info.NumberOfLinks), err
}
