// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kutano/authenticator/server/config"
)

// defaultConfig is where the configuration is where --config does not say.
const defaultConfig = "/etc/kutano-2fa/kutano-2fa.toml"

// settings are the configuration's file and the flags that override it.
type settings struct {
	path  string
	flags *pflag.FlagSet
	over  config.Config // what flags say
}

// addSettings gives a command the flag --config, and with all the flags that override the file.
func addSettings(c *cobra.Command, all bool) *settings {
	s := &settings{flags: c.Flags()}
	f := s.flags
	f.StringVarP(&s.path, "config", "c", defaultConfig, "the configuration `FILE`")
	if !all {
		return s
	}
	o := &s.over
	f.StringVar(&o.Address, "address", "", "where to listen, such as 127.0.0.1:8080")
	f.StringVar(&o.BaseURL, "base-url", "", "where users reach the service")
	f.StringVar(&o.Workspace, "workspace", "", "the name that users know")
	f.BoolVar(&o.BehindProxy, "behind-proxy", false, "a proxy in front speaks TLS")
	f.StringSliceVar(&o.TrustedProxies, "trusted-proxy", nil, "address or network whose X-Forwarded-For is believed; may be repeated")
	f.StringVar(&o.MetricsAddress, "metrics-address", "", "where Prometheus asks")
	f.StringSliceVar(&o.TimeServers, "time-server", nil, "NTP server to compare the clock with; may be repeated")
	f.StringVar(&o.PhoneRegion, "phone-region", "", "where numbers without a country are taken to be, such as DE")
	f.StringVar(&o.SMSHost, "sms-host", "", "what text messages with a code end with")
	f.StringVar(&o.TLS.Certificate, "tls-certificate", "", "certificate `FILE`")
	f.StringVar(&o.TLS.Key, "tls-key", "", "the certificate's key `FILE`")
	f.StringVar(&o.Database.DSN, "database", "", "sqlite:PATH or postgres://USER@HOST/NAME, without a password")
	f.StringVar(&o.Database.File, "database-file", "", "`FILE` that holds the address of the database, with a password")
	f.StringSliceVar(&o.Keys.Files, "key-file", nil, "key `FILE`, the first in use; may be repeated")
	return s
}

// load reads the configuration and what flags say, unchecked.
func (s *settings) load() (config.Config, error) {
	c, err := config.Load(s.path)
	if err != nil {
		return config.Config{}, usage(err)
	}
	o := s.over
	for name, set := range map[string]func(){
		"address":         func() { c.Address = o.Address },
		"base-url":        func() { c.BaseURL = o.BaseURL },
		"workspace":       func() { c.Workspace = o.Workspace },
		"behind-proxy":    func() { c.BehindProxy = o.BehindProxy },
		"trusted-proxy":   func() { c.TrustedProxies = o.TrustedProxies },
		"metrics-address": func() { c.MetricsAddress = o.MetricsAddress },
		"time-server":     func() { c.TimeServers = o.TimeServers },
		"phone-region":    func() { c.PhoneRegion = o.PhoneRegion },
		"sms-host":        func() { c.SMSHost = o.SMSHost },
		"tls-certificate": func() { c.TLS.Certificate = o.TLS.Certificate },
		"tls-key":         func() { c.TLS.Key = o.TLS.Key },
		"database":        func() { c.Database = config.Database{DSN: o.Database.DSN} },
		"database-file":   func() { c.Database = config.Database{File: o.Database.File} },
		"key-file":        func() { c.Keys.Files = o.Keys.Files },
	} {
		if s.flags.Changed(name) {
			set()
		}
	}
	if s.flags.Changed("database") && s.flags.Changed("database-file") {
		return config.Config{}, usage(errors.New("--database and --database-file exclude each other"))
	}
	return c, nil
}

// checked is load for commands that need all of it to be right.
func (s *settings) checked() (config.Config, error) {
	c, err := s.load()
	if err != nil {
		return c, err
	}
	if err := c.Check(); err != nil {
		return c, usage(err)
	}
	return c, nil
}
