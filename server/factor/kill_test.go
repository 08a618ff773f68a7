// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// victimEnv holds the address of the database that a process to be killed works on,
// dieEnv in which of its messages it kills itself, 0 in none.
const (
	victimEnv = "KUTANO_TEST_VICTIM"
	dieEnv    = "KUTANO_TEST_DIE"
)

// kills is how often the process is killed, on each database.
const kills = 10

// Killed in the middle of verify, enrol, switch, disable and new codes, an account is in the
// state before or in the one after: a method comes with its codes and works, and the
// other sessions have ended exactly if the method was changed.
func TestKilled(t *testing.T) {
	eachDSN(t, func(t *testing.T, dsn string) {
		w := newWorld(t, open(t, dsn))
		random := rand.New(rand.NewPCG(1, 2))
		seen := map[factor.Method]bool{}
		for n := range kills {
			if n%2 == 0 {
				w.kill(t, dsn, 1+random.IntN(12), random.IntN(100))
			} else {
				die(t, dsn, 1+random.IntN(12))
			}
			seen[w.checkWhole()] = true
		}
		if n := w.count("audit WHERE action LIKE 'method.%'"); n < kills/2 {
			t.Errorf("the process did little before it was killed: %d changes", n)
		}
		t.Logf("states after kills: %v", seen)
	})
}

// start starts a process that works on a database, and returns what it writes after each step.
func start(t *testing.T, dsn string, die int) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+dsn, dieEnv+"="+strconv.Itoa(die))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(out)
}

