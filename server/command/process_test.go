// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/kutano/authenticator/server/command"
	"github.com/kutano/authenticator/server/dbtest"
)

func needsSignals(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot send the signals that this is about")
	}
}

// do asks the API and reads its answer.
func do(t *testing.T, address, body, token string, status int) map[string]any {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		t.Fatalf("%s: %d, not %d: %s %v", address, resp.StatusCode, status, text, err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

const who = "olga@example.com"

// A request that is under way when the service is told to stop is answered, and no new one is taken.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	needsSignals(t)
	h := build(t, "")
	s := h.serve(t)
	conn, err := net.Dial("tcp", h.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	body := `{"email":"` + who + `"}`
	fmt.Fprintf(conn, "POST /v1/signin/email HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", h.address, len(body))
	// That the body is asked for shows that the handler runs.
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := answers.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	s.signal(t, syscall.SIGTERM)
	for { // until it takes no more
		c, err := net.Dial("tcp", h.address)
		if err != nil {
			break
		}
		_ = c.Close()
	}
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(answers, nil)
	if err != nil || resp.StatusCode != http.StatusAccepted {
		t.Fatalf("%+v, %v", resp, err)
	}
	_ = resp.Body.Close()
	if code := s.end(t); code != command.Done || !strings.Contains(s.log.String(), "msg=stopped") {
		t.Errorf("exit code %d\n%s", code, s.log)
	}
}

// Killed after it answered and before it could send: after a restart the mail goes out, and its code is good.
func TestKilledLosesNothing(t *testing.T) {
	needsSignals(t)
	h := build(t, "")
	must(t, command.Done, "migrate", "-c", h.config)
	must(t, command.Done, "admin", "owner", who, "-c", h.config)
	s := h.serve(t) // there is no mail server yet
	flow := do(t, s.url+"/v1/signin/email", `{"email":"`+who+`"}`, "", http.StatusAccepted)["flow_id"]
	s.signal(t, syscall.SIGKILL)
	s.end(t)

	h.post.serve(t, h.postAt)
	s = h.serve(t)
	code := h.post.code(t)
	in := do(t, fmt.Sprintf("%s/v1/signin/email/%v/verify", s.url, flow), `{"code":"`+code+`"}`, "", http.StatusOK)
	if in["token"] == "" {
		t.Errorf("%v", in)
	}
	must(t, command.Done, "audit", "verify", "-c", h.config)
}

// Two instances share a database: what one began the other ends.
func TestTwoInstances(t *testing.T) {
	h := build(t, dbtest.PostgresDSN(t))
	h.post.serve(t, h.postAt)
	one := h.serve(t)
	two := h.serve(t, "--address", free(t))
	must(t, command.Done, "admin", "owner", who, "-c", h.config)
	flow := do(t, one.url+"/v1/signin/email", `{"email":"`+who+`"}`, "", http.StatusAccepted)["flow_id"]
	address := fmt.Sprintf("%s/v1/signin/email/%v/verify", two.url, flow)
	do(t, address, `{"code":"`+h.post.code(t)+`"}`, "", http.StatusOK)
}

func TestServeStartsWithoutItsDatabase(t *testing.T) {
	private, dsn := dbtest.Private(t)
	if err := private.Stop(); err != nil {
		t.Fatal(err)
	}
	h := build(t, dsn)
	s := &server{Cmd: program(t.Context(), "serve", "-c", h.config), url: "http://" + h.address}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill(); _ = s.Wait() })
	s.await(t, "/healthz", http.StatusOK)
	s.await(t, "/readyz", http.StatusServiceUnavailable)
	if err := private.Start(); err != nil {
		t.Fatal(err)
	}
	s.await(t, "/readyz", http.StatusOK)
}

// The log of a whole sign-in holds no address, code, token or secret of it.
func TestLogTellsNothing(t *testing.T) {
	needsSignals(t)
	h := build(t, "")
	h.post.serve(t, h.postAt)
	s := h.serve(t)
	must(t, command.Done, "admin", "owner", who, "-c", h.config)
	flow := do(t, s.url+"/v1/signin/email", `{"email":"`+who+`"}`, "", http.StatusAccepted)["flow_id"]
	code := h.post.code(t)
	in := do(t, fmt.Sprintf("%s/v1/signin/email/%v/verify", s.url, flow), `{"code":"`+code+`"}`, "", http.StatusOK)
	s.signal(t, syscall.SIGTERM)
	s.end(t)
	for what, text := range map[string]string{"address": who, "code": code, "token": fmt.Sprint(in["token"]), "flow": fmt.Sprint(flow)} {
		if text == "" || strings.Contains(s.log.String(), text) {
			t.Errorf("%s %q is in the log:\n%s", what, text, s.log)
		}
	}
	if !strings.Contains(s.log.String(), "route=/v1/signin/email") {
		t.Errorf("requests are not in the log:\n%s", s.log)
	}
}

