// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package chronytest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// attempts is how often another port is tried: between finding a free one and
// chronyd's taking it somebody else can.
const attempts = 5

func (s *Server) start(dir string) (*Running, error) {
	var errs []error
	for i := range attempts {
		r, err := s.run(filepath.Join(dir, strconv.Itoa(i)))
		if err == nil {
			return r, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func (s *Server) run(dir string) (*Running, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	host := "127.0.0.1"
	if s.IPv6 {
		host = "::1"
	}
	r := &Running{exited: make(chan struct{})}
	me, err := user.Current() // else chronyd wants one of its own
	if err != nil {
		return nil, err
	}
	port, err := freePort("udp", host)
	if err != nil {
		return nil, err
	}
	r.Addr = net.JoinHostPort(host, port)
	conf := s.config(dir, host, port)
	if s.NTS {
		kePort, err := freePort("tcp", host)
		if err == nil {
			err = s.Authority.issue(dir)
		}
		if err != nil {
			return nil, err
		}
		conf += s.ntsConfig(dir, kePort)
		r.Authority, r.KeyExchange = s.Authority, net.JoinHostPort(host, kePort)
	}
	path := filepath.Join(dir, "conf")
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		return nil, err
	}
	var said bytes.Buffer
	r.daemon = exec.Command(program(), "-U", "-u", me.Username, "-x", "-d", "-f", path)
	r.daemon.Env = s.env()
	r.daemon.Stdout, r.daemon.Stderr = &said, &said
	if err := r.daemon.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = r.daemon.Wait() // it is killed
		close(r.exited)
	}()
	r.guard = watchOver(r.daemon.Process.Pid)
	if err := r.wait(); err != nil {
		r.Stop()
		return nil, fmt.Errorf("%w\n%s", err, said.String())
	}
	return r, nil
}

// config is for a server that needs no other and answers on one address only.
// Nothing of the system is touched: no control socket, no user of its own.
func (s *Server) config(dir, host, port string) string {
	return strings.Join([]string{
		"port " + port, "bindaddress " + host, "allow " + host, "cmdport 0", "bindcmdaddress /", "local stratum 1",
		"driftfile " + filepath.Join(dir, "drift"), "pidfile " + filepath.Join(dir, "pid"), "",
	}, "\n")
}

func (s *Server) ntsConfig(dir, port string) string {
	lines := []string{
		"ntsport " + port, "ntsprocesses 0", "ntsserverkey " + filepath.Join(dir, "key.pem"),
		"ntsservercert " + filepath.Join(dir, "cert.pem"), "maxntsconnections 100",
	}
	if s.NTPServer != "" {
		lines = append(lines, "ntsntpserver "+s.NTPServer)
	}
	return strings.Join(append(lines, ""), "\n")
}

func (s *Server) env() []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	if s.Offset != 0 {
		env = append(env, "LD_PRELOAD="+library(), fmt.Sprintf("FAKETIME=%+.6f", s.Offset.Seconds()))
	}
	return env
}

func freePort(network, host string) (string, error) {
	address := net.JoinHostPort(host, "0")
	var port net.Addr
	if network == "tcp" {
		l, err := net.Listen(network, address)
		if err != nil {
			return "", err
		}
		port = l.Addr()
		_ = l.Close()
	} else {
		c, err := net.ListenPacket(network, address)
		if err != nil {
			return "", err
		}
		port = c.LocalAddr()
		_ = c.Close()
	}
	_, s, err := net.SplitHostPort(port.String())
	return s, err
}

// wait waits until the server gives the time and takes key exchanges.
func (r *Running) wait() error {
	for start := time.Now(); time.Since(start) < patience; {
		select {
		case <-r.exited:
			return errors.New("it ended")
		case <-time.After(20 * time.Millisecond):
		}
		if r.synchronised() && r.listens() {
			return nil
		}
	}
	return fmt.Errorf("it did not come up within %v", patience)
}

func (r *Running) listens() bool {
	if r.KeyExchange == "" {
		return true
	}
	c, err := net.DialTimeout("tcp", r.KeyExchange, time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

func (r *Running) synchronised() bool {
	c, err := net.Dial("udp", r.Addr)
	if err != nil {
		return false
	}
	defer c.Close()
	question := make([]byte, 48)
	question[0] = 4<<3 | 3 // version 4, a client
	copy(question[40:], "question")
	if _, err := c.Write(question); err != nil {
		return false
	}
	_ = c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	answer := make([]byte, 100)
	n, err := c.Read(answer)
	return err == nil && n == 48 && answer[0]>>6 != 3 && answer[1] > 0 && answer[1] < 16
}

// Stop ends the server at once. The end of the test does so, too.
func (r *Running) Stop() {
	if r.guard != nil && r.guard.Process != nil { // before its process ends
		_ = r.guard.Process.Kill()
		_ = r.guard.Wait()
		r.guard = nil
	}
	_ = r.daemon.Process.Signal(syscall.SIGTERM)
	select {
	case <-r.exited:
	case <-time.After(2 * time.Second):
		_ = r.daemon.Process.Kill()
		<-r.exited
	}
}

// watchOver kills a process when this one ends without doing so itself, for
// instance because a test ran into its time limit.
func watchOver(pid int) *exec.Cmd {
	cmd := exec.Command("sh", "-c", `read -r _; kill -9 "$1" 2>/dev/null`, "sh", strconv.Itoa(pid))
	if _, err := cmd.StdinPipe(); err != nil || cmd.Start() != nil {
		return nil
	}
	return cmd
}
