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
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/kutano/authenticator/sync/clock"
)

// errRunning says that the app runs already with this data folder.
var errRunning = errors.New("the app is running already")

const (
	lockName   = "app.lock"
	socketName = "app.sock"
	// answerIn is how long the other process may take to answer.
	answerIn = 3 * time.Second
	// waitFor is how long a start waits for the app that holds the folder, to
	// begin to listen or, when it was just killed, to be gone.
	waitFor = 3 * time.Second
	// maxLink is the longest link that anything reads, in bytes.
	maxLink = 64 << 10
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

// enter takes the right, or hands the link over to the app that has it: then it
// returns no instance. When that one neither answers nor ends, it returns
// errRunning.
func enter(dir, link string) (*instance, error) {
	for end := time.After(waitFor); ; {
		one, err := claim(dir)
		if !errors.Is(err, errRunning) {
			return one, err
		}
		err = one.handOver(link)
		one.release()
		if err == nil {
			return nil, nil
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, errRunning // it may have the link: not twice
		}
		select {
		case <-end:
			return nil, errRunning
		case <-time.After(50 * time.Millisecond):
		}
	}
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
	if openToOthers(dir) {
		one.path = "" // another user could listen there, and be handed keys
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

// openToOthers tells whether every user of the computer can change files in a
// folder. One that we make never is.
func openToOthers(dir string) bool {
	info, err := os.Stat(dir)
	return runtime.GOOS != "windows" && (err != nil || info.Mode().Perm()&0o002 != 0)
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
			go serve(conn, take) // one that is slow holds up nobody
		}
	}()
}

func serve(conn net.Conn, take func(string)) {
	defer func() { _ = conn.Close() }()
	// From another process of this user only: the folder and the socket are
	// closed to others. Time and size are limited all the same.
	_ = conn.SetDeadline(clock.Wall{}.Now().Add(answerIn))
	s := bufio.NewScanner(conn)
	s.Buffer(make([]byte, 0, 512), maxLink+3) // what handOver sends
	if !s.Scan() {
		return
	}
	take(s.Text())
	_, _ = conn.Write([]byte(ok + "\n"))
}

// handOver gives a link to the app that runs, and asks it to show itself. A link
// that is too long goes cut, but so that the app still refuses it as too long;
// one of several lines goes as one, which it refuses too.
func (i *instance) handOver(link string) error {
	if i.path == "" {
		return errRunning
	}
	link = strings.ReplaceAll(link[:min(len(link), maxLink+1)], "\n", " ")
	conn, err := net.DialTimeout("unix", i.path, answerIn)
	if err != nil {
		return fmt.Errorf("reach the running app: %w", err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(clock.Wall{}.Now().Add(answerIn))
	if _, err := conn.Write([]byte(link + "\n")); err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	s := bufio.NewScanner(conn)
	switch {
	case s.Scan() && s.Text() == ok:
		return nil
	case s.Err() != nil:
		return fmt.Errorf("hand over: %w", s.Err())
	}
	return errRunning
}

func (i *instance) release() {
	if i.listener != nil {
		_ = i.listener.Close()
	}
	if i.lock != nil {
		_ = i.lock.Close()
	}
}
