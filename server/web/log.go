// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"log/slog"
	"slices"
)

// LogKeys are the attributes that may stand in the log. What is under another
// key is dropped, so that a new one is a decision: it must never hold a secret,
// a code, or anything that a user typed.
var LogKeys = []string{
	"method", "route", "status", "micros", "request_id", // of a request
	"panic", "stack", // of a panic
	"error",                                                         // errors hold no secrets, by the rules of the house
	"version", "listen", "base_url", "database", "workspace", "key", // when the service starts; key is a key's id
	"channel", "tries", "sent", "failed", "rows", "seq", "head", // of the outbox and the audit log
	"signal", "seconds", "check", "outcome",
}

// Dropped is the attribute that counts what was left out of a line.
const Dropped = "dropped"

// LogHandler passes on, with its time in UTC, what stands under LogKeys and leaves out everything else,
// whole groups and values of other types than texts, numbers, times and errors too.
func LogHandler(h slog.Handler) slog.Handler { return &allowed{h: h} }

type allowed struct {
	h       slog.Handler
	dropped int // by WithAttrs
	inside  int // how deep in groups: there nothing passes
}

func (a *allowed) Enabled(ctx context.Context, l slog.Level) bool { return a.h.Enabled(ctx, l) }

func (a *allowed) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time.UTC(), r.Level, r.Message, r.PC)
	dropped := a.dropped
	r.Attrs(func(attr slog.Attr) bool {
		if kept, ok := a.keep(attr); ok {
			clean.AddAttrs(kept)
		} else {
			dropped++
		}
		return true
	})
	if dropped > 0 {
		clean.AddAttrs(slog.Int(Dropped, dropped))
	}
	return a.h.Handle(ctx, clean)
}

func (a *allowed) WithAttrs(attrs []slog.Attr) slog.Handler {
	b := *a
	var kept []slog.Attr
	for _, attr := range attrs {
		if attr, ok := a.keep(attr); ok {
			kept = append(kept, attr)
		} else {
			b.dropped++
		}
	}
	b.h = a.h.WithAttrs(kept)
	return &b
}

func (a *allowed) WithGroup(name string) slog.Handler {
	if name == "" {
		return a
	}
	b := *a
	b.inside++
	return &b
}

// keep is an attribute as it may be logged.
func (a *allowed) keep(attr slog.Attr) (slog.Attr, bool) {
	if a.inside > 0 || !slices.Contains(LogKeys, attr.Key) {
		return attr, false
	}
	attr.Value = attr.Value.Resolve()
	switch attr.Value.Kind() {
	case slog.KindGroup, slog.KindLogValuer:
		return attr, false
	case slog.KindAny:
		err, ok := attr.Value.Any().(error)
		if !ok {
			return attr, false
		}
		attr.Value = slog.StringValue(err.Error())
	}
	return attr, true
}
