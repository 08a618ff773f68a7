// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

// Command bench measures how many TOTP codes the service verifies in a second,
// end to end over HTTP, and whether that stays so as users grow.
//
//	go run ./bench            from the folder server; -h lists the flags
//
// It builds kutano-2fa, starts real instances of it on loopback — two on a
// PostgreSQL cluster of its own with durable settings, one on SQLite — and signs
// users in: each verification is a sign-in that waited for its second factor. The
// driver, the instances and the database share the machine. Everything is in a
// temporary folder that goes at the end.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kutano/authenticator/server/store"
)

// plan is what is to be measured.
type plan struct {
	databases   []string
	users       []int
	connections int
	requests    int
	program     string
	folder      string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

func run(ctx context.Context) (err error) {
	databases := flag.String("database", "postgres,sqlite", "which databases")
	users := flag.String("users", "1000,10000,100000,1000000", "how many users, growing")
	var p plan
	flag.IntVar(&p.connections, "connections", 16, "how many connections ask at once")
	flag.IntVar(&p.requests, "requests", 20_000, "how many verifications are measured at each point, at most; at most one a user and time step")
	flag.StringVar(&p.program, "program", "", "a built kutano-2fa; it is built where this is empty")
	flag.Parse()
	p.databases = strings.Split(*databases, ",")
	if p.users, err = numbers(*users); err != nil {
		return err
	}
	if p.folder, err = os.MkdirTemp("", "kutano-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(p.folder) }()
	if p.program == "" {
		p.program = filepath.Join(p.folder, "kutano-2fa")
		build := exec.CommandContext(ctx, "go", "build", "-o", p.program, "./cmd/kutano-2fa")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build the service: %w: %s", err, out)
		}
	}
	printHead()
	for _, d := range p.databases {
		if err := p.measure(ctx, d); err != nil {
			return fmt.Errorf("%s: %w", d, err)
		}
	}
	return nil
}

func numbers(list string) ([]int, error) {
	var all []int
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > 10_000_000 || len(all) > 0 && n <= all[len(all)-1] {
			return nil, fmt.Errorf("-users is a growing list of numbers, not %q", list)
		}
		all = append(all, n)
	}
	return all, nil
}

// measure measures one database at each number of users.
func (p plan) measure(ctx context.Context, kind string) error {
	dsn, count := "sqlite:"+filepath.Join(p.folder, "bench.db"), 1
	var engine *cluster
	if kind == "postgres" {
		var err error
		if engine, err = startCluster(ctx); err != nil {
			return err
		}
		defer engine.stop()
		dsn, count = engine.dsn(), 2
	}
	keys, keyFile, err := makeKey(p.folder)
	if err != nil {
		return err
	}
	db, err := store.Open(dsn)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	instances, err := p.start(ctx, count, dsn, keyFile)
	defer stopAll(instances)
	if err != nil {
		return err
	}
	if err := pause(ctx, 2*time.Second); err != nil { // idle memory is what remains after the start
		return err
	}
	idle := mostMemory(instances, "VmRSS")
	s := seeder{db: db, keys: keys, cluster: engine}
	for _, n := range p.users {
		began := time.Now()
		if err := s.grow(ctx, n); err != nil {
			return fmt.Errorf("seed %d users: %w", n, err)
		}
		seeded := time.Since(began)
		r, err := p.point(ctx, s, instances)
		if err != nil {
			return fmt.Errorf("at %d users: %w\n%s", n, err, logs(instances))
		}
		r.database, r.instances, r.users, r.idle, r.seeded = kind, count, n, idle, seeded
		r.loaded = mostMemory(instances, "VmHWM")
		r.print()
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
