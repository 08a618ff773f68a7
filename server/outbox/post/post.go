// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package post sends mails by SMTP: with STARTTLS, with TLS from the start, and
// without TLS to loopback only.
package post

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"os"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/kutano/authenticator/server/outbox"
)

// Security is how the connection is protected.
type Security string

// The ways. With STARTTLS a server that does not offer it is not used.
const (
	STARTTLS Security = "starttls" // RFC 3207, port 587
	Implicit Security = "tls"      // RFC 8314, port 465
	None     Security = "none"     // to loopback only
)

// Config says how to reach the server.
type Config struct {
	Host     string
	Port     int // 0 is 587, 465 or 25, by Security
	Security Security
	// User and PasswordFile are for servers that want to know who sends; "" both for
	// others. The file is read for each mail, so that a new password needs no restart.
	User, PasswordFile string
	// From is who mails come from: "Kutano <no-reply@kutano.example>".
	From string
	// TLS has the certificates to trust; nil is the system's.
	TLS *tls.Config
}

// Sender sends mails.
type Sender struct {
	config Config
	from   *netmail.Address
	domain string // of the sender's address, for Message-ID
}

// New checks a configuration and returns a Sender. It asks the server nothing.
func New(c Config) (*Sender, error) {
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, errors.New("mail: the sender's address is not understood")
	}
	ports := map[Security]int{STARTTLS: 587, Implicit: 465, None: 25}
	port, ok := ports[c.Security]
	switch {
	case !ok:
		return nil, fmt.Errorf("mail: security is starttls, tls or none, not %q", string(c.Security))
	case c.Host == "":
		return nil, errors.New("mail: the server's name is missing")
	case c.Security == None && !loopback(c.Host):
		return nil, errors.New("mail: without TLS only a server on this machine is used")
	case (c.User == "") != (c.PasswordFile == ""):
		return nil, errors.New("mail: user and the file with the password are given together")
	case c.Security == None && c.User != "":
		return nil, errors.New("mail: a password is not sent without TLS")
	}
	if c.Port == 0 {
		c.Port = port
	}
	return &Sender{config: c, from: from, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:]}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands a mail to the server.
func (s *Sender) Send(ctx context.Context, m outbox.Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // a failure to say goodbye changes nothing
		return nil
	}
	return troubleOf(err)
}

// Check connects and signs in as for a mail, and sends none.
func (s *Sender) Check(ctx context.Context) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	c, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return troubleOf(err)
	}
	_ = client.CloseWithSMTPClient(c) // it answered: that was the question
	return nil
}

func (s *Sender) compose(m outbox.Message) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	// An address or a subject of several lines would be headers of its own.
	if strings.ContainsAny(m.To+m.Subject, "\r\n\x00") || msg.To(m.To) != nil {
		return nil, &outbox.TroubleError{Word: "address", Final: true}
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID() + "@" + s.domain)
	msg.SetDateWithValue(m.Written)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answers, please
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	return msg, nil
}

func (s *Sender) client() (*mail.Client, error) {
	c := s.config
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TLS != nil {
		conf = c.TLS.Clone()
	}
	conf.ServerName = c.Host
	options := []mail.Option{mail.WithPort(c.Port), mail.WithTimeout(15 * time.Second), mail.WithTLSConfig(conf)}
	switch c.Security {
	case Implicit:
		options = append(options, mail.WithSSL())
	case STARTTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case None:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if c.User != "" {
		password, err := os.ReadFile(c.PasswordFile)
		if err != nil {
			return nil, &outbox.TroubleError{Word: "password file", Away: true}
		}
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(c.User), mail.WithPassword(strings.TrimSpace(string(password))))
	}
	client, err := mail.NewClient(c.Host, options...)
	if err != nil {
		return nil, &outbox.TroubleError{Word: "configuration", Away: true}
	}
	return client, nil
}

// troubleOf tells what a failure means (RFC 5321, 4.2.1). Only a server that
// refuses this recipient or this content with 5yz will never take the mail; one
// that refuses the sender or the password does so until the configuration is right.
func troubleOf(err error) error {
	var sending *mail.SendError
	var reply *textproto.Error
	var network net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &sending) && sending.ErrorCode() >= 400:
		about := sending.Reason == mail.ErrSMTPRcptTo || sending.Reason == mail.ErrSMTPData || sending.Reason == mail.ErrSMTPDataClose
		final := about && sending.ErrorCode() >= 500
		return &outbox.TroubleError{Word: fmt.Sprintf("smtp-%d", sending.ErrorCode()), Final: final, Away: !about}
	case errors.As(err, &certificate):
		return &outbox.TroubleError{Word: "certificate", Away: true}
	case errors.As(err, &reply):
		return &outbox.TroubleError{Word: fmt.Sprintf("smtp-%d", reply.Code), Away: true}
	case errors.Is(err, context.Canceled):
		return &outbox.TroubleError{Word: "interrupted", Away: true}
	case errors.As(err, &network), errors.Is(err, net.ErrClosed):
		return &outbox.TroubleError{Word: "unreachable", Away: true}
	}
	return &outbox.TroubleError{Word: "failed", Away: true}
}
