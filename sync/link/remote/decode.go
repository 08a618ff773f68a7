// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

// Bounds of what an answer may say. A service that says more is none of ours.
const (
	mostText  = 254
	mostName  = 4 * 100 // bytes of 100 characters
	mostCodes = 64
	mostCount = 1_000_000
)

var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// strange is ErrStrange for a member.
func strange(member string) error { return fmt.Errorf("%w: %s", link.ErrStrange, member) }

// decodeInto reads a JSON object. Members that are not known are left: the service may be newer.
func decodeInto(body []byte, v any) error {
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("%w: no such JSON", link.ErrStrange) // the error of package json quotes the body
	}
	return nil
}

// shown tells whether a text can be shown: short, and nothing that moves or hides letters.
func shown(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) })
}

func sane(t time.Time) bool { return t.IsZero() || t.Year() >= 2000 && t.Year() < 2200 }

type whoJSON struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
}

func decodeWho(body []byte) (link.Who, error) {
	var v whoJSON
	if err := decodeInto(body, &v); err != nil {
		return link.Who{}, err
	}
	return v.who()
}

// who is the user. A name that cannot be shown as it is keeps nobody from anything.
func (v whoJSON) who() (link.Who, error) {
	v.Name = link.Plain(v.Name)
	if member := v.odd(); member != "" {
		return link.Who{}, strange(member)
	}
	return link.Who(v), nil
}

// odd is a member that cannot be right; "" where all can.
func (v whoJSON) odd() string {
	switch {
	case !idForm.MatchString(v.ID):
		return "id"
	case v.Email == "" || !shown(v.Email, mostText):
		return "email"
	case !shown(v.Name, mostName):
		return "name"
	}
	return ""
}

type statusJSON struct {
	Enabled   *bool        `json:"enabled"`
	Method    link.Method  `json:"method,omitempty"`
	PhoneHint string       `json:"phone_hint,omitempty"`
	Since     time.Time    `json:"since,omitzero"`
	LastUsed  time.Time    `json:"last_used_at,omitzero"`
	Drift     int          `json:"drift_steps"`
	Codes     *codesJSON   `json:"backup_codes"`
	Failures  int          `json:"failures"`
	NotBefore time.Time    `json:"not_before,omitzero"`
	Blocked   bool         `json:"blocked"`
	EnrolBy   time.Time    `json:"enrol_by,omitzero"`
	Pending   *pendingJSON `json:"pending,omitempty"`
}

type codesJSON struct {
	Left    int       `json:"left"`
	All     int       `json:"all"`
	Made    time.Time `json:"made_at,omitzero"`
	Saved   bool      `json:"saved"`
	Advised bool      `json:"new_advised"`
}

type pendingJSON struct {
	ID        string      `json:"id"`
	Method    link.Method `json:"method,omitempty"`
	Expires   time.Time   `json:"expires_at"`
	PhoneHint string      `json:"phone_hint,omitempty"`
	Resend    int         `json:"resend_after"`
}

func decodeStatus(body []byte) (link.Status, error) {
	var v statusJSON
	if err := decodeInto(body, &v); err != nil {
		return link.Status{}, err
	}
	return v.status()
}

func (v statusJSON) status() (link.Status, error) {
	if member := v.odd(); member != "" {
		return link.Status{}, strange(member)
	}
	s := link.Status{
		Enabled: *v.Enabled, Method: v.Method, PhoneHint: v.PhoneHint, Since: v.Since, LastUsed: v.LastUsed, Drift: v.Drift,
		Codes: link.Codes(*v.Codes), Failures: v.Failures, NotBefore: v.NotBefore, Blocked: v.Blocked, EnrolBy: v.EnrolBy,
	}
	if v.Pending != nil {
		p, err := v.Pending.pending()
		if err != nil {
			return link.Status{}, err
		}
		s.Pending = &p
	}
	return s, nil
}