// Practice needs nothing, and leaves nothing.
func TestPractice(t *testing.T) {
	needsSignals(t)
	temp := t.TempDir()
	c := program(t.Context(), "practice", "--addr", "127.0.0.1:0")
	c.Env = append(c.Env, "TMPDIR="+temp)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line)
	if err != nil || url == "" {
		t.Fatalf("%q, %v", line, err)
	}
	s := &server{Cmd: c, url: url}
	s.await(t, "/practice", http.StatusOK)
	s.await(t, "/", http.StatusOK)
	if found, err := os.ReadDir(temp); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
	s.signal(t, syscall.SIGTERM)
	if code := s.end(t); code != command.Done {
		t.Errorf("exit code %d", code)
	}
	if found, err := os.ReadDir(temp); err != nil || len(found) != 0 {
		t.Errorf("it left %v, %v", found, err)
	}
}

// Ctrl+C ends a training, and how the calls were answered is told: in a line, or as JSON.
func TestPracticeTellsTheScore(t *testing.T) {
	needsSignals(t)
	for _, asJSON := range []bool{false, true} {
		c := program(t.Context(), "practice", "--addr", "127.0.0.1:0", "--scenario", "slow-clock,social-engineering")
		if asJSON {
			c.Args = append(c.Args, "--score-json")
		}
		pipe, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
		out := bufio.NewReader(pipe)
		line, err := out.ReadString('\n')
		address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/practice/call`).FindString(line)
		if err != nil || address == "" {
			t.Fatalf("%q, %v", line, err)
		}
		for _, form := range []struct{ path, name, value string }{
			{"/answer", "scenario", "slow-clock"},
			{"/press", "move", "set-clock"},
			{"/press", "move", "next-code"},
			{"/answer", "scenario", "social-engineering"},
			{"/press", "move", "call-given"},
			{"/press", "move", "refuse"},
		} {
			resp, err := http.PostForm(address+form.path, url.Values{form.name: {form.value}})
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("%s: %v, %v", form.path, resp, err)
			}
			_ = resp.Body.Close()
		}
		if err := c.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(out)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("it ended with %v", err)
		}
		told := strings.TrimPrefix(string(rest), "Ctrl+C ends it.\n")
		if !asJSON {
			if told != "Score: 95 of 100 (slow-clock 100, social-engineering 90)\n" {
				t.Errorf("told %q", told)
			}
			continue
		}
		var score struct {
			Score int
			Calls []struct{ Scenario, Ending, Better string }
		}
		if err := json.Unmarshal([]byte(told), &score); err != nil || score.Score != 95 || len(score.Calls) != 2 || score.Calls[1].Better == "" {
			t.Errorf("told %q, %v", told, err)
		}
	}
}

// A certificate that is renewed is served without a restart.
func TestCertificateIsReadAgain(t *testing.T) {
	h := build(t, "")
	cert, key := filepath.Join(h.folder, "cert.pem"), filepath.Join(h.folder, "key.pem")
	writeCertificate(t, cert, key, "one.example.com")
	address := free(t)
	tlsServer := program(t.Context(), "serve", "-c", h.config, "--address", address, "--tls-certificate", cert, "--tls-key", key)
	var log bytes.Buffer
	tlsServer.Stderr = &log
	if err := tlsServer.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tlsServer.Process.Kill(); _ = tlsServer.Wait() })
	if got := servedName(t, address); got != "one.example.com" {
		t.Fatalf("serves %q\n%s", got, &log)
	}
	writeCertificate(t, cert, key, "two.example.com")
	if got := servedName(t, address); got != "two.example.com" {
		t.Errorf("still serves %q", got)
	}
	if err := os.WriteFile(cert, []byte("half a"), 0o600); err != nil { // being replaced
		t.Fatal(err)
	}
	if got := servedName(t, address); got != "two.example.com" {
		t.Errorf("serves %q from half a file", got)
	}
}
