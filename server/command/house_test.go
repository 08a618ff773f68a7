// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/kutano/authenticator/server/command"
	"github.com/kutano/authenticator/server/dbtest"
)

// asProgram makes this test program be kutano-2fa, so that tests have a real
// process of it, with the race detector where they have it.
const asProgram = "KUTANO_2FA_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(command.Main("test"))
	}
	os.Exit(dbtest.Run(m))
}

// within is how long a process may take for anything before a test gives up.
const within = time.Minute

func program(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, os.Args[0], args...)
	c.Env = append(os.Environ(), asProgram+"=1")
	return c
}

// run runs the program to its end.
func run(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), within)
	defer stop()
	c := program(ctx, args...)
	var o, e bytes.Buffer
	c.Stdout, c.Stderr = &o, &e
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !asExit(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), o.String(), e.String()
}

func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	*exit = e
	return ok
}

// must runs the program and expects an exit code.
func must(t *testing.T, code int, args ...string) string {
	t.Helper()
	got, out, errs := run(t, args...)
	if got != code {
		t.Fatalf("%s: exit code %d, not %d\n%s%s", strings.Join(args, " "), got, code, out, errs)
	}
	return out + errs
}

// post is a mail server that keeps what it gets.
type post struct {
	lock  sync.Mutex
	mails []string
	came  chan struct{}
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &delivery{p}, nil }

type delivery struct{ *post }

func (d *delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (d *delivery) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (d *delivery) Reset()                               {}
func (d *delivery) Logout() error                        { return nil }

func (d *delivery) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	d.lock.Lock()
	defer d.lock.Unlock()
	d.mails = append(d.mails, string(b))
	select {
	case d.came <- struct{}{}:
	default:
	}
	return err
}

func (p *post) serve(t *testing.T, at string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(p)
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return l.Addr().String()
}

// code waits for a mail and returns the six digits in it.
func (p *post) code(t *testing.T) string {
	t.Helper()
	select {
	case <-p.came:
	case <-time.After(within):
		t.Fatal("no mail came")
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	return regexp.MustCompile(`\b[0-9]{6}\b`).FindString(p.mails[len(p.mails)-1])
}

// free is an address that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// house is a folder with all that the program needs.
type house struct {
	folder, config, address, dsn string
	post                         *post
	postAt                       string
}

func build(t *testing.T, dsn string) *house {
	t.Helper()
	h := &house{folder: t.TempDir(), address: free(t), postAt: free(t), post: &post{came: make(chan struct{}, 1)}, dsn: dsn}
	if dsn == "" {
		h.dsn = "sqlite:" + filepath.Join(h.folder, "kutano.db")
	}
	must(t, command.Done, "key", "new", filepath.Join(h.folder, "key"))
	h.write(t, "token", "secret\n")
	h.configure(t, "key")
	return h
}

func (h *house) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(h.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// configure writes the configuration, with keys in this order.
func (h *house) configure(t *testing.T, keys ...string) {
	t.Helper()
	for i := range keys {
		keys[i] = filepath.Join(h.folder, keys[i])
	}
	host, port, err := net.SplitHostPort(h.postAt)
	if err != nil {
		t.Fatal(err)
	}
	h.config = h.write(t, "kutano-2fa.toml", fmt.Sprintf(`
address = %q
base_url = "http://%s"
metrics_address = ""
[database]
dsn = %q
[keys]
files = ["%s"]
[smtp]
host = %q
port = %s
tls = "none"
from = "no-reply@example.com"
[sms]
url = "http://127.0.0.1:1/Messages.json"
account = "AC1"
token_file = %q
from = "+46701740605"
`, h.address, h.address, h.dsn, strings.Join(keys, `", "`), host, port, filepath.Join(h.folder, "token")))
}

// server is a running "kutano-2fa serve".
type server struct {
	*exec.Cmd
	url string
	log *bytes.Buffer
}

// serve starts an instance, at another address than the configuration's where one is given.
func (h *house) serve(t *testing.T, flags ...string) *server {
	t.Helper()
	s := &server{Cmd: program(t.Context(), append([]string{"serve", "-c", h.config}, flags...)...), url: "http://" + h.address, log: &bytes.Buffer{}}
	for i, f := range flags {
		if f == "--address" {
			s.url = "http://" + flags[i+1]
		}
	}
	s.Stderr = s.log
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill(); _ = s.Wait() })
	s.await(t, "/readyz", http.StatusOK)
	return s
}

// await asks until an answer has a status.
func (s *server) await(t *testing.T, path string, status int) {
	t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		r, err := http.Get(s.url + path)
		if err == nil {
			_ = r.Body.Close()
			if r.StatusCode == status {
				return
			}
		}
	}
	t.Fatalf("%s does not answer %d", path, status)
}

// end waits for the process and returns its exit code.
func (s *server) end(t *testing.T) int {
	t.Helper()
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.Wait() }()
	select {
	case <-ended:
		return s.ProcessState.ExitCode()
	case <-time.After(within):
		t.Fatal("it does not end")
		return 0
	}
}

func (s *server) signal(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := s.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}
