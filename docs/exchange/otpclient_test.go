// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && !race

package exchange

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha512"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan/xserver/xvfb"
	"github.com/kutano/authenticator/vault/secret"
)

// TestOTPClient has the window of OTPClient import files, which its command line
// cannot, and that then make the codes. (Debian's 3.1.4 fails at each plain file of
// Aegis, also at Aegis's own, and reads no JSON of FreeOTP+.)
func TestOTPClient(t *testing.T) {
	need(t, "otpclient", "otpclient-cli", "xdotool", "openbox", "dbus-run-session", "script")
	xvfb.Start(t, 1000, 800)
	manager := exec.CommandContext(t.Context(), "openbox") // without one, menus get no keys
	if err := manager.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = manager.Wait() })
	for _, tc := range []struct {
		target, pass string
		entry        int // of the menu "Import", from 0
	}{
		{"uris", "", 3},  // "FreeOTP+ (key URI)"
		{"aegis", pw, 5}, // "Aegis (encrypted json)"
	} {
		t.Run(tc.target, func(t *testing.T) {
			paths, keys := export(t, tc.target, tc.pass, ascii(samples(t)))
			o := newOTPClient(t)
			for pause := 200 * time.Millisecond; !o.took(paths[0], tc.entry, tc.pass != "", pause, len(keys)); pause *= 2 {
				if pause > 2*time.Second {
					t.Fatal("it does not import the file")
				}
			}
			o.has(keys)
			for _, k := range keys {
				if k.Type == otpauth.TOTP {
					sameCode(t, k, func() string { return o.code(k) })
				}
			}
		})
	}
}

// ascii leaves out names with other letters.
func ascii(all []foreign.Entry) []foreign.Entry {
	return slices.DeleteFunc(all, func(e foreign.Entry) bool {
		return strings.ContainsFunc(e.Key.Issuer+e.Key.Account, func(r rune) bool { return r > '~' })
	})
}

const pw = "correct horse"

// there is what the database has before: the program does other things with an empty one.
const there = `[{"type":"TOTP","label":"before","issuer":"There","secret":"GEZDGNBVGY3TQOJQ","digits":6,"algo":"SHA1","period":30}]`

// otpClient is the program with a home of its own and a small database.
type otpClient struct {
	t        *testing.T
	home, db string
}

func newOTPClient(t *testing.T) *otpClient {
	t.Helper()
	home := t.TempDir()
	o := &otpClient{t, home, filepath.Join(home, "db.enc")}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(home, ".config"), 0o700))
	must(os.MkdirAll(filepath.Join(home, ".config", "gtk-3.0"), 0o700))
	must(os.WriteFile(filepath.Join(home, ".config", "gtk-3.0", "settings.ini"), []byte("[Settings]\ngtk-enable-animations=0\n"), 0o600))
	config := "[config]\ndb_path=" + o.db + "\nuse_secret_service=false\n"
	must(os.WriteFile(filepath.Join(home, ".config", "otpclient.cfg"), []byte(config), 0o600))
	head := foreign.RandomBytes(16 + 32) // a vector and a salt, then AES-GCM over the list of accounts
	key, err := pbkdf2.Key(sha512.New, pw, head[16:], 100_000, 32)
	must(err)
	block, err := aes.NewCipher(key)
	must(err)
	gcm, err := cipher.NewGCMWithNonceSize(block, 16)
	must(err)
	must(os.WriteFile(o.db, gcm.Seal(slices.Clone(head), head[:16], []byte(there), head), 0o600))
	return o
}

func (o *otpClient) env() []string {
	return append(os.Environ(), "HOME="+o.home, "XDG_CONFIG_HOME="+filepath.Join(o.home, ".config"), "XDG_CACHE_HOME="+o.home, "XDG_DATA_HOME="+o.home,
		"LC_ALL=C.UTF-8", "NO_AT_BRIDGE=1", "GTK_THEME=Adwaita", "GDK_BACKEND=x11", "GSETTINGS_BACKEND=memory")
}

// took starts the program, imports a file by its menus and ends it. It tells
// whether so many accounts came into the database. Between two keys it waits for so long: that a
// menu has opened is not to be seen from outside.
func (o *otpClient) took(file string, entry int, locked bool, pause time.Duration, accounts int) bool {
	o.t.Helper()
	ctx, cancel := context.WithCancel(o.t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, "dbus-run-session", "--", "otpclient")
	cmd.Env, cmd.WaitDelay = o.env(), time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the bus and what it starts
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	defer cancel()
	w := window{ctx, pause}
	w.front("Password")
	w.keys("type", pw)
	w.keys("key", "Return")
	const first, line = 77, 26 // of the menu's entries, below the upper edge
	main := w.front("OTPClient")
	w.click(main, 154, 26)    // the menu
	w.click(main, 208, first) // "Import"
	w.click(main, 208, first+entry*line)
	w.front("Open File")
	w.keys("key", "ctrl+l")
	w.keys("key", "ctrl+a")
	w.keys("type", file)
	w.keys("key", "Return")
	if locked {
		w.front("Password")
		w.keys("type", pw)
		w.keys("key", "Return")
	}
	for range 20 {
		// It writes in place: what is half there reads as nothing that is known.
		if now, err := o.accounts(); err == nil && len(now) == accounts+1 {
			return true
		}
		w.wait()
	}
	return false
}

