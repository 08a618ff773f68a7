// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package service puts the rooms together: one running instance of the
// two-factor service, which keeps nothing in memory that another instance on
// the same database would miss.
//
// It starts also while the database is away, says so at /readyz, and answers 503
// until the database is there and its tables are up to date.
package service

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// Config is what an instance is made of.
type Config struct {
	// DB is the open database; it need not be there yet. Close closes it.
	DB   *store.DB
	Keys *seal.Keys
	// BaseURL is where users reach the service, without a path: "https://app.kutano.example".
	BaseURL string
	// Workspace is the name that users know.
	Workspace string
	// SMSHost is what text messages with a code end with; the host of BaseURL where it is empty.
	SMSHost string
	// PhoneRegion is the country of numbers typed without one ("DE"); "" accepts none of them.
	PhoneRegion string
	// TextsPerHour bounds the text messages of all users together; 0 is factor.TextsPerHour.
	TextsPerHour int
	// Contact says whom to ask who cannot get in; it may be empty.
	Contact   string
	Providers []signin.Provider
	// RequireSecondFactor has users set up a second factor before they can do anything else.
	RequireSecondFactor bool
	// Mail and SMS take the messages of the outbox. What has no sender waits.
	Mail, SMS outbox.Sender
	// Inbox is the path of a page that shows all messages, in practice mode; "" where there is none.
	Inbox string
	// Clock tells the service's time; the system's where it is nil.
	Clock moment.Clock
	// Log takes what an operator should know; nothing where it is nil.
	Log *slog.Logger
	// TrustedProxies are the addresses whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// TimeServers are asked by NTP whether the clock is right; none where it is empty.
	TimeServers []string
	// Version of the program, for the metrics.
	Version string
}

// Service is one instance. Its rooms are there for the commands and for tests.
type Service struct {
	DB      *store.DB
	Keys    *seal.Keys
	Clock   moment.Clock
	Log     *slog.Logger
	Notices *notice.Writer
	SignIn  *signin.Service
	Factors *factor.Service
	Desk    *desk.Service
	Links   *link.Service
	Outbox  *outbox.Worker

	config   Config
	handler  http.Handler
	set      *metrics.Set
	closer   audit.Closer
	prepared atomic.Bool // the tables are up to date
	offset   atomic.Int64
	measured atomic.Bool
}

// keyIssuer is who a key is from, as key URIs name it and apps show it. It is not
// the workspace's name: Kutano Authenticator knows the accounts of this service by it.
const keyIssuer = "Kutano"

// New puts an instance together. It does not ask the database anything yet.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Keys == nil {
		return nil, errors.New("a service needs a database and keys")
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") || base.Path != "" {
		return nil, errors.New("the address of the service looks like https://app.example.com, without a path")
	}
	if c.Clock == nil {
		c.Clock = moment.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.SMSHost == "" {
		c.SMSHost = base.Hostname()
	}
	s := &Service{DB: c.DB, Keys: c.Keys, Clock: c.Clock, Log: c.Log, config: c, set: metrics.NewSet()}
	s.Notices = &notice.Writer{Keys: c.Keys, BaseURL: c.BaseURL, Workspace: c.Workspace, Host: c.SMSHost}
	s.Factors = &factor.Service{DB: c.DB, Keys: c.Keys, Clock: c.Clock, Notices: s.Notices, Issuer: keyIssuer, Region: c.PhoneRegion, TextsPerHour: c.TextsPerHour}
	s.SignIn = &signin.Service{
		DB: c.DB, Keys: c.Keys, Clock: c.Clock, Notices: s.Notices, BaseURL: c.BaseURL, Providers: c.Providers,
		RequireSecondFactor: c.RequireSecondFactor,
	}
	s.Desk = &desk.Service{DB: c.DB, Keys: c.Keys, Clock: c.Clock, Notices: s.Notices, Factors: s.Factors}
	s.Links = &link.Service{DB: c.DB, Keys: c.Keys, Clock: c.Clock, Notices: s.Notices, BaseURL: c.BaseURL}
	s.Outbox = &outbox.Worker{DB: c.DB, Keys: c.Keys, Clock: c.Clock, Mail: c.Mail, SMS: c.SMS, Log: c.Log}
	s.closer = audit.Closer{DB: c.DB, Keys: c.Keys}
	s.handler = s.routes()
	s.measure()
	return s, nil
}

// Prepare brings the tables up to date. Until it was done once the service
// answers 503.
func (s *Service) Prepare(ctx context.Context) error {
	if err := s.DB.Migrate(ctx); err != nil {
		return err
	}
	s.prepared.Store(true)
	return nil
}

// Close closes the database. The service must not be asked anything any more.
func (s *Service) Close() error { return s.DB.Close() }

// readyWithin is how long the database may take to answer when it is asked whether it is there.
const readyWithin = 2 * time.Second

// Ready tells whether the service can do its work; store.ErrUnavailable inside while the database is away.
func (s *Service) Ready(ctx context.Context) error {
	if !s.prepared.Load() {
		return errPreparing
	}
	ctx, stop := context.WithTimeout(ctx, readyWithin)
	defer stop()
	return s.DB.Ping(ctx)
}

var errPreparing = errors.New("the database was not reached yet, or its tables are being brought up to date")
