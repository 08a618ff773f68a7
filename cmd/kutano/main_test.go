// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/snapshot"
)

// TestMain lets the test binary be the program under the name kutano, and puts
// it on the scripts' PATH under that name.
func TestMain(m *testing.M) {
	keystore.SetEffort(-1)
	snapshot.SetWorkFactor(4)
	backupcodes.SetWorkFactor(4)
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == "kutano" {
		turnClock()
		main()
	}
	dir, err := os.MkdirTemp("", "kutano-bin-")
	if err == nil {
		err = install(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "install kutano for the scripts:", err)
		os.Exit(1)
	}
	code := practicetest.Main(m)
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func install(dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	name := "kutano"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if err := os.Link(self, filepath.Join(dir, name)); err != nil {
		if err := os.Symlink(self, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

// quick is the program as TestMain makes it, where passphrases cost little,
// without the race detector: with it each run takes three times as long.
var quick = sync.OnceValues(func() (string, error) {
	self, err := exec.LookPath("kutano")
	if err != nil || !raced() {
		return self, err
	}
	name := filepath.Join(filepath.Dir(self), "quick", filepath.Base(self)) // TestMain removes it
	out, err := exec.Command("go", "test", "-c", "-o", name, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("build kutano: %w: %s", err, out)
	}
	return name, err
})

// raced tells whether this program was built with the race detector.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
