// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"syscall"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/atomicfile"
)

// erased are what became of a file that was to be erased. They say more than the
// disk's own errors, which they wrap.
var erased = []rule{
	{atomicfile.ErrPartly, Failed, func() (string, string, string) {
		return words.T("The file could not be overwritten as a whole: some of it may still be there."),
			words.T("Your accounts are as they were."),
			words.T("Delete it by hand.")
	}},
	{atomicfile.ErrEmptied, Failed, func() (string, string, string) {
		return words.T("The file is overwritten and empty, but it could not be deleted."),
			words.T("Your accounts are as they were."),
			words.T("Delete it by hand.")
	}},
	{atomicfile.ErrNotRegular, Failed, func() (string, string, string) {
		return words.T("That is a folder, a link or a device, which is not overwritten."),
			words.T("It was not touched."),
			words.T("Delete it by hand.")
	}},
	{atomicfile.ErrLinked, Failed, func() (string, string, string) {
		return words.T("This file has other names, under which the same is found."),
			words.T("It was not touched."),
			words.T("Delete it by hand, with its other names.")
	}},
}

// disk are the errors of the disk. They say more than "the keyring failed",
// which a sealed file that cannot be written is, too.
var disk = []rule{
	{syscall.ENOSPC, DiskFull, sayDiskFull},
	{syscall.EDQUOT, DiskFull, sayDiskFull},
	{syscall.EROFS, ReadOnly, sayReadOnly},
	{fs.ErrPermission, ReadOnly, sayReadOnly},
}

// system are the other errors of the operating system, and cancelling.
var system = []rule{
	{context.Canceled, Cancelled, func() (string, string, string) {
		return words.T("Cancelled."), words.T("Nothing was changed."), ""
	}},
	{context.DeadlineExceeded, Timeout, func() (string, string, string) {
		return words.T("That took too long and was stopped."),
			words.T("Your accounts are as they were."),
			words.T("Try again.")
	}},
	{fs.ErrNotExist, NotFound, func() (string, string, string) {
		return words.T("There is no such file."),
			words.T("Nothing was changed."),
			words.T("Check the file's name and folder.")
	}},
	{fs.ErrExist, Failed, func() (string, string, string) {
		return words.T("There is already a file of that name."),
			words.T("It was not touched."),
			words.T("Choose another name.")
	}},
	{syscall.EISDIR, Failed, func() (string, string, string) {
		return words.T("That is a folder, not a file."),
			words.T("Nothing was changed."),
			words.T("Name the file itself.")
	}},
	{syscall.ENOTDIR, Failed, func() (string, string, string) {
		return words.T("There is a file where a folder should be."),
			words.T("Nothing was changed."),
			words.T("Choose another folder.")
	}},
}

var (
	diskFull = rule{nil, DiskFull, sayDiskFull}
	general  = rule{nil, Failed, func() (string, string, string) {
		return words.T("Something went wrong that this program has no better words for."),
			words.T("Your accounts are as they were."),
			words.T("Try again.")
	}}
)

func sayDiskFull() (what, safe, next string) {
	return words.T("The disk is full."),
		words.T("Your accounts are as they were."),
		words.T("Make some room and try again.")
}

func sayReadOnly() (what, safe, next string) {
	return words.T("The system does not let you read or write there."),
		words.T("Your accounts are as they were."),
		words.T("Check who owns the file or folder, or choose another one.")
}

// isDiskFull knows Windows' own numbers, which are other errors elsewhere:
// ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
func isDiskFull(err error) bool {
	return runtime.GOOS == "windows" && (errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112)))
}
