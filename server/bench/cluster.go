// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// cluster is a PostgreSQL server of its own, reached by a socket in its folder.
// Unlike that of the tests it waits for the disk: what is measured is what an
// operator gets.
type cluster struct {
	folder, bin string
	account     *syscall.Credential
}

// debian is where Debian keeps the server's programs.
const debian = "/usr/lib/postgresql/*/bin"

// settings differ from PostgreSQL's own only in what costs no durability:
// fsync, full_page_writes and synchronous_commit are on, as they are by default.
const settings = "-c listen_addresses= -c shared_buffers=256MB -c max_wal_size=2GB"

func startCluster(ctx context.Context) (*cluster, error) {
	c := &cluster{}
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			c.bin = filepath.Dir(path)
		}
	}
	if found, _ := filepath.Glob(debian); c.bin == "" && len(found) > 0 {
		c.bin = found[len(found)-1]
	}
	if c.bin == "" {
		return nil, errors.New("PostgreSQL is not installed: run  .ci/deps server  in the folder above")
	}
	var err error
	if c.folder, err = os.MkdirTemp("", "kutano-bench-pg-"); err != nil {
		return nil, err
	}
	if err := c.start(ctx); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

func (c *cluster) start(ctx context.Context) error {
	if err := c.asPostgres(); err != nil {
		return err
	}
	data := filepath.Join(c.folder, "data")
	if err := c.do(ctx, "initdb", "-D", data, "-U", "kutano", "-A", "trust", "-E", "UTF8", "--locale=C"); err != nil {
		return err
	}
	err := c.do(ctx, "pg_ctl", "-D", data, "-l", filepath.Join(c.folder, "log"), "-w", "-o", settings+" -c unix_socket_directories="+c.folder, "start")
	if err != nil {
		return err
	}
	return c.do(ctx, "createdb", "-h", c.folder, "-U", "kutano", "bench")
}

// asPostgres lets the server run as another account than root, as which it refuses to.
func (c *cluster) asPostgres() error {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	c.account = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(c.folder, uid, gid)
}

func (c *cluster) do(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, program), args...)
	cmd.Dir = c.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.account}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

func (c *cluster) dsn() string { return "postgres://kutano@/bench?host=" + c.folder }

func (c *cluster) stop() {
	_ = c.do(context.Background(), "pg_ctl", "-D", filepath.Join(c.folder, "data"), "-m", "immediate", "-w", "stop") // it may not run
	_ = os.RemoveAll(c.folder)
}
