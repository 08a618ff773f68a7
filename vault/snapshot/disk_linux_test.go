// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile/disktest"
)

// On a full disk the old snapshots and their list stay, and nothing half-written.
func TestFullDisk(t *testing.T) {
	disktest.Small(t, "256", func(dir string) {
		f := OpenFolder(dir)
		old := write(t, f, Meta{Generation: 1}, sampleTime)
		_, err := f.Write(many(2000), quick, Meta{Generation: 2}, sampleTime.Add(time.Hour))
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("full disk: %v", err)
		}
		checked, err := f.Verify()
		if err != nil || len(checked) != 1 || checked[0].Info != old || checked[0].Err != nil {
			t.Errorf("%+v, %v", checked, err)
		}
		if entries, err := os.ReadDir(f.dir); err != nil || len(entries) != 2 {
			t.Errorf("left behind: %v, %v", entries, err)
		}
	})
}

func TestReadOnlyDisk(t *testing.T) {
	disktest.Small(t, "256", func(dir string) {
		f := OpenFolder(dir)
		write(t, f, Meta{Generation: 1}, sampleTime)
		if err := disktest.ReadOnly(dir); err != nil {
			t.Error(err)
		}
		if _, err := f.Write(sample(), quick, Meta{Generation: 2}, sampleTime); !errors.Is(err, syscall.EROFS) {
			t.Errorf("read-only disk: %v", err)
		}
		if got := names(t, f); len(got) != 1 {
			t.Errorf("%v", got)
		}
	})
}
