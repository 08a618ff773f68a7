// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package chronytest gives tests real time servers: chrony on loopback, with a
// clock as far off as a test wants, and with NTS. It is for tests only.
//
// The device's clock is never touched. A server's own clock is turned by
// libfaketime, and chrony takes it for the true time. No process outlives the
// test.
//
// Where chronyd or faketime are not installed tests are skipped, and fail when
// the environment has CI=true.
package chronytest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Server is how a server is to be. The zero value tells the time as the device
// does.
type Server struct {
	// Offset is how far the server's clock is ahead of the device's, to the
	// microsecond.
	Offset    time.Duration
	NTS       bool // it answers key exchanges, too
	Authority *Authority
	// NTPServer is the host that a key exchange names to ask for the time; "" for
	// none, which means the one that was asked.
	NTPServer string
	IPv6      bool // it is at ::1, not at 127.0.0.1
}

// Running is a running server.
type Running struct {
	Addr        string // of NTP, host and port
	KeyExchange string // of NTS, host and port; "" without
	// Authority vouches for the server's certificate, see its Roots; nil without
	// NTS.
	Authority *Authority

	daemon *exec.Cmd
	exited chan struct{}
	guard  *exec.Cmd
}

// patience is how long a server may take to come up, on a busy machine too.
const patience = 20 * time.Second

// Start starts a server that ends with the test, and waits until it gives the
// time.
func Start(t testing.TB, s Server) *Running {
	t.Helper()
	return StartAll(t, s)[0]
}

// StartAll starts several servers at once. Those with NTS and no authority of
// their own share one.
func StartAll(t testing.TB, servers ...Server) []*Running {
	t.Helper()
	needPrograms(t)
	var shared *Authority
	all := make([]*Running, len(servers))
	errs := make([]error, len(servers))
	var wait sync.WaitGroup
	for i, s := range servers {
		if s.NTS && s.Authority == nil {
			if shared == nil {
				shared = NewAuthority(t, time.Now().Add(-48*time.Hour), time.Now().Add(365*24*time.Hour))
			}
			s.Authority = shared
		}
		dir := t.TempDir()
		wait.Go(func() { all[i], errs[i] = s.start(dir) })
	}
	wait.Wait()
	for _, r := range all {
		if r != nil {
			t.Cleanup(r.Stop)
		}
	}
	for _, err := range errs {
		if err != nil {
			t.Fatalf("start chronyd: %v", err)
		}
	}
	return all
}

// library is where Debian's faketime has the library, and others.
var library = sync.OnceValue(func() string {
	for _, pattern := range []string{"/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib*/faketime/libfaketime.so.1"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 { // the pattern is right
			return found[0]
		}
	}
	return ""
})

// program is chronyd, which users seldom have on their PATH, or what .ci/deps has
// unpacked.
var program = sync.OnceValue(func() string {
	for _, name := range []string{"chronyd", "/usr/sbin/chronyd", unpacked()} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
})

// unpacked is where .ci/deps puts it.
func unpacked() string {
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, ".cache", "chrony", "usr", "sbin", "chronyd")
		}
	}
	return ""
}

func needPrograms(t testing.TB) {
	t.Helper()
	switch {
	case runtime.GOOS != "linux":
		t.Skip("chrony on loopback is for Linux")
	case program() != "" && library() != "":
		return
	case os.Getenv("CI") == "true":
		t.Fatal("chronyd and faketime are not both installed; this test needs them")
	}
	t.Skip("chronyd and faketime are not both installed; this test needs them")
}

// Host returns the address of the server without its port.
func (r *Running) Host() string {
	host, _, _ := net.SplitHostPort(r.Addr) // it is one
	return host
}
