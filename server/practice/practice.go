// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package practice is the whole service on this machine, to learn it on: with
// sample users of every role, stand-ins for Google and Apple, a page that shows
// every mail and text message, and a clock that can be turned. Calls to learn the
// helpdesk on are scored: see Scenarios.
//
// It is for loopback only and refuses every other address, also requests that
// come by another name: its inbox shows codes to everyone who asks. Its
// database is in a temporary folder that goes with it.
package practice

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kutano/authenticator/server/issuer"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/outbox/keep"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

// DefaultAddr is where practice listens unless told.
const DefaultAddr = "127.0.0.1:8080"

// Options say how to practise.
type Options struct {
	// Addr is where to listen, on loopback; port 0 is any that is free.
	Addr string
	// Scenarios are the calls that ring, in their order, by the names of Scenarios; none
	// where there is no training.
	Scenarios []string
	// Keep is a folder where the database stays, "" a temporary one that goes.
	Keep    string
	Version string
	Clock   moment.Clock // of the world outside, nil: the system's
	Log     *slog.Logger // nil: none
}

// Practice is a running practice.
type Practice struct {
	Service *service.Service
	// URL is where to begin.
	URL string

	base     string
	inbox    *keep.Memory
	mu       sync.Mutex
	people   []Person // guarded by mu once it serves
	desk     phoneDesk
	wall     moment.Clock
	shift    atomic.Int64 // how far the service's clock is ahead, in nanoseconds
	folder   string
	temp     bool
	listener net.Listener
	db       *store.DB
	stand    map[string]*issuer.Issuer
}

// kept is how many messages the inbox shows.
const kept = 200

// Open starts to listen, makes the database and its users. Serve serves it, and
// Close removes what is temporary.
func Open(ctx context.Context, o Options) (p *Practice, err error) {
	if o.Clock == nil {
		o.Clock = moment.Now
	}
	p = &Practice{wall: o.Clock, inbox: keep.NewMemory(kept)}
	p.desk.queue = slices.Clone(o.Scenarios)
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
			p = nil
		}
	}()
	for _, name := range o.Scenarios {
		if _, ok := scenarioOf(name); !ok {
			return p, fmt.Errorf("%w: %s", ErrNoScenario, name)
		}
	}
	if err := p.listen(ctx, o.Addr); err != nil {
		return p, err
	}
	if len(o.Scenarios) > 0 {
		p.URL = p.base + callPath
	}
	if err := p.makeFolder(o.Keep); err != nil {
		return p, err
	}
	keys, err := p.keys()
	if err != nil {
		return p, err
	}
	if p.db, err = store.Open("sqlite:" + filepath.Join(p.folder, "practice.db")); err != nil {
		return p, err
	}
	p.Service, err = service.New(service.Config{
		DB: p.db, Keys: keys, BaseURL: p.base, Workspace: "Kutano practice",
		Contact: "Hana at the helpdesk (hana@example.com)", Providers: p.providers(), Mail: p.inbox, SMS: p.inbox, Inbox: "/practice/inbox",
		Clock: p.Now, Log: o.Log, Version: o.Version,
	})
	if err != nil {
		return p, err
	}
	if err := p.Service.Prepare(ctx); err != nil {
		return p, err
	}
	return p, p.settle(ctx)
}

// Now is the service's time, which /practice/clock turns.
func (p *Practice) Now() time.Time { return p.wall().Add(p.Shift()) }

// Shift is how far the service's clock is ahead of the world.
func (p *Practice) Shift() time.Duration { return time.Duration(p.shift.Load()) }

// SetShift turns the service's clock.
func (p *Practice) SetShift(ahead time.Duration) { p.shift.Store(int64(ahead)) }

// ErrNoScenario means that there is no call of a name.
var ErrNoScenario = errors.New("there is no such scenario")

// listen takes loopback addresses only.
func (p *Practice) listen(ctx context.Context, addr string) error {
	ip, port, err := loopback(ctx, addr)
	if err != nil {
		return err
	}
	p.listener, err = net.Listen("tcp", net.JoinHostPort(ip.String(), port))
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	p.base = "http://" + p.listener.Addr().String()
	p.URL = p.base + "/practice"
	return nil
}

// ErrNotLoopback means that an address is reached from other machines.
var ErrNotLoopback = errors.New("practice is for this machine alone: its inbox shows codes to everyone who asks; use 127.0.0.1")

// loopback returns the address to listen at. A name is good only where all that
// it means is loopback.
func loopback(ctx context.Context, addr string) (netip.Addr, string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.Addr{}, "", fmt.Errorf("the address looks like %s", DefaultAddr)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if !ip.Unmap().IsLoopback() {
			return netip.Addr{}, "", ErrNotLoopback
		}
		return ip, port, nil
	}
	if host == "" {
		return netip.Addr{}, "", ErrNotLoopback
	}
	all, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(all) == 0 {
		return netip.Addr{}, "", fmt.Errorf("%w (%s is not found)", ErrNotLoopback, host)
	}
	for _, ip := range all {
		if !ip.Unmap().IsLoopback() {
			return netip.Addr{}, "", ErrNotLoopback
		}
	}
	return all[0].Unmap(), port, nil
}

func (p *Practice) makeFolder(keep string) (err error) {
	if keep != "" {
		p.folder = keep
		err = os.MkdirAll(keep, 0o700)
	} else {
		p.temp = true
		p.folder, err = os.MkdirTemp("", "kutano-practice-")
	}
	if err != nil {
		return fmt.Errorf("make a folder for practice: %w", err)
	}
	return nil
}

// keys makes a key in the folder, or finds the one of last time.
func (p *Practice) keys() (*seal.Keys, error) {
	path := filepath.Join(p.folder, "key")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		key := make([]byte, seal.KeySize)
		_, _ = rand.Read(key) // never fails
		text = []byte(base64.StdEncoding.EncodeToString(key) + "\n")
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("the key of this practice: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, errors.New("the key of this practice is no key")
	}
	return seal.New(key)
}

// Serve serves until ctx ends.
func (p *Practice) Serve(ctx context.Context) error {
	return p.Service.Serve(ctx, service.Door{Listener: p.listener, Server: web.Server(p.Handler())})
}

// Close ends a practice and removes its folder, unless it is to be kept.
func (p *Practice) Close() error {
	var all []error
	if p.listener != nil {
		if err := p.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			all = append(all, err)
		}
	}
	if p.db != nil {
		all = append(all, p.db.Close())
	}
	if p.temp && p.folder != "" {
		all = append(all, os.RemoveAll(p.folder))
	}
	return errors.Join(all...)
}
