// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int // 0 until something was written
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// failed answers a request whose handler panicked. What it panicked with can
// hold a value of the request, so that only its type and the places are logged.
func failed(w *recorder, r *http.Request, o Options, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint // a handler panics with this very value
		panic(p) // how a handler says that it wants the connection dropped
	}
	o.Log.LogAttrs(r.Context(), slog.LevelError, "a handler panicked",
		slog.String("route", route(r)), slog.String("request_id", RequestID(r.Context())),
		slog.String("panic", fmt.Sprintf("%T", p)), slog.String("stack", stack()))
	faults("panic")
	if w.status != 0 {
		panic(http.ErrAbortHandler) // half an answer must not look whole
	}
	o.Fail(w, r, http.StatusInternalServerError, string(Internal))
}

// stack names the functions above the panic, without their arguments.
func stack() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)])
	var b strings.Builder
	for {
		f, more := frames.Next()
		b.WriteString(f.Function + ":" + strconv.Itoa(f.Line) + " ")
		if !more {
			return strings.TrimSpace(b.String())
		}
	}
}

// route is the pattern that served a request, never its path.
func route(r *http.Request) string {
	if r.Pattern == "" {
		return "none"
	}
	_, path, found := strings.Cut(r.Pattern, " ")
	if !found {
		return r.Pattern
	}
	return path
}

// method is the method of a request, if it is a known one.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// note logs and counts a request that was answered.
func note(ctx context.Context, log *slog.Logger, r *http.Request, status int, took time.Duration, id string) {
	if status == 0 {
		status = http.StatusOK // a handler that writes nothing
	}
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	log.LogAttrs(ctx, level, "request", slog.String("method", method(r)), slog.String("route", route(r)),
		slog.Int("status", status), slog.Int64("micros", took.Microseconds()), slog.String("request_id", id))
	requests(method(r), route(r), status, took)
}
