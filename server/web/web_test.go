// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/web"
)

// canary stands wherever a client can write something.
const canary = "c4nary"

type logged struct{ bytes.Buffer }

func (l *logged) log() *slog.Logger {
	return slog.New(web.LogHandler(slog.NewJSONHandler(&l.Buffer, nil)))
}

func (l *logged) lines(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(l.String()) {
		m := map[string]any{}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func request(method string) *http.Request {
	r := httptest.NewRequest(method, "/v1/things/"+canary+"?q="+canary, strings.NewReader(canary))
	r.RemoteAddr = "203.0.113.77:4711"
	for _, h := range []string{"Authorization", "Cookie", "User-Agent", "X-Request-Id", "X-Forwarded-For", "Referer"} {
		r.Header.Set(h, canary)
	}
	return r
}

func mux(h http.HandlerFunc) http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("/v1/things/{id}", h)
	outer := http.NewServeMux()
	outer.Handle("/v1/", m)
	return outer
}

func metricsText() string {
	var b bytes.Buffer
	metrics.WritePrometheus(&b, false)
	return b.String()
}

func TestLogOfARequest(t *testing.T) {
	var l logged
	w := httptest.NewRecorder()
	web.Wrap(mux(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }), web.Options{Log: l.log()}).ServeHTTP(w, request("POST"))
	lines := l.lines(t)
	if len(lines) != 1 {
		t.Fatal(l.String())
	}
	line := lines[0]
	for k, want := range map[string]any{"method": "POST", "route": "/v1/things/{id}", "status": 418.0, "request_id": w.Header().Get("X-Request-Id")} {
		if line[k] != want {
			t.Errorf("%s is %v, not %v", k, line[k], want)
		}
	}
	if s := l.String() + metricsText(); strings.Contains(s, canary) || strings.Contains(s, "203.0.113.77") {
		t.Errorf("a value of the request is in the log or the metrics: %s", l.String())
	}
	if !strings.Contains(metricsText(), `kutano_http_requests_total{method="POST",route="/v1/things/{id}",status="4xx"}`) {
		t.Error("the request was not counted")
	}
}

