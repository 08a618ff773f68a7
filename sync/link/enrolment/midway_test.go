// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package enrolment_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// The service is stopped at each request of an enrolment, before it or after it. In
// the end there is one key at most that counts, it is the one that the service
// accepted, and what it accepted is never lost.
func TestServiceStopsMidway(t *testing.T) {
	for _, path := range []string{"/v1/me/2fa", "/enrolments", "/v1/time", "/verify"} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, answered %t", path[strings.LastIndexByte(path, '/')+1:], after), func(t *testing.T) {
				w := build(t, ana)
				broken := false
				w.watch.Break = func(r *http.Request, answer *http.Response) error {
					if !broken && strings.HasSuffix(r.URL.Path, path) && after == (answer != nil) {
						broken = true
						w.Kill()
					}
					if broken {
						return errCut
					}
					return nil
				}
				st, err := w.m.Begin(t.Context(), link.TOTP, "")
				if err == nil {
					st, err = w.m.Prove(t.Context())
				}
				if !errors.Is(err, link.ErrUnreachable) || !broken {
					t.Fatalf("%s, %v", st.State, err)
				}
				if st, err := w.m.Resume(t.Context()); st.State == enrolment.Waiting && !errors.Is(err, link.ErrUnreachable) {
					t.Errorf("while it is stopped: %s, %v", st.State, err)
				}
				w.watch.Break = nil
				w.Run(t)
				w.start()
				w.settles(path == "/verify" && after)
			})
		}
	}
}

// settles resumes, goes on to the end, and fails unless the one key is the service's.
func (w *world) settles(accepted bool) {
	w.t.Helper()
	st, err := w.m.Resume(w.t.Context())
	switch {
	case accepted:
		w.is(enrolment.DoneCodesLost, st, err)
	case st.State == enrolment.None:
		w.is(enrolment.None, st, err)
		w.begin(link.TOTP, "")
		st, err = w.m.Prove(w.t.Context())
		w.is(enrolment.Done, st, err)
	default:
		w.is(enrolment.Waiting, st, err)
		st, err = w.m.Prove(w.t.Context())
		w.is(enrolment.Done, st, err)
	}
	if !slices.Equal(w.names(), []string{ana}) || st.Account == "" {
		w.t.Fatalf("accounts %v, account %q", w.names(), st.Account)
	}
	w.signsIn(ana, st.Account)
}

// begin is the app that is killed.
func begin(dir string) int {
	v, err := openVault(dir)
	if err != nil {
		return 1
	}
	h := &remote.Home{Client: &remote.Client{Clock: clock.Wall{}}, Dir: dir, Secrets: v}
	m := &enrolment.Machine{Home: h, Accounts: enrolment.InVault{Vault: v, Now: clock.Wall{}.Now}, Clock: clock.Wall{}}
	if os.Getenv(begunVar+"_KEEP") == "" {
		m.Accounts = deadly{m.Accounts}
	}
	if _, err := m.Begin(context.Background(), link.TOTP, ""); err != nil {
		return 2
	}
	return kill()
}

// deadly dies when the key was kept and before that was noted.
type deadly struct{ enrolment.Accounts }

func (d deadly) Keep(ctx context.Context, k otpauth.Key) (id, old vault.ID, err error) {
	_, _, _ = d.Accounts.Keep(ctx, k)
	os.Exit(kill())
	return "", "", nil
}

func kill() int {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		_ = p.Kill()
	}
	select {}
}

// The app is killed when the key was kept, and when that was noted too: in both cases it goes on with the same key.
func TestAppKilledMidway(t *testing.T) {
	for _, noted := range []string{"", "1"} {
		w := build(t, ana)
		_ = w.vault.Close()
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), begunVar+"="+w.dir, begunVar+"_KEEP="+noted)
		var exit *exec.ExitError
		if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() > 0 {
			t.Fatalf("the app was not killed: %v", err)
		}
		w.start()
		if !slices.Equal(w.names(), []string{ana}) {
			t.Errorf("accounts %v", w.names())
		}
		w.settles(false)
	}
}