// window sends keys to a program.
type window struct {
	ctx   context.Context
	pause time.Duration
}

func (w window) wait() {
	select {
	case <-time.After(w.pause):
	case <-w.ctx.Done():
	}
}

// front waits for a window, gives it the keyboard and returns its id.
func (w window) front(title string) string {
	for range 25 {
		out, err := exec.CommandContext(w.ctx, "xdotool", "search", "--onlyvisible", "--name", "^"+title+"$").Output()
		if ids := strings.Fields(string(out)); err == nil && len(ids) > 0 {
			w.wait()
			_ = exec.CommandContext(w.ctx, "xdotool", "windowactivate", ids[len(ids)-1]).Run()
			w.wait()
			return ids[len(ids)-1]
		}
		w.wait()
	}
	return ""
}

// click clicks so many pixels from the right and from the top of a window.
func (w window) click(id string, right, y int) {
	out, _ := exec.CommandContext(w.ctx, "xdotool", "getwindowgeometry", "--shell", id).Output()
	_, after, _ := strings.Cut(string(out), "WIDTH=")
	text, _, _ := strings.Cut(after, "\n")
	width, _ := strconv.Atoi(text)
	_ = exec.CommandContext(w.ctx, "xdotool", "mousemove", "--window", id, strconv.Itoa(width-right), strconv.Itoa(y), "click", "1").Run()
	w.wait()
}

func (w window) keys(how string, what ...string) {
	_ = exec.CommandContext(w.ctx, "xdotool", append([]string{how, "--delay", "10", "--"}, what...)...).Run() // what fails is seen by the database
	w.wait()
}

// accounts reads the database.
func (o *otpClient) accounts() ([]foreign.Entry, error) {
	data, err := os.ReadFile(o.db)
	if err != nil {
		return nil, err
	}
	found, err := exchange.Read(o.t.Context(), []*foreign.Source{foreign.NewSource("", data)}, func(_ context.Context, q exchange.Question) (secret.Value, error) {
		if q.Wrong {
			return secret.Value{}, errors.New("the password is wrong")
		}
		return secret.FromString(pw), nil
	}, nil)
	if err != nil {
		return nil, err
	}
	return found.Entries, found.Files[0].Err
}

// has checks that the accounts in the database are these, and the one before.
func (o *otpClient) has(keys []otpauth.Key) {
	o.t.Helper()
	say := func(k otpauth.Key) string {
		return fmt.Sprintf("%v %s %s %x %v %d %d %d", k.Type, k.Issuer, k.Account, k.Secret.Bytes(), k.Algorithm, k.Digits, k.Period, k.Counter)
	}
	now, err := o.accounts()
	if err != nil {
		o.t.Fatal(err)
	}
	var got, want []string
	for _, e := range now {
		if e.Key.Issuer == "There" {
			continue
		}
		if e.Err != nil {
			o.t.Errorf("%s: %v", e.Label, e.Err)
		}
		got = append(got, say(e.Key))
	}
	for _, k := range keys {
		want = append(want, say(k))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		o.t.Errorf("it has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// code asks the command line, which reads a password from a terminal only, and
// throws away what came before it listens: some time after it asked.
func (o *otpClient) code(k otpauth.Key) string {
	o.t.Helper()
	quote := func(s string) string { return "'" + s + "'" }
	var said string
	for pause := 200 * time.Millisecond; pause < 5*time.Second; pause *= 2 {
		var err error
		if said, err = o.show("otpclient-cli show -m -a "+quote(k.Account)+" -i "+quote(k.Issuer), pause); err == nil {
			break
		}
	}
	fields := strings.Fields(said)
	if len(fields) == 0 {
		o.t.Fatal("otpclient-cli says nothing")
	}
	return fields[len(fields)-1]
}

func (o *otpClient) show(command string, pause time.Duration) (said string, err error) {
	o.t.Helper()
	cmd := exec.CommandContext(o.t.Context(), "script", "--quiet", "--echo", "never", "--return", "--command", command, "/dev/null")
	cmd.Env = o.env()
	in, err := cmd.StdinPipe()
	if err != nil {
		o.t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	w := window{o.t.Context(), pause}
	w.wait()
	_, _ = io.WriteString(in, pw+"\n")
	w.wait()
	_ = in.Close() // else script does not end
	err = cmd.Wait()
	_, said, _ = strings.Cut(out.String(), "password: ")
	return said, err
}
