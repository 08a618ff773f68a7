// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package post_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/post"
)

// box is a mail server that keeps what it gets, or refuses it.
type box struct {
	mu               sync.Mutex
	mails            []string
	user             string
	mail, rcpt, data error
}

func (b *box) NewSession(*smtp.Conn) (smtp.Session, error) { return &dialogue{b: b}, nil }

type dialogue struct {
	b *box
}

func (*dialogue) Reset()                   {}
func (*dialogue) Logout() error            { return nil }
func (*dialogue) AuthMechanisms() []string { return []string{sasl.Plain} }

func (d *dialogue) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "kutano" || password != "secret" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		d.b.mu.Lock()
		defer d.b.mu.Unlock()
		d.b.user = user
		return nil
	}), nil
}

func (d *dialogue) Mail(string, *smtp.MailOptions) error { return d.b.mail }
func (d *dialogue) Rcpt(string, *smtp.RcptOptions) error { return d.b.rcpt }

func (d *dialogue) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if d.b.data != nil {
		return d.b.data
	}
	d.b.mu.Lock()
	defer d.b.mu.Unlock()
	d.b.mails = append(d.b.mails, string(raw))
	return nil
}

// certificate makes one for localhost, and the pool that trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(c)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// serve starts a server and returns how to reach it.
func serve(t *testing.T, b *box, security post.Security) (c post.Config, stop func()) {
	t.Helper()
	cert, pool := certificate(t)
	server := smtp.NewServer(b)
	server.Domain, server.ErrorLog = "localhost", quiet{}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	switch security {
	case post.STARTTLS:
		server.TLSConfig = config
	case post.Implicit:
		listener = tls.NewListener(listener, config)
	case post.None:
	}
	go func() { _ = server.Serve(listener) }() // it ends with Close
	stop = func() {                            // Close knows the listener only once Serve does
		_ = server.Close()
		_ = listener.Close()
	}
	t.Cleanup(stop)
	return post.Config{
		Host: "localhost", Port: port, Security: security, From: "Kutano <no-reply@kutano.example>",
		TLS: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
	}, stop
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

var message = outbox.Message{
	Channel: outbox.Mail, To: "ana@example.org", Subject: "Your Kutano verification code", Dedupe: "mailcode:1:1",
	Text: "Your code is:\n\n    123456\n\n" + strings.Repeat("A long line. ", 20), Written: time.UnixMilli(1_800_000_000_000),
}

func password(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func send(t *testing.T, c post.Config, m outbox.Message) error {
	t.Helper()
	s, err := post.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s.Send(t.Context(), m)
}

func trouble(t *testing.T, err error) outbox.TroubleError {
	t.Helper()
	var e *outbox.TroubleError
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(e.Error(), "ana@") || strings.Contains(e.Error(), "123456") {
		t.Fatalf("the error tells of the message: %v", e)
	}
	return *e
}

func TestSend(t *testing.T) {
	for _, security := range []post.Security{post.STARTTLS, post.Implicit, post.None} {
		t.Run(string(security), func(t *testing.T) {
			b := &box{}
			c, _ := serve(t, b, security)
			if security != post.None {
				c.User, c.PasswordFile = "kutano", password(t, "secret\n")
			}
			for range 2 { // the second as after a crash
				if err := send(t, c, message); err != nil {
					t.Fatal(err)
				}
			}
			if len(b.mails) != 2 || b.user != c.User {
				t.Fatalf("%d mails from %q", len(b.mails), b.user)
			}
			m, err := mail.ReadMessage(strings.NewReader(b.mails[0]))
			if err != nil {
				t.Fatal(err)
			}
			for header, want := range map[string]string{
				"From": `"Kutano" <no-reply@kutano.example>`, "To": "<ana@example.org>", "Subject": message.Subject,
				"Message-Id": "<" + message.ID() + "@kutano.example>", "Auto-Submitted": "auto-generated", "User-Agent": "",
			} {
				if got := m.Header.Get(header); got != want {
					t.Errorf("%s: %q", header, got)
				}
			}
			if at, err := m.Header.Date(); err != nil || !at.Equal(message.Written) {
				t.Errorf("date %v, %v", at, err)
			}
			if !strings.Contains(b.mails[0], "    123456") {
				t.Errorf("the code is not in a line of its own:\n%s", b.mails[0])
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	refuse := func(code int) error { return &smtp.SMTPError{Code: code, Message: "ana@example.org 123456"} }
	for name, tt := range map[string]struct {
		b    *box
		want outbox.TroubleError
	}{
		"no such mailbox": {&box{rcpt: refuse(550)}, outbox.TroubleError{Word: "smtp-550", Final: true}},
		"greylisted":      {&box{rcpt: refuse(451)}, outbox.TroubleError{Word: "smtp-451"}},
		"mailbox full":    {&box{data: refuse(452)}, outbox.TroubleError{Word: "smtp-452"}},
		"taken for spam":  {&box{data: refuse(554)}, outbox.TroubleError{Word: "smtp-554", Final: true}},
		"another sender":  {&box{mail: refuse(550)}, outbox.TroubleError{Word: "smtp-550", Away: true}}, // the configuration's trouble
		"too many mails":  {&box{mail: refuse(421)}, outbox.TroubleError{Word: "smtp-421", Away: true}},
	} {
		c, _ := serve(t, tt.b, post.None)
		if got := trouble(t, send(t, c, message)); got != tt.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A server that cannot be reached, is not who it should be, or does not know us,
// takes nothing now; nothing is given up for it.
func TestAway(t *testing.T) {
	for name, tt := range map[string]struct {
		security post.Security
		change   func(c *post.Config, stop func())
		word     string
	}{
		"gone":                   {post.None, func(_ *post.Config, stop func()) { stop() }, "unreachable"},
		"another certificate":    {post.Implicit, func(c *post.Config, _ func()) { c.TLS = nil }, "certificate"},
		"no TLS where it has to": {post.None, func(c *post.Config, _ func()) { c.Security = post.STARTTLS }, "failed"},
		"wrong password": {post.STARTTLS, func(c *post.Config, _ func()) {
			c.User, c.PasswordFile = "kutano", password(t, "wrong")
		}, "smtp-535"},
		"no password": {post.STARTTLS, func(c *post.Config, _ func()) {
			c.User, c.PasswordFile = "kutano", filepath.Join(t.TempDir(), "none")
		}, "password file"},
	} {
		b := &box{}
		c, stop := serve(t, b, tt.security)
		tt.change(&c, stop)
		if got := trouble(t, send(t, c, message)); got.Final || !got.Away || got.Word != tt.word {
			t.Errorf("%s: %+v", name, got)
		}
		s, err := post.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(t.Context()); err == nil {
			t.Errorf("%s: the check finds nothing", name)
		}
		if len(b.mails) != 0 {
			t.Errorf("%s: a mail was sent", name)
		}
	}
}

func TestCheck(t *testing.T) {
	b := &box{}
	c, _ := serve(t, b, post.STARTTLS)
	c.User, c.PasswordFile = "kutano", password(t, "secret")
	s, err := post.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context()); err != nil || b.user != "kutano" || len(b.mails) != 0 {
		t.Fatalf("%v, as %q, %d mails", err, b.user, len(b.mails))
	}
}

// Nothing that someone typed becomes a header or another recipient.
func TestInjection(t *testing.T) {
	b := &box{}
	c, _ := serve(t, b, post.None)
	for _, m := range []outbox.Message{
		{To: "ana@example.org\r\nBcc: eve@example.org"},
		{To: "ana@example.org", Subject: "x\r\nBcc: eve@example.org"},
		{To: "ana@example.org, eve@example.org"},
		{To: "ana"},
		{},
	} {
		if got := trouble(t, send(t, c, m)); !got.Final || got.Word != "address" {
			t.Errorf("%q, %q: %+v", m.To, m.Subject, got)
		}
	}
	dot := message
	dot.Text = "a\r\n.\r\nMAIL FROM:<eve@example.org>\r\n"
	if err := send(t, c, dot); err != nil {
		t.Fatal(err)
	}
	if len(b.mails) != 1 || !strings.Contains(b.mails[0], "MAIL FROM:<eve@example.org>") {
		t.Fatalf("%d mails", len(b.mails))
	}
}

func TestConfig(t *testing.T) {
	good := post.Config{Host: "mail.example.org", Security: post.STARTTLS, From: "no-reply@kutano.example"}
	if _, err := post.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*post.Config){
		"no TLS to elsewhere":  func(c *post.Config) { c.Security = post.None },
		"no such security":     func(c *post.Config) { c.Security = "ssl" },
		"no host":              func(c *post.Config) { c.Host = "" },
		"no sender":            func(c *post.Config) { c.From = "" },
		"user alone":           func(c *post.Config) { c.User = "u" },
		"password alone":       func(c *post.Config) { c.PasswordFile = "f" },
		"password without TLS": func(c *post.Config) { c.Host, c.Security, c.User, c.PasswordFile = "localhost", post.None, "u", "f" },
	} {
		c := good
		change(&c)
		if _, err := post.New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
