// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/secret/canary"
	"github.com/kutano/authenticator/vault/snapshot"
)

// planted is a data folder with something made up for the run in everything that a
// person can fill in, and in all that is secret.
type planted struct {
	canary.Hunt
	t    *testing.T
	dir  string
	now  time.Time
	pass string
}

// word makes a text up, and has it searched for.
func (p *planted) word(name string) string {
	w := canary.Word(24)
	p.Text(name, w)
	return w
}

func plant(t *testing.T) *planted {
	keystore.SetEffort(-1)
	backupcodes.SetWorkFactor(1)
	snapshot.SetWorkFactor(1)
	t.Cleanup(func() { keystore.SetEffort(keystore.Usual) })
	p := &planted{t: t, now: time.Date(2026, 9, 2, 9, 41, 17, 0, time.UTC)}
	p.dir = filepath.Join(t.TempDir(), p.word("a part of the folder's path"))
	p.pass = p.word("the passphrase")
	p.Code("a phone number", "4930123456789")
	p.Text("the time to the second", "2026-09-02T09:41:17")
	if host, err := os.Hostname(); err == nil && len(host) >= 8 {
		p.Text("the computer's name", host)
	}
	return p
}

func (p *planted) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// vault makes a vault in a sealed file: an account of Kutano's, one of a service
// of somebody's own, one that was removed.
func (p *planted) vault() *vault.Vault {
	p.t.Helper()
	v, err := vault.Open(p.t.Context(), vault.Options{
		Dir: p.dir, Store: keystore.File, Now: func() time.Time { return p.now },
		Passphrase: func(context.Context, bool) (secret.Value, error) { return secret.FromString(p.pass), nil },
	})
	p.check(err)
	p.t.Cleanup(func() { _ = v.Close() })
	for _, issuer := range []string{"Kutano " + p.word("a part of Kutano's issuer"), p.word("a private service"), p.word("a removed service")} {
		key := canary.NewKey()
		p.Key("a key", key)
		name := p.word("an account's name") + "@" + p.word("a domain") + ".example"
		k, err := otpauth.Parse("otpauth://totp/x:" + name + "?secret=" + key + "&issuer=" + issuer[:6] + "&" + "extra=" + p.word("a parameter"))
		p.check(err)
		k.Issuer = issuer
		a, err := v.Add(p.t.Context(), k)
		p.check(err)
		p.Text("an account's id", string(a.ID))
		d := a.Details()
		d.Note, d.Tags, d.Icon = p.word("a note"), []string{p.word("a tag")}, p.word("an icon")
		_, err = v.Update(p.t.Context(), a.ID, d)
		p.check(err)
		p.check(v.MarkVerified(p.t.Context(), a.ID, p.now))
	}
	p.check(v.Remove(p.t.Context(), v.Accounts()[2].ID))
	recovery := snapshot.NewKey()
	p.Phrase("the recovery key", recovery.Words())
	p.check(v.SetRecovery(p.t.Context(), recovery))
	return v
}

// safe makes a safe with a set that is here and one that is elsewhere.
func (p *planted) safe(account vault.ID) *backupcodes.Safe {
	p.t.Helper()
	s, err := backupcodes.Open(p.dir, func() time.Time { return p.now })
	p.check(err)
	p.check(s.Create(p.t.Context(), secret.FromString(p.word("the safe's passphrase"))))
	codes := []secret.Value{secret.FromString(p.word("a backup code")), secret.FromString(p.word("another backup code"))}
	_, err = s.Keep(p.t.Context(), backupcodes.New{Account: string(account), Title: "Kutano " + p.word("a title"), Codes: codes})
	p.check(err)
	_, err = s.Note(p.t.Context(), backupcodes.New{Title: "Kutano " + p.word("another title"), Where: p.word("a place"), Count: 5})
	p.check(err)
	return s
}

