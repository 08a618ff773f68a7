// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package webtime

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// server is a web server on this device whose Date is that of now and shift. It
// returns the host, and who believes its certificate.
func server(t testing.TB, shift time.Duration, answer http.HandlerFunc) (host string, a *Asker) {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(shift).UTC().Format(http.TimeFormat))
		if answer != nil {
			answer(w, r)
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused certificates are the point
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return strings.TrimPrefix(s.URL, "https://"), &Asker{Roots: roots}
}

func TestDate(t *testing.T) {
	for _, shift := range []time.Duration{
		0, 47 * time.Second, -time.Hour, time.Until(time.Date(2036, 2, 7, 6, 28, 14, 0, time.UTC)),
		time.Until(time.Date(2106, 2, 7, 6, 28, 14, 0, time.UTC)),
	} {
		t.Run(shift.String(), func(t *testing.T) {
			t.Parallel()
			host, a := server(t, shift, nil)
			if a.Requests = 2; shift == 0 {
				a.Requests = 6
			}
			e, err := a.Date(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			if miss := (e.Offset - shift).Abs(); miss > e.Uncertainty-late {
				t.Errorf("%v ± %v, true is %v", e.Offset, e.Uncertainty, shift)
			}
			if e.Kind != clock.Web || e.Name != host || !e.Proven {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestDateByIPv6(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skipf("there is no IPv6 here: %v", err)
	}
	_ = s.Listener.Close()
	s.Listener = l
	s.StartTLS()
	t.Cleanup(s.Close)
	a := &Asker{Roots: x509.NewCertPool(), Requests: 2}
	a.Roots.AddCert(s.Certificate())
	if e, err := a.Date(t.Context(), l.Addr().String()); err != nil || e.Offset.Abs() > e.Uncertainty {
		t.Errorf("%v ± %v, %v", e.Offset, e.Uncertainty, err)
	}
}

func TestService(t *testing.T) {
	const shift = 47 * time.Second
	answer := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/time" || r.Method != http.MethodGet {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprintf(w, `{"unix_ms": %d}`, time.Now().Add(shift).UnixMilli())
	}
	host, a := server(t, 0, answer)
	plain := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(plain.Close)
	for base, proven := range map[string]bool{"https://" + host: true, plain.URL: false} {
		e, err := a.Service(t.Context(), base)
		if err != nil {
			t.Fatal(err)
		}
		if miss := (e.Offset - shift).Abs(); miss > e.Uncertainty || e.Uncertainty < time.Millisecond || e.Proven != proven || e.Kind != clock.Service {
			t.Errorf("%+v, true is %v", e, shift)
		}
	}
}

// What a server gets to see is the same from everybody, and one connection.
func TestNothingTellsWhoAsks(t *testing.T) {
	var mu sync.Mutex
	var seen []http.Header
	peers := map[string]bool{}
	host, a := server(t, 0, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.Method != http.MethodHead || r.ProtoMajor != 1 {
			t.Errorf("%s by %s", r.Method, r.Proto)
		}
		peers[r.RemoteAddr] = true
		seen = append(seen, r.Header.Clone())
		w.Header().Set("Set-Cookie", "who=you")
	})
	a.Requests = 3
	if _, err := a.Date(t.Context(), host); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 3 || len(peers) != 1 {
		t.Errorf("%d requests on %d connections", len(seen), len(peers))
	}
	for _, h := range seen {
		if len(h) != 1 || h.Get("Cache-Control") != "no-cache" {
			t.Errorf("headers: %v", h)
		}
	}
}

func TestRefusedHead(t *testing.T) {
	for name, refuse := range map[string]http.HandlerFunc{
		"not allowed": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) },
		"no date":     func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil },
		"hangs up":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var heads, gets atomic.Int32
			host, a := server(t, time.Hour, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodHead {
					heads.Add(1)
					refuse(w, r)
					return
				}
				gets.Add(1)
				for range 1000 { // it is not read
					_, _ = w.Write(make([]byte, 1<<16))
				}
			})
			a.Requests = 2
			e, err := a.Date(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			if (e.Offset-time.Hour).Abs() > e.Uncertainty || heads.Load() > 2 || gets.Load() != 2 {
				t.Errorf("%v ± %v after %d and %d requests", e.Offset, e.Uncertainty, heads.Load(), gets.Load())
			}
		})
	}
}