// What a client makes up is no label of its own.
func TestLabelsAreBounded(t *testing.T) {
	web.Wrap(mux(func(http.ResponseWriter, *http.Request) {}), web.Options{}).ServeHTTP(httptest.NewRecorder(), request("C4NARY"))
	r := httptest.NewRequest(http.MethodGet, "/elsewhere/"+canary, nil)
	web.Wrap(mux(func(http.ResponseWriter, *http.Request) {}), web.Options{}).ServeHTTP(httptest.NewRecorder(), r)
	web.CountSignIn(canary, nil)
	web.CountVerification(canary, errors.New(canary))
	web.CountVerification("totp", refusal.New(refusal.CodeUsed))
	text := metricsText()
	if strings.Contains(strings.ToLower(text), canary) {
		t.Error("a client made a label")
	}
	for _, want := range []string{
		`{method="other",route="/v1/things/{id}",status="2xx"} 1`, `{method="GET",route="none",status="4xx"} 1`,
		`kutano_first_factors_total{via="other",outcome="accepted"} 1`, `kutano_second_factors_total{method="totp",outcome="code-used"} 1`,
		`kutano_second_factors_total{method="other",outcome="fault"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not counted: %s", want)
		}
	}
}

func TestPanic(t *testing.T) {
	var l logged
	w := httptest.NewRecorder()
	h := web.Wrap(mux(func(_ http.ResponseWriter, r *http.Request) { panic(errors.New("broken by " + r.PathValue("id"))) }),
		web.Options{Log: l.log(), BaseURL: "https://k.example"})
	h.ServeHTTP(w, request("GET"))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "https://k.example/problems/internal") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if s := l.String() + w.Body.String(); strings.Contains(s, canary) {
		t.Errorf("a value of the request is in the log or the answer: %s", s)
	}
	first := l.lines(t)[0]
	if first["panic"] != "*errors.errorString" || !strings.Contains(fmt.Sprint(first["stack"]), "TestPanic") {
		t.Errorf("the log does not say where: %v", first)
	}
}

// Half an answer must not look whole: the connection is dropped.
func TestPanicInTheMiddle(t *testing.T) {
	s := httptest.NewServer(web.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic("then")
	}), web.Options{}))
	defer s.Close()
	resp, err := s.Client().Get(s.URL)
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
	}
	if err == nil {
		t.Error("the answer looks whole")
	}
}

func TestTooLarge(t *testing.T) {
	read := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			status, _ := web.Fault(err)
			w.WriteHeader(status)
		}
	}
	for size, want := range map[int]int{web.MostBody: 200, web.MostBody + 1: 413} {
		for _, declared := range []bool{true, false} {
			r := httptest.NewRequest(http.MethodPost, "/v1/things/1", strings.NewReader(strings.Repeat("x", size)))
			if !declared {
				r.ContentLength = -1
			}
			w := httptest.NewRecorder()
			web.Wrap(mux(read), web.Options{}).ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%d bytes (declared: %t): %d", size, declared, w.Code)
			}
		}
	}
}

func TestTimeLimit(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w := within(web.Options{Within: 1}, r, func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		status, _ := web.Fault(r.Context().Err())
		w.WriteHeader(status)
	})
	if w.Code != http.StatusServiceUnavailable {
		t.Error(w.Code)
	}
	within(web.Options{}, r, func(_ http.ResponseWriter, r *http.Request) {
		if _, ok := r.Context().Deadline(); !ok {
			t.Error("there is no time limit where none is given")
		}
	})
}

func TestHeaders(t *testing.T) {
	for _, tls := range []bool{true, false} {
		w := within(web.Options{TLS: tls}, httptest.NewRequest(http.MethodGet, "/", nil), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "public") // a handler has the last word
		})
		h := w.Header()
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || h.Get("X-Frame-Options") != "DENY" || h.Get("Cache-Control") != "public" {
			t.Errorf("%v", h)
		}
		if (h.Get("Strict-Transport-Security") != "") != tls {
			t.Errorf("TLS %t: %v", tls, h)
		}
	}
	if s := web.Server(nil); s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout < web.Within || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 {
		t.Error("a client can keep a connection for ever")
	}
}

type hidden struct{ text string }

func (h hidden) LogValue() slog.Value { return slog.GroupValue(slog.String("error", h.text)) }

// What is not on the list is dropped, wherever it is said, and counted.
func TestLogHandlerDropsTheRest(t *testing.T) {
	for name, say := range map[string]func(*slog.Logger){
		"another key":       func(l *slog.Logger) { l.Info("m", "email", canary) },
		"with":              func(l *slog.Logger) { l.With("token", canary).Info("m") },
		"a group":           func(l *slog.Logger) { l.Info("m", slog.Group("error", "x", canary)) },
		"within a group":    func(l *slog.Logger) { l.WithGroup("g").Info("m", "error", canary) },
		"a struct":          func(l *slog.Logger) { l.Info("m", "error", struct{ X string }{canary}) },
		"one that resolves": func(l *slog.Logger) { l.Info("m", "error", hidden{canary}) },
		"a request":         func(l *slog.Logger) { l.Info("m", "route", request("GET")) },
		"no key":            func(l *slog.Logger) { l.Info("m", []any{canary}...) },
	} {
		var out logged
		say(out.log())
		line := out.lines(t)[0]
		if strings.Contains(out.String(), canary) || line[web.Dropped] != 1.0 || line["msg"] != "m" {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

func TestLogHandlerKeeps(t *testing.T) {
	var out logged
	out.log().With("version", "1").WithGroup("").Warn("m", "error", errors.New("why"), "seconds", time.Second, "status", 5)
	line := out.lines(t)[0]
	if line["version"] != "1" || line["error"] != "why" || line["status"] != 5.0 || line["seconds"] == nil || line[web.Dropped] != nil {
		t.Errorf("%v", line)
	}
}
