// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package exchange

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

var update = flag.Bool("update", false, "write docs/exchange.md anew")

const (
	page     = "../exchange.md"
	rooms    = "../../vault/exchange"
	manifest = "../../../shared/corpus/imports/MANIFEST.json"
)

// proof says what the tests prove of a format.
type proof struct {
	locked bool     // files under a password are read
	own    []string // tests with files that were made for them
	peers  []string // tests with another program, which reads what is written or wrote what is read
	other  string   // the manifest's name for its samples, where that is another
}

var proofs = map[string]proof{
	"aegis":                   {true, []string{"TestAegis", "TestAegisSealed", "FuzzAegis"}, []string{"TestOTPClient"}, ""},
	"2fas":                    {true, []string{"TestTwoFAS", "TestTwoFASSealed", "TestTwoFASReference", "FuzzTwoFAS"}, nil, ""},
	"bitwarden-authenticator": {false, []string{"TestBitwardenAuthenticator", "FuzzBitwardenAuthenticator"}, nil, ""},
	"ente":                    {true, []string{"TestEnte", "TestEnteSealed", "FuzzEnte"}, nil, ""},
	"stratum":                 {true, []string{"TestStratum", "TestStratumSealed", "FuzzStratum", "FuzzStratumDatabase"}, nil, ""},
	"andotp":                  {true, []string{"TestAndOTP", "TestAndOTPSealed", "FuzzAndOTP"}, nil, ""},
	"freeotp-plus":            {false, []string{"TestFreeOTPPlus", "FuzzFreeOTPPlus"}, nil, ""},
	"lastpass":                {false, []string{"TestLastPass", "FuzzLastPass"}, nil, ""},
	"proton-authenticator":    {true, []string{"TestProtonAuthenticator", "TestProtonAuthenticatorSealed", "FuzzProtonAuthenticator"}, nil, ""},
	"raivo":                   {true, []string{"TestRaivo", "TestRaivoArchive", "FuzzRaivo"}, nil, ""},
	"steam":                   {false, []string{"TestSteam", "TestSteamManifest", "FuzzSteam"}, nil, ""},
	"duo":                     {false, []string{"TestDuo", "FuzzDuo"}, nil, ""},
	"otpclient":               {true, []string{"TestOTPClient", "FuzzOTPClient"}, []string{"TestOTPClient"}, ""},
	"cotp":                    {true, []string{"TestCotp", "TestCotpSealed", "FuzzCotp"}, nil, ""},
	"gnome-authenticator":     {false, []string{"TestGnomeAuthenticator", "FuzzGnomeAuthenticator"}, nil, ""},
	"bitwarden":               {true, []string{"TestBitwarden", "TestBitwardenUnderPassword", "FuzzBitwarden"}, nil, ""},
	"proton-pass":             {false, []string{"TestProtonPass", "FuzzProtonPass"}, nil, ""},
	"keepass":                 {true, []string{"TestKeePass", "TestKeePassVersions", "FuzzKeePass"}, []string{"TestKeePassXC", "TestKeePassXCReads", "TestKeePassXCWrites"}, ""},
	"1password":               {false, []string{"TestOnePassword", "FuzzOnePassword"}, nil, ""},
	"pass":                    {true, []string{"TestPass", "FuzzPassEntry"}, []string{"TestPassStore"}, ""},
	"winauth":                 {true, []string{"TestWinAuth", "TestWinAuthConfig", "FuzzWinAuth"}, nil, ""},
	"enpass":                  {false, []string{"TestEnpass", "FuzzEnpass"}, nil, ""},
	"2fa":                     {false, []string{"TestTwoFA", "FuzzTwoFA"}, nil, ""},
	"keepassxc":               {false, []string{"TestTables", "TestKeePassExport"}, []string{"TestKeePassXCWrites"}, ""},
	"lastpass-vault":          {false, []string{"TestTables", "FuzzTables"}, nil, ""},
	"apple-passwords":         {false, []string{"TestTables", "FuzzTables"}, nil, ""},
	"dashlane":                {false, []string{"TestTables", "FuzzTables"}, nil, ""},
	"nordpass":                {false, []string{"TestTables", "FuzzTables"}, nil, ""},
	"roboform":                {false, []string{"TestTables", "FuzzTables"}, nil, ""},
	"csv":                     {false, []string{"TestTables", "FuzzTables"}, nil, ""},
	"zip":                     {false, []string{"TestOtherArchives", "TestArchiveBomb"}, nil, ""},
	"google-authenticator":    {false, []string{"TestTexts", "TestDatabases", "FuzzGoogleDatabase"}, []string{"TestZBar"}, ""},
	"microsoft-authenticator": {false, []string{"TestDatabases", "FuzzMicrosoft"}, nil, ""},
	"authy":                   {true, []string{"TestAuthyPreferences", "TestAuthyJSON", "FuzzAuthy"}, nil, ""},
	"freeotp":                 {true, []string{"TestFreeOTP1", "TestFreeOTP2", "FuzzFreeOTP1", "FuzzFreeOTP2"}, nil, ""},
	"authenticator-plus":      {true, []string{"TestDatabases", "FuzzAuthenticatorPlus"}, nil, ""},
	"totp-authenticator":      {true, []string{"TestTOTPAuthenticator", "FuzzTOTPAuthenticator"}, nil, ""},
	"battlenet":               {false, []string{"TestBattlenet", "FuzzBattlenet"}, nil, ""},
	"uri-list":                {false, []string{"TestTexts", "TestAnyList", "FuzzTexts"}, []string{"TestOathtool", "TestPass", "TestOTPClient"}, ""},
	"otpauth-qr":              {false, []string{"TestPictures", "TestFrames", "FuzzFrames"}, []string{"TestZBar"}, "google-authenticator-qr"},
}