// Cancelled: at the service and here. Where the service has accepted it meanwhile the key is kept.
func TestCancel(t *testing.T) {
	w := build(t, ana)
	w.begin(link.TOTP, "")
	st, err := w.m.Cancel(t.Context())
	w.is(enrolment.Over, st, err)
	if s, _, err := w.home.Refresh(t.Context()); err != nil || s.Pending != nil || len(w.names()) != 0 {
		t.Errorf("after cancelling: %+v, %v, accounts %v", s, err, w.names())
	}
	w.begin(link.TOTP, "")
	w.Kill()
	if st, err := w.m.Cancel(t.Context()); !errors.Is(err, link.ErrUnreachable) || st.State != enrolment.Waiting || len(w.names()) != 1 {
		t.Errorf("the service is stopped: %s, %v", st.State, err)
	}
	w.Run(t)
	w.lose("/verify", "/v1/me/2fa")
	if st, err := w.m.Prove(t.Context()); !errors.Is(err, link.ErrUnreachable) || st.State != enrolment.Waiting {
		t.Fatalf("a lost answer: %s, %v", st.State, err)
	}
	w.watch.Break = nil
	st, err = w.m.Cancel(t.Context())
	w.is(enrolment.DoneCodesLost, st, err)
	w.signsIn(ana, st.Account)
}

// lose has the answers of some paths get lost.
func (w *world) lose(paths ...string) {
	w.watch.Break = func(r *http.Request, answer *http.Response) error {
		if answer != nil && slices.ContainsFunc(paths, func(p string) bool { return strings.HasSuffix(r.URL.Path, p) }) {
			return errCut
		}
		return nil
	}
}

// Only the answer to the code gets lost: the status says at once that it was accepted.
func TestAnswerLost(t *testing.T) {
	w := build(t, ana)
	w.begin(link.TOTP, "")
	w.lose("/verify")
	st, err := w.m.Prove(t.Context())
	w.is(enrolment.DoneCodesLost, st, err)
	w.signsIn(ana, st.Account)
}

// The answer gets lost, and so does the code: it was never looked at. Meanwhile the
// user sets another app up elsewhere: the key that was kept here is not the one.
func TestElsewhere(t *testing.T) {
	w := build(t, ana)
	w.begin(link.TOTP, "")
	w.watch.Break = func(r *http.Request, _ *http.Response) error {
		if strings.HasSuffix(r.URL.Path, "/verify") || strings.HasSuffix(r.URL.Path, "/2fa") {
			return errCut
		}
		return nil
	}
	if st, err := w.m.Prove(t.Context()); st.State != enrolment.Waiting || err == nil {
		t.Fatalf("%s, %v", st.State, err)
	}
	w.watch.Break = nil
	w.Turn(t, 5*time.Minute)
	w.User(t, ana, "").SetUp(t, "totp", "")
	st, err := w.m.Resume(t.Context())
	w.is(enrolment.Elsewhere, st, err)
	if len(w.names()) != 0 || len(w.vault.Removed()) != 1 { // it can come back, since its answer was never known
		t.Errorf("accounts %v, %d removed", w.names(), len(w.vault.Removed()))
	}
}

// The key cannot be kept: nothing is begun at the service either.
func TestVaultFails(t *testing.T) {
	w := build(t, ana)
	w.broken.keep = errors.New("the disk is full")
	if st, err := w.m.Begin(t.Context(), link.TOTP, ""); st.State != enrolment.Over || !errors.Is(err, w.broken.keep) {
		t.Errorf("%s, %v", st.State, err)
	}
	if s, _, err := w.home.Refresh(t.Context()); err != nil || s.Pending != nil {
		t.Errorf("pending: %+v, %v", s.Pending, err)
	}
	w.broken.keep, w.broken.accept = nil, errors.New("the vault was locked")
	w.begin(link.TOTP, "")
	st, err := w.m.Prove(t.Context())
	if st.State != enrolment.Done || !errors.Is(err, w.broken.accept) || len(st.Codes) != 10 {
		t.Errorf("accepted, and the vault fails: %s, %v, %d codes", st.State, err, len(st.Codes))
	}
	w.start()
	st, err = w.m.Resume(t.Context())
	w.is(enrolment.DoneCodesLost, st, err)
	w.signsIn(ana, st.Account)
}

