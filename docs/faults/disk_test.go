// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/kutano/authenticator/vault/atomicfile"
)

// diskSize is the size of the small disk, in KiB.
const diskSize = "512"

// smallDisk puts the order's folder on a disk of its own, in a mount namespace
// that the process was started in, and takes its room away.
func (o order) smallDisk() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	files, err := readFolder(o.Dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", o.Dir, "tmpfs", 0, "size="+diskSize+"k"); err != nil {
		return err
	}
	if err := writeFolder(o.Dir, files); err != nil {
		return err
	}
	if o.Disk == "read-only" {
		return unix.Mount("", o.Dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, "")
	}
	return o.fill()
}

// fill leaves the order's room on the disk.
func (o order) fill() error {
	f, err := os.Create(filepath.Join(o.Dir, "filler"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	size := int64(0)
	for err == nil {
		var n int
		n, err = f.Write(make([]byte, 4096))
		size += int64(n)
	}
	return f.Truncate(max(0, size-int64(o.Room)))
}

// copyOut makes the disk's files outlive the process.
func (o order) copyOut() error {
	files, err := readFolder(o.Dir)
	if err != nil {
		return err
	}
	delete(files, "filler")
	return writeFolder(o.Copy, files)
}

// onSmallDisk has a process do the operation on a disk that is full, or
// read-only, and brings back what is on it. False: mounting is not permitted.
func (r *trial) onSmallDisk(disk string, room int) ([]finding, bool) {
	r.restore(r.base)
	o := r.order()
	o.Disk, o.Room, o.Copy = disk, room, filepath.Join(filepath.Dir(r.dir), "copy")
	if err := os.RemoveAll(o.Copy); err != nil {
		r.t.Fatal(err)
	}
	cmd := r.command(o)
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS}
	if err := cmd.Start(); err != nil {
		return nil, false
	}
	err := cmd.Wait()
	said := said(cmd)
	if strings.Contains(said, "no disk:") {
		return nil, false
	}
	r.write(r.dir, r.read(o.Copy))
	return r.verdict(usual(err == nil), fmt.Sprintf("a %s disk with room for %d bytes (%v, %s)", disk, room, err, said)), true
}

func said(cmd *exec.Cmd) string { return strings.TrimSpace(cmd.Stdout.(*strings.Builder).String()) }

// diskFull has every write fail from each point on; and, where that can be
// arranged, a real disk run full.
func (r *trial) diskFull() []finding {
	all := r.failing(syscall.ENOSPC, 4)
	for _, room := range []int{0, 8 << 10, 16 << 10, 32 << 10} {
		found, can := r.onSmallDisk("full", room)
		if !can {
			break
		}
		all = append(all, found...)
	}
	return all
}

// readOnly has every write to the folder fail, and, where that can be arranged,
// on a disk that is mounted so.
func (r *trial) readOnly() []finding {
	r.restore(r.base)
	err := r.here(func() {
		atomicfile.SetHook(func(atomicfile.Op) error { return fmt.Errorf("injected: %w", syscall.EROFS) })
	})
	all := r.verdict(usual(err == nil), fmt.Sprintf("a read-only folder (%v)", err))
	if found, can := r.onSmallDisk("read-only", 0); can {
		all = append(all, found...)
	}
	return all
}

func (r *trial) denied() []finding { return r.failing(syscall.EACCES, 7) }
