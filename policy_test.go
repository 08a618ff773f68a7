// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package authenticator

import (
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kutano/authenticator/docs/policy"
)

const (
	module  = "github.com/kutano/authenticator"
	licence = "// Copyright 2026 The Kutano Authenticator authors\n// SPDX-License-Identifier: Apache-2.0"
)

// edges are the imports that the house forbids, each with its reason.
var edges = map[string]policy.Edge{
	"Fyne": {
		From:   []string{"./..."},
		But:    []string{"./ui/...", "./cmd/kutano-authenticator/..."},
		To:     []string{"fyne.io/..."},
		Tests:  true,
		Reason: "only the screens and the app know Fyne; all else runs and is tested without a window",
	},
	"Fyne's driver": {
		From:   []string{"./..."},
		But:    []string{"./cmd/kutano-authenticator"},
		To:     []string{"fyne.io/fyne/v2/app"},
		Tests:  true,
		Reason: "it needs cgo and OpenGL; the screens take a fyne.App and are tested without",
	},
	"command line": {
		From:   []string{"./cmd/kutano/..."},
		To:     []string{"fyne.io/...", "./ui/..."},
		Tests:  true,
		Deep:   true,
		Reason: "linking Fyne makes a command several times slower to start",
	},
	"floor of the vault": {
		From:   []string{"./vault/..."},
		To:     []string{"./assets/...", "./cmd/...", "./recovery/...", "./sync/...", "./ui/..."},
		Reason: "the vault stands on nothing of ours: time comes in as a value, words are said above",
	},
	"rooms of the vault": {
		From: []string{
			"./vault/otpauth/...", "./vault/keystore/...", "./vault/scan/...", "./vault/secret/...", "./vault/atomicfile/...",
			"./vault/snapshot/...", "./vault/clipboard/...", "./vault/exchange/...", "./vault/statefile/...",
		},
		To:     []string{"./vault"},
		Tests:  true,
		Reason: "the vault is built from its rooms, not they from it",
	},
	"floor of sync": {
		From:   []string{"./sync/..."},
		To:     []string{"./cmd/...", "./recovery/...", "./ui/..."},
		Reason: "floors, not circles: sync lies below them",
	},
	"floor of recovery": {
		From:   []string{"./recovery/..."},
		To:     []string{"./cmd/...", "./ui/..."},
		Reason: "both app and command line say its messages",
	},
	"floor of the screens": {
		From:   []string{"./ui/...", "./assets/..."},
		To:     []string{"./cmd/..."},
		Reason: "commands wire things together and are imported by nobody",
	},
	"floor of the kit": {
		From:   []string{"./ui/kit/..."},
		To:     []string{"./vault", "./vault/keystore/...", "./recovery/..."},
		Reason: "shared widgets know nothing of accounts and where they are kept",
	},
	"backup codes": {
		From: []string{"./vault/backupcodes/..."},
		To:   []string{"./vault/...", "./sync/...", "./server/...", "net", "net/..."},
		Save: []string{"./vault/backupcodes/...", "./vault/secret", "./vault/atomicfile", "net/url", "net/netip"},
		Deep: true,
		Reason: "the safe for backup codes shares nothing with the accounts " +
			"and never sends anything",
	},
	"network": { // R19
		From:   []string{"./vault/...", "./recovery/...", "./ui/..."},
		To:     []string{"net/http", "net/http/..."},
		Deep:   true,
		Reason: "codes, the vault and the screens work offline; only rooms of sync may ask a server",
	},
	"server": {
		From:   []string{"./..."},
		But:    []string{"./server/..."},
		To:     []string{"./server/..."},
		Tests:  true,
		Reason: "the companion works with no server of ours; the service is a module of its own",
	},
	"the service's floor of the database": {
		From:   []string{"./server/store/...", "./server/seal/...", "./server/moment/...", "./server/refusal/..."},
		To:     []string{"./server/..."},
		Save:   []string{"./server/store/...", "./server/seal/...", "./server/moment/...", "./server/refusal/..."},
		Reason: "database, keys, clock and reasons know nothing of what is built on them",
	},
	"the service's floor of people": {
		From: []string{
			"./server/people/...", "./server/session/...", "./server/audit/...", "./server/limit/...", "./server/outbox/...", "./server/notice/...",
		},
		To: []string{
			"./server/signin/...", "./server/factor/...", "./server/desk/...", "./server/link/...", "./server/web/...", "./server/api/...",
			"./server/pages/...", "./server/service/...", "./server/practice/...", "./server/doctor/...", "./server/command/...",
		},
		Reason: "floors, not circles: server/doc.go has the map",
	},
	"the service's floor of steps": {
		From: []string{"./server/signin/...", "./server/factor/...", "./server/desk/...", "./server/link/..."},
		To: []string{
			"./server/web/...", "./server/api/...", "./server/pages/...", "./server/service/...", "./server/practice/...",
			"./server/doctor/...", "./server/command/...",
		},
		Reason: "what is decided knows nothing of pages and requests",
	},
	"the service's faces": {
		From:   []string{"./server/pages/...", "./server/api/..."},
		To:     []string{"./server/service/...", "./server/practice/...", "./server/doctor/...", "./server/command/..."},
		Reason: "pages and API are put together above; practice is made of them, not they of practice",
	},
	"the service's pages and API": {
		From:   []string{"./server/pages/..."},
		To:     []string{"./server/api/..."},
		Reason: "both stand on the same rooms, neither on the other",
	},
	"the service's practice": {
		From:   []string{"./server/..."},
		But:    []string{"./server/practice/...", "./server/command/...", "./server/cmd/...", "./server/walk/..."},
		To:     []string{"./server/practice/...", "./server/issuer/..."},
		Reason: "sample users and an issuer that asks for nothing must never come near a real service",
	},
	"companion": {
		From:   []string{"./server/..."},
		To:     []string{"./..."},
		Save:   []string{"./server/..."},
		Tests:  true,
		Reason: "the service must not depend on what its users run",
	},
}

