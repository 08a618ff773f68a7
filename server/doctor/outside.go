// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/wneessen/go-mail"

	"github.com/kutano/authenticator/server/config"
)

// mail checks that the mail server takes us in, with TLS and our password.
func (e *Examination) mail(ctx context.Context) []Finding {
	const check = "mail"
	m := e.Config.SMTP
	client, err := dialer(m)
	if err != nil {
		return one(check, Bad, err.Error(), "")
	}
	where := fmt.Sprintf("%s:%d", m.Host, m.Port)
	if err := client.DialWithContext(ctx); err != nil {
		return one(check, Bad, where+" does not take us in: "+err.Error(), "look at smtp.host, port, tls, username and password_file")
	}
	defer func() { _ = client.Close() }() // the checks are over
	if e.SendTestTo == "" {
		return one(check, Fine, where+" takes us in ("+m.TLS+"); nothing was sent (--send-test-to ADDRESS sends)", "")
	}
	if err := sendTest(client, m.From, e.SendTestTo); err != nil {
		return one(check, Bad, "the test mail was not taken: "+err.Error(), "look at smtp.from, and whether the server may send for it")
	}
	return one(check, Fine, "the test mail was taken", "look whether it arrived, and not as spam")
}

func dialer(m config.SMTP) (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(m.Port), mail.WithTimeout(within), mail.WithTLSPolicy(mail.TLSMandatory)}
	switch m.TLS {
	case config.Implicit:
		options = append(options, mail.WithSSL())
	case config.None:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if m.Username != "" {
		password, err := config.Secret("smtp.password_file", m.PasswordFile)
		if err != nil {
			return nil, err
		}
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.Username), mail.WithPassword(password))
	}
	return mail.NewClient(m.Host, options...)
}

func sendTest(client *mail.Client, from, to string) error {
	m := mail.NewMsg()
	if err := m.From(from); err != nil {
		return err
	}
	if err := m.To(to); err != nil {
		return errors.New("this is no e-mail address")
	}
	m.Subject("Test mail")
	m.SetBodyString(mail.TypeTextPlain, "This is a test of the two-factor service's mail. Nothing has to be done.\n")
	return client.Send(m)
}

// text checks that the provider for text messages is there and knows our
// account (Twilio: GET /2010-04-01/Accounts/{Sid}.json). Nothing is sent.
func (e *Examination) text(ctx context.Context) []Finding {
	const check = "sms"
	s := e.Config.SMS
	token, err := config.Secret("sms.token_file", s.TokenFile)
	if err != nil {
		return one(check, Bad, err.Error(), "")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Ask(), nil)
	if err != nil {
		return one(check, Bad, "sms.url cannot be asked", "")
	}
	req.SetBasicAuth(s.Account, token)
	resp, err := e.HTTP.Do(req)
	if err != nil {
		return one(check, Bad, "the provider cannot be reached: "+cause(err), "look at sms.url and the firewall")
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	switch {
	case resp.StatusCode == http.StatusOK:
		return one(check, Fine, "the provider knows the account", "")
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
		return one(check, Bad, "the provider refuses the account or its token", "look at sms.account and sms.token_file")
	}
	return one(check, Warn, fmt.Sprintf("the provider answers %d when it is asked for the account", resp.StatusCode), "if it is not Twilio this can be right; try a text message")
}

// cause is an error of a request without the address, which can hold an account.
func cause(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

// providers checks that Google and Apple tell their endpoints (OpenID Connect Discovery 1.0, 4).
func (e *Examination) providers(ctx context.Context) []Finding {
	var found []Finding
	for _, p := range []struct {
		name string
		config.Provider
	}{{"google", e.Config.Google}, {"apple", e.Config.Apple}} {
		if p.ClientID == "" {
			found = append(found, Finding{p.name, Fine, "not offered", ""})
			continue
		}
		if _, err := config.Secret(p.name+".client_secret_file", p.ClientSecretFile); err != nil {
			found = append(found, Finding{p.name, Bad, err.Error(), ""})
			continue
		}
		if _, err := oidc.NewProvider(oidc.ClientContext(ctx, e.HTTP), p.Issuer); err != nil {
			found = append(found, Finding{p.name, Bad, p.Issuer + " does not tell its endpoints: " + cause(err), "look at the issuer and the firewall"})
			continue
		}
		found = append(found, Finding{p.name, Fine, "enter " + e.Config.BaseURL + "/signin/" + p.name + "/callback there", ""})
	}
	return found
}

// expiresSoon is when a certificate should have been renewed.
const expiresSoon = 14 * 24 * time.Hour

func (e *Examination) certificate(context.Context) []Finding {
	const check = "certificate"
	t := e.Config.TLS
	if t.Certificate == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(t.Certificate, t.Key)
	if err != nil {
		return one(check, Bad, "cannot be used: "+err.Error(), "look at tls.certificate and tls.key")
	}
	left := pair.Leaf.NotAfter.Sub(e.Clock())
	until := pair.Leaf.NotAfter.Format(time.DateOnly)
	if base, err := url.Parse(e.Config.BaseURL); err == nil && pair.Leaf.VerifyHostname(base.Hostname()) != nil {
		return one(check, Bad, "is not for "+base.Hostname(), "browsers refuse it; get one for the host of base_url")
	}
	switch {
	case left <= 0:
		return one(check, Bad, "ended on "+until, "renew it; serve reads it again by itself")
	case left < expiresSoon:
		return one(check, Warn, "ends on "+until, "renew it; serve reads it again by itself")
	}
	return one(check, Fine, "good until "+until, "")
}

// address checks that the service answers where users look for it.
func (e *Examination) address(ctx context.Context) []Finding {
	const check = "address"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.Config.BaseURL+"/healthz", nil)
	if err != nil || e.Config.BaseURL == "" {
		return one(check, Bad, "base_url is not set", "")
	}
	resp, err := e.HTTP.Do(req)
	if err != nil {
		return one(check, Warn, e.Config.BaseURL+" does not answer: "+cause(err), "start the service; look at the proxy, the certificate and the name")
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err != nil || resp.StatusCode != http.StatusOK || string(body) != "{\"ok\":true}\n" {
		return one(check, Warn, fmt.Sprintf("%s answers %d, but not as this service", e.Config.BaseURL, resp.StatusCode), "look where the proxy sends requests")
	}
	return one(check, Fine, e.Config.BaseURL+" answers", "")
}
