// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/kutano/authenticator/server/issuer"
	"github.com/kutano/authenticator/server/signin"
)

const (
	clientID = "kutano-practice"
	// The stand-ins want a secret; it guards nothing:
	clientSecret = "practice" // everyone on this machine may sign in there as anyone
)

// issuers are the stand-ins.
var issuers = []struct {
	name, title string
	subject     func(Person) string
}{
	{"google", "Google", func(p Person) string { return p.Google }},
	{"apple", "Apple", func(p Person) string { return p.Apple }},
}

func (p *Practice) issuerURL(name string) string { return p.base + "/practice/" + name }

func (p *Practice) providers() []signin.Provider {
	var all []signin.Provider
	for _, i := range issuers {
		all = append(all, signin.Provider{Name: i.name, Issuer: p.issuerURL(i.name), ClientID: clientID, ClientSecret: clientSecret})
	}
	return all
}

// introduce starts the stand-ins, which know the samples that have an identity there.
func (p *Practice) introduce() error {
	p.stand = map[string]*issuer.Issuer{}
	for _, i := range issuers {
		c := issuer.Config{
			Name: i.title, URL: p.issuerURL(i.name), ClientID: clientID, ClientSecret: clientSecret, Clock: p.Now,
			Redirects: []string{p.base + "/signin/" + i.name + "/callback"}, TextVerified: i.name == "apple",
		}
		for _, who := range p.people {
			if subject := i.subject(who); subject != "" {
				c.Users = append(c.Users, issuer.User{Subject: subject, Email: who.Email, Name: who.Name})
			}
		}
		stand, err := issuer.New(c)
		if err != nil {
			return fmt.Errorf("stand in for %s: %w", i.title, err)
		}
		p.stand[i.name] = stand
	}
	return nil
}

// secretOf reads the key of an app from its text.
func secretOf(text string) ([]byte, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(text, " ", ""))
}