// fixtures are packages that only tests may import.
var fixtures = policy.Edge{
	From: []string{"./..."},
	But:  []string{"./docs/benchmarks/...", "./vault/keystore/keyringtest/...", "./vault/keystore/fakesecrets/...", "./vault/secret/canary/..."},
	To: []string{
		"./vault/keystore/keyringtest/...", "./vault/keystore/fakesecrets/...",
		"./vault/atomicfile/faults/...", "./vault/atomicfile/disktest/...", "./vault/secret/canary/...",
		"./ui/queuetest/...",
		"./sync/clock/chronytest/...", "./sync/clock/lietest/...", "./sync/link/practicetest/...", "./sync/link/desktest/...",
		"./server/dbtest/...", "./server/drift/ntptest/...",
	},
	Reason: "they stand in for a real keyring, failing disks, time servers and a service, in tests only",
}

// built are the requirements that each module meets so far.
var built = map[string][]string{
	module: {
		"R06", "R10", "R11", "R12", "R13", "R14", "R15", "R16", "R17", "R18", "R19", "R20", "R21", "R22", "R23",
		"R24", "R25", "R31", "R32", "R33", "R34", "R35", "R36", "R37", "R41", "R42", "R43", "R44", "R45", "R46",
		"R47", "R48", "R49", "R50", "R51", "R52", "R53", "R54", "R55", "R56", "R57", "R58", "R59", "R60", "R61",
		"R62", "R63", "R64", "R65", "R66", "R67", "R68", "R69", "R70", "R71", "R72",
	},
	module + "/server": {
		"R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R11", "R12", "R13",
		"R24", "R25", "R26", "R27", "R28", "R29", "R30", "R31", "R32", "R34", "R35", "R38", "R39", "R40",
		"R42", "R43", "R44", "R45", "R46", "R47", "R50", "R52", "R54", "R55", "R57", "R59", "R60", "R62", "R63", "R66", "R71",
	},
}

var sources = sync.OnceValues(func() (*policy.Tree, error) { return policy.Read(os.DirFS(".")) })

