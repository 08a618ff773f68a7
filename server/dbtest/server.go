// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kutano/authenticator/server/store"
)

// Run is what TestMain calls in packages that use PostgreSQL: it ends the
// server after the tests.
func Run(m *testing.M) int {
	code := m.Run()
	started.Lock()
	defer started.Unlock()
	if started.s != nil {
		started.s.stop()
	}
	return code
}

// Server is a PostgreSQL server in a temporary folder, reached by a socket there.
type Server struct {
	folder  string
	bin     string
	account account
	made    atomic.Int64

	model    sync.Once // the template database
	modelErr error
}

var started struct {
	sync.Mutex
	s   *Server
	err error
}

func server() (*Server, error) {
	started.Lock()
	defer started.Unlock()
	if started.s == nil && started.err == nil {
		started.s, started.err = start()
	}
	return started.s, started.err
}

// programs is where Debian keeps the server's programs, beside the PATH.
const programs = "/usr/lib/postgresql/*/bin"

func start() (*Server, error) {
	s := &Server{}
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			s.bin = filepath.Dir(path)
		}
	}
	if found, _ := filepath.Glob(programs); s.bin == "" && len(found) > 0 {
		s.bin = found[len(found)-1]
	}
	if s.bin == "" {
		return nil, errors.New("initdb is not installed")
	}
	var err error
	if s.folder, err = os.MkdirTemp("", "kutano-pg-"); err != nil {
		return nil, err
	}
	if err := s.asPostgres(); err != nil {
		return nil, err
	}
	data := filepath.Join(s.folder, "data")
	if err := s.do("initdb", "-D", data, "-U", "kutano", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return nil, err
	}
	return s, s.Start()
}

func (s *Server) do(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(s.bin, program), args...)
	cmd.Dir = s.folder
	s.account.set(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// Start starts the server again after Stop.
func (s *Server) Start() error {
	// Nothing needs to outlive this machine, so that the disk need not be waited for.
	// What was committed outlives Stop all the same, by synchronous_commit.
	options := "-c listen_addresses='' -c unix_socket_directories=" + s.folder +
		" -c fsync=off -c full_page_writes=off -c synchronous_commit=on -c shared_buffers=32MB -c max_connections=200"
	return s.do("pg_ctl", "-D", filepath.Join(s.folder, "data"), "-l", filepath.Join(s.folder, "log"), "-w", "-o", options, "start")
}

// Stop stops the server at once, as a crash would.
func (s *Server) Stop() error {
	return s.do("pg_ctl", "-D", filepath.Join(s.folder, "data"), "-m", "immediate", "-w", "stop")
}

func (s *Server) stop() {
	_ = s.Stop() // it may be stopped already
	_ = os.RemoveAll(s.folder)
}

// dsn is the address of a database on the server.
func (s *Server) dsn(name string) string {
	return "postgres://kutano@/" + name + "?host=" + s.folder
}

// template is the name of an empty database that is up to date.
const template = "uptodate"

// create makes a database after another one.
func (s *Server) create(t testing.TB, like string) string {
	t.Helper()
	if like == template {
		s.model.Do(func() {
			if s.modelErr = s.make(template, "template0"); s.modelErr == nil {
				s.modelErr = migrate(s.dsn(template))
			}
		})
		if s.modelErr != nil {
			t.Fatal(s.modelErr)
		}
	}
	name := "t" + strconv.FormatInt(s.made.Add(1), 10)
	if err := s.make(name, like); err != nil {
		t.Fatal(err)
	}
	return s.dsn(name)
}

func (s *Server) make(name, like string) error {
	admin, err := store.Open(s.dsn("postgres"))
	if err != nil {
		return err
	}
	_, err = admin.Exec(context.Background(), "CREATE DATABASE "+name+" TEMPLATE "+like)
	return errors.Join(err, admin.Close())
}

// Private starts a server for one test alone, which may stop and start it, and
// returns it with the address of an empty database.
func Private(t testing.TB) (*Server, string) {
	t.Helper()
	s, err := start()
	need(t, err)
	t.Cleanup(s.stop)
	return s, s.create(t, "template0")
}
