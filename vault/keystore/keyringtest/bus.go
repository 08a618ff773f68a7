// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keyringtest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/godbus/dbus/v5"
)

// addressVar is where every program looks for the session bus.
const addressVar = "DBUS_SESSION_BUS_ADDRESS"

// patience is how long a daemon may take to come up, on a busy machine too.
const patience = 15 * time.Second

// Bus is a private session bus. It starts no services by itself.
type Bus struct {
	Dir     string // a temporary folder that ends with the bus
	Address string

	daemon *exec.Cmd
	guard  *guard
	before *string // the address in the environment before
}

// The socket is a file, because an abstract one cannot be reached from another
// network namespace.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// newBus starts a bus and makes it the process's session bus.
func newBus() (*Bus, error) {
	dir, err := os.MkdirTemp("", "kr") // short: a socket's path has at most 107 bytes
	if err != nil {
		return nil, err
	}
	b := &Bus{Dir: dir, Address: "unix:path=" + filepath.Join(dir, "bus")}
	conf := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, busConfig, filepath.Join(dir, "bus")), 0o600); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	b.daemon = exec.Command("dbus-daemon", "--config-file="+conf, "--nofork", "--nopidfile", "--nosyslog")
	b.daemon.Env = cleanEnv(dir, "")
	if err := b.daemon.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	b.guard = watchOver(b.daemon.Process.Pid)
	if err := waitFor("the bus", func() bool { return answers(filepath.Join(dir, "bus")) }); err != nil {
		b.stop()
		return nil, err
	}
	detach()
	if old, ok := os.LookupEnv(addressVar); ok {
		b.before = &old
	}
	return b, os.Setenv(addressVar, b.Address)
}

// detach ends the process's shared connection, which go-keyring and others
// use, so that the address in the environment counts for the next user of it.
func detach() {
	if os.Getenv(addressVar) == "" {
		return // godbus would start a bus; and it sets the variable when it finds one
	}
	if conn, err := dbus.SessionBus(); err == nil {
		_ = conn.Close()
		<-conn.Context().Done()
	}
}

// stop ends the bus and puts the environment back.
func (b *Bus) stop() {
	detach()
	b.guard.dismiss()
	kill(b.daemon)
	if b.before != nil {
		_ = os.Setenv(addressVar, *b.before)
	} else {
		_ = os.Unsetenv(addressVar)
	}
	_ = os.RemoveAll(b.Dir)
}

// Env returns the variables by which another process uses the bus.
func (b *Bus) Env() []string { return []string{addressVar + "=" + b.Address} }

// Connect returns a connection of its own to the bus. The caller closes it.
func (b *Bus) Connect() (*dbus.Conn, error) { return dbus.Connect(b.Address) }

// cleanEnv is the environment of the daemons: nothing of the user's own session.
func cleanEnv(dir, address string) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "HOME=" + dir, "XDG_RUNTIME_DIR=" + filepath.Join(dir, "r"),
		"XDG_DATA_HOME=" + filepath.Join(dir, "d"), "XDG_CONFIG_HOME=" + filepath.Join(dir, "c"), "XDG_CACHE_HOME=" + filepath.Join(dir, "k"),
	}
	if address != "" {
		env = append(env, addressVar+"="+address)
	}
	return env
}

func waitFor(what string, done func() bool) error {
	for start := time.Now(); time.Since(start) < patience; time.Sleep(5 * time.Millisecond) {
		if done() {
			return nil
		}
	}
	return fmt.Errorf("%s did not come up within %v", what, patience)
}

// answers tells whether something listens: the socket is there a moment earlier.
func answers(socket string) bool {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

func kill(c *exec.Cmd) {
	if c != nil && c.Process != nil {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
}

// guard kills a process when this one ends without doing so itself, for
// instance because a test ran into its time limit.
type guard struct{ cmd *exec.Cmd }

func watchOver(pid int) *guard {
	cmd := exec.Command("sh", "-c", `read -r _; kill -9 "$1" 2>/dev/null`, "sh", strconv.Itoa(pid))
	if _, err := cmd.StdinPipe(); err != nil {
		return nil
	}
	if err := cmd.Start(); err != nil {
		return nil
	}
	return &guard{cmd: cmd}
}

// dismiss ends the guard before its process is ended.
func (g *guard) dismiss() {
	if g != nil {
		kill(g.cmd)
	}
}