// respond is a server that sends nothing but a header and a status.
func respond(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

func TestRefusedReplies(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		want   error
	}{
		{"a sign-in page", respond(http.StatusFound, "Location", "https://127.0.0.1:1/login"), ErrPortal},
		{"sent elsewhere", respond(http.StatusPermanentRedirect, "Location", "/elsewhere"), ErrPortal},
		{"a network that wants a name", respond(http.StatusNetworkAuthenticationRequired), ErrPortal},
		{"old", respond(http.StatusOK, "Age", "7"), ErrCached},
		{"an age that is none", respond(http.StatusOK, "Age", "old"), ErrCached},
		{"no date", respond(http.StatusOK, "Date", ""), ErrNotTime},
		{"no real date", respond(http.StatusOK, "Date", "yesterday"), ErrNotTime},
		{"a date that stands still", respond(http.StatusOK, "Date", "Wed, 25 Nov 2026 12:00:00 GMT", "X-Cache", "HIT"), ErrCached},
		{"not there", respond(http.StatusNotFound), nil},
		{"broken", respond(http.StatusServiceUnavailable, "Age", "0"), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			host, a := server(t, 0, tc.answer)
			a.Requests = 2
			if _, err := a.Date(t.Context(), host); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestRefusedServices(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		want   error
	}{
		{"a sign-in page", respond(http.StatusFound, "Location", "https://127.0.0.1:1/login"), ErrPortal},
		{"old", respond(http.StatusOK, "Age", "7"), ErrCached},
		{"not there", respond(http.StatusNotFound), ErrNotTime},
		{"empty", respond(http.StatusOK), ErrNotTime},
		{"a page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, ErrNotTime},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			for range 1000 {
				_, _ = w.Write(make([]byte, 1<<16))
			}
		}, ErrNotTime},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			fmt.Fprint(w, `{"unix_ms":`)
		}, ErrNoAnswer},
		{"stands still", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"unix_ms": 1790000000123}`) }, ErrCached},
	} {
		t.Run(tc.name, func(t *testing.T) {
			host, a := server(t, 0, tc.answer)
			if _, err := a.Service(t.Context(), "https://"+host); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestRefusedCertificates(t *testing.T) {
	host, a := server(t, 0, nil)
	_, port, _ := net.SplitHostPort(host)
	in := func(year int) func() clock.Times {
		return func() clock.Times { return clock.Times{Wall: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)} }
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	for _, tc := range []struct {
		name, host string
		a          Asker
		want       error
	}{
		{"a year long past", host, Asker{Roots: a.Roots, Read: in(1960)}, ErrCertificateTime},
		{"a year far ahead", host, Asker{Roots: a.Roots, Read: in(2120)}, ErrCertificateTime},
		{"and a certificate of nobody", host, Asker{Roots: x509.NewCertPool(), Read: in(2120)}, ErrPortal},
		{"and one of another", "localhost:" + port, Asker{Roots: a.Roots, Read: in(2120)}, ErrPortal},
		{"of nobody", host, Asker{Roots: x509.NewCertPool()}, ErrPortal},
		{"of another", "localhost:" + port, Asker{Roots: a.Roots}, ErrPortal},
		{"none", strings.TrimPrefix(plain.URL, "http://"), Asker{Roots: a.Roots}, ErrPortal},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := tc.a.Date(t.Context(), tc.host); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if _, err := tc.a.Service(t.Context(), "https://"+tc.host); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestNoAnswer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // it is listened to by nobody, but connects
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = gone.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := new(Asker).Date(ctx, l.Addr().String()); !errors.Is(err, ErrNoAnswer) || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if _, err := new(Asker).Date(t.Context(), gone.Addr().String()); !errors.Is(err, ErrNoAnswer) {
		t.Error(err)
	}
	// Between two requests, too: one reply alone is none.
	host, a := server(t, 0, nil)
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := a.Date(short, host); !errors.Is(err, ErrNoAnswer) || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	for _, address := range []string{"", "http://127.0.0.1", "https://a:b@127.0.0.1"} {
		if _, err := new(Asker).Date(t.Context(), address); !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := new(Asker).Service(t.Context(), "http://example.com"); !errors.Is(err, ErrAddress) {
		t.Error(err)
	}
}

// BenchmarkDate measures how far Date is off, with a server on this device.
func BenchmarkDate(b *testing.B) {
	host, a := server(b, 0, nil)
	var mu sync.Mutex
	var all []time.Duration
	for b.Loop() {
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				e, err := a.Date(b.Context(), host)
				mu.Lock()
				defer mu.Unlock()
				if all = append(all, e.Offset.Abs()); err != nil {
					b.Error(err)
				}
			})
			time.Sleep(25 * time.Millisecond) // so that they begin all over the second
		}
		wg.Wait()
	}
	slices.Sort(all)
	b.ReportMetric(all[len(all)/2].Seconds()*1000, "ms-error-median")
	b.ReportMetric(all[len(all)*95/100].Seconds()*1000, "ms-error-95%")
}

// BenchmarkService measures the same of Service.
func BenchmarkService(b *testing.B) {
	host, a := server(b, 0, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"unix_ms": %d}`, time.Now().UnixMilli())
	})
	var worst time.Duration
	for b.Loop() {
		e, err := a.Service(b.Context(), "https://"+host)
		if err != nil {
			b.Fatal(err)
		}
		worst = max(worst, e.Offset.Abs())
	}
	b.ReportMetric(worst.Seconds()*1000, "ms-error-worst")
}
