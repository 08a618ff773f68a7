// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package webtime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"
)

// proxy leads all that is not on this device to one server, whatever name it has.
type proxy struct {
	mu     sync.Mutex
	to     string // "" refuses
	wanted []string
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	to := p.to
	p.wanted = append(p.wanted, r.Method+" "+r.Host)
	p.mu.Unlock()
	if to == "" || r.Method != http.MethodConnect {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	far, err := net.Dial("tcp", to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = far.Close() }()
	near, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = near.Close() }()
	fmt.Fprint(near, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(far, near) }()
	_, _ = io.Copy(near, far)
}

var through proxy

// The environment is read once in a process: it names a proxy for all tests.
// What is on this device is asked without it.
func TestMain(m *testing.M) {
	s := httptest.NewServer(&through)
	for name, value := range map[string]string{"HTTPS_PROXY": s.URL, "https_proxy": s.URL, "HTTP_PROXY": s.URL, "http_proxy": s.URL, "NO_PROXY": "nowhere.invalid"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	// No name is looked up outside of this device.
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("there is no name server")
	}}
	code := m.Run()
	s.Close()
	os.Exit(code)
}

func TestProxy(t *testing.T) {
	host, a := server(t, time.Hour, nil) // its certificate is also good for example.com
	a.Requests = 2
	through.mu.Lock()
	through.to, through.wanted = host, nil
	through.mu.Unlock()
	e, err := a.Date(t.Context(), "example.com")
	through.mu.Lock()
	wanted := through.wanted
	through.to = ""
	through.mu.Unlock()
	if err != nil || (e.Offset-time.Hour).Abs() > e.Uncertainty || e.Name != "example.com" {
		t.Errorf("%+v, %v", e, err)
	}
	if len(wanted) != 1 || wanted[0] != "CONNECT example.com:443" {
		t.Errorf("the proxy was asked %q", wanted)
	}
	if _, err := a.Date(t.Context(), "example.com"); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("the proxy refuses: %v", err)
	}
}

func TestNameThatIsNotFound(t *testing.T) {
	_, err := new(Asker).Date(t.Context(), "nowhere.invalid")
	var dns *net.DNSError
	if !errors.Is(err, ErrNoAnswer) || !errors.As(err, &dns) {
		t.Error(err)
	}
}
