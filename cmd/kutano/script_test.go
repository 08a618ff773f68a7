// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
)

// The scripts read like a manual. In them
//
//	kutano ARGS… [< FILE] [N< FILE]…  runs the program; "! kutano" wants it to fail
//	exits N                 tells the exit code of the last run
//	picture FILE TEXTFILE…  draws QR codes, one below the other, into a PNG
//	truncate FILE SIZE      cuts a file
//	full ARGS…              runs the program with its output on a full disk
//	flip FILE OFFSET        changes a byte of a file; from its end where OFFSET is negative
//	spoil                   puts an unreadable entry into the keyring
//	wipe                    takes every key of the data folder out of the keyring
//	take FILE [N]           copies the newest snapshot, or the Nth before it; $SNAPSHOT is its name
//	newkey NAME             draws a recovery key: NAME.words.txt has its words, NAME.key.txt its
//	                        identity, others have mistakes, see newKey
//	backup FILE KEYFILE TEXTFILE  encrypts any text to the recovery key of a key file
//	age KEYFILE FILE        opens a file with nothing but age; =FILE holds a passphrase
//	lock                    locks the keyring, where there is one
//	json FIELD=VALUE…       looks into the object that was printed last
//	timeserver NAME OFFSET  starts a time server that is ahead by so much; $NAME is its address
//	measured OFFSET [alone] notes that a majority, or one source alone, said how far the clock is off
//	train SCENARIO MOVE…    runs kutano practice, answers a call with these moves, and ends it by Ctrl+C
//	othercode               writes the code that another device shows now into the file other
//	truly                   wants the first code printed to be the one of true time
//
// The clock of the device is off by $KUTANO_TEST_CLOCK, as "-47s"; where it is
// changed, the clock was set.
//
// Where a script has a file named passphrase, each run gets it by
// --passphrase-fd and --store file: then the keys are in a sealed file.
//
// Every run is held to one thing beside what its script says: no key that
// stands in the script's files appears in what it prints, but in show-qr, and no
// recovery key at all.

func TestScripts(t *testing.T) {
	for name := range atOnce {
		if _, err := os.Stat(filepath.Join("testdata/script", name+".txtar")); err != nil {
			t.Error(err)
		}
	}
	// No keyring is reached: the bus is nowhere.
	p := params("testdata/script", "unix:path=/nonexistent/bus")
	p.Cmds["timeserver"] = timeServers(t)
	p.Cmds["train"] = train(t)
	setup := p.Setup
	p.Setup = func(env *testscript.Env) error {
		if !atOnce[strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")] {
			program, err := quick()
			if err != nil {
				return err
			}
			env.Setenv(programVar, program)
		}
		return setup(env)
	}
	testscript.Run(t, p)
}

// atOnce are the scripts of commands that do several things at once: ask servers,
// read the screen, follow the time. Where the race detector is on they are run
// under it, as are all with a keyring; in the others each run is one thing after
// the other, in packages whose own tests are under it.
var atOnce = map[string]bool{
	"clock": true, "clockcompare": true, "code": true, "import": true, "link": true, "scan": true, "setup": true, "snapshot": true,
}

// programVar names the program that a script runs, where it is not the one on the PATH.
const programVar = "KUTANO_TEST_PROGRAM"

// R19 R20: the same with the keys in a real keyring.
func TestScriptsWithKeyring(t *testing.T) {
	keyring := keyringtest.Start(t)
	p := params("testdata/keyring", keyring.Address)
	p.Cmds["spoil"] = spoil
	p.Cmds["wipe"] = wipe
	testscript.Run(t, p)
}

// spoil puts a page into the keyring that holds an entry nobody can read.
func spoil(ts *testscript.TestScript, _ bool, _ []string) {
	store, err := keystore.OpenKeyring(space(ts))
	ts.Check(err)
	page := "kutano1 9\nabcdefghijkl otpauth://totp/Broken:one?secret=0189&issuer=Broken\n"
	ts.Check(store.Put(context.Background(), keystore.Item{Name: "page-1", Value: secret.FromString(page)}))
	ts.Check(store.Close())
}

// The keyring of these scripts is locked by their command lock.
func TestScriptsWithLockedKeyring(t *testing.T) {
	keyring := keyringtest.Start(t)
	p := params("testdata/locked", keyring.Address)
	p.Cmds["lock"] = func(*testscript.TestScript, bool, []string) { keyring.Lock(t) }
	testscript.Run(t, p)
}

func params(dir, bus string) testscript.Params {
	return testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("KUTANO_DATA", filepath.Join(env.WorkDir, "data"))
			env.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
			env.Setenv("LC_ALL", "C.UTF-8")
			for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"} {
				env.Setenv(name, "")
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"kutano":    runKutano,
			"exits":     wantExit,
			"picture":   drawPicture,
			"json":      wantJSON,
			"full":      runFull,
			"newkey":    newKey,
			"backup":    makeBackup,
			"age":       ageOpens,
			"flip":      flip,
			"truly":     truly,
			"othercode": otherCode,
			"measured":  measured,
			"take":      takeSnapshot,
			"truncate": func(ts *testscript.TestScript, _ bool, args []string) {
				size, err := strconv.ParseInt(args[1], 10, 64)
				ts.Check(err)
				ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
			},
		},
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("there is no condition %s", name)
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	}
}

