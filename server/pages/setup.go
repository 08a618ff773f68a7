// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"fmt"
	"net/url"
	"time"

	"github.com/skip2/go-qrcode"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/web"
)

const dialog = "/settings/security/two-factor"

func (p *site) setUpRoutes() {
	p.handle("GET "+dialog, enrolling, (*visit).choose)
	p.handle("GET "+dialog+"/sms", enrolling, (*visit).introSMS)
	p.handle("GET "+dialog+"/sms/phone", enrolling, (*visit).phone)
	p.handle("POST "+dialog+"/sms/phone", enrolling, (*visit).verifyPhone)
	p.handle("GET "+dialog+"/app", enrolling, (*visit).introApp)
	p.handle("POST "+dialog+"/app", enrolling, (*visit).beginApp)
	p.handle("GET "+dialog+"/set-up/{id}/scan", enrolling, (*visit).scan)
	p.handle("GET "+dialog+"/set-up/{id}/qr.png", enrolling, (*visit).picture)
	p.handle("GET "+dialog+"/set-up/{id}/code", enrolling, (*visit).setUpCode)
	p.handle("POST "+dialog+"/set-up/{id}/code", enrolling, (*visit).finish)
	p.handle("POST "+dialog+"/set-up/{id}/again", enrolling, (*visit).setUpAgain)
	p.handle("POST "+dialog+"/set-up/{id}/cancel", enrolling, (*visit).cancel)
	p.handle("GET "+dialog+"/disable", ready, (*visit).askDisable)
	p.handle("POST "+dialog+"/disable", ready, (*visit).disable)
}

func step(id, name string) string { return dialog + "/set-up/" + url.PathEscape(id) + "/" + name }

// choose is the dialog "Two factor authentication". // R06 R12 R13
func (v *visit) choose() error { return v.freshPage("choose") }

func (v *visit) introSMS() error { return v.freshPage("smsintro") } // R24

func (v *visit) phone() error { return v.freshPage("phone") } // R25

func (v *visit) introApp() error { return v.freshPage("appintro") } // R32

func (v *visit) freshPage(name string) error {
	st, err := v.fresh()
	if err != nil {
		return err
	}
	return v.page(name, st)
}

// verifyPhone sends a code to the number. // R26 R27
func (v *visit) verifyPhone() error {
	e, err := v.Factors.Enrol(v.ctx(), v.session, factor.SMS, v.form("phone"))
	if err != nil {
		return v.back(err, dialog+"/sms/phone", "phone", "phone")
	}
	v.keepSent(factor.Sent{PhoneHint: e.PhoneHint, Resend: e.Resend})
	v.see(step(e.ID, "code"))
	return nil
}

func (v *visit) beginApp() error { // R34
	e, err := v.Factors.Enrol(v.ctx(), v.session, factor.TOTP, "")
	if err != nil {
		return v.back(err, dialog+"/app", "")
	}
	v.see(step(e.ID, "scan"))
	return nil
}

// pending is the set-up that the address names; who has none is told to begin again.
func (v *visit) pending() (factor.Enrolment, error) {
	return v.Factors.Pending(v.ctx(), v.session, v.r.PathValue("id"))
}

// lost tells whoever comes to a set-up that is over.
func (v *visit) lost(err error) error {
	if refusal.Is(err, refusal.NotFound) {
		err = refusal.New(refusal.EnrolExpired)
	}
	return v.back(err, dialog, "")
}

// scan shows the QR code and the secret as text. // R35
func (v *visit) scan() error {
	e, err := v.pending()
	if err != nil {
		return v.lost(err)
	}
	if e.Method != factor.TOTP {
		v.see(step(e.ID, "code"))
		return nil
	}
	code, err := qrcode.New(e.KeyURI, correction)
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	issuer, account := keyLabel(e.KeyURI)
	return v.page("scan", map[string]any{"ID": e.ID, "Side": pixels * len(code.Bitmap()), "Secret": e.Secret, "Issuer": issuer, "Account": account, "Expires": e.Expires})
}