// The link is ended, or is another user's by now, while an enrolment is noted.
func TestLinkEndsMidway(t *testing.T) {
	w := build(t, ana)
	w.begin(link.TOTP, "")
	w.User(t, ana, "").EndLinks(t)
	if st, err := w.m.Prove(t.Context()); !errors.Is(err, link.ErrEnded) || st.State != enrolment.Waiting {
		t.Errorf("prove: %s, %v", st.State, err)
	}
	if st, err := w.m.Resume(t.Context()); !errors.Is(err, link.ErrEnded) || st.State != enrolment.Waiting {
		t.Errorf("resume: %s, %v", st.State, err)
	}
	if _, err := w.home.Take(t.Context(), w.allow(w.Browser(t, ana))); err != nil {
		t.Fatal(err)
	}
	st, err := w.m.Cancel(t.Context())
	w.is(enrolment.Over, st, err)
	w.allowEnrol(w.Browser(t, ana))
	w.begin(link.TOTP, "")
	if _, err := w.home.Take(t.Context(), w.allow(w.Browser(t, ela))); err != nil {
		t.Fatal(err)
	}
	st, err = w.m.Resume(t.Context())
	w.is(enrolment.Elsewhere, st, err)
	if len(w.names()) != 1 {
		t.Errorf("nobody could tell whether the key counts, and it is gone: %v", w.names())
	}
}

// The answer to a code by text message is lost, and nobody could ask what came of
// it. Long after, the code is typed again: the first one counted.
func TestTextAnswerLost(t *testing.T) {
	w := build(t, ana)
	w.begin(link.SMS, mobile)
	w.lose("/verify", "/v1/me/2fa")
	if st, err := w.m.Verify(t.Context(), w.Code(t, mobile)); !errors.Is(err, link.ErrUnreachable) || st.State != enrolment.Waiting {
		t.Fatalf("a lost answer: %s, %v", st.State, err)
	}
	w.watch.Break = nil
	w.Turn(t, 5*time.Minute)
	st, err := w.m.Verify(t.Context(), "123456")
	w.is(enrolment.DoneCodesLost, st, err)
}

// The user gives up while the service answers: the backup codes come all the same.
func TestGivenUpWhileItAnswers(t *testing.T) {
	w := build(t, ana)
	w.begin(link.TOTP, "")
	ctx, cancel := context.WithCancel(t.Context())
	w.watch.Break = func(r *http.Request, answer *http.Response) error {
		if answer != nil && strings.HasSuffix(r.URL.Path, "/verify") {
			cancel()
			return r.Context().Err() // the answer is on its way still
		}
		return nil
	}
	st, err := w.m.Prove(ctx)
	w.is(enrolment.Done, st, err)
	if len(st.Codes) != 10 {
		t.Errorf("%d codes", len(st.Codes))
	}
}

// later is a clock that is ahead.
type later struct{ clock.Clock }

func (c later) Now() time.Time { return c.Clock.Now().Add(90 * time.Second) }

// A refused code is blamed on the clock that it was made with, and on no other: not
// where codes are corrected, and not where the code came by text message.
func TestWhichClockIsOff(t *testing.T) {
	w := build(t, ana)
	right := w.m.Clock
	w.home.Client.Clock = later{right}
	w.begin(link.TOTP, "")
	if _, err := w.m.Verify(t.Context(), "000000"); !errors.Is(err, link.ErrCode) || errors.Is(err, link.ErrClockOff) {
		t.Errorf("codes are corrected: %v", err)
	}
	w.m.Clock = later{right}
	var code *link.CodeError
	if _, err := w.m.Verify(t.Context(), "000000"); !errors.Is(err, link.ErrClockOff) || !errors.As(err, &code) || code.Off.Round(10*time.Second) != 90*time.Second {
		t.Errorf("codes are of a wrong clock: %v", err)
	}
	if _, err := w.m.Cancel(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.begin(link.SMS, mobile)
	if _, err := w.m.Verify(t.Context(), "000000"); !errors.Is(err, link.ErrCode) || errors.Is(err, link.ErrClockOff) {
		t.Errorf("a code by text message: %v", err)
	}
}
