// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package doctor_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/kutano/authenticator/server/config"
	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/doctor"
	"github.com/kutano/authenticator/server/drift/ntptest"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// place is a machine on which everything is right.
type place struct {
	doctor.Examination
	folder   string
	provider http.HandlerFunc // of text messages
	sent     []string         // mails
}

func healthy(t *testing.T) *place {
	t.Helper()
	p := &place{folder: t.TempDir()}
	write := func(name, text string) string {
		path := filepath.Join(p.folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	p.provider = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{\"ok\":true}\n") })
	mux.HandleFunc("GET /2010-04-01/Accounts/AC1.json", func(w http.ResponseWriter, r *http.Request) { p.provider(w, r) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /issuer/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": server.URL + "/issuer", "authorization_endpoint": server.URL, "token_endpoint": server.URL, "jwks_uri": server.URL,
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})

	c := config.Defaults()
	c.BaseURL = server.URL
	c.TimeServers = []string{ntptest.Serve(t, 2, moment.Now)}
	c.Database.DSN = "sqlite:" + filepath.Join(p.folder, "kutano.db")
	c.Keys.Files = []string{write("key", hex.EncodeToString(bytes.Repeat([]byte{5}, seal.KeySize)))}
	host, port := p.post(t)
	c.SMTP = config.SMTP{Host: host, Port: port, TLS: config.None, From: "no-reply@example.com"}
	c.SMS = config.SMS{URL: server.URL + "/2010-04-01/Accounts/AC1/Messages.json", Account: "AC1", TokenFile: write("token", "hunter2"), From: "+46701740605"}
	c.Google = config.Provider{Issuer: server.URL + "/issuer", ClientID: "id", ClientSecretFile: write("secret", "hunter2")}
	p.Config = c
	db, err := store.Open(c.Database.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *place) NewSession(*smtp.Conn) (smtp.Session, error) { return (*taker)(p), nil }

type taker place

func (d *taker) Mail(string, *smtp.MailOptions) error { return nil }
func (d *taker) Reset()                               {}
func (d *taker) Logout() error                        { return nil }

func (d *taker) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == "refused@example.com" {
		return errors.New("not for us")
	}
	d.sent = append(d.sent, to)
	return nil
}

func (d *taker) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// post starts a mail server.
func (p *place) post(t *testing.T) (host string, port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(p)
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	host, text, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if port, err = strconv.Atoi(text); err != nil {
		t.Fatal(err)
	}
	return host, port
}

// examine returns the findings, the worst of each check.
func (p *place) examine(t *testing.T) map[string]doctor.Finding {
	t.Helper()
	byCheck := map[string]doctor.Finding{}
	for _, f := range p.Run(t.Context()) {
		if had, ok := byCheck[f.Check]; !ok || doctor.Worst([]doctor.Finding{had, f}) != had.Level {
			byCheck[f.Check] = f
		}
		if strings.Contains(f.Text+f.Do, "hunter2") {
			t.Errorf("%s tells a secret: %s", f.Check, f.Text)
		}
		if f.Level == doctor.Bad && f.Text == "" {
			t.Errorf("%s does not say what is wrong", f.Check)
		}
	}
	return byCheck
}

func TestAllIsWell(t *testing.T) {
	p := healthy(t)
	for check, f := range p.examine(t) {
		if f.Level != doctor.Fine {
			t.Errorf("%s: %s %s", check, f.Level, f.Text)
		}
	}
	if len(p.sent) != 0 {
		t.Errorf("mails went to %v without being asked for", p.sent)
	}
}

func TestWhatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(t *testing.T, p *place)
		check  string
		level  doctor.Level
		want   string
	}{
		"clock ahead": {func(_ *testing.T, p *place) {
			p.Clock = func() time.Time { return moment.Now().Add(47 * time.Second) }
		}, "clock", doctor.Bad, "seconds ahead"},
		"clock behind": {func(t *testing.T, p *place) {
			p.Config.TimeServers = []string{ntptest.Serve(t, 2, func() time.Time { return moment.Now().Add(time.Minute) })}
		}, "clock", doctor.Bad, "seconds behind"},
		"clock a little off": {func(_ *testing.T, p *place) {
			p.Clock = func() time.Time { return moment.Now().Add(2 * time.Second) }
		}, "clock", doctor.Fine, "ahead"},
		"no time servers": {func(_ *testing.T, p *place) { p.Config.TimeServers = nil }, "clock", doctor.Warn, "time_servers"},
		"no time": {func(t *testing.T, p *place) {
			p.Config.TimeServers = []string{ntptest.Serve(t, 0, moment.Now)}
		}, "clock", doctor.Warn, "no time server answered"},
		"unsafe settings": {func(_ *testing.T, p *place) { p.Config.Address = "0.0.0.0:80" }, "settings", doctor.Bad, "in the clear"},
		"key for everyone": {func(t *testing.T, p *place) {
			if err := os.Chmod(p.Config.Keys.Files[0], 0o644); err != nil { // that is the mistake
				t.Fatal(err)
			}
		}, "keys", doctor.Bad, "chmod 600"},
		"key missing": {func(_ *testing.T, p *place) { p.Config.Keys.Files = nil }, "keys", doctor.Bad, "key new"},
		"another key": {func(t *testing.T, p *place) { p.sealWith(t, 6) }, "keys", doctor.Bad, "1 of 1 sealed values"},
		"the key":     {func(t *testing.T, p *place) { p.sealWith(t, 5) }, "keys", doctor.Fine, "all open"},
		"no database": {func(_ *testing.T, p *place) {
			p.Config.Database.DSN = "postgres://kutano@127.0.0.1:1/kutano?connect_timeout=2"
		}, "database", doctor.Bad, "does not answer"},
		"not there yet": {func(_ *testing.T, p *place) {
			p.Config.Database.DSN = "sqlite:" + filepath.Join(p.folder, "other.db")
		}, "database", doctor.Warn, "not there yet"},
		"old tables": {func(t *testing.T, p *place) {
			p.Config.Database.DSN = "sqlite:" + filepath.Join(p.folder, "old.db")
			p.migrate(t, 1)
		}, "database", doctor.Warn, "version 1 of"},
		"PostgreSQL": {func(t *testing.T, p *place) {
			p.Config.Database.DSN = dbtest.PostgresDSN(t)
			p.migrate(t, 0)
		}, "database", doctor.Fine, "postgres://"},
		"no mail server": {func(_ *testing.T, p *place) { p.Config.SMTP.Port = 1 }, "mail", doctor.Bad, "smtp.host"},
		"no TLS there":   {func(_ *testing.T, p *place) { p.Config.SMTP.TLS = config.StartTLS }, "mail", doctor.Bad, "smtp.host"},
		"test mail refused": {func(_ *testing.T, p *place) {
			p.SendTestTo = "refused@example.com"
		}, "mail", doctor.Bad, "not taken"},
		"wrong token": {func(_ *testing.T, p *place) {
			p.provider = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
		}, "sms", doctor.Bad, "refuses the account"},
		"another provider": {func(_ *testing.T, p *place) {
			p.provider = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
		}, "sms", doctor.Warn, "404"},
		"no provider": {func(_ *testing.T, p *place) {
			p.Config.SMS.URL = "http://127.0.0.1:1/2010-04-01/Accounts/AC1/Messages.json"
		}, "sms", doctor.Bad, "cannot be reached"},
		"no issuer":   {func(_ *testing.T, p *place) { p.Config.Google.Issuer += "/none" }, "google", doctor.Bad, "endpoints"},
		"not offered": {func(_ *testing.T, p *place) { p.Config.Google.ClientID = "" }, "google", doctor.Fine, "not offered"},
		"callback":    {func(*testing.T, *place) {}, "google", doctor.Fine, "/signin/google/callback"},
		"not started": {func(_ *testing.T, p *place) { p.Config.BaseURL = "http://127.0.0.1:1" }, "address", doctor.Warn, "does not answer"},
		"someone else": {func(t *testing.T, p *place) {
			s := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(s.Close)
			p.Config.BaseURL = s.URL
		}, "address", doctor.Warn, "not as this service"},
		"certificate of another": {func(t *testing.T, p *place) { p.certify(t, "other.example", time.Hour*24*60) }, "certificate", doctor.Bad, "is not for"},
		"certificate over":       {func(t *testing.T, p *place) { p.certify(t, "127.0.0.1", -time.Hour) }, "certificate", doctor.Bad, "ended"},
		"certificate soon over":  {func(t *testing.T, p *place) { p.certify(t, "127.0.0.1", time.Hour*24) }, "certificate", doctor.Warn, "renew"},
		"certificate":            {func(t *testing.T, p *place) { p.certify(t, "127.0.0.1", time.Hour*24*60) }, "certificate", doctor.Fine, "good until"},
	} {
		t.Run(name, func(t *testing.T) {
			p := healthy(t)
			tt.change(t, p)
			f := p.examine(t)[tt.check]
			if f.Level != tt.level || !strings.Contains(f.Text+f.Do, tt.want) {
				t.Errorf("got %+v, want %s with %q", f, tt.level, tt.want)
			}
		})
	}
}

