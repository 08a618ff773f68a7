// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"log/slog"

	"github.com/kutano/authenticator/server/config"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/post"
	"github.com/kutano/authenticator/server/outbox/text"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/store"
)

// open makes an instance of a configuration that was checked.
func (w World) open(c config.Config, log *slog.Logger) (*service.Service, error) {
	keys, err := c.OpenKeys()
	if err != nil {
		return nil, usage(err)
	}
	providers, err := c.Providers()
	if err != nil {
		return nil, usage(err)
	}
	dsn, err := c.DSN()
	if err != nil {
		return nil, usage(err)
	}
	db, err := store.Open(dsn)
	if err != nil {
		return nil, usage(err)
	}
	mail, sms, err := senders(c)
	if err != nil {
		return nil, usage(err)
	}
	return service.New(service.Config{
		DB: db, Keys: keys, BaseURL: c.BaseURL, Workspace: c.Workspace, SMSHost: c.SMSHost, PhoneRegion: c.PhoneRegion, TextsPerHour: c.TextsPerHour, Contact: c.Contact,
		RequireSecondFactor: c.RequireSecondFactor == config.OfAll,
		Providers:           providers, Mail: mail, SMS: sms,
		Clock: w.clock(), Log: log, TrustedProxies: c.Proxies(), TimeServers: c.TimeServers, Version: w.Version,
	})
}

// senders make the way that mails and text messages go.
func senders(c config.Config) (mail, sms outbox.Sender, err error) {
	security := map[string]post.Security{config.StartTLS: post.STARTTLS, config.Implicit: post.Implicit, config.None: post.None}
	password := ""
	if c.SMTP.PasswordFile != "" {
		if password, err = config.File(c.SMTP.PasswordFile); err != nil {
			return nil, nil, err
		}
	}
	mail, err = post.New(post.Config{
		Host: c.SMTP.Host, Port: c.SMTP.Port, Security: security[c.SMTP.TLS], User: c.SMTP.Username, PasswordFile: password, From: c.SMTP.From,
	})
	if err != nil {
		return nil, nil, err
	}
	token, err := config.File(c.SMS.TokenFile)
	if err != nil {
		return nil, nil, err
	}
	sms, err = text.New(text.Config{URL: c.SMS.Messages(), User: c.SMS.Account, PasswordFile: token, From: c.SMS.From})
	return mail, sms, err
}

func (w World) clock() moment.Clock {
	if w.Clock == nil {
		return moment.Now
	}
	return w.Clock
}