func tree(t *testing.T) *policy.Tree {
	t.Helper()
	s, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func report(t *testing.T, found []policy.Finding) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

func TestImports(t *testing.T) {
	for name, edge := range edges {
		t.Run(name, func(t *testing.T) { report(t, policy.Imports(tree(t), module, edge)) })
	}
	t.Run("fixtures", func(t *testing.T) { report(t, policy.Imports(tree(t), module, fixtures)) })
}

func TestLicenceHeaders(t *testing.T) { report(t, policy.Header(tree(t), licence)) }

func TestPackageDocs(t *testing.T) { report(t, policy.PackageDocs(tree(t))) }

func TestFileLength(t *testing.T) { report(t, policy.Length(tree(t), 450)) }

// What measures a program or waits for one in a test needs real time, and so
// does what measures how fast the device is.
func TestTimeComesIn(t *testing.T) {
	realTime := []string{
		"sync/clock", "sync/clock/chronytest", "sync/clock/lietest", "docs/benchmarks", "vault/keystore/keyringtest", "vault/keystore/fakesecrets",
		"server/moment", "server/bench",
	}
	stopwatch := "vault/keystore/calibrate.go"
	report(t, policy.Uses(tree(t), []string{"time.Now", "time.Since", "time.Until"},
		"take the time as a value or from a clock.Clock",
		func(f *policy.File) bool {
			return f.Test || f.Path == stopwatch || slices.Contains(realTime, path.Dir(f.Path))
		}))
}

// What a test can break, a release must not.
func TestDisksFailInTestsOnly(t *testing.T) {
	report(t, policy.Uses(tree(t), []string{"atomicfile.SetHook", "keystore.SetHook"}, "it is there for tests",
		func(f *policy.File) bool { return f.Test || f.Dir == "vault/atomicfile/faults" }))
}

func TestVaultIsSilent(t *testing.T) {
	report(t, policy.Uses(tree(t), []string{"fmt.Print*", "log.*", "slog.Info*", "slog.Warn*", "slog.Error*", "slog.Debug*", "os.Stdout", "os.Stderr"},
		"the vault returns errors; what prints could print a key",
		func(f *policy.File) bool { return f.Test || !strings.HasPrefix(f.Dir+"/", "vault/") }))
}

func TestNothingLeftOver(t *testing.T) {
	marks := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	report(t, policy.Comments(tree(t), marks, "finish it, or open an issue"))
	unfinished := regexp.MustCompile(`panic\("(?i:to` + `do|not implemented|unimplemented)`)
	report(t, policy.Text(tree(t), unfinished, "finish it"))
}

// What holds keys keeps its memory to itself before it does anything else.
func TestProgramsArePrivate(t *testing.T) {
	for _, main := range []string{"cmd/kutano/main.go", "cmd/kutano-authenticator/main.go"} {
		if !strings.Contains(read(t, main), "\nfunc main() {\n\t_ = secret.Private()") {
			t.Errorf("%s does not begin with secret.Private", main)
		}
	}
}

func TestRequirements(t *testing.T) {
	for in, ids := range built {
		for _, id := range policy.Requirements(tree(t), in, ids) {
			t.Errorf("%s stands in no test's name or comment of %s", id, in)
		}
	}
}

// What the compiler links counts too, not only what our own files import.
func TestLinked(t *testing.T) {
	for _, tc := range []struct {
		program, reason string
		forbidden       []string
	}{
		{"./vault/...", "the vault works offline", []string{"net/http", "fyne.io/..."}},
		{"./cmd/kutano", "the command line starts fast", []string{"fyne.io/...", "google.golang.org/protobuf/proto"}},
	} {
		for _, dep := range policy.Listed(deps(t, tc.program), tc.forbidden) {
			t.Errorf("%s links %s: %s", tc.program, dep, tc.reason)
		}
	}
}

// deps lists what a package is built from, without cgo. It fails on what cannot be.
func deps(t *testing.T, pattern string) []string {
	t.Helper()
	if dir := path.Clean(strings.TrimSuffix(pattern, "...")); !exists(dir) {
		t.Fatalf("there is no %s", dir)
	}
	cmd := exec.Command("go", "list", "-deps", pattern)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list -deps %s: %v", pattern, err)
	}
	return strings.Fields(string(out))
}

func exists(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}