// kill kills a process somewhere in the step after so many; moments are spent by asking the database.
func (w *world) kill(t *testing.T, dsn string, steps, moments int) {
	t.Helper()
	cmd, lines := start(t, dsn, 0)
	for range steps {
		if _, err := lines.ReadString('\n'); err != nil {
			t.Fatalf("the process ended by itself: %v, %v", err, cmd.Wait())
		}
	}
	for range moments {
		if err := w.DB.Ping(w.ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Process.Kill(); err != nil { // SIGKILL: nothing is cleaned up
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, lines)
	_ = cmd.Wait() // it was killed
}

// die has a process kill itself in a transaction: where it writes that message.
func die(t *testing.T, dsn string, message int) {
	t.Helper()
	cmd, lines := start(t, dsn, message)
	_, _ = io.Copy(io.Discard, lines)
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the process was not killed: %v", err)
	}
}

// checkWhole looks at an account after its process was killed, and returns its method.
func (w *world) checkWhole() factor.Method {
	w.t.Helper()
	w.clock.now = lastEvent(w.ctx, w.DB).Add(time.Hour)
	st := w.status()
	if st.Method == "" && st.CodesAll != 0 || st.Method != "" && st.CodesAll != otp.SetSize {
		w.t.Fatalf("in between: %+v", st)
	}
	var changed, accepted int64
	if err := w.DB.Row(w.ctx, "SELECT COALESCE(MAX(at), 0) FROM audit WHERE action LIKE 'method.%'", nil, &changed); err != nil {
		w.t.Fatal(err)
	}
	if n := w.count("sessions WHERE device = 'witness' AND (ended_at = 0) <> (created_at > ?)", changed); n != 0 {
		w.t.Fatalf("%d other sessions live on after a change, or ended without one", n)
	}
	if err := w.DB.Row(w.ctx, "SELECT COALESCE(MAX(at), 0) FROM audit WHERE action = 'second.accepted' AND at > ? AND detail NOT LIKE '%backup%'",
		[]any{changed}, &accepted); err != nil {
		w.t.Fatal(err)
	}
	if !st.LastUsed.Equal(store.Time(accepted)) {
		w.t.Fatalf("last used %v, accepted %v: a code was taken and not accepted", st.LastUsed, store.Time(accepted))
	}
	in := w.signIn(session.Second)
	switch st.Method {
	case factor.TOTP:
		w.must(w.Verify(w.ctx, in, factor.TOTP, w.code(secretIn(w.ctx, w.Service, w.user.ID), 0)))
	case factor.SMS:
		if _, err := w.SendCode(w.ctx, in); err != nil {
			w.t.Fatal(err)
		}
		w.must(w.Verify(w.ctx, in, factor.SMS, w.texted()))
	default:
		w.enrolApp(w.signIn(session.Nothing)) // never locked out
	}
	return st.Method
}

// lastEvent is when something happened last in a database.
func lastEvent(ctx context.Context, db *store.DB) time.Time {
	var at int64
	if err := db.Row(ctx, "SELECT COALESCE(MAX(at), 1800000000000) FROM audit", nil, &at); err != nil {
		panic(err)
	}
	return store.Time(at)
}

// secretIn reads the key of a user's app.
func secretIn(ctx context.Context, s *factor.Service, userID string) []byte {
	var sealed []byte
	if err := s.DB.Row(ctx, "SELECT secret FROM factors WHERE user_id = ?", []any{userID}, &sealed); err != nil {
		panic(err)
	}
	secret, err := s.Keys.Open(seal.Place{Table: "factors", Row: userID, Column: "secret"}, sealed)
	if err != nil {
		panic(err)
	}
	return secret
}

// listener is a notice.Writer whose text messages are read, and which kills its
// process after a message, when that is written but not committed.
type listener struct {
	*notice.Writer
	code string
	left int // messages until then
}

func (l *listener) Tell(ctx context.Context, q store.Q, u people.User, e notice.Event, f notice.Facts, now time.Time) error {
	defer l.die()
	return l.Writer.Tell(ctx, q, u, e, f, now)
}

func (l *listener) TextCode(ctx context.Context, q store.Q, phone, code, dedupe string, expires, now time.Time) error {
	defer l.die()
	l.code = code
	return l.Writer.TextCode(ctx, q, phone, code, dedupe, expires, now)
}

func (l *listener) die() {
	if l.left--; l.left != 0 {
		return
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	panic(err) // not reached
}

// worker is the process to be killed: it changes one account without end.
type worker struct {
	*factor.Service
	ctx  context.Context
	user string
	now  time.Time
	ear  *listener
}

// victim is main of that process.
func victim(dsn string) int {
	ctx := context.Background()
	db, err := store.Open(dsn)
	if err != nil {
		panic(err)
	}
	left, err := strconv.Atoi(os.Getenv(dieEnv))
	if err != nil {
		panic(err)
	}
	ear := &listener{left: left, Writer: &notice.Writer{Keys: masterKeys(), BaseURL: "https://kutano.example", Workspace: "Kutano", Host: "kutano.example"}}
	v := &worker{ctx: ctx, ear: ear, now: lastEvent(ctx, db)}
	v.Service = &factor.Service{DB: db, Keys: masterKeys(), Clock: func() time.Time { return v.now }, Notices: ear, Issuer: "Kutano", Cost: cheap}
	if err := db.Row(ctx, "SELECT id FROM users", nil, &v.user); err != nil {
		panic(err)
	}
	for n := 0; ; n++ {
		v.now = v.now.Add(time.Hour) // past all limits and the steps that were used
		if err := v.step(n); err != nil {
			panic(err)
		}
		fmt.Println(n)
	}
}

// step does one thing that can be done in the present state.
func (v *worker) step(n int) error {
	st, err := v.Status(v.ctx, v.user)
	if err != nil {
		return err
	}
	switch in := v.begin("actor"); {
	case st.Method == "":
		return v.enrol(in, []factor.Method{factor.TOTP, factor.SMS}[n%2])
	case n%5 == 0:
		return v.verify(in, st.Method)
	case n%5 == 1:
		_, err := v.NewCodes(v.ctx, in)
		return err
	case n%5 == 2:
		codes, err := v.NewCodes(v.ctx, in)
		if err == nil {
			_, err = v.Verify(v.ctx, in, factor.Backup, codes[0])
		}
		return err
	case n%5 == 3 && st.Method == factor.TOTP:
		return v.enrol(in, factor.SMS)
	case n%5 == 3:
		return v.enrol(in, factor.TOTP)
	default:
		v.begin("witness")
		return v.Disable(v.ctx, in)
	}
}

// begin begins a session with both factors.
func (v *worker) begin(device string) session.Session {
	var in session.Session
	err := v.DB.Tx(v.ctx, func(q store.Q) (err error) {
		in, _, err = session.Start(v.ctx, q, v.user, "email", device, session.Nothing, v.now)
		return err
	})
	if err != nil {
		panic(err)
	}
	in.Second = v.now
	return in
}

func (v *worker) enrol(in session.Session, m factor.Method) error {
	e, err := v.Enrol(v.ctx, in, m, mobile)
	if err != nil {
		return err
	}
	code := v.ear.code
	if m == factor.TOTP {
		var sealed []byte
		if err := v.DB.Row(v.ctx, "SELECT secret FROM enrolments WHERE id = ?", []any{e.ID}, &sealed); err != nil {
			return err
		}
		secret, err := v.Keys.Open(seal.Place{Table: "enrolments", Row: e.ID, Column: "secret"}, sealed)
		if err != nil {
			return err
		}
		if code, err = otp.Code(secret, otp.Step(v.now)); err != nil {
			return err
		}
	}
	v.begin("witness")
	_, err = v.VerifyEnrolment(v.ctx, in, e.ID, code)
	return err
}

func (v *worker) verify(in session.Session, m factor.Method) error {
	if m == factor.SMS {
		if _, err := v.SendCode(v.ctx, in); err != nil {
			return err
		}
		_, err := v.Verify(v.ctx, in, factor.SMS, v.ear.code)
		return err
	}
	code, err := otp.Code(secretIn(v.ctx, v.Service, v.user), otp.Step(v.now))
	if err != nil {
		return err
	}
	_, err = v.Verify(v.ctx, in, factor.TOTP, code)
	return err
}
