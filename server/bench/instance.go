// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// instance is a running "kutano-2fa serve".
type instance struct {
	*exec.Cmd
	address string
	log     *os.File
}

// start starts instances and waits until they are ready.
func (p plan) start(ctx context.Context, count int, dsn, key string) ([]*instance, error) {
	var all []*instance
	for n := range count {
		i, err := p.startOne(ctx, n, count, dsn, key)
		if err != nil {
			return all, err
		}
		all = append(all, i)
	}
	for _, i := range all {
		if err := i.await(ctx); err != nil {
			return all, err
		}
	}
	return all, nil
}

func (p plan) startOne(ctx context.Context, n, count int, dsn, key string) (*instance, error) {
	address, err := free()
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(p.folder, "instance-"+strconv.Itoa(n))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	path, token := filepath.Join(folder, "kutano-2fa.toml"), filepath.Join(folder, "token")
	text := fmt.Sprintf("address = %q\nbase_url = %q\nmetrics_address = \"\"\n[database]\ndsn = %q\n[keys]\nfiles = [%q]\n"+
		"[smtp]\nhost = \"127.0.0.1\"\nport = 1\ntls = \"none\"\nfrom = \"bench@example.com\"\n"+
		"[sms]\nurl = \"http://127.0.0.1:1/Messages.json\"\naccount = \"bench\"\ntoken_file = %q\nfrom = \"bench\"\n",
		address, "http://"+address, dsn, key, token)
	for path, text := range map[string]string{path: text, token: "none"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	i := &instance{Cmd: exec.CommandContext(ctx, p.program, "serve", "--config", path), address: address}
	// Each instance has its share of the cores, as where a supervisor sets it: more
	// threads than that only wake each other up.
	i.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(max(1, runtime.NumCPU()/count)))
	if i.log, err = os.Create(filepath.Join(folder, "log")); err != nil {
		return nil, err
	}
	i.Stderr = i.log
	i.Cancel = func() error { return i.Process.Signal(syscall.SIGTERM) }
	return i, i.Start()
}

func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

// startWithin is how long an instance may take to be ready.
const startWithin = 30 * time.Second

func (i *instance) await(ctx context.Context) error {
	for end := time.Now().Add(startWithin); time.Now().Before(end); {
		r, err := http.Get("http://" + i.address + "/readyz")
		if err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	said, _ := os.ReadFile(i.log.Name())
	return fmt.Errorf("an instance does not get ready: %s", said)
}

func stopAll(all []*instance) {
	for _, i := range all {
		_ = i.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = i.Wait()
		_ = i.log.Close()
	}
}

// mostMemory is the largest of a figure in /proc/PID/status, in MiB; 0 where there is no such file.
func mostMemory(all []*instance, figure string) float64 {
	var most float64
	for _, i := range all {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", i.Process.Pid))
		if err != nil {
			return 0
		}
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, figure+":"); ok {
				kib, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
				if err == nil {
					most = max(most, kib/1024)
				}
			}
		}
	}
	return most
}

// logs are the last lines of what instances said, for when something went wrong.
func logs(all []*instance) string {
	var said strings.Builder
	for _, i := range all {
		text, _ := os.ReadFile(i.log.Name())
		said.Write(text[max(0, len(text)-2000):])
	}
	return said.String()
}
