// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/vault/otpauth"
)

// errRunning says that the app runs already with this data folder.
var errRunning = errors.New("the app is running already")

const (
	lockName   = "app.lock"
	socketName = "app.sock"
	// answerIn is how long the other process may take to answer.
	answerIn = 3 * time.Second
	// maxSocketPath is what every system takes as the name of a socket.
	maxSocketPath = 100
	ok            = "ok"
)

// instance is the right to be the only app of a data folder, and the socket
// through which later starts reach it. Both are for this user alone.
type instance struct {
	lock     *flock.Flock
	path     string
	listener net.Listener
}

// claim takes the right, or returns errRunning with an instance that can hand
// over.
func claim(dir string) (*instance, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	one := &instance{
		lock: flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600)),
		path: socketPath(dir),
	}
	locked, err := one.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if !locked {
		return one, errRunning
	}
	return one, nil
}

// socketPath is the socket's name. In a folder whose name is too long for a
// socket it is named from the working folder, if that is shorter, else there
// is none.
func socketPath(dir string) string {
	p := filepath.Join(dir, socketName)
	if len(p) <= maxSocketPath {
		return p
	}
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, p); err == nil && len(rel) <= maxSocketPath {
			return rel
		}
	}
	return ""
}

// listen calls take with each link that another start hands over, or with ""
// when it only wants the window to be shown.
func (i *instance) listen(take func(link string)) {
	if i.lock == nil || i.path == "" {
		return
	}
	_ = os.Remove(i.path) // left behind by one that was killed; we hold the lock
	l, err := net.Listen("unix", i.path)
	if err != nil {
		return // later starts say that the app runs already
	}
	if err := os.Chmod(i.path, 0o600); err != nil {
		_ = l.Close()
		return
	}
	i.listener = l
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serve(conn, take)
		}
	}()
}

func serve(conn net.Conn, take func(string)) {
	defer func() { _ = conn.Close() }()
	// From another process of this user only: the folder and the socket are
	// closed to others. Time and size are limited all the same.
	_ = conn.SetDeadline(clock.System{}.Now().Add(answerIn))
	s := bufio.NewScanner(conn)
	s.Buffer(make([]byte, 0, 512), 2*otpauth.MaxURI)
	if !s.Scan() {
		return
	}
	take(s.Text())
	_, _ = conn.Write([]byte(ok + "\n"))
}

// handOver gives a link to the app that runs, and asks it to show itself.
func (i *instance) handOver(link string) error {
	if i.path == "" {
		return errRunning
	}
	conn, err := dial(i.path)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(clock.System{}.Now().Add(answerIn))
	if _, err := conn.Write([]byte(link + "\n")); err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	s := bufio.NewScanner(conn)
	if !s.Scan() || s.Text() != ok {
		return errRunning
	}
	return nil
}

// dial waits a little for an app that has only just begun to start.
func dial(path string) (net.Conn, error) {
	var err error
	for range 30 {
		var conn net.Conn
		if conn, err = net.DialTimeout("unix", path, answerIn); err == nil {
			return conn, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, fmt.Errorf("reach the running app: %w", err)
}

func (i *instance) release() {
	if i.listener != nil {
		_ = i.listener.Close()
	}
	if i.lock != nil {
		_ = i.lock.Close()
	}
}