func runKutano(ts *testscript.TestScript, neg bool, args []string) {
	cmd, done := kutano(ts, args)
	defer done()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	ts.Setenv("BEGAN", strconv.FormatInt(time.Now().Unix(), 10))
	err := cmd.Run()
	_, _ = ts.Stdout().Write(out.Bytes())
	_, _ = ts.Stderr().Write(errs.Bytes())
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("run kutano: %v", err)
	}
	ts.Setenv("EXIT", strconv.Itoa(cmd.ProcessState.ExitCode()))
	ts.Setenv("PRINTED", out.String())
	if out.Len() > 0 {
		ts.Logf("[stdout]\n%s", out.String())
	}
	if errs.Len() > 0 {
		ts.Logf("[stderr]\n%s", errs.String())
	}
	if strings.Contains(errs.String(), "panic") || strings.Contains(errs.String(), "goroutine ") {
		ts.Fatalf("kutano panicked")
	}
	if !slices.Contains(args, "show-qr") {
		wantNoKey(ts, out.String()+errs.String())
	}
	wantNoRecoveryKey(ts, out.String()+errs.String())
	if neg == (err == nil) {
		ts.Fatalf("kutano %s: exit code %s", strings.Join(args, " "), ts.Getenv("EXIT"))
	}
}

// kutano prepares a run; done closes its files.
func kutano(ts *testscript.TestScript, args []string) (cmd *exec.Cmd, done func()) {
	var open []io.Closer
	done = func() {
		for _, c := range open {
			_ = c.Close()
		}
	}
	file := func(name string) *os.File {
		f, err := os.Open(ts.MkAbs(name))
		ts.Check(err)
		open = append(open, f)
		return f
	}
	name := ts.Getenv(programVar)
	if name == "" {
		var err error
		name, err = exec.LookPath("kutano")
		ts.Check(err)
	}
	cmd = exec.Command(name)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environment(ts)
	if i := slices.Index(args, "<"); i >= 0 && i+1 < len(args) {
		cmd.Stdin = file(args[i+1])
		args = slices.Delete(slices.Clone(args), i, i+2)
	}
	if _, err := os.Stat(ts.MkAbs("passphrase")); err == nil && !slices.Contains(args, "tour") {
		args = append([]string{"--store", "file", "--passphrase-fd", "3", "3<", "passphrase"}, args...)
	}
	for n := 3; n < 9; n++ {
		i := slices.Index(args, strconv.Itoa(n)+"<")
		if i < 0 || i+1 == len(args) {
			break // the numbers are used in their order
		}
		cmd.ExtraFiles = append(cmd.ExtraFiles, file(args[i+1]))
		args = slices.Delete(slices.Clone(args), i, i+2)
	}
	cmd.Args = append(cmd.Args, args...)
	return cmd, done
}

func environment(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "KUTANO_DATA", "DBUS_SESSION_BUS_ADDRESS", "LC_ALL", "DISPLAY", "TMPDIR", "TMP", "SYSTEMROOT", "GOCOVERDIR", turnedBy,
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// runFull runs kutano with its output on a full disk.
func runFull(ts *testscript.TestScript, _ bool, args []string) {
	cmd, done := kutano(ts, args)
	defer done()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	ts.Check(err)
	defer full.Close()
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = full, &errs
	_ = cmd.Run()
	_, _ = ts.Stderr().Write(errs.Bytes())
	ts.Setenv("EXIT", strconv.Itoa(cmd.ProcessState.ExitCode()))
}

func wantExit(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 || neg {
		ts.Fatalf("usage: exits N")
	}
	if got := ts.Getenv("EXIT"); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

var keyInURI = regexp.MustCompile(`(?i)secret=([a-z2-7]{8,})|^([A-Z2-7 ]{16,})$`)

// wantNoKey is the canary: no key of the script's files is printed.
func wantNoKey(ts *testscript.TestScript, printed string) {
	files, err := os.ReadDir(ts.MkAbs("."))
	ts.Check(err)
	for _, f := range files {
		if f.IsDir() || filepath.Ext(f.Name()) != ".txt" {
			continue
		}
		for line := range strings.Lines(ts.ReadFile(f.Name())) {
			for _, m := range keyInURI.FindAllStringSubmatch(strings.TrimSpace(line), -1) {
				key := strings.ToUpper(m[1] + m[2])
				if strings.Contains(strings.ToUpper(printed), key) || strings.Contains(printed, key[:8]) {
					ts.Fatalf("a key of %s was printed", f.Name())
				}
			}
		}
	}
}