// peersOf are the programs by the tests that call them.
var peersOf = map[string]string{
	"TestOTPClient": "OTPClient", "TestOathtool": "oathtool", "TestPass": "pass-otp", "TestPassStore": "gpg", "TestZBar": "zbarimg",
	"TestKeePassXC": "keepassxc-cli", "TestKeePassXCReads": "keepassxc-cli", "TestKeePassXCWrites": "keepassxc-cli",
}

// count is how many samples of an app there are.
type count struct{ all, locked int }

func corpus(t *testing.T) map[string]count {
	t.Helper()
	data, err := os.ReadFile(manifest)
	if os.IsNotExist(err) && os.Getenv("CI") != "true" {
		t.Skipf("the corpus is not beside the repository: %v", err)
	}
	var all []struct {
		App       string
		Encrypted bool
	}
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]count{}
	for _, s := range all {
		c := n[s.App]
		c.all++
		if s.Encrypted {
			c.locked++
		}
		n[s.App] = c
	}
	return n
}

// testNames returns the tests that there are, in the packages that prove.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	form := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for _, dir := range []string{rooms, "."} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, m := range form.FindAllSubmatch(source, -1) {
				names[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// row is a line of the table.
type row struct {
	format foreign.Format
	target []foreign.Target
}

// rows are all formats, those that are read first.
func rows() []row {
	var all []row
	at := func(id string) int { return slices.IndexFunc(all, func(r row) bool { return r.format.ID == id }) }
	for _, f := range exchange.Formats() {
		if at(f.ID) < 0 {
			all = append(all, row{format: f})
		}
	}
	for _, target := range exchange.Targets() {
		i := at(target.Format.ID)
		if i < 0 {
			all, i = append(all, row{format: target.Format}), len(all)
		}
		all[i].target = append(all[i].target, target)
	}
	return all
}

// TestTable writes what is read, written and proven of each format, and fails
// where nothing is, or the page says something else.
func TestTable(t *testing.T) {
	samples, names := corpus(t), testNames(t)
	var b strings.Builder
	b.WriteString(head)
	known := map[string]bool{}
	for _, r := range rows() {
		p, ok := proofs[r.format.ID]
		if !ok || len(p.own) == 0 {
			t.Errorf("nothing proves that %s is read", r.format.ID)
		}
		known[r.format.ID] = true
		for _, name := range slices.Concat(p.own, p.peers) {
			if !names[name] {
				t.Errorf("%s: there is no %s", r.format.ID, name)
			}
		}
		for _, name := range p.peers {
			if peersOf[name] == "" {
				t.Errorf("%s: which program is it that %s calls?", r.format.ID, name)
			}
		}
		n := samples[r.format.ID]
		if p.other != "" {
			n.all += samples[p.other].all
		}
		if n.locked > 0 && !p.locked {
			t.Errorf("%s: there are samples under a password", r.format.ID)
		}
		b.WriteString(r.line(p, n))
	}
	for id := range proofs {
		if !known[id] {
			t.Errorf("%s is proven and is no format", id)
		}
	}
	b.WriteString(middle)
	for _, target := range exchange.Targets() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", target.ID, target.App, lockings[target.Locking], holds(target))
	}
	b.WriteString(foot)
	if !t.Failed() {
		compare(t, b.String())
	}
}

