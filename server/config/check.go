// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Check finds what cannot work or would not be safe, all of it at once.
func (c *Config) Check() error {
	return errors.Join(c.checkAddress(), c.checkBase(), c.checkProxies(), c.checkDatabase(), c.checkSMTP(), c.checkSMS(),
		c.checkProvider("google", c.Google), c.checkProvider("apple", c.Apple), c.checkWords())
}

// Encrypted tells whether users reach the service by HTTPS.
func (c *Config) Encrypted() bool { return strings.HasPrefix(c.BaseURL, "https://") }

func (c *Config) checkAddress() error {
	if (c.TLS.Certificate == "") != (c.TLS.Key == "") {
		return errors.New("tls: certificate and key belong together")
	}
	if c.TLS.Certificate == "" && !c.BehindProxy && !loopback(c.Address) {
		return fmt.Errorf("address: %s is reached from other machines, and codes would go there in the clear: "+
			"set tls.certificate and tls.key, or behind_proxy = true if a proxy in front speaks TLS", c.Address)
	}
	if _, _, err := net.SplitHostPort(c.Address); err != nil {
		return errors.New("address: it looks like 127.0.0.1:8080")
	}
	if c.MetricsAddress != "" {
		if _, _, err := net.SplitHostPort(c.MetricsAddress); err != nil {
			return errors.New("metrics_address: it looks like 127.0.0.1:9464")
		}
	}
	return nil
}

// loopback tells whether an address to listen at is reached from this machine
// only. A name is not trusted: what it means is decided elsewhere.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func (c *Config) checkBase() error {
	u, err := url.Parse(c.BaseURL)
	if c.BaseURL == "" || err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil ||
		(u.Scheme != "https" && u.Scheme != "http") {
		return errors.New("base_url: it looks like https://app.example.com, without a path")
	}
	if u.Scheme == "https" {
		return nil
	}
	if host, err := netip.ParseAddr(u.Hostname()); u.Hostname() != "localhost" && (err != nil || !host.IsLoopback()) {
		return errors.New("base_url: users reach the service by https; http is for this machine alone")
	}
	return nil
}

func (c *Config) checkProxies() error {
	c.proxies = nil
	for _, text := range c.TrustedProxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			ip, err := netip.ParseAddr(text)
			if err != nil {
				return fmt.Errorf("trusted_proxies: %q is no address and no network", text)
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		if p.Bits() == 0 {
			return errors.New("trusted_proxies: a network of everyone would let everyone say who they are")
		}
		c.proxies = append(c.proxies, p.Masked())
	}
	return nil
}

func (c *Config) checkDatabase() error {
	switch {
	case (c.Database.DSN == "") == (c.Database.File == ""):
		return errors.New("database: set dsn or dsn_file, for example  dsn = \"sqlite:/var/lib/kutano-2fa/kutano.db\"")
	case HasPassword(c.Database.DSN):
		return errors.New("database.dsn: it has a password; put it into a file of its own and name that in database.dsn_file")
	}
	return nil
}

// HasPassword tells whether the address of a database has a password in it.
func HasPassword(dsn string) bool {
	if strings.HasPrefix(dsn, "sqlite:") {
		return false
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return strings.Contains(dsn, "@") // it may hold one; it is not looked at any closer
	}
	_, inUser := u.User.Password()
	return inUser || u.Query().Has("password") || u.Query().Has("sslpassword")
}

func (c *Config) checkSMTP() error {
	m := &c.SMTP
	if m.Host == "" {
		return errors.New("smtp.host: codes and notices go by mail: name a mail server")
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		return errors.New("smtp.from: it looks like  Kutano <no-reply@example.com>")
	}
	switch m.TLS {
	case StartTLS, Implicit:
	case None:
		if ip, err := netip.ParseAddr(m.Host); err != nil || !ip.IsLoopback() {
			return errors.New("smtp.tls: \"none\" is for a mail server at 127.0.0.1 alone; codes would go there in the clear")
		}
	default:
		return errors.New("smtp.tls: one of starttls, implicit, none")
	}
	if (m.Username == "") != (m.PasswordFile == "") {
		return errors.New("smtp: username and password_file belong together")
	}
	if m.TLS == None && m.Username != "" {
		return errors.New("smtp: a password is not sent without TLS")
	}
	if m.Port == 0 {
		m.Port = 587
		if m.TLS == Implicit {
			m.Port = 465
		}
	}
	if m.Port < 1 || m.Port > 65535 {
		return errors.New("smtp.port: from 1 to 65535")
	}
	return nil
}

func (c *Config) checkSMS() error {
	s := c.SMS
	if s.Account == "" || s.TokenFile == "" || s.From == "" {
		return errors.New("sms: text messages are one of the two methods: set account, token_file and from")
	}
	u, err := url.Parse(s.Messages())
	if err != nil || u.Host == "" || u.User != nil || !strings.HasSuffix(u.Path, messages) {
		return errors.New("sms.url: it looks like https://api.twilio.com/2010-04-01/Accounts/ACCOUNT/Messages.json")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); u.Scheme != "https" && (u.Scheme != "http" || err != nil || !ip.IsLoopback()) {
		return errors.New("sms.url: it has to begin with https://")
	}
	return nil
}

func (c *Config) checkProvider(name string, p Provider) error {
	if p.ClientID == "" {
		if p.ClientSecretFile != "" {
			return fmt.Errorf("%s: client_id is missing", name)
		}
		return nil
	}
	if p.ClientSecretFile == "" {
		return fmt.Errorf("%s: client_secret_file is missing", name)
	}
	if u, err := url.Parse(p.Issuer); err != nil || u.Scheme != "https" && !strings.HasPrefix(p.Issuer, "http://127.0.0.1:") {
		return fmt.Errorf("%s.issuer: it has to begin with https://", name)
	}
	return nil
}

func (c *Config) checkWords() error {
	if strings.TrimSpace(c.Workspace) == "" || len(c.Workspace) > 64 || strings.ContainsAny(c.Workspace, ":\r\n") {
		return errors.New("workspace: a name of at most 64 characters, without a colon: it stands in users' apps")
	}
	if c.TextsPerHour < 0 {
		return errors.New("texts_per_hour: it is a number of messages, 0 for the usual")
	}
	if c.PhoneRegion != "" && phonenumbers.GetCountryCodeForRegion(c.PhoneRegion) == 0 {
		return errors.New("phone_region: two capital letters of a country, such as DE")
	}
	if c.RequireSecondFactor != OfStaff && c.RequireSecondFactor != OfAll {
		return errors.New("require_second_factor: one of staff, all")
	}
	if strings.ContainsAny(c.SMSHost, " /@#:") {
		return errors.New("sms_host: the name of a host alone")
	}
	return nil
}