// keyLabel is what an app will call the account.
func keyLabel(uri string) (issuer, account string) {
	u, err := url.Parse(uri)
	if err != nil {
		return "", ""
	}
	issuer = u.Query().Get("issuer")
	label := u.Path
	for i, r := range label {
		if r == ':' {
			label = label[i+1:]
			break
		}
	}
	for label != "" && (label[0] == '/' || label[0] == ' ') {
		label = label[1:]
	}
	return issuer, label
}

// pixels is the size of a module of the QR code. The page shows it as it is, sharp,
// and a code of the usual length fits a phone of 360 px.
const pixels = 5

// correction lets a code be read with 15 % of it hidden.
const correction = qrcode.Medium

// picture is the QR code, for the session that began the set-up only.
func (v *visit) picture() error {
	e, err := v.pending()
	if err != nil {
		return err
	}
	if e.Method != factor.TOTP {
		return refusal.New(refusal.NotFound)
	}
	code, err := qrcode.New(e.KeyURI, correction)
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	png, err := code.PNG(-pixels) // black on white with the quiet zone of ISO/IEC 18004
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	v.w.Header().Set("Content-Type", "image/png")
	_, _ = v.w.Write(png) // the browser may be gone
	return nil
}

func (v *visit) setUpCode() error { // R28 R39
	e, err := v.pending()
	if err != nil {
		return v.lost(err)
	}
	return v.page("setupcode", map[string]any{
		"ID": e.ID, "Method": e.Method, "Hint": e.PhoneHint, "Resend": v.now.Add(e.Resend), "Expires": e.Expires,
	})
}

// finish proves the set-up; its method is the only one from then on. // R28 R29 R39 R40
func (v *visit) finish() error {
	id := v.r.PathValue("id")
	before, err := v.status()
	if err != nil {
		return err
	}
	got, err := v.Factors.VerifyEnrolment(v.ctx(), v.session, id, v.form("code"))
	web.CountVerification("enrolment", err)
	if refusal.Is(err, refusal.EnrolExpired) || refusal.Is(err, refusal.NotFound) {
		return v.lost(err)
	}
	if err != nil {
		return v.back(err, step(id, "code"), "code")
	}
	v.adopt(got.Session, got.Token)
	v.drop(sentNote)
	v.leave(codesNote, newCodes{Codes: got.Codes, Method: got.Method, Changed: before.Method != "", Made: v.now}, codesFor)
	v.see("/settings/security/codes")
	return nil
}

func (v *visit) setUpAgain() error {
	id := v.r.PathValue("id")
	sent, err := v.Factors.Resend(v.ctx(), v.session, id)
	if refusal.Is(err, refusal.EnrolExpired) || refusal.Is(err, refusal.NotFound) {
		return v.lost(err)
	}
	if err != nil {
		return v.back(err, step(id, "code"), "")
	}
	v.keepSent(sent)
	return v.done("We sent a new code. The one before works no longer.", step(id, "code"))
}

func (v *visit) cancel() error {
	err := v.Factors.Cancel(v.ctx(), v.session, v.r.PathValue("id"))
	if err != nil && !refusal.Is(err, refusal.NotFound) && !refusal.Is(err, refusal.EnrolExpired) {
		return v.back(err, dialog, "")
	}
	return v.done("The set-up was cancelled. Your settings are as they were before.", "/settings/security")
}

// askDisable asks before anything is turned off. // R45 R46 R47
func (v *visit) askDisable() error {
	st, err := v.fresh()
	if err != nil {
		return err
	}
	if st.Method == "" {
		v.see("/settings/security")
		return nil
	}
	return v.page("disable", st)
}

func (v *visit) disable() error {
	if v.form("sure") == "" {
		return v.back(refusal.New(refusal.NeedsConfirm), dialog+"/disable", "sure")
	}
	if err := v.Factors.Disable(v.ctx(), v.session); err != nil {
		return v.back(err, dialog+"/disable", "")
	}
	return v.done("Two-factor authentication is off. Your backup codes work no longer.", "/settings/security")
}

// codesFor is how long new backup codes can be seen again, unless "I have saved them" comes first.
const codesFor = 10 * time.Minute