func TestTestMail(t *testing.T) {
	p := healthy(t)
	p.SendTestTo = "ada@example.com"
	if f := p.examine(t)["mail"]; f.Level != doctor.Fine || len(p.sent) != 1 || p.sent[0] != "ada@example.com" {
		t.Errorf("%+v, sent to %v", f, p.sent)
	}
}

func TestPrint(t *testing.T) {
	found := []doctor.Finding{{Check: "clock", Level: doctor.Fine, Text: "right"}, {Check: "mail", Level: doctor.Bad, Text: "away", Do: "start it"}}
	var b strings.Builder
	if err := doctor.Print(&b, found); err != nil {
		t.Fatal(err)
	}
	if want := "✓ clock        right\n✗ mail         away\n               → start it\n"; b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	b.Reset()
	if err := doctor.PrintJSON(&b, found); err != nil {
		t.Fatal(err)
	}
	var got struct{ Level doctor.Level }
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil || got.Level != doctor.Bad {
		t.Errorf("%+v, %v", got, err)
	}
}

func (p *place) migrate(t *testing.T, version int64) {
	t.Helper()
	db, err := store.Open(p.Config.Database.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.MigrateTo(context.Background(), version); err != nil {
		t.Fatal(err)
	}
}

// sealWith puts a user's app into the database, sealed with a key.
func (p *place) sealWith(t *testing.T, key byte) {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{key}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(p.Config.Database.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.Tx(t.Context(), func(q store.Q) error {
		u, err := people.Create(t.Context(), q, "ana@example.com", "Ana", people.Member, moment.Now())
		if err != nil {
			return err
		}
		sealed := keys.Seal(seal.Place{Table: "factors", Row: u.ID, Column: "secret"}, []byte("a key"))
		_, err = q.Exec(t.Context(), "INSERT INTO factors (user_id, method, secret, created_at) VALUES (?, 'totp', ?, 0)", u.ID, sealed)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// certify gives the place a certificate of its own for a host.
func (p *place) certify(t *testing.T, host string, left time.Duration) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: moment.Now().Add(-time.Hour * 48), NotAfter: moment.Now().Add(left)}
	if ip := net.ParseIP(host); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p.Config.TLS = config.TLS{Certificate: filepath.Join(p.folder, "cert.pem"), Key: filepath.Join(p.folder, "key.pem")}
	for path, block := range map[string]*pem.Block{p.Config.TLS.Certificate: {Type: "CERTIFICATE", Bytes: der}, p.Config.TLS.Key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
