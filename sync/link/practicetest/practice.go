// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package practicetest starts the two-factor service of server/ to practise with, as
// a process of its own, and plays its users: in a browser without scripts, and by
// its API. It holds what is sent against the service's description of itself. It is
// for tests only.
package practicetest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Service is a practice that runs.
type Service struct {
	URL string // its address, as a linked app is told

	program, folder, listen string
	process                 *exec.Cmd
	shift                   time.Duration
	codes                   sync.Map // the last code that was read, by address
	used                    sync.Map // codes of apps that were used
}

// root is the module's folder, from whichever package is tested.
func root() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, serr := os.Stat(filepath.Join(dir, "server", "go.mod")); serr == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			err = os.ErrNotExist
		}
	}
	return "", fmt.Errorf("find server/: %w", err)
}

// build builds the program once a test process.
var build = sync.OnceValues(func() (string, error) {
	at, err := root()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "kutano-2fa-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "kutano-2fa")
	if os.PathSeparator == '\\' {
		program += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", program, "./cmd/kutano-2fa")
	cmd.Dir = filepath.Join(at, "server")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the service: %w\n%s", err, out)
	}
	return program, nil
})

// Main runs the tests of a package and removes the program afterwards. Call it from TestMain.
func Main(m *testing.M) int {
	code := m.Run()
	if started { // else it would be built now
		if program, err := build(); err == nil {
			_ = os.RemoveAll(filepath.Dir(program))
		}
	}
	return code
}

var started bool

// Program builds the program, and returns where it is. Main removes it.
func Program(t testing.TB) string {
	t.Helper()
	started = true
	program, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// Start starts a practice with its sample users. It ends with the test.
func Start(t testing.TB) *Service {
	t.Helper()
	s := &Service{program: Program(t), folder: t.TempDir(), listen: "127.0.0.1:0"}
	t.Cleanup(s.stop)
	s.Run(t)
	return s
}

var addressForm = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`)

// Run starts it, or starts it again at the same address with what it has kept.
func (s *Service) Run(t testing.TB) {
	t.Helper()
	cmd := exec.Command(s.program, "practice", "--addr", s.listen, "--keep", s.folder)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	s.process = cmd
	line, err := bufio.NewReader(out).ReadString('\n')
	found := addressForm.FindStringSubmatch(line)
	if err != nil || found == nil {
		t.Fatalf("the service says %q: %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.listen, s.URL = found[1], found[0]
	if s.shift != 0 {
		s.Turn(t, s.shift)
	}
}

// Kill ends it at once, as a power cut does. Run starts it again.
func (s *Service) Kill() { s.stop() }

func (s *Service) stop() {
	if s.process != nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
	}
	s.process = nil
}

// Turn sets how far the service's clock is ahead of the device's.
func (s *Service) Turn(t testing.TB, ahead time.Duration) {
	t.Helper()
	s.shift = ahead
	resp, err := http.PostForm(s.URL+"/practice/clock", url.Values{"seconds": {strconv.Itoa(int(ahead / time.Second))}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("turn the clock: %s", resp.Status)
	}
}

// Now is the service's time.
func (s *Service) Now() time.Time { return clock.Wall{}.Now().Add(s.shift) }

// Person is a sample user.
type Person struct {
	Email  string   `json:"email"`
	KeyURI string   `json:"key_uri"`
	Phone  string   `json:"phone"`
	Codes  []string `json:"backup_codes"`
}

// Person returns the sample user of an address.
func (s *Service) Person(t testing.TB, email string) Person {
	t.Helper()
	var all []Person
	s.get(t, "/practice/people.json", &all)
	for _, p := range all {
		if p.Email == email {
			return p
		}
	}
	t.Fatalf("nobody is %s", email)
	return Person{}
}

func (s *Service) get(t testing.TB, path string, v any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

var codeForm = regexp.MustCompile(`\b\d{6}\b|\b\d{3} \d{3}\b`)

// Code is the newest code that was sent to an address or a number.
func (s *Service) Code(t testing.TB, to string) string {
	t.Helper()
	var all []struct {
		To      string    `json:"to"`
		Text    string    `json:"text"`
		Written time.Time `json:"written"`
	}
	// Messages are sent soon after they were written.
	for range 500 {
		s.get(t, "/practice/inbox.json", &all)
		code, at := "", time.Time{}
		for _, m := range all {
			if found := codeForm.FindString(m.Text); m.To == to && found != "" && m.Written.After(at) {
				code, at = found, m.Written
			}
		}
		if last, _ := s.codes.Load(to); code != "" && code != last {
			s.codes.Store(to, code)
			return strings.ReplaceAll(code, " ", "")
		}
		pause()
	}
	t.Fatalf("no code was sent to %s", to)
	return ""
}

// pause lets the service get on before it is asked again.
func pause() {
	t := time.NewTimer(10 * time.Millisecond)
	<-t.C
}

// App is what a key shows at the service's time. Where that code was used before,
// the service's clock is turned to the next.
func (s *Service) App(t testing.TB, keyURI string) string {
	t.Helper()
	k, err := otpauth.Parse(keyURI)
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.Code(s.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, used := s.used.LoadOrStore(c.Value, true); used {
		s.Turn(t, s.shift+30*time.Second)
		return s.App(t, keyURI)
	}
	return c.Value
}