var lockings = map[foreign.Locking]string{foreign.NeverLocked: "no", foreign.MayBeLocked: "if wanted", foreign.AlwaysLocked: "always"}

func (r row) line(p proof, n count) string {
	write, locked := "", "no"
	if p.locked {
		locked = "yes"
	}
	for _, target := range r.target {
		write = "`" + target.ID + "`"
		if target.Locking != foreign.NeverLocked {
			write += ", encrypted " + lockings[target.Locking]
		}
	}
	var with []string
	if n.all > 0 {
		with = append(with, fmt.Sprintf("samples: %d", n.all))
	}
	with = append(with, strings.Join(p.own, ", "))
	tests := map[string][]string{} // by program
	for _, test := range p.peers {
		tests[peersOf[test]] = append(tests[peersOf[test]], test)
	}
	for _, program := range slices.Sorted(maps.Keys(tests)) {
		with = append(with, program+": "+strings.Join(tests[program], ", "))
	}
	return fmt.Sprintf("| %s | `%s` | %s | %s | %s |\n", r.format.App, r.format.ID, locked, write, strings.Join(with, "; "))
}

func holds(target foreign.Target) string {
	var all []string
	for _, h := range []struct {
		bit  foreign.Beside
		name string
	}{
		{foreign.Tags, "tags"},
		{foreign.FirstTag, "the first tag"},
		{foreign.Note, "the note"},
		{foreign.Favourite, "favourites"},
		{foreign.Parameters, "unknown parameters"},
	} {
		if target.Holds&h.bit != 0 {
			all = append(all, h.name)
		}
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

func compare(t *testing.T, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != text {
		t.Error("docs/exchange.md says other than there is; write it with: go test ./docs/exchange -run TestTable -update")
	}
}

const head = `# From other apps and to other apps

What is read, what is written, and what proves it. The table is written by the tests in docs/exchange, with

    go test ./docs/exchange -run TestTable -update

and they fail where it would say something else. A file is recognised by its content, whatever its name. Samples are files
of the app that other projects test with: each of their entries comes out with exactly its parameters and codes, or is
refused where it has to be (TestManifest in vault/exchange). The tests that are named first read files that were made for
them, and damaged ones. Then come other people's programs that run in our tests: they read what we write, or wrote what we read.

| app | format | under a password | written | proven with |
|---|---|---|---|---|
`

const middle = `
## What is written

Every file is read back before it is said to be there: each account with its names, key and parameters, and nothing else.
Any accounts that a format has a place for are read back from it, tested with random ones (TestRoundTrips,
TestRoundTripsLocked). What it has no place for is left out and named, with the reason; nothing is changed to fit. Beside
the key goes along what the format has a place for.

| target | for | encrypted | beside the key |
|---|---|---|---|
`

const foot = `
Not all that a file may say is taken by the app it is for, so the rules here are the app's:

- **2FAS** on iOS replaces digits and periods that it does not know by the usual ones without a word, cuts names after 50
  characters and keeps one account of those that share a secret; it opens no file whose password has other than ASCII letters.
- **FreeOTP+** looks accounts up by their names, makes Steam codes for whatever is named Steam, and notes the counter one lower.
- **Bitwarden** refuses a whole file for one field that is too long, and knows no counters.
- **KeePass** keeps counters for six digits and SHA1 only. KeePassXC shows no codes for them.
- **Google Authenticator** has six and eight digits, 30 seconds, and no Steam codes.

OTPClient 3.1.4, Debian's, fails at each unencrypted file of Aegis, also at Aegis's own, and cuts its database short for
names with letters beyond ASCII; the tests give it none of these. Printed sheets hold all accounts with a QR code each; the
tests read them from the rendered pages (recovery/sheet, TestAccountsAreScanned).
`