// link writes what is linked.
func (p *planted) link() {
	p.t.Helper()
	p.check(os.WriteFile(filepath.Join(p.dir, "link.json"), []byte(`{
	  "version": 1, "address": "https://`+p.word("the service's address")+`.example",
	  "who": {"id": "`+p.word("the user's id")+`", "email": "`+p.word("an e-mail address")+`@example.com", "name": "`+p.word("the user's name")+`"},
	  "since": "2026-08-02T09:41:17Z", "scopes": ["status"],
	  "seen": {
	    "enabled": true, "method": "totp", "since": "2026-03-02T09:00:00Z", "drift_steps": 0,
	    "backup_codes": {"left": 9, "all": 10, "made_at": "2026-03-02T09:00:00Z", "saved": true, "new_advised": true},
	    "failures": 0, "blocked": false
	  },
	  "seen_at": "2026-09-02T09:41:17Z", "untold": ["codes-new"]}`), 0o600))
}

// profile uses a workspace's own.
func (p *planted) profile() profile.Profile {
	p.t.Helper()
	own, err := profile.Parse([]byte(`version = 1
name = "` + p.word("the workspace's name") + `"
issuers = ["Kutano", "` + p.word("an issuer that is the workspace's") + `"]
settings = "https://app.kutano.com/settings"
help = "https://` + p.word("an address of the workspace") + `.example"
contact = "` + p.word("whom to ask") + `, +49 30 123456789"
`))
	p.check(err)
	p.check(profile.In(p.dir).Use(own))
	return own
}

// clock notes what was measured, with the user's own time servers.
func (p *planted) clock() clock.Status {
	p.t.Helper()
	at := clock.Times{Wall: p.now, Boot: time.Hour, BootID: p.word("the id of a start")}
	c := clock.Open(p.dir, func() clock.Times { return at })
	p.check(c.Allow(clock.OnDemand, []string{p.word("a time server") + ".example"}))
	p.check(c.Take(clock.Single(clock.Estimate{
		Offset: 47230 * time.Millisecond, Uncertainty: time.Second, Kind: clock.NTP,
		Name: p.word("a measured server") + ".example", Operator: p.word("its operator"),
	}, at)))
	return c.Status()
}

// Nothing that names anybody or anything, and nothing secret, is in a report: what is
// planted is in the folder, and in no byte of either form. R53
func TestCanary(t *testing.T) {
	p := plant(t)
	v := p.vault()
	safe := p.safe(v.Accounts()[0].ID)
	p.link()
	l, ok, err := (&remote.Home{Dir: p.dir}).Linked()
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	s := report.Sources{
		Sources: standing.Sources{
			GOOS: "linux", Version: "0.1.0", Profile: p.profile(), Accounts: v.Accounts(), Removed: v.Removed(), Kind: v.Kind(),
			Now: p.now, Clock: p.clock(), Hint: system.Hint{Zone: p.word("a time zone")}, Linked: &l, Sets: safe.Sets(), Upkeep: upkeep.Open(p.dir).Load(),
			StoreErr: &os.PathError{Op: "open", Path: p.dir, Err: keystore.ErrDamaged},
		},
		Running: report.Here(), Guarded: v.Guarded(), Aside: len(v.Aside()), Notices: v.Notices(), KeyBytes: map[vault.ID]int{},
	}
	for _, a := range v.Accounts() {
		if s.KeyBytes[a.ID], err = v.KeyLength(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
	}
	r := report.New(s)
	if r.Accounts.Count != 2 || r.Accounts.Kutano != 1 || r.Accounts.Sorts[0].KeyBytes != 20 || r.Standing.Clock != "slow-30" || r.Link.Method != "totp" {
		t.Errorf("%+v", r)
	}
	p.Saw("the report as text", []byte(r.Text()))
	p.Saw("the report as JSON", r.JSON())
	for file, mark := range map[string]string{ // it is there to be found
		"accounts.json": "a private service", "backup-codes.json": "a place", "link.json": "an e-mail address",
		"profile.json": "whom to ask", "clock.json": "a time server",
	} {
		b, err := os.ReadFile(filepath.Join(p.dir, file))
		p.check(err)
		p.Saw(file, b)
		p.Allow(file)
		p.Want(file, mark)
	}
	p.Check(t)
}
