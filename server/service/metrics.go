// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package service

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/kutano/authenticator/server/drift"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

// CheckClock compares the clock with the time servers, and says so in the log
// when it is off by more than drift.Most.
func (s *Service) CheckClock(ctx context.Context) error {
	if len(s.config.TimeServers) == 0 {
		return nil
	}
	offset, err := drift.Measure(ctx, s.Clock, s.config.TimeServers)
	if err != nil {
		return err
	}
	s.offset.Store(int64(offset))
	s.measured.Store(true)
	if offset.Abs() > drift.Most {
		s.Log.Warn("this machine's clock is ahead or behind: right codes will be refused; set it by NTP", "seconds", offset.Seconds())
	}
	return nil
}

// Offset is how far the clock is ahead of the time servers; false while that was not measured.
func (s *Service) Offset() (time.Duration, bool) {
	return time.Duration(s.offset.Load()), s.measured.Load()
}

// Metrics answers in the text format of Prometheus. It is for a listener of its
// own: the figures are not for everyone.
func (s *Service) Metrics() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s.WriteMetrics(r.Context(), w)
	})
	return web.Protect(mux, false)
}

// WriteMetrics writes all figures.
func (s *Service) WriteMetrics(ctx context.Context, w io.Writer) {
	s.set.WritePrometheus(w)
	s.writeBacklog(ctx, w)
	metrics.WritePrometheus(w, true)
}

// measure registers the figures that are known without asking anyone.
func (s *Service) measure() {
	s.set.NewGauge(`kutano_build_info{version="`+s.config.Version+`",database="`+string(s.DB.Kind())+`"}`, func() float64 { return 1 })
	s.set.NewGauge("kutano_ready", func() float64 {
		if s.prepared.Load() {
			return 1
		}
		return 0
	})
	s.set.NewGauge("kutano_clock_offset_seconds", func() float64 {
		offset, _ := s.Offset()
		return offset.Seconds()
	})
}

// writeBacklog writes what waits in the database, and nothing of it while the database is away.
func (s *Service) writeBacklog(ctx context.Context, w io.Writer) {
	ctx, stop := context.WithTimeout(ctx, readyWithin)
	defer stop()
	var waiting, oldest, open, held int64
	err := s.DB.Row(ctx, "SELECT COUNT(*), COALESCE(MIN(created_at), 0) FROM outbox WHERE sent_at = 0 AND failed_at = 0", nil, &waiting, &oldest)
	if err == nil {
		err = s.DB.Row(ctx, "SELECT COUNT(*) FROM audit WHERE seq IS NULL", nil, &open)
	}
	if err == nil {
		err = s.DB.Row(ctx, "SELECT COUNT(*) FROM cases WHERE state = 'waiting'", nil, &held)
	}
	up := 1.0
	if err != nil {
		up = 0
	}
	metrics.WriteGaugeFloat64(w, "kutano_database_up", up)
	if err != nil {
		return
	}
	age := 0.0
	if oldest > 0 {
		age = max(0, s.Clock().Sub(store.Time(oldest)).Seconds())
	}
	metrics.WriteGaugeUint64(w, "kutano_outbox_waiting", uint64(waiting))
	metrics.WriteGaugeFloat64(w, "kutano_outbox_oldest_seconds", age)
	metrics.WriteGaugeUint64(w, "kutano_audit_open", uint64(open))
	metrics.WriteGaugeUint64(w, "kutano_resets_waiting", uint64(held))
}
