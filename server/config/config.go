// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package config reads what an operator writes: one TOML file, which flags can
// override. docs/kutano-2fa.toml shows all of it.
//
// Secrets never stand in the file, in arguments or in the environment: the file
// names files that hold them, which only the service's account may read. A name
// that is not known, a wrong type and an unsafe combination are errors that say
// where and what to do.
package config

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/kutano/authenticator/server/signin"
)

// Config is the file.
type Config struct {
	// Address is where the service listens: "127.0.0.1:8080".
	Address string `toml:"address"`
	// BaseURL is where users reach it, without a path.
	BaseURL string `toml:"base_url"`
	// Workspace is the name that users know.
	Workspace string `toml:"workspace"`
	// BehindProxy: a proxy in front speaks TLS, so plain HTTP is right here.
	BehindProxy bool `toml:"behind_proxy"`
	// TrustedProxies are the addresses and networks whose X-Forwarded-For is believed.
	TrustedProxies []string `toml:"trusted_proxies"`
	// MetricsAddress is where Prometheus asks, "" nowhere.
	MetricsAddress string `toml:"metrics_address"`
	// TimeServers are asked by NTP whether the clock is right.
	TimeServers []string `toml:"time_servers"`
	// PhoneRegion is where numbers without a country are taken to be: "DE". "" refuses them.
	PhoneRegion string `toml:"phone_region"`
	// TextsPerHour is how many text messages with codes go in an hour for all users
	// together, so that nobody runs up a bill. 0 is factor.TextsPerHour.
	TextsPerHour int `toml:"texts_per_hour"`
	// SMSHost is what text messages with a code end with; the host of BaseURL unless told.
	SMSHost string `toml:"sms_host"`

	// Contact says whom to ask who cannot get in: "Ada in IT, extension 12". It may be empty.
	Contact string `toml:"contact"`

	// RequireSecondFactor says who cannot do without one: "staff", the people of the desk, or "all".
	RequireSecondFactor string `toml:"require_second_factor"`

	TLS      TLS      `toml:"tls"`
	Database Database `toml:"database"`
	Keys     Keys     `toml:"keys"`
	SMTP     SMTP     `toml:"smtp"`
	SMS      SMS      `toml:"sms"`
	Google   Provider `toml:"google"`
	Apple    Provider `toml:"apple"`

	proxies []netip.Prefix
}

// TLS are certificate files in PEM. They are read again when they change.
type TLS struct {
	Certificate string `toml:"certificate"`
	Key         string `toml:"key"`
}

// Database says where the database is; one of the two.
type Database struct {
	// DSN is "sqlite:PATH" or "postgres://USER@HOST/NAME", without a password.
	DSN string `toml:"dsn"`
	// File holds a DSN, which may have a password.
	File string `toml:"dsn_file"`
}

// Keys are what everything secret in the database is sealed with.
type Keys struct {
	// Files hold one key each; the first seals, all of them open.
	Files []string `toml:"files"`
}

// SMTP is how mails go.
type SMTP struct {
	Host         string `toml:"host"`
	Port         int    `toml:"port"` // 587 unless told, with tls = "implicit" 465
	From         string `toml:"from"`
	Username     string `toml:"username"`
	PasswordFile string `toml:"password_file"`
	// TLS is "starttls" (unless told), "implicit", or "none", which only loopback may.
	TLS string `toml:"tls"`
}

// SMS is how text messages go: the shape of Twilio's Messages.json.
type SMS struct {
	// URL is where messages are posted, ending with /Messages.json; Twilio's for the account unless told.
	URL       string `toml:"url"`
	Account   string `toml:"account"`
	TokenFile string `toml:"token_file"`
	From      string `toml:"from"` // a number in E.164, or a sender's name
}

// Messages is where messages are posted.
func (s SMS) Messages() string {
	if s.URL != "" {
		return s.URL
	}
	return "https://api.twilio.com/2010-04-01/Accounts/" + url.PathEscape(s.Account) + messages
}

// Ask is where the account is asked for.
func (s SMS) Ask() string { return strings.TrimSuffix(s.Messages(), messages) + ".json" }

const messages = "/Messages.json"

// Provider is a client at an issuer of OpenID Connect. Without a client id it is not offered.
type Provider struct {
	Issuer           string `toml:"issuer"` // the provider's own unless told
	ClientID         string `toml:"client_id"`
	ClientSecretFile string `toml:"client_secret_file"`
}

// Defaults are what holds where the file says nothing.
func Defaults() Config {
	return Config{
		Address:             "127.0.0.1:8080",
		Workspace:           "Kutano",
		RequireSecondFactor: OfStaff,
		MetricsAddress:      "127.0.0.1:9464",
		SMTP:                SMTP{TLS: StartTLS},
		Google:              Provider{Issuer: "https://accounts.google.com"},
		Apple:               Provider{Issuer: "https://appleid.apple.com"},
	}
}

// Who cannot do without a second factor.
const (
	OfStaff = "staff"
	OfAll   = "all"
)

// How mail servers are spoken to.
const (
	StartTLS = "starttls"
	Implicit = "implicit"
	None     = "none"
)

// Proxies are the networks of TrustedProxies, once Check passed.
func (c *Config) Proxies() []netip.Prefix { return c.proxies }

// Providers reads the secrets of the providers that are set up.
func (c *Config) Providers() ([]signin.Provider, error) {
	var all []signin.Provider
	for _, p := range []struct {
		name string
		Provider
	}{{"google", c.Google}, {"apple", c.Apple}} {
		if p.ClientID == "" {
			continue
		}
		secret, err := Secret(p.name+".client_secret_file", p.ClientSecretFile)
		if err != nil {
			return nil, err
		}
		all = append(all, signin.Provider{Name: p.name, Issuer: p.Issuer, ClientID: p.ClientID, ClientSecret: secret})
	}
	return all, nil
}
