// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package dbtest

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is the account that the server runs as, where it is not the tests' own.
type account struct{ *syscall.Credential }

func (a account) set(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.Credential} }

// asPostgres lets the server run as another account where the tests run as
// root, as which PostgreSQL refuses to run.
func (s *Server) asPostgres() error {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	s.account.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(s.folder, uid, gid)
}
