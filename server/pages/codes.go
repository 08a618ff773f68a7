// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"fmt"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
)

func (p *site) codeRoutes() {
	p.handle("GET /settings/security/codes", enrolling, (*visit).showCodes)
	p.handle("GET /settings/security/codes.txt", enrolling, (*visit).codesFile)
	p.handle("POST /settings/security/codes/saved", enrolling, (*visit).codesSaved)
	p.handle("GET /settings/security/codes/new", ready, (*visit).askCodes)
	p.handle("POST /settings/security/codes/new", ready, (*visit).makeCodes)
}

// newCodes are backup codes that were just made. The browser keeps them, sealed,
// until they are saved or ten minutes have passed: a page that is loaded again
// loses nothing. The service itself cannot read them again.
type newCodes struct {
	Codes   []string      `json:"c"`
	Method  factor.Method `json:"m,omitempty"` // set where a set-up was completed
	Changed bool          `json:"x,omitempty"` // from one method to another
	Made    time.Time     `json:"t"`
}

// showCodes confirms a set-up and shows the codes. // R29 R30 R31 R40
func (v *visit) showCodes() error {
	var c newCodes
	if !v.read(codesNote, &c) {
		st, err := v.status()
		if err != nil {
			return err
		}
		return v.page("codesgone", st)
	}
	return v.page("codes", c)
}

// codesFile is the list as a text file, for a drive or a password manager. // R61
func (v *visit) codesFile() error {
	var c newCodes
	if !v.read(codesNote, &c) {
		v.see("/settings/security/codes")
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Backup verification codes\r\n%s, %s\r\nMade on %s\r\n\r\n", v.Workspace, v.user.Email, when(c.Made))
	for i, code := range c.Codes {
		fmt.Fprintf(&b, "%2d. %s\r\n", i+1, code)
	}
	b.WriteString("\r\nEach code works once. Keep them in a password manager or another safe place,\r\n" +
		"not on the device that has your authenticator.\r\nKutano support will never ask you for a code.\r\n")
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="kutano-backup-codes.txt"`)
	_, _ = v.w.Write([]byte(b.String())) // the browser may be gone
	return nil
}

func (v *visit) codesSaved() error {
	if v.form("saved") == "" {
		v.say(saying{Kind: refusal.NeedsConfirm, Field: "saved", Left: -1})
		v.see("/settings/security/codes")
		return nil
	}
	if err := v.Factors.CodesSaved(v.ctx(), v.session); err != nil {
		return v.back(err, "/settings/security/codes", "")
	}
	v.drop(codesNote)
	return v.done("All done. Your backup codes are noted as saved.", "/settings/security")
}

func (v *visit) askCodes() error { return v.freshPage("newcodes") }

// makeCodes makes a new set; the one before is worth nothing from then on. // R63
func (v *visit) makeCodes() error {
	codes, err := v.Factors.NewCodes(v.ctx(), v.session)
	if err != nil {
		return v.back(err, "/settings/security/codes/new", "")
	}
	v.leave(codesNote, newCodes{Codes: codes, Made: v.now}, codesFor)
	v.see("/settings/security/codes")
	return nil
}