// odd is a member that cannot be right; "" where all can.
func (v statusJSON) odd() string {
	counted := v.Failures >= 0 && v.Failures <= mostCount && v.Drift >= -mostCount && v.Drift <= mostCount
	switch {
	case v.Enabled == nil || *v.Enabled != (v.Method != ""):
		return "enabled"
	case v.Method != "" && !v.Method.Known():
		return "method"
	case !shown(v.PhoneHint, mostText):
		return "phone_hint"
	case v.Codes == nil || !v.Codes.ok():
		return "backup_codes"
	case !counted:
		return "failures"
	case !sane(v.Since), !sane(v.LastUsed), !sane(v.NotBefore), !sane(v.EnrolBy):
		return "since"
	}
	return ""
}

func (v codesJSON) ok() bool {
	return v.Left >= 0 && v.Left <= v.All && v.All <= mostCount && sane(v.Made)
}

func (v pendingJSON) pending() (link.Pending, error) {
	switch {
	case !idForm.MatchString(v.ID):
		return link.Pending{}, strange("id")
	case !v.Method.Known():
		return link.Pending{}, strange("method")
	case v.Expires.IsZero() || !sane(v.Expires):
		return link.Pending{}, strange("expires_at")
	case !shown(v.PhoneHint, mostText):
		return link.Pending{}, strange("phone_hint")
	}
	return link.Pending{ID: v.ID, Method: v.Method, Expires: v.Expires, PhoneHint: v.PhoneHint, Resend: seconds(v.Resend)}, nil
}

func seconds(n int) time.Duration {
	return time.Duration(min(max(n, 0), int(mostWait/time.Second))) * time.Second
}

// mostURI is longer than any address of a key.
const mostURI = 1024

func decodeEnrolment(body []byte, m link.Method) (link.Enrolment, error) {
	var v struct {
		pendingJSON
		KeyURI string `json:"key_uri"`
	}
	if err := decodeInto(body, &v); err != nil {
		return link.Enrolment{}, err
	}
	p, err := v.pending()
	if err != nil {
		return link.Enrolment{}, err
	}
	if p.Method != m && m != "" {
		return link.Enrolment{}, strange("method")
	}
	if (p.Method == link.TOTP) != (v.KeyURI != "") || len(v.KeyURI) > mostURI {
		return link.Enrolment{}, strange("key_uri")
	}
	return link.Enrolment{Pending: p, KeyURI: secret.FromString(v.KeyURI)}, nil
}

func decodeSent(body []byte) (link.Sent, error) {
	var v struct {
		PhoneHint string    `json:"phone_hint"`
		Resend    int       `json:"resend_after"`
		Expires   time.Time `json:"expires_at"`
	}
	if err := decodeInto(body, &v); err != nil {
		return link.Sent{}, err
	}
	if !shown(v.PhoneHint, mostText) || v.Expires.IsZero() || !sane(v.Expires) {
		return link.Sent{}, strange("expires_at")
	}
	return link.Sent{PhoneHint: v.PhoneHint, Resend: seconds(v.Resend), Expires: v.Expires}, nil
}

func decodeEnrolled(body []byte, m link.Method) (link.Enrolled, error) {
	var v struct {
		Method link.Method `json:"method"`
		Codes  []string    `json:"backup_codes"`
	}
	if err := decodeInto(body, &v); err != nil {
		return link.Enrolled{}, err
	}
	if !v.Method.Known() || m != "" && v.Method != m {
		return link.Enrolled{}, strange("method")
	}
	if len(v.Codes) == 0 || len(v.Codes) > mostCodes {
		return link.Enrolled{}, strange("backup_codes")
	}
	e := link.Enrolled{Method: v.Method}
	for _, c := range v.Codes { // their shape is the service's business
		if c == "" || len(c) > mostText || !shown(c, mostText) {
			e.Clear()
			return link.Enrolled{}, strange("backup_codes")
		}
		e.Codes = append(e.Codes, secret.FromString(c))
	}
	return e, nil
}
