// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package dbtest

import "os/exec"

// account is the account that the server runs as: here always the tests' own.
type account struct{}

func (account) set(*exec.Cmd) {}

func (s *Server) asPostgres() error { return nil }
